"""That engines agree is seen, and that they don't is told so that one sees where."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.engines.polars import PolarsBackend
from cadrerules.model.documents import ViewDoc
from cadrerules.plan import Plan
from cadrerules.plugins import plugin_manager
from cadrerules.testing import agreement, assert_engines_agree
from small_bureau import AS_OF, EXEMPTION, HEAD, PLAN, STAGE, WAIVER, row, standing, style

TABLES = {
    "staff": [HEAD],
    "progress": standing("2024Q1", "U", "V"),
    "style": style("U", Q1="good"),
    "results": [row(2023, regional_rank=14), row(regional_rank=None, deducted=2)],
    "waivers": [WAIVER],
    "exemptions": [EXEMPTION],
}


def test_engines_agree() -> None:
    assert_engines_agree(PLAN, TABLES, as_of=AS_OF, policies=STAGE, engines=["polars"])


def test_importing_it_loads_no_engine() -> None:
    code = "import cadrerules.testing, sys; cadrerules.testing.assert_engines_agree; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"polars", "duckdb", "hypothesis", "cadrerules.engines"} & {*loaded}


def broken(monkeypatch: pytest.MonkeyPatch, change: Any) -> str:
    """What is said when the rows that an engine gives are changed."""
    rows = PolarsBackend.rows

    def changed(self: PolarsBackend, relation: Any) -> Iterator[Mapping[str, Any]]:
        found = [dict(row) for row in rows(self, relation)]
        return iter(change(found) if "subject" in relation.columns else found)

    monkeypatch.setattr(PolarsBackend, "rows", changed)
    with pytest.raises(AssertionError) as caught:
        assert_engines_agree(PLAN, TABLES, as_of=AS_OF, policies=["board"], engines=["polars"])
    return str(caught.value)


def test_another_field_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    text = broken(monkeypatch, lambda rows: [{**row, "clause": ["9.9"]} if "clause" in row else row for row in rows])
    assert "polars disagrees with the scalar engine in 2 places:" in text
    assert "finding board.red / flag.red / unit U / 2024Q1:\n    clause\n      scalar  ('2.2.3',)" in text
    assert "      polars  ('9.9',)" in text
    assert f"plan market-supervision, {PLAN.hash}" in text
    assert """plan.evaluate(facts, as_of=date(2025, 1, 15), policies=['board'], engine="polars")""" in text


def test_a_missing_finding_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    text = broken(monkeypatch, lambda rows: [row for row in rows if row["subject"] != "V"])
    assert "finding board.red / flag.red / unit V / 2024Q1: only the scalar engine has it" in text
    assert "decision flag/V/2024Q1: only the scalar engine has it" in text


def test_no_more_than_a_few_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "MOST_SHOWN", 1)
    text = broken(monkeypatch, lambda rows: [])
    assert text.count("only the scalar engine has it") == 1
    assert "  and 3 more" in text


def refused() -> Plan:
    """A plan with a policy that columnar engines can't do."""
    documents = dict(PLAN.policy_set.documents)
    view = ViewDoc.model_validate({"from": "progress", "by": ["quarter"], "columns": {"first": "lookup(style.style)"}})
    board = documents["board"]
    documents["board"] = board.model_copy(update={"views": {**(board.views or {}), "odd": view}})
    return Plan(dataclasses.replace(PLAN.policy_set, documents=documents), plugin_manager())


def test_a_refusal_is_raised_unless_it_is_allowed() -> None:
    plan = refused()
    with pytest.raises(cr.UsageError, match="CR-ENGINE-CANNOT"):
        assert_engines_agree(plan, TABLES, as_of=date(2025, 1, 15), policies=["board"], engines=["polars"])
    assert_engines_agree(plan, TABLES, as_of=date(2025, 1, 15), policies=["board"], engines=["polars"], refusals="allowed")
