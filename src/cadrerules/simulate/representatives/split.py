"""Splits a relation in two: a core that is the same in all variants, and what each variant computes on its rows alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ...engines.columnar.expressions import TRUE, Call, Case, Col, Const, Expr, Over, case, known, reads
from ...engines.columnar.needs import computed
from ...engines.columnar.relations import Extend, Join, Keep, Pick, Relation
from .identity import Expressions, Identities, Same


class NotByRowsError(Exception):
    """What varies needs other rows, so that rows can't be told apart by what they hold."""


@dataclass(eq=False)
class Core:
    """Rows that are the same in all variants; `add` gives them further columns, under names that say what they are."""

    relation: Relation
    rows: int

    def add(self, name: str, expr: Expr) -> Col:
        """A column, made once."""
        if name not in self.relation.columns:
            self.relation = Extend(self.relation, {name: expr})
        return Col(name, self.relation.columns[name])


@dataclass(frozen=True)
class Split:
    """A relation in terms of a core: its columns, the varying ones before them, and the varying conditions rows must meet."""

    core: Core
    columns: Mapping[str, Expr]
    varying: Mapping[str, Expr] = field(default_factory=dict)
    keeps: tuple[Expr, ...] = ()

    def only(self, names: Iterable[str]) -> Split:
        """With some of the columns, and of what varies only that on which they and the conditions rest."""
        columns = {name: self.columns[name] for name in names}
        wanted = {name for expr in (*columns.values(), *self.keeps) for name in reads(expr)}
        return Split(self.core, columns, computed(self.varying, wanted), self.keeps)

    def rebuilt(self, core: Relation) -> Relation:
        """The relation again, on other rows of the core's columns."""
        relation: Relation = Extend(core, self.varying) if self.varying else core
        for condition in self.keeps:
            relation = Keep(relation, condition)
        return Pick(relation, self.columns)


@dataclass
class Splitter:
    """Splits the relations of one variant. `same` are the numbers found in every variant; cores are shared where rows are."""

    of: Identities
    same: frozenset[int]
    made: dict[int, Split] = field(default_factory=dict)
    cores: dict[int, Core] = field(default_factory=dict)
    count: int = 0

    def split(self, relation: Relation) -> Split:
        """The relation split; `NotByRowsError` where what varies needs more than its own row."""
        if id(relation) not in self.made:
            self.made[id(relation)] = self._split(relation)
        return self.made[id(relation)]

    def _split(self, relation: Relation) -> Split:
        match relation:
            case Extend(of=of, added=added):
                return self._extended(self.split(of), computed(added, self.of.needs.of(relation)), self.of.of(of))
            case Pick(of=of, chosen=chosen):
                return self._picked(self.split(of), {n: chosen[n] for n in self.of.needs.of(relation)}, self.of.of(of))
            case Keep(of=of, condition=condition):
                return self._kept(self.split(of), condition, self.of.of(of))
            case Join():
                return self._joined(relation)
            case _:
                return self._whole(relation)

    def _whole(self, relation: Relation) -> Split:
        """A relation that is the same in all variants."""
        here = self.of.of(relation)
        if not self.same.issuperset((here.rows, *here.columns.values())):
            raise NotByRowsError
        names = {name: f"c{number}" for name, number in here.columns.items()}
        core = self._core(here.rows, Pick(relation, {names[n]: Col(n, relation.columns[n]) for n in names}))
        return Split(core, {old: Col(new, relation.columns[old]) for old, new in names.items()})

    def _core(self, rows: int, made: Relation) -> Core:
        """The core of these rows; another one where the one that is known lacks a column."""
        if rows not in self.cores or not self.cores[rows].relation.columns.keys() >= made.columns.keys():
            self.cores[rows] = Core(made, rows)
        return self.cores[rows]

    def _into(self, of: Split, same: Same) -> _Into:
        return _Into(self, of, dict(of.columns), dict(of.varying), self.of.on(same))

    def _extended(self, of: Split, added: Mapping[str, Expr], same: Same) -> Split:
        into = self._into(of, same)
        for name, expr in added.items():
            into.define(name, expr)
        return replace(of, columns=into.columns, varying=into.varying)

    def _picked(self, of: Split, chosen: Mapping[str, Expr], same: Same) -> Split:
        into = self._into(of, same)
        columns = {name: into.column(expr) for name, expr in chosen.items()}
        return replace(of, columns=columns, varying=into.varying)

    def _kept(self, of: Split, condition: Expr, same: Same) -> Split:
        into = self._into(of, same)
        told, number = into.expression(condition), into.numbers.of(condition)
        if number not in self.same:
            return replace(of, varying=into.varying, keeps=(*of.keeps, told))
        core = self._core(self.of.numbers.of("kept", of.core.rows, number), Keep(of.core.relation, told))
        return replace(of, core=core, varying=into.varying)

    def _joined(self, join: Join) -> Split:
        """Both cores joined; rows of a left join may have no partner, of whom nothing may vary then."""
        sides = [side for side in (join.first, join.second) if id(side) in self.of.found]
        if len(sides) == 1:
            return self.split(sides[0])
        first, second = self.split(join.first), self.split(join.second)
        if join.how == "left":
            if second.varying or second.keeps:
                raise NotByRowsError
            second = self._written_out(second)
        on = [(self._key(first, mine), self._key(second, other)) for mine, other in join.on]
        rows = self.of.numbers.of("joined", join.how, first.core.rows, second.core.rows, tuple(on))
        renamed = {name: f"{name}_{rows}" for name in second.core.relation.columns}
        core = self._core(rows, _pairs(first.core.relation, second.core.relation, on, renamed, join.how))
        rename = _renaming({**renamed, **(fresh := {name: self.fresh() for name in second.varying})})
        dropped = {other for _, other in join.on}
        columns = {name: rename(expr) for name, expr in second.columns.items() if name not in dropped}
        varying = {fresh[name]: rename(expr) for name, expr in second.varying.items()}
        return Split(core, {**columns, **first.columns}, {**first.varying, **varying}, (*first.keeps, *map(rename, second.keeps)))

    def _key(self, of: Split, name: str) -> str:
        """The core's column that rows are joined by."""
        return _core_column(self._written_out(of) if isinstance(of.columns[name], Const) else of, name)

    def _written_out(self, of: Split) -> Split:
        """With constants as columns of the core, which are null where a row has no partner."""
        def column(expr: Const) -> Expr:
            return of.core.add(f"c{self.of.numbers.of('constant', expr.kind, type(expr.value), expr.value)}", expr)

        return replace(of, columns={n: column(expr) if isinstance(expr, Const) else expr for n, expr in of.columns.items()})

    def fresh(self) -> str:
        """A name for a column that varies."""
        self.count += 1
        return f"v{self.count}"


def _pairs(first: Relation, second: Relation, on: list[tuple[str, str]], renamed: Mapping[str, str], how: Literal["inner", "left"]) -> Join:
    """Two relations joined; the second's columns are renamed, and all of them are kept."""
    keys = {f"on{at}_{renamed[theirs]}": theirs for at, (_, theirs) in enumerate(on)}
    brought = {new: Col(old, second.columns[old]) for old, new in renamed.items()}
    brought |= {new: Col(old, second.columns[old]) for new, old in keys.items()}
    return Join(first, Pick(second, brought), tuple(zip((mine for mine, _ in on), keys, strict=True)), how)


def _core_column(of: Split, name: str) -> str:
    expr = of.columns[name]
    if not isinstance(expr, Col) or expr.name in of.varying:
        raise NotByRowsError
    return expr.name


def _renaming(names: Mapping[str, str]) -> Callable[[Expr], Expr]:
    return lambda expr: substituted(expr, lambda column: Col(names.get(column.name, column.name), column.kind))


def substituted(expr: Expr, put: Callable[[Col], Expr]) -> Expr:
    """The expression with something else in place of its columns."""
    match expr:
        case Col():
            return put(expr)
        case Const():
            return expr
        case Call(args=args):
            return replace(expr, args=tuple(substituted(arg, put) for arg in args))
        case Case(whens=whens, otherwise=otherwise):
            pairs = tuple((substituted(c, put), substituted(v, put)) for c, v in whens)
            return Case(pairs, substituted(otherwise, put))
        case Over():
            raise NotByRowsError


@dataclass
class _Into:
    """Puts expressions of a relation into terms of its core."""

    splitter: Splitter
    split: Split
    columns: dict[str, Expr]
    varying: dict[str, Expr]
    numbers: Expressions
    seen: dict[int, tuple[Expr, Expr]] = field(default_factory=dict)

    def define(self, name: str, expr: Expr) -> None:
        """A further column of the relation, which those after it may read."""
        self.columns[name], self.numbers.columns[name] = self.column(expr), self.numbers.of(expr)

    def column(self, expr: Expr) -> Expr:
        """The expression as a column or constant, by a further one that varies where need be."""
        told = self.expression(expr)
        if isinstance(told, Col | Const):
            return told
        fresh = self.splitter.fresh()
        self.varying[fresh] = told
        return Col(fresh, told.kind)

    def expression(self, expr: Expr) -> Expr:
        """The expression in terms of the core and of what varies before it."""
        if id(expr) not in self.seen:
            self.seen[id(expr)] = self._expression(expr), expr
        return self.seen[id(expr)][0]

    def _expression(self, expr: Expr) -> Expr:
        if isinstance(expr, Const):
            return expr
        if isinstance(expr, Col):
            return self.columns[expr.name]
        if (number := self.numbers.of(expr)) in self.splitter.same:
            return self.split.core.add(f"c{number}", self._in_core(expr))
        match expr:
            case Call(name="and" | "or"):
                return self._joined(expr)
            case Call(args=args):
                return replace(expr, args=tuple(map(self.expression, args)))
            case Case(whens=whens, otherwise=otherwise):
                pairs = tuple((self.expression(c), self.expression(v)) for c, v in whens)
                return Case(pairs, self.expression(otherwise))
            case Over(function="lag"):
                return self._lagged(expr)
            case _:
                raise NotByRowsError

    def _joined(self, call: Call) -> Expr:
        """Conditions of which those that don't vary are made one, so that there is less to tell rows apart by."""
        still = tuple(arg for arg in call.args if self.numbers.of(arg) in self.splitter.same)
        if len(still) < 2:
            return replace(call, args=tuple(map(self.expression, call.args)))
        one = replace(call, args=still)
        made = self.split.core.add(f"c{self.numbers.of(one)}", self._in_core(one))
        return replace(call, args=(made, *(self.expression(arg) for arg in call.args if arg not in still)))

    def _in_core(self, expr: Expr) -> Expr:
        """An expression that is the same in all variants, in terms of the core alone."""
        match expr:
            case Over():
                args = tuple(map(self._in_core, expr.args))
                partition = tuple(map(self._core_name, expr.partition))
                return replace(expr, args=args, partition=partition, order=tuple((self._core_name(n), d) for n, d in expr.order))
            case Call(args=args):
                return replace(expr, args=tuple(map(self._in_core, args)))
            case Case(whens=whens, otherwise=otherwise):
                return Case(tuple((self._in_core(c), self._in_core(v)) for c, v in whens), self._in_core(otherwise))
            case Const():
                return expr
            case Col(name=name):
                return Col(self._core_name(name), expr.kind) if not isinstance(self.columns[name], Const) else self.columns[name]

    def _core_name(self, name: str) -> str:
        return _core_column(Split(self.split.core, self.columns, self.varying), name)

    def _lagged(self, over: Over) -> Expr:
        """A varying value of an earlier row: what it would be on that row's columns, brought here."""
        if self.split.keeps:
            raise NotByRowsError
        (arg,) = over.args
        inner = self._unfolded(self.expression(arg))
        partition, order = tuple(map(self._core_name, over.partition)), tuple((self._core_name(n), d) for n, d in over.order)
        key = self.splitter.of.numbers.of("lag", self.split.core.rows, partition, order, over.back)
        core = self.split.core

        def lagged(name: str, what: Expr) -> Col:
            return core.add(f"{name}_l{key}", Over("lag", (what,), partition, order, what.kind, over.back))

        there = lagged("there", TRUE)
        value = substituted(inner, lambda column: lagged(column.name, column))
        return case((known(there), value), otherwise=Const(None, over.kind))

    def _unfolded(self, expr: Expr) -> Expr:
        """The expression with what varies written out, so that it reads the core alone."""
        return substituted(expr, lambda column: self._unfolded(self.varying[column.name]) if column.name in self.varying else column)

