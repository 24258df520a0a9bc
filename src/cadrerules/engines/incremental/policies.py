"""One policy kept up to date: its relations, its rules, and the findings that begin, end or change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ...language.bind import Bindings
from ...model.absent import Absences
from ...model.dependencies import dependencies
from ...model.policy import Policy
from ...model.policy_set import PolicySet
from ...model.program import bind_policy
from ...model.result import Finding
from ..scalar.evaluation import bare_finding
from ..scalar.explain import Explainer
from ..scalar.findings import Candidate
from ..scalar.missing import Waiting
from .rows import Delta, Lazily, LiveRows, frames
from .rules import LiveRule, Slot
from .stages import LiveStage, WholeStage, live_stage
from .steps import Touched

Place: TypeAlias = tuple[int, Slot]
"""Which of the policy's rules, for whom and in which period."""

Amounts: TypeAlias = Mapping[str, "str | None"]


class LivePolicy:
    """The findings of one policy on relations that change; `tables` are the live tables and the calendar."""

    def __init__(
        self,
        policy: Policy,
        bindings: Bindings,
        policies: PolicySet,
        tables: Mapping[str, LiveRows],
        absences: Absences,
    ) -> None:
        self.policy, self.bindings, self.tables = policy, bindings, policies.tables
        self.program = bind_policy(policy, bindings, policies.context.grains)
        self.relations: dict[str, LiveRows] = dict(tables)
        self.stages: dict[str, LiveStage | WholeStage] = {}
        for stage in self.program.stages:
            if all(table in tables for table in policy.needs[stage.name]):
                self.stages[stage.name] = live_stage(stage, self.relations, policies.tables)
                self.relations[stage.name] = self.stages[stage.name].out
        self.rules = list(self._rules(absences))
        self.findings: dict[Place, tuple[Finding, Amounts]] = {}
        self.undetermined: dict[Place, None] = {}

    def _rules(self, absences: Absences) -> Iterator[LiveRule]:
        for bound in self.program.rules:
            if not absences.leaves_out_rule(self.policy, bound.rule):
                addressees = self.relations[bound.rule.to.table] if bound.rule.to else None
                facts = self.relations[bound.rule.facts]
                yield LiveRule(bound, dependencies(self.policy, bound.rule), facts, addressees)

    def start(self) -> None:
        """Compute everything on the rows that the tables hold now."""
        self.update({name: _all_new(rows) for name, rows in self.relations.items() if name not in self.stages})

    def update(self, deltas: Mapping[str, Delta]) -> dict[Place, tuple[Finding | None, Finding | None]]:
        """Take changes of tables into account; the findings that differ, each before and after."""
        known = dict(deltas)
        for name, stage in self.stages.items():
            known[name] = stage.update(known)
        touched: dict[Place, None] = dict(self.undetermined)  # what they wait for may differ where they don't
        for at, rule in enumerate(self.rules):
            touched.update(dict.fromkeys((at, slot) for slot in rule.update(known, self._touched(rule))))
        return self._compare(touched)

    def _touched(self, rule: LiveRule) -> Touched:
        """Which columns differ of the rows that a rule looks at, where that is known."""
        stage = self.stages.get(rule.facts.name)
        return stage.work.touched if isinstance(stage, LiveStage) and stage.stage.by is None else {}

    def _compare(self, touched: Mapping[Place, None]) -> dict[Place, tuple[Finding | None, Finding | None]]:
        changed: dict[Place, tuple[Finding | None, Finding | None]] = {}
        make = _Maker(self)
        for at, slot in touched:
            before = self.findings.get((at, slot))
            now = make(self.rules[at], self.rules[at].candidate(slot))
            if not _same(before, now):
                changed[at, slot] = (before[0] if before else None, now[0] if now else None)
            self._keep((at, slot), now if not _same(before, now) else before)
        return changed

    def _keep(self, place: Place, now: tuple[Finding, Amounts] | None) -> None:
        self.undetermined.pop(place, None)
        if now is None:
            self.findings.pop(place, None)
            return
        self.findings[place] = now
        if now[0].status == "undetermined":
            self.undetermined[place] = None


class _Maker:
    """Makes findings as they are now; what explains them is set up only where one is undetermined."""

    def __init__(self, live: LivePolicy) -> None:
        self._live = live
        self._waiting: Waiting | None = None

    def __call__(self, rule: LiveRule, candidate: Candidate | None) -> tuple[Finding, Amounts] | None:
        if candidate is None:
            return None
        missing = self._explaining().missing(candidate) if candidate.truth is None else ()
        finding = bare_finding(candidate, self._live.bindings, rule.rests_on, missing)
        amounts: Amounts = self._explaining().at.amounts(candidate) if rule.bound.rule.amounts else {}
        finding._amounts = lambda: amounts  # noqa: SLF001 - the model's own slot for it
        return finding, amounts

    def _explaining(self) -> Waiting:
        if self._waiting is None:
            live = self._live
            computed = Lazily(live.stages, lambda name: live.stages[name].in_order())
            self._waiting = Waiting(Explainer(live.program, frames(live.relations), computed, live.tables))
        return self._waiting


def _all_new(rows: LiveRows) -> Delta:
    return {rid: (None, row) for rid, row in rows.rows.items()}


def _same(before: tuple[Finding, Amounts] | None, now: tuple[Finding, Amounts] | None) -> bool:
    """Whether two findings say the same, whatever explains them."""
    if before is None or now is None:
        return before is now
    return fields(before[0]) == fields(now[0]) and before[1] == now[1]


def fields(record: Any) -> dict[str, Any]:
    """What a finding or decision says."""
    return record.__dict__  # type: ignore[no-any-return]
