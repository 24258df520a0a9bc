"""A policy bound for one evaluation: relations as steps in order, rules as columns; what every engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..language.bind import Bindings, Step, bind, fold, lower, type_of
from ..language.nodes import Apply, Column, Literal, Node
from ..language.scope import Grain, Scope
from ..language.types import DATE, Type
from .policy import Policy, Relation, Rule


@dataclass(frozen=True, slots=True)
class Stage:
    """One relation: its source, how it is grouped, the steps that compute its columns, and all their types.

    `written` holds, per named column, the bound tree as the author wrote it, for explanations.
    """

    name: str
    source: str
    by: tuple[str, ...] | None
    grain: Grain
    along: str
    steps: tuple[Step, ...]
    types: Mapping[str, Type]
    written: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule whose truth is column `rule.id` of the last stage; `conditions` hold for an addressee."""

    rule: Rule
    when: Node
    conditions: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A bound policy."""

    policy: Policy
    stages: tuple[Stage, ...]
    rules: tuple[BoundRule, ...]


def bind_policy(policy: Policy, bindings: Bindings, tables: Mapping[str, Grain]) -> Program:
    """The policy with parameters and readings bound and every cohort call in a step of its own."""
    grains = {**tables, **{relation.name: relation.grain for relation in policy.relations}}
    *views, facts = policy.relations
    rules = tuple(_bind_rule(rule, policy, facts, bindings) for rule in policy.rules)
    conditions = {bound.rule.id: bound.when for bound in rules}
    stages = [_stage(view, grains, bindings, {}) for view in views]
    return Program(policy, (*stages, _stage(facts, grains, bindings, conditions)), rules)


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
    source = grains[relation.source]
    written = {d.name: bind(d.node, bindings, source.along) for d in relation.definitions} | dict(extra)
    types = dict(source.columns)
    steps: list[Step] = []
    for name, node in written.items():
        for step in lower(name, fold(node)):
            if step.name not in types:
                steps.append(step)
                types[step.name] = type_of(step.node, Scope(Grain(types, source.key), tables=grains))
    kept = {key: source.columns[key] for key in relation.by} if relation.by else source.columns
    grain = Grain({**kept, **{d.name: d.type for d in relation.definitions}}, relation.grain.key)
    return Stage(relation.name, relation.source, relation.by, grain, source.along, tuple(steps), types, written)
