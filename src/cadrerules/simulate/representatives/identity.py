"""Which rows and columns of relations are the same data: equal numbers for what is computed alike from the same tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...engines.columnar.expressions import Aggregate, Call, Case, Col, Const, Expr, Over
from ...engines.columnar.needs import Needs, computed, in_order, needs_of
from ...engines.columnar.relations import Extend, Group, Join, Keep, Pick, Relation, Rows, Series, Source, Union


@dataclass
class Numbers:
    """Gives equal descriptions equal numbers. One is shared by all relations that are compared."""

    known: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def of(self, *description: Any) -> int:
        """The number of a description."""
        return self.known.setdefault(description, len(self.known))


@dataclass(frozen=True)
class Same:
    """What tells a relation's rows and each of its columns from others; `joins` are those that its rows went through."""

    rows: int
    columns: dict[str, int]
    joins: tuple[int, ...] = ()


@dataclass
class Expressions:
    """Numbers of expressions on one relation's rows; parts that stand in many places are looked at once."""

    numbers: Numbers
    columns: dict[str, int]
    rows: int
    all: set[int]
    seen: dict[int, tuple[int, Expr]] = field(default_factory=dict)

    def of(self, expr: Expr) -> int:
        """The number of an expression."""
        if id(expr) not in self.seen:
            self.seen[id(expr)] = self._of(expr), expr
            self.all.add(self.seen[id(expr)][0])
        return self.seen[id(expr)][0]

    def _of(self, expr: Expr) -> int:
        match expr:
            case Col(name=name):
                return self.columns[name]
            case Const(value=value, kind=kind):
                return self.numbers.of("constant", kind, type(value), value)
            case Call(name=name, args=args, kind=kind):
                return self.numbers.of("call", name, kind, *[self.of(arg) for arg in args])
            case Case(whens=whens, otherwise=otherwise):
                return self.numbers.of("case", *((self.of(c), self.of(v)) for c, v in whens), self.of(otherwise))
            case Over():
                partition = tuple(self.columns[name] for name in expr.partition)
                order = tuple((self.columns[name], down) for name, down in expr.order)
                return self.numbers.of("window", expr.function, self.rows, partition, order, expr.back, *map(self.of, expr.args))


@dataclass
class Identities:
    """The rows and columns that a relation needs, numbered: two relations are alike as far as their numbers are."""

    root: Relation
    numbers: Numbers
    found: dict[int, Same] = field(default_factory=dict)
    all: set[int] = field(default_factory=set)
    """Every number of rows, columns and expressions in it."""

    def __post_init__(self) -> None:
        self.needs: Needs = needs_of(self.root)
        for relation in in_order(self.root):
            if id(relation) in self.needs.columns:
                self.found[id(relation)] = self._same(relation)
        self.all.update(number for same in self.found.values() for number in (same.rows, *same.columns.values()))

    def of(self, relation: Relation) -> Same:
        """What a relation's rows and columns are."""
        return self.found[id(relation)]

    def on(self, same: Same) -> Expressions:
        """Numbers expressions on a relation's rows."""
        return Expressions(self.numbers, dict(same.columns), same.rows, self.all)

    def _same(self, relation: Relation) -> Same:
        wanted, numbers = self.needs.of(relation), self.numbers
        match relation:
            case Source(name=name):
                rows = numbers.of("source", name)
                return Same(rows, {column: numbers.of("cell", rows, column) for column in wanted})
            case Rows(columns=columns, rows=cells):
                rows = numbers.of("rows", tuple(columns.items()), cells)
                return Same(rows, {column: numbers.of("cell", rows, column) for column in wanted})
            case Series(name=name, first=first, last=last):
                rows = numbers.of("series", first, last)
                return Same(rows, {name: numbers.of("cell", rows, name)})
            case Extend(of=of, added=added):
                return self._extended(self.of(of), computed(added, wanted))
            case Pick(of=of, chosen=chosen):
                told = self.on(self.of(of))
                return replace(self.of(of), columns={name: told.of(chosen[name]) for name in wanted})
            case Keep(of=of, condition=condition):
                rows = numbers.of("keep", self.of(of).rows, self.on(self.of(of)).of(condition))
                return replace(self.of(of), rows=rows)
            case Join():
                return self._joined(relation)
            case Group(of=of, by=by, aggregates=aggregates):
                return self._grouped(self.of(of), by, {name: one for name, one in aggregates.items() if name in wanted})
            case Union(of=several):
                parts = [self.of(one) for one in several]
                rows = numbers.of("union", *(part.rows for part in parts))
                return Same(rows, {name: numbers.of("union", *(part.columns[name] for part in parts)) for name in wanted})

    def _extended(self, of: Same, added: Mapping[str, Expr]) -> Same:
        told = self.on(of)
        for name, expr in added.items():
            told.columns[name] = told.of(expr)
        return replace(of, columns=told.columns)

    def _joined(self, join: Join) -> Same:
        """Of an idle join nothing is needed of one side, and its rows are the other's."""
        if id(join.second) not in self.found or id(join.first) not in self.found:
            return self.of(join.first if id(join.first) in self.found else join.second)
        first, second = self.of(join.first), self.of(join.second)
        on = tuple((first.columns[mine], second.columns[theirs]) for mine, theirs in join.on)
        rows = self.numbers.of("join", join.how, first.rows, second.rows, on)
        # what a partner brings depends on the rows that seek one only by how often they did so before
        partner = self.numbers.of("partner", join.how, second.rows, on)
        times = self.numbers.of("time", partner, first.joins.count(partner))
        dropped = {theirs for _, theirs in join.on}
        brought = {name: self.numbers.of("brought", times, of) for name, of in second.columns.items() if name not in dropped}
        return Same(rows, {**brought, **first.columns}, (*first.joins, *second.joins, partner))

    def _grouped(self, of: Same, by: tuple[str, ...], aggregates: Mapping[str, Aggregate]) -> Same:
        rows = self.numbers.of("group", of.rows, tuple(of.columns[name] for name in by))
        told = self.on(of)
        keys = {name: self.numbers.of("key", rows, of.columns[name]) for name in by}
        made = {n: self.numbers.of("aggregate", rows, a.function, *map(told.of, a.args)) for n, a in aggregates.items()}
        return Same(rows, {**keys, **made})
