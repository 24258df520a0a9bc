"""The plans between two: the old one with some of the changes made, and which changes bear on a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from .changes import Change
from .mixing import mixed
from .reach import bearing, deciding

if TYPE_CHECKING:
    from ..plan import Plan

Some = frozenset[int]
"""Some of the changes, by number."""


@dataclass
class Between:
    """The plans between an old and a new one, made when asked for and remembered."""

    old: Plan
    new: Plan
    changes: Sequence[Change]

    def __post_init__(self) -> None:
        self._plans: dict[Some, Plan | None] = {}
        self._bearing: dict[tuple[str, str | None], list[int]] = {}

    @cached_property
    def opaque(self) -> bool:
        """Whether plugins compute findings: these may look at anything, so that nobody knows what bears on what."""
        return self.old.is_opaque or self.new.is_opaque

    @cached_property
    def effective(self) -> list[int]:
        """The changes that aren't but words."""
        return [number for number, change in enumerate(self.changes) if not change.only_words]

    def bearing(self, question: str, rule: str | None = None) -> list[int]:
        """The changes that the rules on a question depend on; with a rule, which then is decided apart, that one alone."""
        asked = question, rule
        if asked not in self._bearing:
            bear = bearing(self.changes, self.old.policy_set, self.new.policy_set, question, rule)
            self._bearing[asked] = [number for number in self.effective if self.changes[number] in bear]
        return self._bearing[asked]

    def plan(self, some: Some) -> Plan | None:
        """The old plan with some of the changes; None where that is no valid policy set."""
        if some not in self._plans:
            mix = mixed(self.old.policy_set, self.new.policy_set, [self.changes[number] for number in sorted(some)])
            self._plans[some] = None if mix is None else replace(self.old, policy_set=mix)
        return self._plans[some]

    def deciding(self, plan: Plan, question: str) -> tuple[str, ...] | None:
        """The policies of a plan that decide a question; None for all, where plugins may."""
        return None if self.opaque else tuple(deciding(plan.policy_set, question))
