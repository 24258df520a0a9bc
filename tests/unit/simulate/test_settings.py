"""What a sweep is asked for is read exactly, or refused with all that is wrong."""

from __future__ import annotations

from datetime import date

import pytest

import cadrerules as cr
from cadrerules.simulate.settings import asked_for
from cadrerules.simulate.sweep import Axis

PLAN = cr.load_policies("market-supervision")
DAY = date(2025, 1, 15)


def axis(text: str) -> Axis:
    ((found,), _) = asked_for(PLAN, [text], (), DAY)
    return found


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("board.red_to=3..6", ("3", "4", "5", "6")),
        ("board.red_to = 9, 3..4 ,3", ("3", "4", "9")),
        ("assessment.bar_to=2..3/0.25", ("2", "2.25", "2.5", "2.75", "3")),
        ("assessment.bar_to=0.98..1.01", ("0.98", "0.99", "1", "1.01")),
        ("assessment.bar_to=2.50,10", ("2.5", "10")),
        ("obligation.reflection_by=2024-12-01,2024-11-30", ("2024-11-30", "2024-12-01")),
    ],
)
def test_values_are_exact_in_order_and_once(text: str, values: tuple[str, ...]) -> None:
    assert axis(text).values == values


def test_the_present_value_is_the_plans() -> None:
    assert axis("board.red_to=3..5").present == "7"
    assert axis("board.black_quarters=3..5").present is None


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        (["board.red_to=6..3"], ["CR-SWEEP-RANGE"]),
        (["board.red_to=3..6/0"], ["CR-SWEEP-RANGE"]),
        (["assessment.bar_to=0..9999"], ["CR-SWEEP-RANGE"]),
        (["board.red_to=3..6/0.5"], ["CR-BAD-PARAMETER"]),
        (["board.red_to=three"], ["CR-BAD-PARAMETER"]),
        (["board.red_to"], ["CR-NOT-A-SETTING"]),
        (["board.rd_to=3..4", "board.red_to=6..3"], ["CR-UNKNOWN-SETTING", "CR-SWEEP-RANGE"]),
        (["board.red_to=3..4", "board.red_to=5..6"], ["CR-GIVEN-TWICE"]),
        ([], ["CR-SWEEP-AXES"]),
        (["board.red_to=3..4", "board.yellow_to=8..9", "board.red_quarters=1..2"], ["CR-SWEEP-AXES"]),
        (["assessment.bar_to=0..9", "assessment.bar_from=0..9"], ["CR-SWEEP-SIZE"]),
    ],
)
def test_all_that_is_wrong_is_told_at_once(texts: list[str], codes: list[str]) -> None:
    with pytest.raises(cr.UsageError) as caught:
        asked_for(PLAN, texts, (), DAY)
    assert [problem.code for problem in caught.value.problems] == codes


def test_goals_are_refused_with_the_values() -> None:
    with pytest.raises(cr.UsageError) as caught:
        asked_for(PLAN, ["board.red_to=6..3"], ["flag.rd <= 3", "few reds"], DAY)
    assert [problem.code for problem in caught.value.problems] == ["CR-SWEEP-RANGE", "CR-UNKNOWN-SETTING", "CR-NOT-A-GOAL"]
