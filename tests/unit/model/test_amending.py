"""An amended policy set is what a newly made one would be, though it checks only what may have changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.errors import PolicyError
from cadrerules.model.checking import Checker
from cadrerules.model.policy import Policy

PLAN = cr.load_policies("market-supervision")


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The policies that are checked, in order."""
    names: list[str] = []
    check = Checker.policy

    def noting(self: Checker) -> Policy:
        names.append(self.doc.policy)
        return check(self)

    monkeypatch.setattr(Checker, "policy", noting)
    return names


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"params": {"board.red_to": 6}}, set()),
        ({"params": {"board.black_quarters": 3}}, set()),
        ({"interpretations": {"board.ties": "dense"}}, set()),
        ({"interpretations": {"board.ranked": "region"}}, {"board"}),
        ({"interpretations": {"obligation.partial_year": "full"}}, {"obligation"}),
        ({"rules": {"board.interview": None}}, {"board"}),
        ({"rules": {"board.red": {"when": 'flag == "red" and place <= 5'}}, "params": {"assessment.bar_to": 4}}, {"board"}),
    ],
)
def test_only_what_may_differ_is_checked_again(change: dict[str, Any], again: set[str], checked: list[str]) -> None:
    amended = PLAN.amend(**change).policy_set
    assert set(checked) == again
    assert amended.made_from is None
    fresh = replace(amended)
    assert fresh.policies == amended.policies
    assert fresh.hash == amended.hash
    assert set(checked) == set(PLAN.policies)


def test_a_rule_that_can_not_be_is_refused_as_ever() -> None:
    with pytest.raises(PolicyError) as caught:
        PLAN.amend(params={"board.red_to": 6}, rules={"board.red": {"when": "no_such_column > 1"}})
    assert caught.value.code == "CR-UNKNOWN-NAME"


def test_what_other_policies_name_is_checked_again_there(checked: list[str]) -> None:
    """A group of one policy is part of the rules of others, and a parameter's domain of every condition with it."""
    documents = dict(PLAN.policy_set.documents)
    people = documents["people"]
    group = people.groups["in_post"].model_copy(update={"where": "left >= no_such_day"})
    documents["people"] = people.model_copy(update={"groups": {"in_post": group}})
    with pytest.raises(PolicyError):
        replace(PLAN.policy_set, documents=documents, made_from=PLAN.policy_set)
    assert {"assessment", "board"} <= set(checked)
    checked.clear()
    board = PLAN.policy_set.documents["board"]
    narrow = board.params["red_to"].model_copy(update={"domain": "5..9"})
    documents = {**PLAN.policy_set.documents, "board": board.model_copy(update={"params": {**board.params, "red_to": narrow}})}
    made = replace(PLAN.policy_set, documents=documents, made_from=PLAN.policy_set)
    assert set(checked) == set(PLAN.policies)
    assert made.context.parameters["board.red_to"].doc.domain == "5..9"
