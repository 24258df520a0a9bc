"""Outcomes are the decisions' verdicts in one frame, the same from rows and from columns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.simulate.outcomes import KEYS, SCHEMA, outcomes

BUREAU = Path(__file__).parents[3] / "examples" / "bureau"
DAY = date(2025, 1, 15)


@pytest.fixture(scope="module")
def plan() -> cr.Plan:
    return cr.load_policies("market-supervision")


@pytest.fixture(scope="module")
def facts(plan: cr.Plan) -> cr.FactTables:
    return cr.read_tables(BUREAU, plan)


@pytest.mark.parametrize("ranked", ["unit", "indicator"])
def test_columnar_engines_give_the_same(plan: cr.Plan, facts: cr.FactTables, ranked: str) -> None:
    amended = plan.amend(interpretations={"board.ranked": ranked})
    rows, columns = (outcomes(amended, facts, DAY, engine=engine).sort(KEYS) for engine in ("scalar", "polars"))
    assert rows.schema == columns.schema == pl.Schema(SCHEMA)
    assert rows.equals(columns)


def test_outcomes_are_the_decisions(plan: cr.Plan, facts: cr.FactTables) -> None:
    found = outcomes(plan, facts, DAY, ["board"], engine="scalar")
    decisions = plan.evaluate(facts, as_of=DAY, policies=["board"], engine="scalar").decisions
    assert len(found) == len(decisions) > 90
    red = found.filter(pl.col("outcome") == "red").select("subject", "period").rows()
    assert sorted(red) == sorted((d.subject.id, d.period) for d in decisions if d.verdict == "red")


def test_what_is_undetermined_names_all_that_is_possible(plan: cr.Plan) -> None:
    rows = [{"quarter": "2024Q3", "unit": f"U{n:02}", "indicator": "I1", "progress": n} for n in range(1, 12)]
    rows[0]["progress"] = None
    found = outcomes(plan, cr.read_tables({"progress": rows}, plan), DAY, ["board"])
    assert found.filter(pl.col("subject") == "U01")["outcome"].to_list() == ["red|yellow|black"]


def test_nothing_found_is_a_frame_with_all_columns(plan: cr.Plan) -> None:
    facts = cr.read_tables({"progress": []}, plan)
    for engine in ("scalar", "polars"):
        assert outcomes(plan, facts, DAY, ["board"], engine=engine).schema == pl.Schema(SCHEMA)
