"""What is proved of two plans is part of how they differ, and told with them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import cadrerules as cr
from small_parcels import written

pytest.importorskip("z3", reason="z3-solver isn't installed")

PLAN = cr.load_policies("market-supervision")


def test_a_case_shows_where_rules_decide_otherwise() -> None:
    found = PLAN.diff(PLAN.amend(params={"assessment.bar_to": 4}))
    assert found.checked == "proofs"
    assert found.differences is not None
    (shown,) = [each for each in found.differences if each.witness is not None]
    assert (shown.question, shown.answer) == ("promotion", "witness")
    assert found.differs
    assert shown.after is not None
    assert shown.after["verdict"] == "barred_in_principle"
    assert shown.witness is not None
    (row,) = [row for row in shown.witness.tables["results"] if str(row["year"]) == "2024"]
    assert 3 < Decimal(row["deducted"]) <= 4
    told = found.to_dict()["differences"]
    assert {each["answer"] for each in told} == {"witness", "proved"}
    assert "in principle not considered" in found.to_text()
    assert "<summary>Promotion: the smallest case" in found.to_markdown()
    assert "原则上不予考虑" in found.to_text("zh")


def test_rules_written_otherwise_that_decide_alike_are_proved_so() -> None:
    other = PLAN.amend(rules={"assessment.excellent_unit": {"when": "not (lost < param.excellent_from)"}})
    found = PLAN.diff(other)
    assert [change.name for change in found.changes] == ["assessment.excellent_unit"]
    assert {each.answer for each in found.differences or ()} == {"proved"}
    assert not found.differs


def test_plans_with_other_tables_are_not_compared_so(tmp_path: Path) -> None:
    old = cr.load_policies(written(tmp_path / "old"))
    new = cr.load_policies(written(tmp_path / "new", ("fragile: {type: truth}", "fragile: {type: truth, empty: 'true'}")))
    found = old.diff(new)
    assert (found.checked, found.differences) == ("tables", None)
    assert "the tables differ" in found.to_text()
