"""The rows of the calendar in columns: every period from the organisation's first year to the day of evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ...language import types
from ...language.periods import PERIODS, PeriodKind, Week
from ...language.scope import CALENDAR
from ...model.facts import ALWAYS, NEVER
from .days import first_day, ordinal_of
from .expressions import Aggregate, Col, Const, Expr, at_most, call, case, coalesce, either, equal, whole
from .frames import Frame
from .relations import Group, Join, Keep, Names, Pick, Relation, Series, Union, column
from .tables import Cells, Stock
from .values import Span

FIRST_YEAR = 1900


def organisations(stock: Stock, names: Names) -> Frame:
    """One row for each organisation; without a grouping column, one."""
    grouped = [cells for cells in stock.cells.values() if cells.group]
    if not grouped:
        return Frame(Series("only", 1, 1), {}, (), (), names)
    name = names.fresh("organisation")
    every = Union(tuple(Pick(cells.source, {name: column(cells.source, cells.group)}) for cells in grouped))
    return Frame(Group(every, (name,), {}), {}, (), (name,), names)


def calendar_frames(every: Frame, stock: Stock, seen_in: Iterable[str], since: int | None, as_of: date) -> dict[str, Frame]:
    """The frames of each kind of period; `since` is the first year where a parameter sets it."""
    begun = every if since is not None else _with_first_year(every, stock, [n for n in seen_in if n in stock.cells])
    first = since if since is not None else stock.first_year or FIRST_YEAR
    return {name: _periods(begun, grain.key[0], first, as_of, open_year=since is None) for name, grain in CALENDAR.items()}  # type: ignore[arg-type]


def _periods(every: Frame, kind: PeriodKind, first: int, as_of: date, *, open_year: bool) -> Frame:
    at = every.names.fresh(kind)
    series = Series(at, _first(kind, first), PERIODS[kind].of(as_of).ordinal)
    relation: Relation = Join(every.relation, series, ())
    if open_year:
        relation = Keep(relation, at_most(_ordinal(kind, Col("first_year", "int")), Col(at, "int")))
    kept = {name: column(relation, name) for name in (*every.group, at)}
    return Frame(Pick(relation, kept), {kind: Span(Col(at, "int"), kind, sure=True)}, (kind,), every.group, every.names)


def _first(kind: PeriodKind, year: int) -> int:
    """A year's first period; its first week is the one that the fourth of January lies in."""
    return Week.of(date(year, 1, 4)).ordinal if kind == "week" else PERIODS[kind].of(date(year, 1, 1)).ordinal


def _ordinal(kind: PeriodKind, year: Expr) -> Expr:
    if kind == "week":
        return ordinal_of(call("make_day", "day", year, whole(1), whole(4)), "week")
    return call("mul", "int", year, whole({"year": 1, "quarter": 4, "month": 12}[kind]))


def _with_first_year(every: Frame, stock: Stock, named: list[str]) -> Frame:
    """Each organisation with its first year: of those tables that tell, else of all."""
    told, any_year = "told_year", "any_year"
    relation = every.relation
    for name, tables in ((told, named), (any_year, [*stock.cells])):
        years = _years(every, [stock.cells[table] for table in tables], name)
        on = tuple((mine, f"{name}_of") for mine in every.group)
        relation = Join(relation, years, on, "left")
    first = coalesce(Col(told, "int"), Col(any_year, "int"))
    kept = {**{name: column(relation, name) for name in every.group}, "first_year": first}
    return Frame(Pick(relation, kept), {}, (), every.group, every.names)


def _years(every: Frame, tables: list[Cells], name: str) -> Relation:
    """The least year in some tables, of each organisation."""
    group = {f"{name}_of": "text"} if every.group else {}
    found = [years for cells in tables for years in _years_in(cells, name)]
    rows: Relation = Union(tuple(found)) if found else Pick(Keep(Series("none", 1, 1), equal(Col("none", "int"), whole(0))), {**{g: Const("", "text") for g in group}, name: whole(0)})
    return Group(rows, tuple(group), {name: Aggregate("min", (Col(name, "int"),), "int")})


def _years_in(cells: Cells, name: str) -> Iterator[Relation]:
    years = [year for column_name, spec in cells.table.columns.items() if (year := _year(Col(column_name, "day" if spec.type == types.DATE else "int"), spec.type)) is not None]
    if years:
        least = years[0] if len(years) == 1 else call("least", "int", *years)
        group = {f"{name}_of": column(cells.source, cells.group)} if cells.group else {}
        yield Pick(cells.source, {**group, name: least})


def _year(cell: Col, of: types.Type) -> Expr | None:
    match of:
        case types.Date():
            endless = either(equal(cell, Const(ALWAYS, "day")), equal(cell, Const(NEVER, "day")))
            return case((endless, whole(None)), otherwise=call("year", "int", cell))
        case types.Period(kind="year"):
            return cell
        case types.Period(kind=kind):
            return call("year", "int", first_day(cell, kind))
        case _:
            return None
