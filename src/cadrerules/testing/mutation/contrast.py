"""What an original and a mutant decide on the same tables, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from ...errors import CadreError
from ...load.tables import read_tables
from ...model.facts import Row
from ...model.policy_set import PolicySet
from ...model.result import Decision
from ...plan import Plan
from .mutants import Mutant
from .replay import Replay

ESSENTIAL = ("status", "verdict", "possible", "owed_by", "due", "done", "short")
"""What a decision says."""
FURTHER = ("because", "overridden", "waived_by", "missing", "parameters")
"""What it rests on: a difference in nothing but these is told too, where there is no better one."""

Tables = Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True)
class Scene:
    """Tables with the day and the settings under which they are looked at."""

    tables: Tables
    as_of: date
    params: Mapping[str, Any] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)


Place = tuple[str, str, str | None, tuple[str, ...]]
"""Question, subject and period; of a question that each rule decides apart also the rule."""


@dataclass(frozen=True)
class Difference:
    """Where decisions differ: those of the original and of the mutant by place. The lower its `rank`, the plainer it is."""

    rank: int
    fields: tuple[str, ...]
    original: Mapping[Place, Sequence[Decision]]
    mutant: Mapping[Place, Sequence[Decision]]


@dataclass
class Contrast:
    """An original and a mutant, ready to be compared on tables."""

    plan: Plan
    mutant: Mutant
    policies: PolicySet

    @cached_property
    def rules(self) -> frozenset[str]:
        """The rules whose decisions may differ: those reached, and those that answer the same questions."""
        rules = [rule for name in self.mutant.policies for rule in self.plan.policies[name].rules]
        asked = {rule.question for rule in rules if rule.id in self.mutant.rules} - set(self.apart)
        return frozenset({rule.id for rule in rules if rule.question in asked} | set(self.mutant.rules))

    @cached_property
    def apart(self) -> list[str]:
        """The questions that each rule decides apart."""
        return [name for name, question in self.plan.questions.items() if question.decide == "each_rule"]

    def read(self, scene: Scene) -> Scene:
        """The scene with its cells as the tables hold them; as it is where they are refused."""
        try:
            return replace(scene, tables=dict(read_tables(scene.tables, list(self.plan.models.values())).rows))
        except CadreError:
            return scene

    def difference(self, scene: Scene) -> Difference | None:
        """Where the decisions differ; None where they don't, and where the tables are refused or can't be evaluated."""
        try:
            return self._difference(scene)
        except CadreError:
            return None

    def _difference(self, scene: Scene) -> Difference | None:
        plan = self.plan.amend(scene.params, scene.readings)
        facts = read_tables(scene.tables, list(self.plan.models.values()))
        replay = Replay(plan, facts, scene.as_of, self.mutant.policies)
        original = self._placed(replay.decisions(plan.policy_set, self.rules))
        mutant = self._placed(replay.decisions(self.policies.amend(scene.params, scene.readings), self.rules))
        for rank, fields in ((0, ESSENTIAL), (2, FURTHER)):
            differing = [p for p in dict.fromkeys((*original, *mutant)) if _told(original.get(p), fields) != _told(mutant.get(p), fields)]
            if differing:
                here, there = ({p: found.get(p, ()) for p in differing} for found in (original, mutant))
                open_ones = any(d.status != "decided" for found in (here, there) for ds in found.values() for d in ds)
                return Difference(rank + (open_ones and rank == 0), ESSENTIAL + fields if rank else ESSENTIAL, here, there)
        return None

    def _placed(self, decisions: Sequence[Decision]) -> dict[Place, list[Decision]]:
        found: dict[Place, list[Decision]] = {}
        for d in decisions:
            rules = d.because if d.question in self.apart else ()
            found.setdefault((d.question, d.subject.id, d.period, rules), []).append(d)
        return found


def _told(decisions: Sequence[Decision] | None, fields: Sequence[str]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(d, name) for name in fields) for d in decisions or ()]
