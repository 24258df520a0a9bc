"""A policy bound for one evaluation: relations as steps in order, rules as columns; what every engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..language.bind import Bindings, Step, bind, fold, lower, type_of
from ..language.nodes import Apply, Column, Literal, Node
from ..language.scope import CALENDAR, Grain, Scope
from ..language.types import DATE, Type
from .policy import Policy, Relation, Rule, facts_name

WHERE = "(where)"
"""The column that tells whether a relation keeps a row."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One relation: its sources, how it is grouped, the steps that compute its columns, and all their types.

    The rows are every combination of the sources' rows for which the last of the `keeps` holds. `key` and
    `along` are the key and the period of the rows before they are grouped; `written` holds, per named
    column, the bound tree as the author wrote it, for explanations.
    """

    name: str
    sources: tuple[str, ...]
    by: tuple[str, ...] | None
    grain: Grain
    key: tuple[str, ...]
    along: str
    keeps: tuple[Step, ...]
    steps: tuple[Step, ...]
    types: Mapping[str, Type]
    written: Mapping[str, Node]
    where: Node | None = None

    @property
    def source(self) -> str:
        """Its only source; empty where there are several, or none."""
        return self.sources[0] if len(self.sources) == 1 else ""


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule whose truth is column `rule.key` of its stage; `conditions` hold for an addressee."""

    rule: Rule
    when: Node
    conditions: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A bound policy."""

    policy: Policy
    stages: tuple[Stage, ...]
    rules: tuple[BoundRule, ...]

    @property
    def own_stage(self) -> Stage:
        """The stage of the policy's own facts with its derived columns."""
        name = facts_name(self.policy.name)
        return next(stage for stage in self.stages if stage.name == name)

    @property
    def own_rules(self) -> tuple[BoundRule, ...]:
        """The rules that look at the policy's own facts."""
        return tuple(bound for bound in self.rules if bound.rule.facts == facts_name(self.policy.name))


def bind_policy(policy: Policy, bindings: Bindings, tables: Mapping[str, Grain]) -> Program:
    """The policy with parameters and readings bound and every cohort call in a step of its own."""
    grains = {**tables, **CALENDAR, **{relation.name: relation.grain for relation in policy.relations}}
    relations = {relation.name: relation for relation in policy.relations}
    rules = tuple(_bind_rule(rule, policy, relations[rule.facts], bindings) for rule in policy.rules)
    conditions = {name: {b.rule.key: b.when for b in rules if b.rule.facts == name} for name in relations}
    stages = [_stage(relation, grains, bindings, conditions[name]) for name, relation in relations.items()]
    return Program(policy, tuple(stages), rules)


def _bind_rule(rule: Rule, policy: Policy, facts: Relation, bindings: Bindings) -> BoundRule:
    along = facts.grain.along
    when = _in_force(policy, bind(rule.when, bindings, along), along)
    conditions = tuple(bind(c.node, bindings, along) for c in (rule.to.conditions if rule.to else ()))
    return BoundRule(rule, when, conditions)


def _in_force(policy: Policy, when: Node, along: str) -> Node:
    """The condition, and that the row's period ends while the policy is in force."""
    since, until = policy.doc.in_force.since, policy.doc.in_force.until
    if not along or (since is None and until is None):
        return when
    day = Apply("last_day", (Column(along),))
    limits: list[Node] = []
    if since:
        limits.append(Apply(">=", (day, Literal(since, DATE, "in_force.from"))))
    if until:
        limits.append(Apply("<=", (day, Literal(until, DATE, "in_force.until"))))
    return Apply("and", (*limits, when))


def _stage(relation: Relation, grains: Mapping[str, Grain], bindings: Bindings, extra: Mapping[str, Node]) -> Stage:
    source = _product([grains[name] for name in relation.sources])
    lowering = _Lowering(dict(source.columns), source.key, grains)
    where = bind(relation.where.node, bindings, source.along) if relation.where else None
    keeps = lowering.column(WHERE, where) if where else []
    written = {d.name: bind(d.node, bindings, source.along) for d in relation.definitions} | dict(extra)
    steps = [step for name, node in written.items() for step in lowering.column(name, node)]
    kept = {key: lowering.types[key] for key in relation.by} if relation.by is not None else source.columns
    grain = Grain({**kept, **_own(relation, lowering.types)}, relation.grain.key)
    return Stage(
        relation.name,
        relation.sources,
        relation.by,
        grain,
        source.key,
        source.along,
        tuple(keeps),
        tuple(steps),
        lowering.types,
        written,
        where,
    )


def _own(relation: Relation, types: Mapping[str, Type]) -> dict[str, Type]:
    """The columns that a relation adds to its key."""
    return {d.name: types[d.name] for d in relation.definitions if d.name in relation.grain.columns}


def _product(grains: list[Grain]) -> Grain:
    columns = {name: of for grain in grains for name, of in grain.columns.items()}
    return Grain(columns, tuple(name for grain in grains for name in grain.key))


@dataclass
class _Lowering:
    """Turns columns into steps, each computed once, noting the types of all."""

    types: dict[str, Type]
    key: tuple[str, ...]
    grains: Mapping[str, Grain]

    def column(self, name: str, node: Node) -> list[Step]:
        steps = [step for step in lower(name, fold(node)) if step.name not in self.types]
        for step in steps:
            self.types[step.name] = type_of(step.node, Scope(Grain(self.types, self.key), tables=self.grains))
        return steps
