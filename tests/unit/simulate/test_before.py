"""What is kept of the outcomes before: of those affected most, on questions with exactly one verdict in a period."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.simulate import before as kept
from cadrerules.simulate.before import before, boarded, most_affected
from cadrerules.simulate.reformed import AFFECTED
from simulated import comparison

DAY = date(2025, 1, 15)


@pytest.fixture(scope="module")
def plan() -> cr.Plan:
    return cr.load_policies("market-supervision")


def affected(*changes: tuple[str | None, str, str, str]) -> pl.DataFrame:
    rows = [{"group": group, "question": "flag", "kind": "unit", "subject": s, "old": old, "new": new} for group, s, old, new in changes]
    return pl.DataFrame(rows, AFFECTED)


def test_questions_with_one_verdict_in_a_period_have_a_board(plan: cr.Plan) -> None:
    assert boarded(plan) == ["flag"]
    assert boarded(plan.amend(interpretations={"board.ranked": "indicator"})) == []


def test_those_affected_most_come_first_and_amounts_do_not_count() -> None:
    found = affected((None, "B", "red", "yellow"), (None, "A", "red", "red"), (None, "C", "red", "yellow"), (None, "C", "yellow", "black"))
    assert most_affected(found, "flag")["subject"].to_list() == ["C", "B"]
    assert most_affected(found, "promotion").is_empty()


def test_no_more_are_kept_than_a_board_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_SUBJECTS", 1)
    found = affected(("X", "A", "red", "yellow"), ("Y", "A", "red", "yellow"), ("Y", "A", "red", "black"))
    assert most_affected(found, "flag").rows() == [("Y", "A")]


def test_outcomes_of_the_same_id_elsewhere_are_not_kept(plan: cr.Plan) -> None:
    outcomes = comparison(plan).before
    assert outcomes is not None
    here, there = (outcomes.with_columns(group=pl.lit(group, pl.String)) for group in ("X", "Y"))
    found = before(plan, pl.concat([here, there]), [affected(("Y", "U01", "red", "yellow"))])
    assert found.select("group", "subject", "question").unique().rows() == [("Y", "U01", "flag")]
    assert len(found) == 4
    alone = before(plan, outcomes, [affected((None, "U01", "red", "yellow"))] * 2)
    assert alone["period"].to_list() == ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]


def test_a_comparison_keeps_them(plan: cr.Plan) -> None:
    rows = [{"quarter": f"2024Q{q}", "unit": f"U{n:02}", "indicator": "I1", "progress": 100 - n * q} for n in range(1, 12) for q in (1, 2)]
    found = cr.compare(plan, {"progress": rows}, plan.amend(params={"board.red_to": 6}), as_of=DAY)
    assert found.before is not None
    assert found.before.select("subject", "period", "outcome").sort("period").rows() == [("U07", "2024Q1", "red"), ("U07", "2024Q2", "red")]
