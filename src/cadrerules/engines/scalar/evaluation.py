"""The scalar engine: evaluates a policy set on tables of facts, one value at a time; the reference for all others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from ...language.bind import Bindings
from ...language.nodes import Literal
from ...language.periods import Period
from ...language.text import show
from ...language.types import Number
from ...language.values import is_known
from ...model.dependencies import dependencies
from ...model.facts import FactTables
from ...model.policy import Policy, Rule
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
    not_evaluated: list[NotEvaluated] = field(default_factory=list)

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
            if policy.relations and not self._lacks_everything(policy):
                self._run_policy(policy, bindings, frames)

    def _absent(self, tables: Iterable[str]) -> tuple[str, ...]:
        """Those of the tables that aren't there."""
        return tuple(sorted(table for table in tables if table not in self.facts))

    def _lacking(self, policy: Policy, rule: Rule) -> tuple[str, ...]:
        """The tables that a rule needs and that aren't there."""
        return self._absent({*policy.needs[rule.facts], *((rule.to.table,) if rule.to else ())})

    def _lacks_everything(self, policy: Policy) -> bool:
        """Whether no row can be looked at by any rule; the policy is then listed as a whole."""
        looked_at = {rule.facts for rule in policy.rules} or policy.needs.keys()
        lacking = [set(self._absent(policy.needs[name])) for name in looked_at]
        if not all(lacking):
            return False
        own = self._absent(policy.needs[policy.facts.name]) if policy.facts else ()
        shared = set.intersection(*lacking) or set.union(*lacking)
        self._leave_out(policy.name, None, own or tuple(sorted(shared)))
        return True

    def _leave_out(self, policy: str, rule: str | None, tables: tuple[str, ...]) -> None:
        left = NotEvaluated(
            policy=policy, rule=rule, tables=tables, reason=f"there is no table {', '.join(tables)}"
        )
        if left not in self.not_evaluated:
            self.not_evaluated.append(left)

    def _run_policy(self, policy: Policy, bindings: Bindings, tables: Mapping[str, Frame]) -> None:
        program = bind_policy(policy, bindings, self.policies.context.grains)
        frames, computed = dict(tables), dict[str, list[Values]]()
        for stage in program.stages:
            if all(table in self.facts for table in policy.needs[stage.name]):
                frames[stage.name], computed[stage.name] = run_stage(stage, frames, self.policies.tables)
        lacking = {b.rule.key: self._lacking(policy, b.rule) for b in program.rules}
        for bound in program.rules:
            if lacking[bound.rule.key]:
                self._leave_out(policy.name, bound.rule.id, lacking[bound.rule.key])
        skipped = tuple(key for key, tables in lacking.items() if tables)
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
        kind = rule.kind
        readings = {name: bindings.interpretations[name] for name in rests_on.interpretations}

        def make(candidate: Candidate) -> Finding:
            undetermined = candidate.truth is None
            finding = Finding.model_construct(
                rule=rule.id,
                clause=rule.clauses,
                outcome=rule.outcome,
                waivable=rule.waivable,
                subject=Subject.model_construct(kind=kind, id=candidate.subject),
                period=None if candidate.period is None else str(candidate.period),
                status="undetermined" if undetermined else "holds",
                missing=waiting.missing(candidate) if undetermined else (),
                params={name: parameter_value(bindings, name, candidate.period) for name in rests_on.parameters},
                interpretations=readings,
                trace=None,
            )
            finding._explain = partial(run.explainer.candidate, candidate)  # noqa: SLF001 - the model's own slot for it
            if rule.amounts:
                finding._amounts = partial(run.explainer.amounts, candidate)  # noqa: SLF001 - likewise
            return finding

        return make


def parameter_value(bindings: Bindings, name: str, period: Any) -> int | str | None:
    """A parameter's value in a period, for people: whole numbers as they are, others as text, None where unset."""
    day = period.last_day() if isinstance(period, Period) else bindings.as_of
    literal: Literal = [value for start, value in bindings.parameters[name].values if start <= day][-1]
    if not is_known(literal.value):
        return None
    if isinstance(literal.type, Number) and literal.value % 10**literal.type.scale == 0:
        return int(literal.value // 10**literal.type.scale)
    return show(literal.value, literal.type)
