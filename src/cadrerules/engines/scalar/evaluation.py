"""The scalar engine: evaluates a policy set on tables of facts, one value at a time; the reference for all others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from ...language.bind import Bindings
from ...language.periods import Period
from ...model.absent import Absences
from ...model.dependencies import Dependencies, dependencies
from ...model.facts import FactTables
from ...model.parameters import value_on
from ...model.policy import Policy
from ...model.policy_set import PolicySet
from ...model.program import BoundRule, Program, bind_policy
from ...model.result import Finding, NotEvaluated, Subject
from .calendar import calendar_frames
from .explain import Explainer
from .findings import Candidate, candidates
from .frames import Frame, Values, table_frame
from .missing import Waiting
from .stages import run_stage

Progress = Callable[[str, int, int], None]


@dataclass
class PolicyRun:
    """One policy's evaluation: its bound program with the frames and rows it gave."""

    program: Program
    frames: Mapping[str, Frame]
    explainer: Explainer
    skipped: tuple[str, ...] = ()

    def candidates(self, bound: BoundRule, subject: str | None = None) -> list[Candidate]:
        """The candidates of one rule; none where a table that it needs is absent."""
        if bound.rule.key in self.skipped:
            return []
        return candidates(bound, self.frames[bound.rule.facts], self.frames, subject=subject)


@dataclass
class Evaluation:
    """Runs policies on facts as of a date and keeps what is needed to explain them."""

    policies: PolicySet
    facts: FactTables
    as_of: date
    runs: dict[str, PolicyRun] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.absences = Absences(self.facts.rows)

    @property
    def not_evaluated(self) -> list[NotEvaluated]:
        """What could not be evaluated for want of a table."""
        return self.absences.noted

    def run(self, names: Iterable[str], progress: Progress = lambda *_: None) -> None:
        """Evaluate the named policies."""
        bindings = self.policies.bindings(self.as_of)
        tables = {name: table for name, table in self.policies.tables.items() if name in self.facts}
        frames = {name: table_frame(table, self.facts, self.as_of) for name, table in tables.items()}
        frames |= calendar_frames(self.policies.doc.calendar, self.facts, bindings)
        names = list(names)
        for done, name in enumerate(names):
            progress(name, done, len(names))
            policy = self.policies.policies[name]
            if policy.relations and not self.absences.leaves_out(policy):
                self.run_policy(policy, bindings, frames)

    def run_policy(self, policy: Policy, bindings: Bindings, tables: Mapping[str, Frame]) -> None:
        """Evaluate one policy on the frames of the tables and the calendar."""
        program = bind_policy(policy, bindings, self.policies.context.grains)
        frames, computed = dict(tables), dict[str, list[Values]]()
        for stage in program.stages:
            if all(table in self.facts for table in policy.needs[stage.name]):
                frames[stage.name], computed[stage.name] = run_stage(stage, frames, self.policies.tables)
        skipped = tuple(b.rule.key for b in program.rules if self.absences.leaves_out_rule(policy, b.rule))
        run = PolicyRun(program, frames, Explainer(program, frames, computed, self.policies.tables), skipped)
        self.runs[policy.name] = run
        for bound in program.rules:
            make = self._maker(policy, bound, run, bindings)
            self.findings += [make(candidate) for candidate in run.candidates(bound)]

    def _maker(
        self, policy: Policy, bound: BoundRule, run: PolicyRun, bindings: Bindings
    ) -> Callable[[Candidate], Finding]:
        rule, rests_on = bound.rule, dependencies(policy, bound.rule)
        waiting = Waiting(run.explainer)

        def make(candidate: Candidate) -> Finding:
            missing = waiting.missing(candidate) if candidate.truth is None else ()
            finding = bare_finding(candidate, bindings, rests_on, missing)
            finding._explain = partial(run.explainer.candidate, candidate)  # noqa: SLF001 - the model's own slot for it
            if rule.amounts:
                finding._amounts = partial(run.explainer.amounts, candidate)  # noqa: SLF001 - likewise
            return finding

        return make


def bare_finding(
    candidate: Candidate, bindings: Bindings, rests_on: Dependencies, missing: tuple[str, ...]
) -> Finding:
    """What a candidate finds, without what explains it; `missing` is what an undetermined one waits for."""
    rule = candidate.rule.rule
    return Finding.model_construct(
        rule=rule.id,
        clause=rule.clauses,
        outcome=rule.outcome,
        waivable=rule.waivable,
        subject=Subject.model_construct(kind=rule.kind, id=candidate.subject),
        period=None if candidate.period is None else str(candidate.period),
        status="undetermined" if candidate.truth is None else "holds",
        missing=missing,
        params={name: value_on(bindings, name, _day(candidate.period, bindings)) for name in rests_on.parameters},
        interpretations={name: bindings.interpretations[name] for name in rests_on.interpretations},
        trace=None,
    )


def _day(period: Any, bindings: Bindings) -> date:
    """The day whose parameters hold for a period: its last, or without one that of the evaluation."""
    return period.last_day() if isinstance(period, Period) else bindings.as_of
