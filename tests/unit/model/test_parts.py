"""The parts of a policy set that rules rest on are a policy set by themselves, and the same one."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.errors import PolicyError
from cadrerules.load.parts import read_parts
from cadrerules.model.documents import CasesDoc
from cadrerules.model.parts import _as_expression, parts_of

PLAN = cr.load_policies("market-supervision")


def parts(plan: cr.Plan, question: str) -> Any:
    rules = [rule for policy in plan.policies.values() for rule in policy.rules if rule.question == question]
    return json.loads(json.dumps(parts_of(plan.policy_set, rules), sort_keys=True))


@pytest.mark.parametrize("question", PLAN.questions)
def test_parts_of_parts_are_the_same(question: str) -> None:
    first = parts(PLAN, question)
    again = read_parts(first)
    rules = [rule for policy in again.policies.values() for rule in policy.rules]
    assert [r.key for r in rules] == [r.key for p in PLAN.policies.values() for r in p.rules if r.question == question]
    assert json.loads(json.dumps(parts_of(again, rules), sort_keys=True)) == first


def test_only_what_the_rules_rest_on_is_there() -> None:
    found = parts(PLAN, "flag")
    assert list(found["policies"]) == ["board"]
    board = found["policies"]["board"]
    assert sorted(board["params"]) == ["red_to", "yellow_to"]
    assert sorted(board["interpretations"]) == ["ranked", "ties"]
    assert sorted(board["derive"]) == ["flag", "place"]
    assert [rule["id"] for rule in board["rules"]] == ["red", "yellow", "black"]
    columns = [column["name"] for column in found["set"]["tables"]["progress"]["columns"]]
    assert columns == ["quarter", "unit", "indicator", "progress", "regional_rank"]


def test_addressees_bring_their_groups_and_readings() -> None:
    found = parts(PLAN, "interview")
    assert list(found["policies"]) == ["board", "people"]
    assert list(found["policies"]["people"]["interpretations"]) == ["in_post"]
    assert "in_post" in found["policies"]["people"]["groups"]


def test_amendments_are_in_the_parts() -> None:
    amended = PLAN.amend(params={"board.red_to": 5}, interpretations={"board.ties": "dense"})
    found = parts(amended, "flag")
    assert found["policies"]["board"]["params"]["red_to"]["value"] == 5
    assert found["chosen"] == {"board.ties": "dense"}
    assert read_parts(found).context.interpretations["board.ties"].option == "dense"


def test_cases_of_decimals_stay_numbers() -> None:
    doc = CasesDoc.model_validate({"cases": [{"when": "x > 1", "value": Decimal("2.5")}, {"otherwise": 0}]})
    assert _as_expression(doc) == "2.5 if (x > 1) else (0)"
    words = CasesDoc.model_validate({"cases": [{"when": "x > 1", "value": "a"}, {"otherwise": "b"}]})
    assert _as_expression(words) is words


def test_documents_that_are_none_are_refused() -> None:
    found = parts(PLAN, "flag")
    found["policies"]["board"]["rules"][0]["when"] = "flag =="
    with pytest.raises(PolicyError):
        read_parts(found)
    found["policies"]["board"]["rules"][0] = {"id": "red"}
    with pytest.raises(PolicyError, match="CR-BAD-DOCUMENT"):
        read_parts(found)
