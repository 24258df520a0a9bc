"""Whether numbers stay small enough: whole ones within 64 bits, and doubles where they are exact.

Each column's greatest size is reckoned from the cells and the number of rows. Where that is too much, for it takes
every row to be in one group, the engine is asked how great the numbers really get, in doubles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import inf, isfinite, isnan
from typing import Any

from .capabilities import Unsupported
from .expressions import Aggregate, Call, Case, Col, Const, Expr, Over, call, case, is_null, parts
from .population import Backend, Extent
from .relations import Extend, Group, Join, Keep, Pick, Relation, Rows, Series, Source, Union

LARGEST = 2**61
"""The greatest whole number that is let through: `cohorts` puts infinite ends beyond it."""

EXACT = 2**52
"""Below it doubles tell whole numbers apart, and fractions whose product of numerator and other denominator it is."""

CALENDAR = 12 * 10**4 * 400
"""No number of the calendar is as great."""

Sizes = dict[str, float]


@dataclass
class Seen:
    """The sizes of a relation's columns and of expressions of them; parts that stand in many places are reckoned once."""

    columns: Sizes
    parts: dict[int, tuple[float, Expr]] = field(default_factory=dict)


@dataclass
class Extents:
    """The greatest sizes of numbers in relations of one engine; `measured` is known of its tables already."""

    backend: Backend
    measured: Mapping[str, Extent] = field(default_factory=dict)
    known: dict[Relation, Sizes] = field(default_factory=dict)
    counts: dict[Relation, int] = field(default_factory=dict)

    def check(self, relations: Iterable[Relation | None]) -> None:
        """Raise `Unsupported` where a number may get too great."""
        for relation in relations:
            if relation is not None:
                self.sizes(relation)

    def sizes(self, relation: Relation) -> Sizes:
        """By column, the greatest size of its numbers."""
        if relation not in self.known:
            self.known[relation] = self._sizes(relation)
        return self.known[relation]

    def rows(self, relation: Relation) -> int:
        """At most so many rows."""
        if relation not in self.counts:
            self.counts[relation] = self._rows(relation)
        return self.counts[relation]

    def _sizes(self, relation: Relation) -> Sizes:
        match relation:
            case Source():
                return self._measured(relation)
            case Rows(columns=columns, rows=rows):
                cells = {name: [row[at] for row in rows] for at, name in enumerate(columns)}
                return {n: max((abs(c) for c in found if isinstance(c, int)), default=0) for n, found in cells.items()}
            case Series(name=name, first=first, last=last):
                return {name: max(abs(first), abs(last))}
            case Extend(of=of, added=added):
                return self._extended(of, added)
            case Pick(of=of, chosen=chosen):
                seen = Seen(self.sizes(of))
                return {name: self._size(expr, of, seen) for name, expr in chosen.items()}
            case Keep(of=of, condition=condition):
                self._size(condition, of, Seen(self.sizes(of)))
                return self.sizes(of)
            case Join(first=first, second=second):
                return {**self.sizes(second), **self.sizes(first)}
            case Group(of=of, by=by, aggregates=aggregates):
                found = {name: self._aggregate(one, of, by) for name, one in aggregates.items()}
                return {**{name: self.sizes(of).get(name, 0) for name in by}, **found}
            case Union(of=several):
                sizes = [self.sizes(one) for one in several]
                return {name: max(size.get(name, 0) for size in sizes) for name in relation.columns}

    def _rows(self, relation: Relation) -> int:
        match relation:
            case Source():
                self.sizes(relation)
                return self.counts[relation]
            case Rows(rows=rows):
                return len(rows)
            case Series(first=first, last=last):
                return max(0, last - first + 1)
            case Extend(of=of) | Pick(of=of) | Keep(of=of):
                return self.rows(of)
            case Group(of=of, by=by):
                return self.rows(of) if by else 1
            case Join(first=first, second=second, how=how):  # a left join finds one row at most
                return self.rows(first) * (1 if how == "left" else self.rows(second))
            case Union(of=several):
                return sum(map(self.rows, several))

    def _extended(self, of: Relation, added: Mapping[str, Expr]) -> Sizes:
        seen, before = Seen(dict(self.sizes(of))), dict[str, Expr]()
        for name, expr in added.items():
            seen.columns[name] = self._size(expr, Extend(of, dict(before)) if before else of, seen)
            before[name] = expr
        return seen.columns

    # --- expressions ------------------------------------------------------------------------------

    def _size(self, expr: Expr, of: Relation, seen: Seen) -> float:
        """The greatest size of an expression on rows of a relation; that of others than numbers is nought."""
        if id(expr) not in seen.parts:
            seen.parts[id(expr)] = self._reckoned(expr, of, seen), expr
        return seen.parts[id(expr)][0]

    def _reckoned(self, expr: Expr, of: Relation, seen: Seen) -> float:
        below = [self._size(part, of, seen) for part in parts(expr)]
        match expr:
            case Col(name=name):
                return seen.columns.get(name, 0)
            case Const(value=value):
                return abs(value) if isinstance(value, int | float) and isfinite(value) else 0
            case Case():
                return max((*below[1:-1:2], below[-1]))
            case Over(function="row_number" | "rank" | "dense_rank"):
                return self.rows(of)
            case Over(function="sum"):
                return self._within(below[0] * self.rows(of), LARGEST)
            case Over():
                return max(below, default=0)
            case Call():
                return self._call(expr, of, below)

    def _call(self, expr: Call, of: Relation, below: list[float]) -> float:
        match expr.name:
            case "div":
                return self._quotient(expr, of, below)
            case "whole" | "floor":
                return self._within(below[0], EXACT, expr.args[0], of)
            case "add" | "sub" | "mul" if expr.kind == "int":
                return self._within(_result(expr.name, below), LARGEST, expr, of)
            case "add" | "sub" | "mul":
                return _result(expr.name, below)
            case "floordiv" | "abs" | "double":
                return below[0]
            case "mod":
                return below[1]
            case "least" | "greatest" | "coalesce":
                return max(below)
            case _:
                return CALENDAR if expr.kind == "int" else 0

    def _quotient(self, expr: Call, of: Relation, below: list[float]) -> float:
        """The size of a quotient; of two others it can be told apart where numerators times denominators are exact."""
        self._within(_result("mul", below), EXACT, call("mul", "float", *expr.args), of)
        return below[0]

    def _aggregate(self, aggregate: Aggregate, of: Relation, by: tuple[str, ...]) -> float:
        seen = Seen(self.sizes(of))
        below = [self._size(arg, of, seen) for arg in aggregate.args]
        if aggregate.function in ("count", "distinct"):
            return self.rows(of)
        if aggregate.function == "sum" and below[0] * self.rows(of) > LARGEST:
            return self._within(self._greatest_sum(aggregate.args[0], of, by), LARGEST)
        return below[0] * self.rows(of) if aggregate.function == "sum" else max(below, default=0)

    # --- asking the engine ------------------------------------------------------------------------

    def _within(self, size: float, limit: int, expr: Expr | None = None, of: Relation | None = None) -> float:
        """The size, of an expression the real one where it may be too great; `Unsupported` where it is."""
        if size > limit and expr is not None and of is not None:
            size = self._greatest(Pick(of, {"size": _size_of(expr)}))
        if size > limit:
            raise Unsupported("great_numbers")
        return size

    def _greatest_sum(self, of_rows: Expr, of: Relation, by: tuple[str, ...]) -> float:
        sums = Group(Pick(of, {**{n: Col(n, of.columns[n]) for n in by}, "size": _size_of(of_rows)}), by, {"total": Aggregate("sum", (Col("size", "float"),), "float")})
        return self._greatest(Pick(sums, {"size": Col("total", "float")}))

    def _greatest(self, sizes: Relation) -> float:
        asked = Group(sizes, (), {"greatest": Aggregate("max", (Col("size", "float"),), "float")})
        (row,) = self.backend.rows(asked)
        found = row["greatest"]
        return 0 if found is None else inf if isnan(found) else found * (1 + 2**-40)

    def _measured(self, source: Source) -> Sizes:
        """The greatest sizes of a table's cells, and how many rows it has: of one organisation, for nothing counts beyond."""
        if source.name in self.measured:
            self.counts[source] = self.measured[source.name].rows
            return dict(self.measured[source.name].sizes)
        wanted = [name for name, kind in source.columns.items() if kind == "int"]
        sizes = {name: Aggregate("max", (call("abs", "int", Col(name, "int")),), "int") for name in wanted}
        (row,) = self.backend.rows(Group(source, (), {**sizes, "(rows)": Aggregate("count", (), "int")}))
        self.counts[source] = row["(rows)"]
        return {name: row[name] or 0 for name in wanted}


def _result(name: str, sizes: list[float]) -> float:
    if name != "mul":
        return sum(sizes)
    size: float = 1
    for one in sizes:
        size *= one
    return size


def _size_of(expr: Expr) -> Expr:
    """How great a number is, as a double that can't overflow; an infinite end counts for nothing."""
    size = call("abs", "float", _doubled(expr))
    huge = call("eq", "truth", size, Const(inf, "float"))
    return case((is_null(size), Const(0.0, "float")), (huge, Const(0.0, "float")), otherwise=size)


def _doubled(expr: Expr) -> Any:
    match expr:
        case Call(name="add" | "sub" | "mul" as name, args=args):
            return call(name, "float", *map(_doubled, args))
        case Call(name="double", args=(arg,)):
            return _doubled(arg)
        case Case(whens=whens, otherwise=otherwise):
            return Case(tuple((condition, _doubled(value)) for condition, value in whens), _doubled(otherwise))
        case _ if expr.kind == "int":
            return call("double", "float", expr)
        case _:
            return expr
