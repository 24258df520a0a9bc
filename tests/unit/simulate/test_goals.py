"""A goal is met for sure, missed for sure, or rests on what is undetermined."""

from __future__ import annotations

import pytest

import cadrerules as cr
from cadrerules.simulate.goals import read_goal
from cadrerules.simulate.sweep import Point

PLAN = cr.load_policies("market-supervision")
POINT = Point(("7",), {("flag", "red"): 3, ("flag", "red|yellow"): 2, ("flag", "black"): 5, ("excellent", "barred"): 9})


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("flag.red <= 5", True),
        ("flag.red <= 4", None),
        ("flag.red <= 3", None),
        ("flag.red <= 2", False),
        ("flag.red >= 3", True),
        ("flag.red >= 4", None),
        ("flag.red >= 6", False),
        ("flag.red <= 50%", True),
        ("flag.red <= 49.9%", None),
        ("flag.red <= 29.99%", False),
        ("flag.black >= 50%", True),
        ("flag.yellow >= 1", None),
        ("interview.due <= 0", True),
    ],
)
def test_undetermined_decisions_count_neither_way(text: str, met: bool | None) -> None:
    assert read_goal(PLAN, text).met(POINT) is met


def test_where_it_is_met() -> None:
    points = [Point((str(n),), {("flag", "red"): n, ("flag", "red|yellow"): 1}) for n in range(1, 6)]
    reached = read_goal(PLAN, "flag.red<=3").reached(points)
    assert (reached.smallest, reached.largest, reached.surely, reached.perhaps) == (("1",), ("2",), (("1",), ("2",)), (("3",),))
    assert reached.to_dict() == {"goal": "flag.red <= 3", "surely": [["1"], ["2"]], "perhaps": [["3"]]}
    assert read_goal(PLAN, "flag.red >= 99").reached(points).largest is None


def test_goals_are_written_as_they_are_read() -> None:
    assert [str(read_goal(PLAN, text)) for text in ("flag.red<=30%", "flag.red >=2.5")] == ["flag.red <= 30%", "flag.red >= 2.5"]
