"""A plan's policies run in a world: under which condition each rule applies to whom, and what is decided."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ...language.bind import fold
from ...language.nodes import Across, walk
from ...language.periods import PERIODS, Period
from ...language.types import Period as PeriodType
from ...language.types import Type
from ...model.policy import Question
from ...model.policy_set import PolicySet
from ...model.program import BoundRule, Program, Stage, bind_policy
from .expressions import Row, evaluate
from .shape import Shape, shape_of
from .stages import Frames, run_stage, there
from .symbols import FALSE, Symbol, Thing, Truth, UnsupportedError, conjunction, disjunction, negation, truth
from .world import World

Place = tuple[str, Any]
"""A subject's id and a period, or None."""


@dataclass(frozen=True, eq=False)
class Application:
    """A rule on one row, and an addressee where it has some: for whom, when, and under which condition."""

    rule: BoundRule
    subject: Symbol
    period: Symbol | None
    holds: Truth
    row: Row
    addressee: Row | None = None

    def on(self, place: Place) -> Truth:
        """Whether it holds for a subject and period."""
        who, when = place
        return conjunction(self.holds, _same(self.subject, who), _same(self.period, when))


@dataclass(frozen=True, eq=False)
class PolicyRun:
    """One policy in a world: its rows per relation (`computed`: before they are grouped), and its applications."""

    program: Program
    frames: Frames
    computed: Frames
    applications: tuple[Application, ...]
    failed: Mapping[str, str]

    def types(self, relation: str) -> Mapping[str, Type]:
        """The types of a relation's columns."""
        return next(stage.types for stage in self.program.stages if stage.name == relation)

    def of(self, rule: str) -> list[Application]:
        """The applications of a rule, by its key."""
        return [a for a in self.applications if a.rule.rule.key == rule]


Focus = Mapping[str, Sequence[str]]
"""Policies, and the relations whose rules are looked at in each."""


def programs_of(policies: PolicySet, focus: Focus, as_of: date) -> dict[str, Program]:
    """The policies in focus, bound; of each, the rules of some relations and what these need."""
    bindings, found = policies.bindings(as_of), {}
    for name, relations in focus.items():
        if name in policies.policies:
            found[name] = _part(bind_policy(policies.policies[name], bindings, policies.context.grains), relations)
    return found


def _part(program: Program, relations: Sequence[str]) -> Program:
    """The rules that look at some relations, with the stages that these are made from."""
    needed, stages = {*relations}, []
    for stage in reversed(program.stages):
        if stage.name in needed:
            stages.append(stage)
            needed |= _read_by(stage)
    rules = tuple(bound for bound in program.rules if bound.rule.facts in needed & {*relations})
    return Program(program.policy, tuple(reversed(stages)), rules)


def _read_by(stage: Stage) -> set[str]:
    """The tables and relations whose rows a stage takes or looks at."""
    nodes = [part for step in (*stage.keeps, *stage.steps) for part in walk(step.node)]
    return {*stage.sources, *(part.table for part in nodes if isinstance(part, Across))}


def shape_for(plans: Sequence[PolicySet], focus: Focus, as_of: date) -> Shape:
    """How large a world the policies in focus of all these sets need."""
    programs = [program for plan in plans for program in programs_of(plan, focus, as_of).values()]
    return shape_of(programs, plans[0].tables, as_of)


def world_of(plans: Sequence[PolicySet], focus: Focus, as_of: date) -> World:
    """A world in which the policies in focus of all these sets can be run."""
    first = plans[0]
    unset = {n: p.type for plan in plans for n, p in plan.context.parameters.items() if not p.is_set}
    return World(first.tables, shape_for(plans, focus, as_of), as_of, first.doc.organisation, unset)


def run_policy(program: Program, world: World) -> PolicyRun:
    """Run a policy; what the solver can't express is named in `failed`, per relation."""
    frames, computed, failed = world.frames_copy(), dict[str, list[Row]](), dict[str, str]()
    for stage in program.stages:
        missing = sorted(_read_by(stage) & failed.keys())
        if missing:
            failed[stage.name] = failed[missing[0]]
            continue
        try:
            frames[stage.name], computed[stage.name] = run_stage(stage, frames, world)
        except UnsupportedError as error:
            failed[stage.name] = str(error)
    applications: list[Application] = []
    for bound in program.rules:
        if bound.rule.facts in failed:
            continue
        try:
            applications += _applications(bound, frames, world)
        except UnsupportedError as error:
            failed[bound.rule.key] = str(error)
    return PolicyRun(program, frames, computed, tuple(applications), failed)


def _applications(bound: BoundRule, frames: Frames, world: World) -> list[Application]:
    rule, found = bound.rule, []
    for row in frames[rule.facts]:
        when = row[rule.key]
        assert isinstance(when, Truth)
        holds = conjunction(there(row), when)
        if holds.possible is False:
            continue
        period = row[rule.period] if rule.period else None
        if rule.to is None:
            who = row[rule.subject] if rule.subject else Thing(rule.kind)
            found.append(Application(bound, who, period, holds, row))
            continue
        conditions = [fold(node) for node in bound.conditions]
        for other in frames.get(rule.to.table, ()):
            joined = {**row, **other, **({"period": period} if period is not None else {})}
            parts = [evaluate(node, joined, world) for node in conditions]
            shares = [_shared(row[name], other[name]) for name in rule.to.shared]
            met = conjunction(holds, there(other), *shares, *(p for p in parts if isinstance(p, Truth)))
            if met.possible is not False:
                found.append(Application(bound, other[rule.subject], period, met, row, other))
    return found


def _shared(one: Symbol, other: Symbol) -> Truth:
    from .operators import equal

    return equal(one, other)


def _latest_first(place: Place) -> tuple[str, int, str]:
    who, when = place
    return who, -when.ordinal if isinstance(when, Period) else 0, str(when)


def _same(symbol: Symbol | None, value: Any) -> Truth:
    if symbol is None or value is None:
        return truth(symbol is value)
    return _shared(symbol, Thing(value))


@dataclass(frozen=True, eq=False)
class PlanRun:
    """All policies that were run, and what follows for each question."""

    questions: Mapping[str, Question]
    policies: Mapping[str, PolicyRun]

    @cached_property
    def applications(self) -> list[Application]:
        """Those of every policy."""
        return [a for run in self.policies.values() for a in run.applications]

    def of_question(self, question: str) -> list[Application]:
        """The applications of the rules that answer a question."""
        return [a for a in self.applications if a.rule.rule.question == question]

    def places(self, question: str, world: World) -> list[Place]:
        """The subjects and periods that matter: the first of each kind (two where ids break ties), in every period."""
        found: dict[Place, None] = {}
        for application in self.of_question(question):
            ids = self._ids(question, application, world)
            for period in self._periods(application, world.as_of):
                for who in ids[: 2 if world.shape.by_key else 1]:
                    found[who, period] = None
        return sorted(found, key=_latest_first)

    def _ids(self, question: str, application: Application, world: World) -> list[str]:
        """The ids that subjects of its kind may have, in order."""
        kind = application.rule.rule.kind
        same = [a.subject for a in self.of_question(question) if a.rule.rule.kind == kind]
        settled = {s.value for s in same if isinstance(s, Thing) and s.settled}
        return sorted(settled or {row.key[kind] for rows in world.rows.values() for row in rows if kind in row.key})

    def _periods(self, application: Application, at: date) -> list[Any]:
        """Its period; where that isn't settled, the last two that have begun by a day."""
        period, rule = application.period, application.rule.rule
        if period is None:
            return [None]
        if isinstance(period, Thing) and period.settled:
            return [period.value]
        of = self.policies[rule.id.rpartition(".")[0]].types(rule.facts)[rule.period]
        if not isinstance(of, PeriodType) or of.kind == "any":
            return []
        return [PERIODS[of.kind].of(at) + shift for shift in (-1, 0)]

    def verdicts(self, question: str, place: Place) -> dict[str, Truth]:
        """Whether each verdict has a finding for a subject and period."""
        found: dict[str, list[Truth]] = {}
        for application in self.of_question(question):
            found.setdefault(application.rule.rule.verdict, []).append(application.on(place))
        return {verdict: disjunction(*parts) for verdict, parts in found.items()}

    def decided(self, question: str, place: Place) -> dict[str, Truth]:
        """Whether each decision is made: by verdict, or by rule and verdict where each rule has its own."""
        about = self.questions[question]
        holds = self.verdicts(question, place)
        match about.decide:
            case "exactly_one" | "each":
                return holds
            case "each_rule":
                return {key: disjunction(*(a.on(place) for a in self._of(question, key))) for key in self._keys(question)}
            case "conflict":
                pairs = itertools.combinations(holds.values(), 2)
                many = disjunction(*(conjunction(*pair) for pair in pairs)) if len(holds) > 1 else FALSE
                return {**{v: conjunction(t, negation(many)) for v, t in holds.items()}, "conflict": many}
            case _:
                order = sorted(holds, key=lambda v: (-about.verdicts[v].severity, v))
                return {
                    v: conjunction(holds[v], *(negation(holds[graver]) for graver in order[:i])) for i, v in enumerate(order)
                }

    def _of(self, question: str, key: str) -> list[Application]:
        return [a for a in self.of_question(question) if a.rule.rule.key == key]

    def _keys(self, question: str) -> list[str]:
        return list(dict.fromkeys(a.rule.rule.key for a in self.of_question(question)))


def run_plan(policies: PolicySet, focus: Focus, world: World) -> PlanRun:
    """Run the policies in focus in a world."""
    programs = programs_of(policies, focus, world.as_of)
    return PlanRun(policies.questions, {name: run_policy(program, world) for name, program in programs.items()})


