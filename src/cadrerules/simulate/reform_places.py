"""Where the rules of a reform stand in its document, for errors that are found when a plan is amended with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import Problem
from ..language.source import Source
from ..load.policies import locator
from ..load.yaml import Located
from ..model.policy_set import PolicySet
from ..model.written import Locate, Path

Rules = Mapping[str, Mapping[str, Any] | None]


def locating(policies: PolicySet, rules: Rules, located: Located | None) -> PolicySet:
    """The set, which finds what the reform writes in the reform's document and all else where it stood before."""
    changed = {name.rpartition(".")[0] for name in rules} & policies.documents.keys()
    if located is None or not changed:
        return policies
    locators = {**policies.locators, **{policy: _locate(policies, policy, rules, located) for policy in changed}}
    return replace(policies, locators=locators, made_from=policies)


def _locate(policies: PolicySet, policy: str, rules: Rules, located: Located) -> Locate:
    before = [rule.id for rule in policies.documents[policy].rules]
    mine = {name.rpartition(".")[2]: rule for name, rule in rules.items() if name.rpartition(".")[0] == policy}
    kept = [name for name in before if mine.get(name, {}) is not None]
    after = kept + [name for name, rule in mine.items() if rule is not None and name not in before]
    in_reform, in_set = locator(located), policies.locators.get(policy)

    def locate(path: Path, text: str) -> Source:
        if len(path) > 2 and path[0] == "rules" and isinstance(path[1], int) and path[1] < len(after):
            name = after[path[1]]
            if path[2] in (mine.get(name) or {}):
                return in_reform(("rules", f"{policy}.{name}", *path[2:]), text)
            path = ("rules", before.index(name), *path[2:]) if name in before else path
        return in_set(path, text) if in_set else Source(text, path=".".join(map(str, path)))

    return locate


def placed(problem: Problem, rules: Rules, located: Located | None) -> Problem:
    """A problem with a rule's fields as a whole, at its place in the document."""
    path, file = problem.place.path, problem.place.file
    name = next((name for name in rules if not file and (path == name or path.startswith(f"{name}."))), None)
    if located is None or name is None:
        return problem
    at = path.removeprefix(name).split(".")[1:]
    values = {**problem.values, "reason": f"`{'.'.join(at)}`: {problem.values['reason']}"} if at else problem.values
    return Problem(problem.code, located.key_place(("rules", name, *at)), values)
