"""What a rule rests on: parameters, interpretations, and columns of tables, however indirectly."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..language.nodes import Across, Cohort, Column, Interpretation, Lookup, Node, Parameter, walk
from ..language.scope import CALENDAR
from .documents import Choose
from .policy import Policy, Relation, Rule


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Full names of parameters and interpretations, and columns as (table, column), each sorted.

    `defined` are the relations of the policy on the way, as (relation, "") and (relation, column).
    """

    parameters: tuple[str, ...]
    interpretations: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    defined: tuple[tuple[str, str], ...] = ()


def dependencies(policy: Policy, rule: Rule) -> Dependencies:
    """All that the rule's condition and addressees rest on."""
    return _Gatherer(policy).of(rule)


def elements(policy: Policy, rule: Rule) -> frozenset[tuple[str, str]]:
    """The columns of relations that the rule rests on, as (relation, column); of a relation's rows with no column."""
    gatherer = _Gatherer(policy)
    gatherer.of(rule)
    for column in rule.amounts.columns.values() if rule.amounts else ():
        gatherer.column(column, gatherer.relations[rule.facts])
    return frozenset(gatherer.seen)


@dataclass
class _Gatherer:
    policy: Policy
    parameters: set[str] = field(default_factory=set)
    interpretations: set[str] = field(default_factory=set)
    columns: set[tuple[str, str]] = field(default_factory=set)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.relations = {relation.name: relation for relation in self.policy.relations}

    def of(self, rule: Rule) -> Dependencies:
        facts = self.relations[rule.facts]
        self.interpretations.update(rule.shaped_by)
        self.rows(facts)
        self.node(rule.when, facts)
        if rule.to:
            self.columns |= {(rule.to.table, name) for name in (*rule.to.shared, rule.subject)}
            for condition in rule.to.conditions:
                self.node(condition.node, facts, rule.to.table)
        elif rule.subject:
            self.column(rule.subject, facts)
        found = sorted(self.parameters - {"as_of"}), sorted(self.interpretations), sorted(self.columns)
        return Dependencies(tuple(found[0]), tuple(found[1]), tuple(found[2]), tuple(sorted(self.seen)))

    def node(self, node: Node, relation: Relation, addressees: str = "") -> None:
        for part in walk(node):
            match part:
                case Parameter(path=path):
                    self.parameters.add(path)
                case Interpretation(path=path):
                    self.interpretations.add(path)
                case Lookup(table=other, column=name):
                    self.columns.add((other, name))
                case Across(table=other):
                    self.of_table(other, "")
                case Cohort(per=per):
                    for name in per:
                        self.column(name, relation)
                case Column(name=name, table=other) if other:
                    self.of_table(other, name)
                case Column(name=name) if addressees and name not in relation.grain.columns:
                    self.columns |= {(addressees, name)} if name != "period" else set()
                case Column(name=name):
                    self.column(name, relation)
                case _:
                    pass

    def column(self, name: str, relation: Relation) -> None:
        if (relation.name, name) in self.seen:
            return
        self.seen.add((relation.name, name))
        for definition in relation.definitions:
            if definition.name == name:
                self.node(definition.node, relation)
                return
        for source in relation.sources:
            self.of_table(source, name)

    def of_table(self, source: str, name: str) -> None:
        """A column of a table, an earlier relation or the calendar; without a name, only its rows."""
        if source in self.relations:
            self.rows(self.relations[source])
            if name:
                self.column(name, self.relations[source])
        elif source not in CALENDAR and (not name or self._has(source, name)):
            self.columns.add((source, name))

    def _has(self, source: str, name: str) -> bool:
        grain = self.policy.grains.get(source)
        return grain is None or name in grain.columns

    def rows(self, relation: Relation) -> None:
        """What decides which rows there are: their keys, the condition that keeps them, who chooses how they are grouped."""
        if (relation.name, "") in self.seen:
            return
        self.seen.add((relation.name, ""))
        for name in relation.grain.key:
            self.column(name, relation)
        if relation.where:
            self.node(relation.where.node, relation)
        view = self.policy.doc.views.get(relation.name)
        if view and isinstance(view.by, Choose):
            choose = view.by.choose
            self.interpretations.add(choose if "." in choose else f"{self.policy.name}.{choose}")
        for source in relation.sources:
            self.of_table(source, "")
