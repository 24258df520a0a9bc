"""A planned statement as SQLGlot's nodes, and as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlglot import exp

from ..columnar.expressions import Const, Kind
from ..columnar.relations import Relation, Rows, Series
from .blocks import Block, Item, Joined
from .emit import Body, Named, Statement, planned
from .expressions import Writer, constant
from .functions import Dialect, Node, all_of, cast, function, number
from .names import identifier, reference


def sql_text(relation: Relation, dialect: Dialect) -> str:
    """The one statement that gives a relation's rows, all columns in their order, for an engine to read."""
    return statement(planned(relation), dialect).sql(dialect, comments=False, copy=False)  # nobody else has the nodes


def statement(planned_one: Statement, dialect: Dialect, tables: Mapping[str, str] | None = None) -> exp.Query:
    """The statement's nodes; `tables` says how a table is called where that isn't its name."""
    read = _Reader(dialect, tables or {})
    query = read.query(planned_one.last)
    named = [_named(one, read) for one in planned_one.named]
    if named:
        query.set("with_", exp.With(expressions=named))
    return query


def _named(named: Named, read: _Reader) -> exp.CTE:
    table = exp.CTE(this=read.query(named.body), alias=exp.TableAlias(this=identifier(named.name)))
    if named.comment:
        table.add_comments([named.comment])
    return table


@dataclass(frozen=True)
class _Reader:
    """Makes SELECTs of blocks."""

    dialect: Dialect
    tables: Mapping[str, str]

    def query(self, body: Body) -> exp.Query:
        """One SELECT, or several put together."""
        if isinstance(body, Block):
            return self.select(body)
        selects: list[exp.Query] = [self.select(block) for block in body]
        return reduce(_together, selects)

    def select(self, block: Block) -> exp.Select:
        """One SELECT."""
        writer = _writer(block, self.dialect)
        columns = [exp.Alias(this=writer.column(e), alias=identifier(n)) for n, e in block.columns.items()]
        plain = [_without_own_name(column) for column in columns]
        select = exp.Select(expressions=plain or [exp.Alias(this=number(1), alias=identifier("one"))])
        select.set("from_", exp.From(this=self.item(block.first)))
        if block.joins:
            select.set("joins", [self.join(joined, writer) for joined in block.joins])
        if block.where:
            select.set("where", exp.Where(this=all_of(*map(writer.condition, block.where))))
        if block.keys:
            select.set("group", exp.Group(expressions=[writer.node(key) for key in dict.fromkeys(block.keys)]))
        return select

    def join(self, joined: Joined, writer: Writer) -> exp.Join:
        """A further item with its conditions."""
        table = self.item(joined.item)
        if not joined.on:
            return exp.Join(this=table, side="LEFT", on=exp.true()) if joined.left else exp.Join(this=table, kind="CROSS")
        on = all_of(*map(writer.condition, joined.on))
        return exp.Join(this=table, side="LEFT" if joined.left else None, on=on)

    def item(self, item: Item) -> Node:
        """What is read."""
        match item.of:
            case Rows():
                return _rows(item.of, item.alias)
            case Series():
                return _SERIES[self.dialect](item.of, item.alias)
            case name:
                own = self.tables.get(name, name)
                table = exp.Table(this=identifier(own))
                if item.alias != own:
                    table.set("alias", exp.TableAlias(this=identifier(item.alias)))
                return table


def _together(first: exp.Query, second: exp.Query) -> exp.Query:
    return exp.Union(this=first, expression=second, distinct=False)


def _without_own_name(column: exp.Alias) -> Node:
    """A column of the same name needs no alias."""
    of = column.this
    return of if isinstance(of, exp.Column) and of.name == column.alias else column


def _writer(block: Block, dialect: Dialect) -> Writer:
    """A writer of what stands in a block; names are told apart where it reads several tables."""
    alone = not block.joins
    kinds: dict[str, Kind] = {f"{i.alias}.{n}": kind for i in block.items for n, kind in i.columns.items()}

    def resolve(name: str) -> Node:
        if name.startswith("#"):
            return writer.aggregate(block.aggregates[name])
        alias, _, column = name.partition(".")
        return reference(column, "" if alone else alias)

    writer = Writer(dialect, resolve, kinds.__getitem__, block.estimate)
    return writer


# --- what is read -------------------------------------------------------------------------------


def _rows(rows: Rows, alias: str) -> Node:
    """Rows written out, each as a SELECT: so every dialect knows the types, and none may be lacking."""
    written: list[exp.Query] = [*(_row(rows, row) for row in rows.rows)] or [_no_row(rows)]
    union = reduce(_together, written)
    return exp.Subquery(this=union, alias=exp.TableAlias(this=identifier(alias)))


def _row(rows: Rows, row: tuple[Any, ...]) -> exp.Select:
    cells = []
    for (name, kind), value in zip(rows.columns.items(), row, strict=True):
        node = constant(Const(value, kind))
        cells.append(exp.Alias(this=cast(node, "bigint") if kind == "int" and value is not None else node, alias=identifier(name)))
    return exp.Select(expressions=cells)


def _no_row(rows: Rows) -> exp.Select:
    select = _row(rows, (None,) * len(rows.columns))
    select.set("where", exp.Where(this=exp.false()))
    return select


def _alias_of(series: Series, alias: str) -> exp.TableAlias:
    return exp.TableAlias(this=identifier(alias), columns=[identifier(series.name)])


def _range(series: Series, alias: str) -> Node:
    ends = function("RANGE", number(series.first), number(series.last + 1))
    return exp.Table(this=ends, alias=_alias_of(series, alias))


def _generated(series: Series, alias: str) -> Node:
    ends = [cast(number(end), "bigint") for end in (series.first, series.last)]
    return exp.Table(this=function("GENERATE_SERIES", *ends), alias=_alias_of(series, alias))


_SERIES: Mapping[Dialect, Callable[[Series, str], Node]] = {
    "duckdb": _range,
    "spark": _range,
    "postgres": _generated,
}
