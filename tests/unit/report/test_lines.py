from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.model.trace import Kind, Trace
from cadrerules.report.explained import Line
from cadrerules.report.lines import Liner, once, settled
from cadrerules.report.wording import Wording


@pytest.fixture
def liner(plan: cr.Plan) -> Liner:
    rule = plan.rules["board.commend"]
    return Liner(Wording.of(plan.policies["board"], rule, plan.policy_set.context, "en", {"board.red_to": "7"}))


def fact(text: str, value: str, cell: str = "t[1].x") -> Trace:
    return Trace(text, value, "fact", cell=cell)


def condition(operator: str, text: str, value: str, *children: Trace) -> Trace:
    return Trace(text, value, "condition", children, operator=operator)


def constant(value: str) -> Trace:
    return Trace(f'"{value}"', value, "constant")


def reading(value: str, holds: str) -> Trace:
    inner = Trace("interpretation.board.ties", "dense", "interpretation")
    return condition("==", f'interpretation.board.ties == "{value}"', holds, inner, constant(value))


def shape(lines: tuple[Line, ...]) -> list[Any]:
    """Text and value of each line, with the lines below it."""
    return [(line.text, line.value, *([shape(line.children)] if line.children else [])) for line in lines]


A = condition("<", "a < 1", "true", fact("a", "0"))
B = condition("<", "b < 1", "false", fact("b", "2"))
C = condition("<", "c < 1", "unknown", fact("c", "unknown"))
LINES = {
    "a": ("a < 1", "true", [("a", "0")]),
    "b": ("b < 1", "false", [("b", "2")]),
    "c": ("c < 1", "unknown", [("c", "unknown")]),
}


@pytest.mark.parametrize(
    ("operator", "value", "parts", "shown"),
    [
        ("and", "true", [A, A], "aa"),
        ("and", "false", [A, B, C], "b"),
        ("and", "unknown", [A, C], "ac"),
        ("or", "true", [A, B, C], "a"),
    ],
)
def test_of_a_conjunction_only_what_tells_is_shown(
    liner: Liner, operator: str, value: str, parts: list[Trace], shown: str
) -> None:
    lines = liner.lines(condition(operator, "...", value, *parts))
    assert shape(lines) == [LINES[name] for name in shown]


def test_alternatives_that_all_fail_stand_together(liner: Liner) -> None:
    lines = liner.lines(condition("or", "b or b", "false", B, condition("and", "b and b", "false", B, B)))
    assert shape(lines) == [
        ("one of these", "false", [LINES["b"], ("all of these", "false", [LINES["b"], LINES["b"]])])
    ]


def test_what_readings_alone_settle_is_hidden(liner: Liner) -> None:
    assert settled(reading("dense", "true"))
    assert settled(condition("and", "...", "false", reading("ordinal", "false"), A))
    assert not settled(condition("and", "...", "true", reading("dense", "true"), A))
    both = condition("and", "...", "true", reading("dense", "true"), A)
    assert shape(liner.lines(both)) == [LINES["a"]]
    branch = condition("if", "...", "true", reading("dense", "true"), A)
    assert shape(liner.lines(branch)) == [LINES["a"]]


def test_of_a_condition_on_facts_the_test_and_the_branch_taken_are_shown(liner: Liner) -> None:
    assert shape(liner.lines(condition("if", "...", "2", A, fact("b", "2")))) == [LINES["a"], ("b", "2")]


def test_a_fact_equal_to_a_constant_takes_one_line(liner: Liner) -> None:
    equal = condition("==", 'style == "good"', "true", fact("style", "good", "style[2024Q1/A].style"), constant("good"))
    (line,) = liner.lines(equal)
    assert (line.text, line.value, line.cell, line.children) == (
        'work style is "good"',
        "true",
        "style[2024Q1/A].style",
        (),
    )
    other = condition(
        "==", 'style == "good"', "false", fact("style", "ordinary", "style[2024Q1/A].style"), constant("good")
    )
    assert shape(liner.lines(other)) == [('work style is "good"', "false", [("Style", "ordinary")])]


def test_a_parameter_that_is_set_stands_in_the_text_and_one_that_is_not_below(liner: Liner) -> None:
    place = Trace("place", "9", "derived", (fact("x", "9"),))
    is_set = Trace("param.board.red_to", "7", "parameter")
    (line,) = liner.lines(condition("<=", "place <= param.board.red_to", "false", place, is_set))
    assert line.text == "place ≤ 7 (last place with a red flag)"
    unset = Trace("param.board.black_quarters", "at least 1", "parameter", note="not set")
    (line,) = liner.lines(
        condition(">=", "blacks >= param.board.black_quarters", "unknown", fact("blacks", "2"), unset)
    )
    assert line.text == "black quarters so far ≥ black quarters in a row (not set)"
    assert shape(line.children) == [("black quarters so far", "2"), ("black quarters in a row", "not set")]


def cohort(
    function: str, rows: Sequence[tuple[Mapping[str, str], str, bool]], note: str = "", kind: Kind = "derived"
) -> Trace:
    children = tuple(Trace("score", value, kind, row=row, own=own) for row, value, own in rows)
    return Trace(function, "5", "cohort", children, note=note)


RANK = "rank(score, within=[quarter])"


@pytest.mark.parametrize(("own", "first", "last"), [(0, 0, 3), (10, 7, 13), (19, 16, 19)])
def test_a_long_cohort_is_shortened_round_its_own_row(liner: Liner, own: int, first: int, last: int) -> None:
    rows = [({"unit": f"U{i:02}"}, str(99 - i), i == own) for i in range(20)]
    (line,) = liner.lines(cohort(RANK, rows))
    *shown, rest = line.children
    assert [child.text for child in shown] == [f"Unit U{i:02}" for i in range(first, last + 1)]
    assert [child.text for child in shown if child.note == "this one"] == [f"Unit U{own:02}"]
    assert rest == Line(f"{20 - len(shown)} more rows")


def test_rows_of_a_long_cohort_that_are_uncertain_stay(liner: Liner) -> None:
    rows = [({"unit": f"U{i:02}"}, "at least 0" if i in (0, 1) else str(99 - i), i == 12) for i in range(20)]
    (line,) = liner.lines(cohort(RANK, rows, note="60 rows"))
    assert [child.text for child in line.children[:2]] == ["Unit U00", "Unit U01"]
    assert line.children[-1].text == "51 more rows"


def test_a_cohort_of_eight_rows_is_shown_whole(liner: Liner) -> None:
    (line,) = liner.lines(cohort(RANK, [({"unit": f"U{i}"}, "1", i == 0) for i in range(8)]))
    assert len(line.children) == 8


def test_a_run_is_shown_since_it_was_broken(liner: Liner) -> None:
    truths = ["true", "false", "true", "true"]
    rows = [({"quarter": f"2024Q{i}"}, truth, i == 4) for i, truth in enumerate(truths, start=1)]
    (line,) = liner.lines(Trace("reds", "5", "derived", (cohort("run(x, per=[unit], gap=y)", rows),)))
    assert line.text == "red quarters so far"
    assert shape(line.children) == [("Quarter 2024Q2", "false"), ("Quarter 2024Q3", "true"), ("Quarter 2024Q4", "true")]


def test_an_earlier_period_without_a_row_is_told(liner: Liner) -> None:
    (line,) = liner.lines(Trace("previous(x, per=[unit])", "unknown", "cohort"))
    assert shape(line.children) == [("there is no row for the earlier period", "")]


def test_what_was_shown_before_is_cut_short() -> None:
    tree = Line("place", "3", children=(Line("score", "1"),))
    first, second, leaf = once((tree, tree, Line("score", "1")), set())
    assert first == tree
    assert (second.text, second.repeated, second.children) == ("place", True, ())
    assert leaf.repeated is False
