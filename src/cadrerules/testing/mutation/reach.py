"""Which rules a change of a document can reach: those that rest on what it changes, however indirectly."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ...model.dependencies import Dependencies, dependencies, elements
from ...model.documents import Choose
from ...model.policy import Policy, Rule, facts_name
from ...model.policy_set import PolicySet
from .edit import QUESTIONS, Edit


class Reach:
    """Knows what every rule of a policy set rests on."""

    def __init__(self, policies: PolicySet) -> None:
        self.policies = policies

    def rules(self, edit: Edit) -> tuple[str, ...]:
        """The ids of the rules that an edit can reach, in order; of a question those that answer it."""
        return tuple(sorted({rule.id for policy, rule in self._all if self._reaches(edit, policy, rule)}))

    @property
    def _all(self) -> Iterator[tuple[Policy, Rule]]:
        return ((policy, rule) for policy in self.policies.policies.values() for rule in policy.rules)

    def _reaches(self, edit: Edit, policy: Policy, rule: Rule) -> bool:
        if edit.document == QUESTIONS:
            return rule.question == edit.path[0]
        named = f"{edit.document}.{edit.path[1]}" if len(edit.path) > 1 else edit.document
        own = policy.name == edit.document
        match edit.path:
            case ("params", *_):
                return named in self._settings[rule.key].parameters or self._calendar(edit, rule)
            case ("interpretations", *_):
                return named in self._settings[rule.key].interpretations or named in self._deciding(rule)
            case ("groups", *_):
                return named in self._groups(policy, rule)
            case ("views", str(view), "derive" | "columns", str(column)):
                return own and (view, column) in self._elements[rule.key]
            case ("views", str(view), *_):
                return own and (view, "") in self._elements[rule.key]
            case ("derive", str(column), *_):
                return own and (facts_name(policy.name), column) in self._elements[rule.key]
            case ("rules", int(i), *_):
                return own and rule.id == f"{policy.name}.{policy.doc.rules[i].id}"
            case ("obligations", int(i), *_):
                return own and rule.id == f"{policy.name}.{policy.doc.obligations[i].id}"
            case _:
                return own

    @cached_property
    def _settings(self) -> dict[str, Dependencies]:
        return {rule.key: dependencies(policy, rule) for policy, rule in self._all}

    @cached_property
    def _elements(self) -> dict[str, frozenset[tuple[str, str]]]:
        return {rule.key: elements(policy, rule) for policy, rule in self._all}

    def _calendar(self, edit: Edit, rule: Rule) -> bool:
        """Whether the parameter tells from when an obligation is looked at."""
        return f"{edit.document}.{edit.path[1]}" == self.policies.doc.calendar.since and rule.amounts is not None

    def _deciding(self, rule: Rule) -> tuple[str, ...]:
        decide = self.policies.questions_doc[rule.question].decide
        return (decide.choose,) if isinstance(decide, Choose) else ()

    def _groups(self, policy: Policy, rule: Rule) -> Iterator[str]:
        """The groups that lead to whom a rule goes to, or whom it binds, by full name."""
        owner, group = policy.name, rule.each
        while group is not None and group.each not in self.policies.tables:
            at, _, name = group.each.rpartition(".")
            owner = at or owner
            yield f"{owner}.{name}"
            group = self.policies.documents[owner].groups[name]


