"""Validated rows as plain columns of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ...language import types
from ...language.values import in_units
from ...model.cells import in_steps
from ...model.facts import FactTables, Row, Table
from .tables import Cells, OpenDispute, Stock, source
from .values import coded, period_of

Columns = Mapping[str, list[Any]]


def plain_columns(table: Table, rows: Sequence[Row], group: str = "") -> Columns:
    """The cells of each column: numbers in units of their step, periods as ordinals, None where empty."""
    names = ([group] if group else []) + [*table.columns]
    makers = {name: _maker(table.columns[name].type) if name in table.columns else None for name in names}
    found = {}
    for name, make in makers.items():
        cells = [row[name] for row in rows]
        found[name] = cells if make is None else [None if cell is None else make(cell) for cell in cells]
    return found


def plain_cell(of: types.Type, cell: Any) -> Any:
    """One cell as it stands in a plain column."""
    make = None if cell is None else _maker(of)
    return cell if make is None else make(cell)


def _maker(of: types.Type) -> Callable[[Any], Any] | None:
    match of:
        case types.Number(scale=scale):
            return lambda cell: in_units(cell, scale)
        case types.Period(kind=kind):
            return lambda cell: coded(cell, kind)
        case _:
            return None


def validated_cell(of: types.Type, plain: Any) -> Any:
    """The cell that stands in a plain column."""
    match of:
        case types.Number(scale=scale) if plain is not None and scale:
            return in_steps(plain, scale)
        case types.Period(kind=kind) if plain is not None:
            return period_of(plain, kind)
        case _:
            return plain


def stock_of(facts: FactTables, as_of: date) -> tuple[Stock, dict[str, Columns]]:
    """The tables as they stand in an engine, and the cells to put there."""
    cells: dict[str, Cells] = {}
    columns: dict[str, Columns] = {}
    for name, table in facts.tables.items():
        if name in facts:
            columns[name] = plain_columns(table, facts[name], facts.group)
            holes = frozenset(column for column, found in columns[name].items() if None in found)
            cells[name] = Cells(table, source(table, facts.group), holes, facts.group)
    return Stock(cells, open_disputes(facts, as_of)), columns


def open_disputes(facts: FactTables, as_of: date) -> dict[str, tuple[OpenDispute, ...]]:
    """The cells in dispute as of the day, by table."""
    found: dict[str, list[OpenDispute]] = {}
    for row in _open(facts, as_of):
        group = row[facts.group] if facts.group else None
        found.setdefault(row["table"], []).append(OpenDispute(group, row["key"], row["column"]))
    return {name: tuple(disputes) for name, disputes in found.items()}


def _open(facts: FactTables, as_of: date) -> Iterator[Row]:
    for row in facts.rows.get("disputes", ()):
        if row["raised_on"] <= as_of and (row["resolved_on"] is None or row["resolved_on"] > as_of):
            yield row
