from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.language.periods import add_months
from cadrerules.testing.boundaries import boundaries, boundaries_of
from small_parcels import written

PLAN = cr.load_policies("market-supervision")
DAY = date(2025, 1, 15)


def texts(plan: cr.Plan, column: str, *policies: str) -> list[str]:
    return [str(cell) for cell in boundaries(plan, *policies, as_of=DAY).get(column, ())]


def test_points_turn_at_two_and_three_and_just_above_none() -> None:
    assert texts(PLAN, "results.deducted") == ["0", "0.01", "1.99", "2", "2.01", "2.99", "3", "3.01"]


def test_parameters_and_readings_in_force_count() -> None:
    assert texts(PLAN.amend(params={"assessment.bar_to": 4}), "results.deducted")[-3:] == ["3.99", "4", "4.01"]
    assert texts(PLAN, "progress.regional_rank") == []
    region = PLAN.amend(interpretations={"board.ranked": "region"})
    assert texts(region, "progress.regional_rank") == ["6", "7", "8", "9", "10", "11"]


def test_dates_turn_at_the_day_of_evaluation_and_months_before() -> None:
    assert texts(PLAN, "problems.listed_on") == [
        "2024-07-14", "2024-07-15", "2024-07-16", "2025-01-14", "2025-01-15", "2025-01-16",
    ]  # fmt: skip
    assert texts(PLAN, "problems.due_on") == ["2025-01-14", "2025-01-15", "2025-01-16"]


def test_only_the_policies_named_and_columns_through_views() -> None:
    assert set(boundaries(PLAN, "assessment", as_of=DAY)) == {"results.deducted", "results.regional_rank"}
    assert boundaries(PLAN, "obligation", as_of=DAY)["activities.days"] == (Decimal("4.9"), 5, Decimal("5.1"))
    with pytest.raises(cr.UsageError):
        boundaries(PLAN, "nothing")


DERIVED = [
    ("weight + 1", ["0", "0.1", "0.9", "1", "1.1", "3.9", "4", "4.1", "4.9", "5", "5.1", "8.9", "9", "9.1", "9.9", "10", "10.1"]),
    ("max(weight, 2)", ["0.9", "1", "1.1", "4.9", "5", "5.1", "9.9", "10", "10.1"]),
    ("12 - weight", ["0.9", "1", "1.1", "1.9", "2", "2.1", "4.9", "5", "5.1", "6.9", "7", "7.1", "9.9", "10", "10.1", "10.9", "11", "11.1"]),
    ("total(weight, per=[year])", ["0.9", "1", "1.1", "4.9", "5", "5.1", "9.9", "10", "10.1"]),
]  # fmt: skip


@pytest.mark.parametrize(("other", "wanted"), DERIVED)
def test_columns_are_followed_through_derived_ones(tmp_path: Path, other: str, wanted: list[str]) -> None:
    plan = cr.load_policies(written(tmp_path / "set", ('if interpretation.counted == "plain" else weight + 1', f"if fragile else {other}")))
    assert texts(plan, "parcels.weight") == wanted


def test_columns_compared_with_each_other_meet() -> None:
    found = boundaries_of(PLAN, as_of=DAY)
    (pair,) = found.pairs["results"]
    row = {"regional_rank": 5, "cities": None}
    assert [pair.met(row, by)["cities"] for by in (-1, 0, 1)] == [7, 8, 9]
    assert pair.met({"regional_rank": None, "cities": 3}, 0)["cities"] == 3
    due = date(2025, 6, 30)
    listed = [pair.met({"due_on": due, "listed_on": None}, 0)["listed_on"] for pair in found.pairs["problems"]]
    assert sorted(set(listed)) == [add_months(due, -months) for months in (36, 24, 12, 6)]


def test_a_cell_that_can_not_be_is_none(tmp_path: Path) -> None:
    """Nothing weighs less than nothing, and a value between two steps has the steps beside it."""
    plan = cr.load_policies(written(tmp_path / "set", ("counts <= 1,", "counts <= 0.05,"), ("counts <= 5", "counts <= 0")))
    assert texts(plan, "parcels.weight")[:3] == ["0", "0.1", "9.9"]
