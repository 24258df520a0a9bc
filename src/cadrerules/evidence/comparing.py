"""Compares the policies in a receipt with a plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Place, Problem
from ..load.receipts import shown, within
from ..model.parts import parts_of
from ..plan import Plan
from .differing import differing


def policy_problems(receipt: Mapping[str, Any], plan: Plan, place: Place) -> Iterator[Problem]:
    """Where a receipt's policies, by their hash and by the text of the parts used, aren't the plan's."""
    if receipt["policies"]["hash"] != plan.hash:
        yield _problem(place, "policies.hash", receipt["policies"]["hash"], plan.hash)
    for path, found, expected in differing(receipt["policy_text"], _parts(receipt, plan)):
        yield _problem(place, f"policy_text.{path}", found, expected)


def _parts(receipt: Mapping[str, Any], plan: Plan) -> Any:
    """What the plan says in the place of the parts that the receipt has."""
    named = {(part["rule"], part["outcome"]) for part in receipt["rules"]}
    rules = [rule for policy in plan.policies.values() for rule in policy.rules if (rule.id, rule.outcome) in named]
    return json.loads(json.dumps(parts_of(plan.policy_set, rules)))


def _problem(place: Place, path: str, found: Any, expected: Any) -> Problem:
    return Problem("CR-RECEIPT-POLICIES", within(place, path), {"found": shown(found), "expected": shown(expected)})
