"""What a rule rests on: parameters, interpretations, and columns of tables, however indirectly."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..language.nodes import Cohort, Column, Interpretation, Lookup, Node, Parameter, walk
from .documents import Choose
from .policy import Policy, Relation, Rule


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Full names of parameters and interpretations, and columns as (table, column), each sorted."""

    parameters: tuple[str, ...]
    interpretations: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]


def dependencies(policy: Policy, rule: Rule) -> Dependencies:
    """All that the rule's condition and addressees rest on."""
    return _Gatherer(policy).of(rule)


@dataclass
class _Gatherer:
    policy: Policy
    parameters: set[str] = field(default_factory=set)
    interpretations: set[str] = field(default_factory=set)
    columns: set[tuple[str, str]] = field(default_factory=set)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def of(self, rule: Rule) -> Dependencies:
        facts = self.policy.relations[-1]
        self.keys(facts)
        self.node(rule.when, facts)
        if rule.to:
            self.columns |= {(rule.to.table, name) for name in (*rule.to.shared, rule.subject)}
            for condition in rule.to.conditions:
                self.node(condition.node, facts, rule.to.table)
        else:
            self.column(rule.subject, facts)
        found = sorted(self.parameters - {"as_of"}), sorted(self.interpretations), sorted(self.columns)
        return Dependencies(tuple(found[0]), tuple(found[1]), tuple(found[2]))

    def node(self, node: Node, relation: Relation, table: str = "") -> None:
        for part in walk(node):
            match part:
                case Parameter(path=path):
                    self.parameters.add(path)
                case Interpretation(path=path):
                    self.interpretations.add(path)
                case Lookup(table=other, column=name):
                    self.columns |= {(other, name)} if name else {(other, "")}
                case Cohort(per=per):
                    for name in per:
                        self.column(name, relation)
                case Column(name=name) if not (table and name not in relation.grain.columns):
                    self.column(name, relation)
                case Column(name=name) if name != "period":
                    self.columns.add((table, name))
                case _:
                    pass

    def column(self, name: str, relation: Relation) -> None:
        if (relation.name, name) in self.seen:
            return
        self.seen.add((relation.name, name))
        for definition in relation.definitions:
            if definition.name == name:
                self.node(definition.node, self.inner(relation) if relation.by is not None else relation)
                return
        source = self.source(relation)
        if source is None:
            self.columns.add((relation.source, name))
        else:
            self.column(name, source)

    def inner(self, relation: Relation) -> Relation:
        """What a view's columns are written over: its source, seen as a relation."""
        source = self.source(relation)
        return source or Relation(relation.source, relation.source, None, (), relation.grain)

    def source(self, relation: Relation) -> Relation | None:
        return next((r for r in self.policy.relations if r.name == relation.source), None)

    def keys(self, relation: Relation) -> None:
        """The keys of the rows, and the interpretation that may choose them."""
        for name in relation.grain.key:
            self.column(name, relation)
        view = self.policy.doc.views.get(relation.name)
        if view and isinstance(view.by, Choose):
            choose = view.by.choose
            self.interpretations.add(choose if "." in choose else f"{self.policy.name}.{choose}")
        if source := self.source(relation):
            self.keys(source)
