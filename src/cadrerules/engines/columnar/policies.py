"""A policy set in columns: every policy's stages, and the findings of all their rules as one relation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ...language.bind import Bindings
from ...language.periods import Period
from ...language.values import is_known
from ...model.dependencies import dependencies
from ...model.parameters import value_on
from ...model.policy import Policy, Rule
from ...model.policy_set import PolicySet
from ...model.program import BoundRule, Program, bind_policy
from .calendar import calendar_frames, organisations
from .findings import Params, findings
from .frames import Frame
from .relations import Names, Relation, Union
from .stages import Surroundings, run_stage
from .tables import Stock, table_frame


@dataclass(frozen=True)
class Numbered:
    """A rule as findings name it, by its place among all that were evaluated; `interpretations` it rests on, as JSON."""

    bound: BoundRule
    interpretations: str

    @property
    def rule(self) -> Rule:
        """The rule itself."""
        return self.bound.rule


@dataclass(frozen=True)
class Compiled:
    """Policies as relations: programs and frames by policy, their rules in order, and the findings of each."""

    programs: Mapping[str, Program]
    frames: Mapping[str, Mapping[str, Frame]]
    rules: tuple[Numbered, ...]
    by_rule: tuple[Relation, ...]
    names: Names
    tables: Mapping[str, Frame]

    @property
    def findings(self) -> Relation | None:
        """All findings."""
        return Union(self.by_rule) if self.by_rule else None


def compile_policies(policies: PolicySet, names: Iterable[str], stock: Stock, as_of: date) -> Compiled:
    """The named policies on the tables there are, as of a day; `Unsupported` for what no columnar engine can do."""
    bindings, fresh = policies.bindings(as_of), Names()
    tables = {
        name: table_frame(cells, stock.disputes.get(name, ()), as_of, fresh)
        for name, cells in stock.cells.items()
        if name in policies.tables
    }
    every = organisations(stock, fresh)
    calendar = policies.doc.calendar
    shared = {**tables, **calendar_frames(every, stock, calendar.seen_in, _since(calendar.since, bindings), as_of)}
    programs: dict[str, Program] = {}
    frames: dict[str, Mapping[str, Frame]] = {}
    rules: list[Numbered] = []
    found: list[Relation] = []
    for name in names:
        policy = policies.policies[name]
        programs[name] = program = bind_policy(policy, bindings, policies.context.grains)
        frames[name] = _frames(policy, program, shared, policies, every)
        stages = {stage.name: stage for stage in program.stages}
        for bound in program.rules:
            if bound.rule.facts in frames[name] and (bound.rule.to is None or bound.rule.to.table in frames[name]):
                rests_on = dependencies(policy, bound.rule)
                params = _told(rests_on.parameters, bindings)
                found.append(findings(bound, len(rules), stages[bound.rule.facts], frames[name], params))
                rules.append(Numbered(bound, _json({n: bindings.interpretations[n] for n in rests_on.interpretations})))
    return Compiled(programs, frames, tuple(rules), tuple(found), fresh, tables)


def _told(names: tuple[str, ...], bindings: Bindings) -> Params:
    """The values of some parameters: as of the day, and from each day on which one of them changes."""
    starts = sorted({start for name in names for start, _ in bindings.parameters[name].values} | {date.min})

    def on(day: date) -> str:
        return _json({name: value_on(bindings, name, day) for name in names})

    return Params(on(bindings.as_of), tuple((start, on(start)) for start in starts))


def _json(found: Mapping[str, object]) -> str:
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def _since(parameter: str | None, bindings: Bindings) -> int | None:
    """The first year, where a parameter says."""
    if parameter is None:
        return None
    (*_, (_, literal)) = bindings.parameters[parameter].values
    if not is_known(literal.value):
        return None
    return int(literal.value.ordinal) if isinstance(literal.value, Period) else int(literal.value)


def _frames(policy: Policy, program: Program, shared: Mapping[str, Frame], policies: PolicySet, every: Frame) -> dict[str, Frame]:
    """The frames of a policy: of the tables, the calendar, and those stages for which no table is lacking."""
    frames = dict(shared)
    for stage in program.stages:
        if all(table in shared for table in policy.needs[stage.name]):
            frames[stage.name] = run_stage(stage, Surroundings(frames, policies.tables, every, policy.name))
    return frames
