"""Findings that somebody accepts as they are, each with a reason, for as long as the rules stay as they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from ..errors import PolicyError, Problem
from ..language.text import to_text
from ..load.yaml import read_yaml
from ..model.dependencies import dependencies
from ..model.documents import Document
from ..model.policy import Policy, Rule
from ..model.set_documents import RuleId
from ..model.texts import Texts
from ..plan import Plan
from .found import Check, Found

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class AcceptedDoc(Document):
    """One finding that is accepted: its check and rules, the hash it was told with, and why."""

    check: Check = Field(description="the check that told the finding")
    rules: Annotated[list[RuleId], Field(min_length=1)] = Field(description="the rules that it is about, by full name")
    hash: Hash = Field(description="the hash that `cadrerules verify --format json` told with it")
    reason: Texts = Field(description="why it is accepted as it is")


class AcceptedFile(Document):
    """What is accepted of a policy set's findings."""

    format: Literal[1] = Field(description="the version of this form")
    accepted: list[AcceptedDoc] = Field(description="the findings that are accepted")


def read_accepted(path: Path) -> list[AcceptedDoc]:
    """The entries of a file; `PolicyError` with every entry that can't be read, and its line."""
    located = read_yaml(path)
    try:
        return AcceptedFile.model_validate(located.data).accepted
    except ValidationError as error:
        raise PolicyError(
            [
                Problem("CR-BAD-DOCUMENT", located.place(_there(entry["loc"])), {"reason": f"`{'.'.join(map(str, entry['loc']))}`: {entry['msg']}"})
                for entry in error.errors(include_url=False, include_context=False)
            ]
        ) from None


def _there(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """As much of a location as names an entry of the list."""
    return tuple(loc[:2]) if len(loc) > 1 and isinstance(loc[1], int) else ()


def hash_of(plan: Plan, rules: Sequence[str]) -> str:
    """What a finding's rules say, as twelve hexadecimal digits: another finding, or a changed rule, has another."""
    content = [_said(plan, policy, rule) for policy in plan.policies.values() for rule in policy.rules if rule.id in rules]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _said(plan: Plan, policy: Policy, rule: Rule) -> dict[str, Any]:
    rests_on = dependencies(policy, rule)
    relations = [r for r in policy.relations if r.name in _made_from(policy, rule.facts)]
    return {
        "rule": rule.key,
        "outcome": rule.outcome,
        "when": to_text(rule.when),
        "to": [to_text(condition.node) for condition in rule.to.conditions] if rule.to else None,
        "columns": [(d.name, to_text(d.node)) for r in relations for d in r.definitions],
        "params": {n: plan.parameters[n].doc.model_dump(mode="json", include={"value", "values"}) for n in rests_on.parameters},
        "readings": {n: plan.interpretations[n].option for n in rests_on.interpretations},
    }


def _made_from(policy: Policy, name: str) -> set[str]:
    """A relation and those that it is made from."""
    relations = {r.name: r for r in policy.relations}
    found, waiting = set[str](), [name]
    while waiting:
        at = waiting.pop()
        if at in relations and at not in found:
            found.add(at)
            waiting += relations[at].sources
    return found


def accepting(plan: Plan, found: Sequence[Found], accepted: Sequence[AcceptedDoc]) -> Iterator[Found]:
    """The findings, those that are accepted with the reason; one whose rules have changed since is accepted no more."""
    reasons = {(a.check, tuple(sorted(a.rules)), a.hash): a.reason for a in accepted}
    for one in found:
        told = replace(one, hash=hash_of(plan, one.rules))
        yield replace(told, accepted=reasons.get((one.check, tuple(sorted(one.rules)), told.hash)))
