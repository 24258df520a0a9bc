"""Decision tables: what cells say, which rows hit, and rows of a `unique` table that overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.language.nodes import Column
from cadrerules.language.source import Source
from cadrerules.language.text import to_text
from cadrerules.load.declared_tables import declared_table
from cadrerules.model.decision_tables import cell_condition
from cadrerules.model.documents import PolicyDoc
from cadrerules.model.policy_set import PolicySet
from cadrerules.model.set_documents import QuestionDoc, SetDoc, TableDoc
from cadrerules.plan import Plan
from cadrerules.plugins import plugin_manager

TEXT = {"en": "x", "zh": "某"}
COLUMNS = {
    "pupil": {"type": "text", "key": True},
    "points": {"type": "number", "step": "0.1", "low": 0, "high": 10},
    "kind": {"type": "choice", "options": ["a", "b"]},
    "late": {"type": "truth"},
}
GRADES = ("top", "fair", "poor")


def plan_of(rows: Sequence[Sequence[Any]], on: Sequence[str], hit: str = "unique", decide: str = "each", **rule: Any) -> Plan:
    """A plan whose one rule is a decision table."""
    verdicts = {grade: {"title": TEXT, "polarity": "neutral"} for grade in GRADES}
    question = {"title": TEXT, "subject": "pupil", "period": "none", "verdicts": verdicts, "decide": decide}
    table = {"hit": hit, "on": list(on), "rows": [list(row) for row in rows]}
    document = {
        "format": 1,
        "policy": "p",
        "title": TEXT,
        "facts": "marks",
        "params": {"bar": {"unset": "left open", "domain": "3..6"}},
        "rules": [{"id": "grade", "title": TEXT, "table": table, "then": "grade", **rule}],
    }
    policies = PolicySet(
        SetDoc.model_validate({"format": 1, "policy_set": "s", "title": TEXT}),
        {"marks": declared_table("marks", TableDoc.model_validate({"columns": COLUMNS}))},
        {"grade": QuestionDoc.model_validate(question)},
        {"p": PolicyDoc.model_validate(document)},
    )
    return Plan(policies, plugin_manager(installed=False))


def grades(plan: Plan, *marks: tuple[Any, ...]) -> list[list[Any]]:
    """For each row of points, kind and lateness, its verdicts, or what is possible."""
    rows = [dict(zip(COLUMNS, (f"p{n}", *mark), strict=True)) for n, mark in enumerate(marks)]
    decisions = plan.evaluate({"marks": rows}).decisions
    return [
        [d.verdict if d.status == "decided" else d.possible for d in decisions if d.subject.id == f"p{n}"]
        for n in range(len(marks))
    ]


def refusal(*args: Any, **kwargs: Any) -> cr.PolicyError:
    with pytest.raises(cr.PolicyError) as caught:
        plan_of(*args, **kwargs)
    assert caught.value.report("en") != caught.value.report("zh")
    return caught.value


# --- cells ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "condition"),
    [
        ("<= 7", "x <= 7"),
        (">2.5", "x > 2.5"),
        ("!= 3", "x != 3"),
        ("== 3", "x == 3"),
        ("8..10", "8 <= x <= 10"),
        (" 0.5 .. param.bar ", "0.5 <= x <= param.bar"),
        (7, "x == 7"),
        ("-", "True"),
        ("", "True"),
        (None, "True"),
        ('"a", "b"', 'x in ["a", "b"]'),
        ("a, b", 'x in ["a", "b"]'),
        ("prominent_problems", 'x == "prominent_problems"'),
        ("优秀", 'x == "优秀"'),
        ('"2024-W37"', 'x == "2024-W37"'),
        (True, "x"),
        (False, "not x"),
        ("true", "x"),
        ("false", "not x"),
        ("< param.bar * 2", "x < param.bar * 2"),
        ("__import__('os')", None),
        ("<=", None),
        ("1 2", None),
        ("a,", None),
    ],
)
def test_a_cell_is_a_test_of_its_column(cell: Any, condition: str | None) -> None:
    source = Source(str(cell))
    if condition is None:
        with pytest.raises(cr.PolicyError):
            cell_condition(Column("x"), cell, source)
    else:
        assert to_text(cell_condition(Column("x"), cell, source)) == condition


# --- which rows hit ---------------------------------------------------------------------------------------

BANDS = [["8..10", "-", "top"], ["5..7.9", "a", "fair"], ["< 5", "a", "poor"], ["< 8", "b", "poor"]]


def test_of_a_unique_table_one_row_hits_or_none() -> None:
    found = grades(
        plan_of(BANDS, ["points", "kind"], decide="exactly_one"),
        *((8, "b", None), (10, None, None), ("7.9", "a", None), ("4.9", "a", None), (5, "b", None)),
    )
    assert found == [["top"], ["top"], ["fair"], ["poor"], ["poor"]]


def test_what_is_not_known_leaves_open_the_rows_that_may_hit() -> None:
    plan = plan_of(BANDS, ["points", "kind"], decide="exactly_one")
    assert grades(plan, (None, "a", None), (5, None, None), (3, None, None)) == [
        [("top", "fair", "poor")],
        [("fair", "poor")],
        ["poor"],
    ]


def test_of_a_table_by_first_hit_only_the_first_counts() -> None:
    rows = [[">= 8", "top"], [">= 5", "fair"], ["-", "poor"]]
    assert grades(plan_of(rows, ["points"], "first"), (9, "a", None), (8, "a", None), ("7.9", "a", None), (0, "a", None)) == [
        *(["top"], ["top"], ["fair"], ["poor"])
    ]


def test_a_later_row_may_count_where_an_earlier_may_not() -> None:
    plan = plan_of([["a", ">= 5", "top"], ["-", ">= 5", "fair"], ["-", "-", "poor"]], ["kind", "points"], "first", "exactly_one")
    ((possible,), known) = grades(plan, ("5", None, None), (4, None, None))
    assert {"top", "fair"} <= set(possible)  # that one of the two surely hits isn't seen
    assert known == ["poor"]


def test_of_a_table_that_collects_every_row_that_hits_counts() -> None:
    rows = [[">= 8", "-", "top"], [">= 5", "-", "fair"], ["-", True, "poor"]]
    found = grades(plan_of(rows, ["points", "late"], "collect"), (9, "a", True), (6, "a", False), (1, "a", False), (1, "a", True))
    assert found == [["top", "fair", "poor"], ["fair"], [], ["poor"]]


def test_the_columns_may_be_expressions_and_the_cells_parameters() -> None:
    plan = plan_of([[">= param.bar", "top"], ["< param.bar", "poor"]], ["points - 1"])
    assert grades(plan.amend({"p.bar": 5}), (6, "a", None), ("5.9", "a", None)) == [["top"], ["poor"]]
    assert grades(plan_of([[">= param.bar", "top"]], ["points"]), (7, "a", None), (2, "a", None)) == [["top"], []]


def test_rows_count_only_where_the_condition_besides_holds() -> None:
    plan = plan_of([["-", "top"]], ["points"], when="not late")
    assert grades(plan, (1, "a", False), (1, "a", True), (1, "a", None)) == [["top"], [], [("top", None)]]


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["1..5"], ["5..9"]),
        (["<= 5"], [">= 5"]),
        (["< 5"], ["4.9"]),
        (["-"], ["7"]),
        (["> 1"], ["> 9"]),
        (["5"], ["5.0"]),
    ],
)
def test_numbers_that_two_rows_share_are_refused(first: list[str], second: list[str]) -> None:
    assert refusal([[*first, "top"], [*second, "fair"]], ["points"]).code == "CR-ROWS-OVERLAP"


def test_the_rows_that_overlap_are_named() -> None:
    (problem,) = refusal([["0..1", "poor"], ["2..5", "top"], ["6", "fair"], ["5..5.5", "fair"]], ["points"]).problems
    assert (problem.code, problem.values["first"], problem.values["second"]) == ("CR-ROWS-OVERLAP", 2, 4)
    assert problem.place.path == "rules[1].table.rows[4]"
    assert all(number in problem.text(lang) for number in "24" for lang in ("en", "zh"))


@pytest.mark.parametrize(
    ("first", "second"),
    [(["<= 5"], ["> 5"]), (["1..5"], ["5.1..9"]), (["< 5"], ["5..9"]), (["3"], ["4"]), (["< 5"], ["> 4.9"])],
)
def test_numbers_next_to_each_other_are_not_shared(first: list[str], second: list[str]) -> None:
    plan_of([[*first, "top"], [*second, "fair"]], ["points"])


@pytest.mark.parametrize(
    ("on", "first", "second"),
    [
        (["kind"], ["a, b"], ["b"]),
        (["late"], [True], ["true"]),
        (["late"], [False], [False]),
        (["kind", "points"], ["a", "1..5"], ["-", "2"]),
        (["points"], ["<= param.bar"], ["<= param.bar"]),
        (["kind"], ["!= a"], ["!= a"]),
    ],
)
def test_words_and_truths_that_two_rows_share_are_refused(on: list[str], first: list[Any], second: list[Any]) -> None:
    first, second = ([cell.replace("!= a", '!= "a"') if isinstance(cell, str) else cell for cell in c] for c in (first, second))
    assert refusal([[*first, "top"], [*second, "fair"]], on).code == "CR-ROWS-OVERLAP"


@pytest.mark.parametrize(
    ("on", "first", "second"),
    [
        (["kind"], ["a"], ["b"]),
        (["late"], [True], [False]),
        (["kind", "points"], ["a", "1..5"], ["b", "-"]),
        (["points"], ["<= param.bar"], ["> param.bar"]),
    ],
)
def test_rows_that_no_value_shares_are_accepted(on: list[str], first: list[Any], second: list[Any]) -> None:
    plan_of([[*first, "top"], [*second, "fair"]], on)


@pytest.mark.parametrize("hit", ["first", "collect"])
def test_rows_may_overlap_where_not_one_alone_is_to_hit(hit: str) -> None:
    plan_of([["1..5", "top"], ["5..9", "fair"]], ["points"], hit)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["<= 5", "c", "top"], "CR-NO-SUCH-WORD"),
        (["a", "a", "top"], "CR-WRONG-TYPE"),
        (["5", "a", "best"], "CR-UNKNOWN-OUTCOME"),
        (["5 <", "a", "top"], "CR-SYNTAX"),
        (["<= param.none", "a", "top"], "CR-UNKNOWN-NAME"),
        (["<= open('x')", "a", "top"], "CR-UNKNOWN-FUNCTION"),
    ],
)
def test_a_cell_that_says_nothing_is_refused(row: list[str], code: str) -> None:
    assert refusal([row], ["points", "kind"]).code == code


def test_a_row_needs_a_cell_for_every_column() -> None:
    with pytest.raises(ValueError, match="a row needs 2 tests and a verdict"):
        plan_of([["5", "top"]], ["points", "kind"])
