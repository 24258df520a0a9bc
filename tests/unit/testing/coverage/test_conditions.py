from __future__ import annotations

from datetime import date

import pytest

import cadrerules as cr
from cadrerules.language.nodes import Apply, Column, Literal, Node
from cadrerules.language.parse import parse
from cadrerules.language.text import to_text
from cadrerules.language.types import TRUTH
from cadrerules.model.program import bind_policy
from cadrerules.testing.coverage.conditions import Condition, conditions, expand, leaves, outcome

PLAN = cr.load_policies("market-supervision")


def of(policy: str, plan: cr.Plan = PLAN) -> dict[tuple[str, str], list[Condition]]:
    """The conditions of a policy by owner and kind."""
    program = bind_policy(plan.policies[policy], plan.policy_set.bindings(date(2025, 1, 15)), plan.policy_set.context.grains)
    found: dict[tuple[str, str], list[Condition]] = {}
    for condition in conditions(program):
        found.setdefault((condition.owner, condition.kind), []).append(condition)
    return found


@pytest.mark.parametrize(
    ("written", "text", "expanded"),
    [
        ({"a": "x > 1"}, "a and y", "x > 1 and y"),
        ({"a": "b", "b": "x > 1"}, "not a", "not x > 1"),
        ({"a": "x and y"}, "a and (z or (x or y))", "x and y and (z or x or y)"),
        ({"a": "rank(x)"}, "a <= 7", "a <= 7"),
        ({"a": "x + 1"}, "a <= 7", "a <= 7"),
        ({"a": 'b == "q"'}, "a", 'b == "q"'),
        ({"a": '"r" if x else "s"'}, 'a == "r"', "True if x else False"),
        ({"a": '"r" if x else "s" if y else "t"'}, 'a in ["r", "t"]', "True if x else False if y else True"),
        ({"a": '"r" if x else b'}, 'a != "r"', 'False if x else b != "r"'),
        ({"x": "y > 1", "a": '"r" if x else "s"'}, 'a == "r"', "True if y > 1 else False"),
    ],
)
def test_derived_columns_of_the_row_are_put_in(written: dict[str, str], text: str, expanded: str) -> None:
    assert to_text(expand(parse(text), {name: parse(of) for name, of in written.items()})) == expanded


def test_what_is_always_so_is_no_atom() -> None:
    tree = Apply("and", (Literal(True, TRUTH), Apply("not", (Column("x"),)), Literal(False, TRUTH, "param.p.q")))
    assert list(leaves(tree)) == [Column("x"), Literal(False, TRUTH, "param.p.q")]


@pytest.mark.parametrize(
    ("truths", "whole"),
    [
        ({"a": True, "b": True, "c": None}, True),
        ({"a": False, "b": True, "c": None}, None),
        ({"a": None, "b": True, "c": True}, True),
        ({"a": None, "b": True, "c": False}, None),
        ({"a": False, "b": None, "c": False}, False),
    ],
)
def test_a_condition_is_three_valued(truths: dict[str, bool | None], whole: bool | None) -> None:
    tree: Node = parse("b if a else c")
    assert outcome(tree, truths) is whole


def test_a_flag_is_seen_as_the_case_that_makes_it() -> None:
    (red,) = of("board")["board.red", "rule"]
    assert red.text == "True if place <= param.board.red_to else False if place <= param.board.yellow_to else False"
    assert list(red.atoms) == ["place <= param.board.red_to", "place <= param.board.yellow_to"]


def test_what_other_rows_are_counted_by_is_a_condition_of_the_rule() -> None:
    (reds,) = of("board")["reds", "column"]
    assert reds.rows == "board.facts"
    assert list(reds.rules) == ["board.commend"]
    assert list(reds.atoms)[-1] == 'style == "good"'


def test_a_group_is_kept_apart_from_what_the_rule_asks_of_it() -> None:
    found = of("board")
    assert [c.text for c in found["board.interview", "addressee"]] == ['role == "head"']
    (group,) = found["people", "addressee"]
    assert (group.policy, group.rows, len(group.atoms)) == ("people", "staff", 4)


def test_a_view_s_own_condition_and_columns_are_found() -> None:
    found = of("rectification")
    assert [c.text for c in found["counted", "kept"]] == ["listed_on <= as_of"]
    assert [c.text for c in found["thoughts", "column"]] == ['aspect == "thought"']


def test_texts_name_parameters_whatever_their_values() -> None:
    amended = PLAN.amend({"board.red_to": 3}, {"board.ties": "dense", "board.style_quarters": "all"})
    assert {c.key for found in of("board", amended).values() for c in found} == {c.key for found in of("board").values() for c in found}
