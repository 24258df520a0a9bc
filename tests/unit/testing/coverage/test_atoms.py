from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.language.check import check
from cadrerules.language.nodes import Literal
from cadrerules.language.scope import Grain, Scope
from cadrerules.language.types import DATE, TRUTH, Number, Period
from cadrerules.language.values import Between
from cadrerules.model.program import bind_policy
from cadrerules.testing.coverage.atoms import UNSEEN, Atom, Possible, base_of
from cadrerules.testing.coverage.conditions import conditions

TYPES: dict[str, Any] = {
    "whole": Number(), "tenths": Number(1), "hundredths": Number(2), "day": DATE, "due": DATE, "truth": TRUTH, "year": Period("year")
}


def atom(text: str) -> Atom:
    node, _ = check(text, Scope(Grain(TYPES, ())))
    return Atom.of(node)


@pytest.mark.parametrize(
    ("text", "row", "found"),
    [
        ("whole <= 7", {"whole": 7}, (True, "at")),
        ("whole <= 7", {"whole": 8}, (False, "beside")),
        ("whole <= 7", {"whole": 6}, (True, "")),
        ("whole < 7", {"whole": 6}, (True, "beside")),
        ("whole < 7", {"whole": 7}, (False, "at")),
        ("whole < 7", {"whole": 8}, (False, "")),
        ("whole >= 7", {"whole": 6}, (False, "beside")),
        ("whole > 7", {"whole": 8}, (True, "beside")),
        ("7 >= whole", {"whole": 8}, (False, "beside")),
        # the step is that of the column, not that of the number it is compared with
        ("whole <= 7.00", {"whole": 8}, (False, "beside")),
        ("tenths <= 2", {"tenths": 21}, (False, "beside")),
        ("tenths <= hundredths", {"tenths": 20, "hundredths": 199}, (False, "beside")),
        ("whole * 2 <= 7", {"whole": 4}, (False, "beside")),
        ("day > due", {"day": date(2024, 3, 1), "due": date(2024, 2, 29)}, (True, "beside")),
        ("day <= due", {"day": date(2024, 2, 29), "due": date(2024, 2, 29)}, (True, "at")),
        ("whole <= 7", {"whole": Between(7, 8)}, (None, "")),
        ("truth", {"truth": False}, (False, "")),
        ("whole in [1, 2]", {"whole": 2}, (True, "")),
    ],
)
def test_truth_and_nearness(text: str, row: dict[str, Any], found: tuple[bool | None, str]) -> None:
    assert atom(text).look(row) == found


def test_what_was_never_computed_is_not_seen() -> None:
    assert atom("whole <= 7").look({}) == (UNSEEN, "")


def test_two_constants_have_no_bound() -> None:
    assert atom("1 < 2").look({}) == (True, "")


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("2.5", ("", 2.5)),
        ("day", ("day", 0)),
        ("add_months(day, 6)", ("day", 6)),
        ("whole + 1", ("whole + 1", 0)),
    ],
)
def test_bounds_are_a_base_and_a_distance(text: str, base: tuple[str, Any]) -> None:
    node, _ = check(text, Scope(Grain(TYPES, ())))
    assert base_of(node, {}) == base


def test_an_unknown_number_is_no_bound() -> None:
    assert base_of(Literal(Between(0, 9), Number(), "param.p.q"), {}) is None


@pytest.mark.parametrize(
    ("policy", "text", "able"),
    [
        ("board", "place <= param.board.red_to", True),  # an empty progress
        ("board", 'style == "good"', True),  # no row
        ("board", 'interpretation.board.style_quarters == "last"', False),
        ("board", 'role == "head"', False),  # a key
        ("assessment", "exempt", False),  # no table of exemptions is an empty one
        ("assessment", 'kind == "regular"', False),  # must not be empty
        ("assessment", "first_last_year", True),  # perhaps no row the year before
        ("rectification", "known(goal)", False),
        ("rectification", "closed_on > as_of", False),  # empty is never
        ("rectification", "thoughts < param.rectification.thought_min", True),  # unset
    ],
)
def test_what_can_be_unknown(policy: str, text: str, able: bool) -> None:
    plan = cr.load_policies("market-supervision")
    program = bind_policy(plan.policies[policy], plan.policy_set.bindings(date(2025, 1, 15)), plan.policy_set.context.grains)
    condition = next(c for c in conditions(program) if text in c.atoms)
    assert Possible(program, plan.tables).unknown(condition.atoms[text], condition) is able
