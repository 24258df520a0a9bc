"""Tables of facts in columns: which cells are unknown, which rows count, and what an empty cell stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...language import types
from ...model.facts import ColumnSpec, Table, _Empty
from .expressions import TRUE, Col, Const, Expr, Kind, both, call, case, coalesce, equal, known, perhaps, text, whole
from .frames import Frame
from .operators import MEANINGS
from .relations import Extend, Join, Keep, Names, Pick, Relation, Rows, Source, column
from .values import KINDS, Day, Truth, Value, columns, constant, of_cells, truth

KIND: Mapping[type, Kind] = {
    types.Truth: "truth",
    types.Number: "int",
    types.Text: "text",
    types.Choice: "text",
    types.Date: "day",
    types.Period: "int",
}
"""What kind of plain column holds the cells of a type."""


@dataclass(frozen=True)
class Cells:
    """A table's cells in an engine: numbers in units of their step, periods as ordinals, null where empty.

    `holes` are the columns with an empty cell; `group` is the column that keeps organisations apart.
    """

    table: Table
    source: Relation
    holes: frozenset[str]
    group: str = ""


@dataclass(frozen=True)
class OpenDispute:
    """A cell in dispute as of the day: the organisation, the row's key as disputes write it, and the column."""

    group: str | None
    key: str
    column: str


@dataclass(frozen=True)
class Stock:
    """All tables there are, and the cells in dispute, by table."""

    cells: Mapping[str, Cells]
    disputes: Mapping[str, tuple[OpenDispute, ...]] = field(default_factory=dict)
    first_year: int | None = None


def source(table: Table, group: str = "") -> Source:
    """The plain columns of a table's cells."""
    cells: dict[str, Any] = {name: KIND[type(spec.type)] for name, spec in table.columns.items()}
    return Source(table.name, {**({group: "text"} if group else {}), **cells}, least_of(table))


def least_of(table: Table) -> Mapping[str, int]:
    """What no cell of a column is below, as far as its type tells."""
    return {name: low for name, of in table.types.items() if (low := _least(of)) is not None}


def _least(of: types.Type) -> int | None:
    match of:
        case types.Period():
            return 0
        case types.Number(low=int(low)):
            return low
        case _:
            return None


def table_frame(cells: Cells, disputes: Iterable[OpenDispute], as_of: date, names: Names) -> Frame:
    """The frame of one table as of a date."""
    table, group = cells.table, (cells.group,) if cells.group else ()
    relation: Relation = cells.source
    open_in: dict[str, str] = {}
    for name in dict.fromkeys(dispute.column for dispute in disputes):
        open_in[name] = names.fresh("disputed")
        relation = _marked(relation, cells, [d for d in disputes if d.column == name], open_in[name], names)
    values = {name: cell_value(column, holes=name in cells.holes, disputed=open_in.get(name)) for name, column in table.columns.items()}
    frame = Frame(relation, {}, table.key, group, names).holding(values)
    return _counting(frame, table, as_of)


def cell_value(spec: ColumnSpec, *, holes: bool, disputed: str | None = None) -> Value:
    """The values in a column of cells; `disputed` is the column that marks those in dispute."""
    cell: Expr = Col(spec.name, KIND[type(spec.type)])
    if not isinstance(spec.empty, _Empty) and holes:
        standing = constant(spec.empty, spec.type)
        cell, holes = coalesce(cell, standing.low if isinstance(standing, Day) else _only(standing)), False
    if disputed is None:
        return of_cells(cell, spec.type, holes=holes)
    cell = case((known(Col(disputed, "truth")), Const(None, cell.kind)), otherwise=cell)
    return of_cells(cell, spec.type, holes=True)


def _only(value: Value) -> Expr:
    (expr,) = columns("", value).values()
    return expr


def _marked(relation: Relation, cells: Cells, disputes: list[OpenDispute], mark: str, names: Names) -> Relation:
    """The rows with a mark on those that a dispute names."""
    written, group, key = names.fresh("written"), names.fresh("group"), names.fresh("key")
    extended = Extend(relation, {written: written_key([column(relation, name) for name in cells.table.key], cells.table)})
    rows = tuple(dict.fromkeys((d.group, d.key, True) for d in disputes))
    marks: Relation = Rows({group: "text", key: "text", mark: "truth"}, rows)
    if not cells.group:
        marks = Pick(marks, {key: Col(key, "text"), mark: Col(mark, "truth")})
    on = ((cells.group, group), (written, key)) if cells.group else ((written, key),)
    return Join(extended, marks, on, "left")


def written_key(key: list[Col], table: Table) -> Expr:
    """The key of a row as disputes name it: `2024/U05/I03`."""
    texts = [_written(cell, table.types[cell.name]) for cell in key]
    joined = [part for at, one in enumerate(texts) for part in ([text("/")] if at else []) + [one]]
    return call("concat", "text", *joined) if len(joined) > 1 else joined[0]


def _written(cell: Col, of: types.Type) -> Expr:
    """A key's cell as disputes write it."""
    if isinstance(of, types.Period):
        return period_text(cell, of.kind)
    return coalesce(call("text", "text", cell) if cell.kind in ("int", "day") else cell, text(""))


def period_text(ordinal: Expr, kind: str) -> Expr:
    """A period's name: `2024`, `2024Q3`, `2024-09`, `2024-W37`; null stays null."""
    match kind:
        case "year":
            return call("text", "text", ordinal)
        case "quarter":
            quarter = call("text", "text", _one_more(call("mod", "int", ordinal, whole(4))))
            return call("concat", "text", call("text", "text", call("floordiv", "int", ordinal, whole(4))), text("Q"), quarter)
        case "month":
            month = call("pad", "text", _one_more(call("mod", "int", ordinal, whole(12))), whole(2))
            return call("concat", "text", call("text", "text", call("floordiv", "int", ordinal, whole(12))), text("-"), month)
        case "week":
            return _week_text(ordinal)
        case _:
            inner, at = call("floordiv", "int", ordinal, whole(len(KINDS))), call("mod", "int", ordinal, whole(len(KINDS)))
            whens = [(equal(at, whole(i)), period_text(inner, kind)) for i, kind in enumerate(KINDS)]
            return case(*whens, otherwise=text(None))


def _one_more(expr: Expr) -> Expr:
    return call("add", "int", expr, whole(1))


def _week_text(ordinal: Expr) -> Expr:
    """The ISO year is that of the week's Thursday; the week its number counted from there."""
    first = call("add_days", "day", Const(date.min, "day"), call("mul", "int", ordinal, whole(7)))
    thursday = call("add_days", "day", first, whole(3))
    year = call("year", "int", thursday)
    begun = call("days", "int", call("make_day", "day", year, whole(1), whole(1)), thursday)
    week = _one_more(call("floordiv", "int", begun, whole(7)))
    return call("concat", "text", call("text", "text", year), text("-W"), call("pad", "text", week, whole(2)))


def _counting(frame: Frame, table: Table, as_of: date) -> Frame:
    """The rows in force as of the date, and whether each is, where that is open."""
    if table.counts is None:
        return frame
    at, (first, last) = constant(as_of, types.DATE), table.counts
    begun = MEANINGS["<="](frame.values[first], at) if first else truth(TRUE)
    lasts = MEANINGS["<="](at, frame.values[last]) if last else truth(TRUE)
    counts = Truth(both(begun.expr, lasts.expr), begun.sure and lasts.sure)
    kept = Keep(frame.relation, counts.expr if counts.sure else perhaps(counts.expr))
    frame = Frame(kept, frame.values, frame.key, frame.group, frame.names)
    if counts.sure:
        return frame
    frame, (name,) = frame.plain({"present": counts.expr})
    return Frame(frame.relation, frame.values, frame.key, frame.group, frame.names, Col(name, "truth"))


