"""The rows of a raw table become validated ones, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pydantic_core import PydanticCustomError

from ..errors import DataError, Place, Problem
from ..language.types import TEXT
from ..model.cells import read_cell
from ..model.facts import Column, ColumnSpec, Refusal, Table, contradictions
from .headings import ExtraColumns, Layout, lay_out
from .problems import Problems
from .raw_tables import RawTable, is_blank

_REMEMBERED: Final = 100_000
_SHORT: Final = 100

REFUSED_CELL: Final = object()
"""Stands in a row for a cell that was refused or can't be read, so that no second fault is found in it."""

_Row = dict[str, Any]
_Read = Callable[[Any], Any]


@dataclass
class ReadTable:
    """A table as read: its rows with their numbers, and whether no row is lost."""

    table: Table
    place: Place
    rows: list[_Row] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    whole: bool = True

    def at(self, index: int, column: str = "") -> Place:
        """The place of a row, or of a cell in it."""
        return replace(self.place, row=self.numbers[index], field=column)


def read_rows(raw: RawTable, extra: ExtraColumns, problems: Problems) -> ReadTable:
    """The validated rows of a raw table; what is wrong in them is noted."""
    layout = lay_out(raw, extra, problems)
    reader = _RowReader(raw, layout, problems)
    read = ReadTable(raw.table, raw.place)
    try:
        for number, cells in raw.rows:
            if len(cells) == len(raw.headings):
                read.rows.append(reader.row(number, cells))
                read.numbers.append(number)
            else:
                place, values = (
                    replace(raw.place, row=number),
                    {"found": len(cells), "expected": len(raw.headings)},
                )
                problems.add("CR-RAGGED-ROW", place, **values)
                read.whole = False
    except DataError as error:  # the rest of the file can't be read
        problems.absorb(error)
        read.whole = False
    return read


class _RowReader:
    """Reads the rows of one table by its layout."""

    def __init__(self, raw: RawTable, layout: Layout, problems: Problems) -> None:
        self._table, self._place, self._problems = raw.table, raw.place, problems
        self._untitled = set(layout.untitled)
        self._absent = {
            c.name: None if c.about.optional else REFUSED_CELL for c, at in layout.columns if at is None
        }
        kept = [
            (heading, at, _remembering(ColumnSpec(heading, TEXT, Column()), _as_text))
            for heading, at in layout.kept
        ]
        own = [(column.name, at, _remembering(column)) for column, at in layout.columns if at is not None]
        self._plan = [*own, *kept]
        self._contradictions: dict[tuple[Any, ...], list[Refusal]] = {}

    def row(self, number: int | None, cells: Sequence[Any]) -> _Row:
        """The row of these cells: own columns in their order, then those kept."""
        row: _Row = dict.fromkeys(self._table.columns)
        row.update(self._absent)
        for name, at, read in self._plan:
            try:
                row[name] = read(cells[at])
            except PydanticCustomError as error:
                row[name] = REFUSED_CELL
                self._note(error.type, number, name, error.context or {})
        if self._untitled:
            self._check_untitled(number, cells)
        if self._table.refuse:
            self._check_contradictions(number, row)
        return row

    def _note(self, code: str, number: int | None, name: str, values: Mapping[str, Any]) -> None:
        self._problems.note([Problem(code, replace(self._place, row=number, field=name), values)])

    def _check_untitled(self, number: int | None, cells: Sequence[Any]) -> None:
        for at in [at for at in self._untitled if not is_blank(cells[at])]:
            self._untitled.remove(at)  # once is enough
            self._note("CR-NO-HEADING", number, "", {"number": at + 1})

    def _check_contradictions(self, number: int | None, row: _Row) -> None:
        weighed = tuple(row[name] for name in self._table.weighed)
        if REFUSED_CELL in weighed:
            return
        if weighed not in self._contradictions:
            self._contradictions[weighed] = contradictions(self._table, row)
        for refusal in self._contradictions[weighed]:
            self._note("CR-CONTRADICTION", number, "", {"meaning": refusal.meaning})


def _remembering(column: ColumnSpec, prepare: _Read | None = None) -> _Read:
    """Reads the cells of a column; ids, periods and words repeat, so a short text is read only once."""
    known: dict[str, Any] = {}

    def read(raw: Any) -> Any:
        if type(raw) is not str:
            return read_cell(prepare(raw) if prepare else raw, column)
        if raw in known:
            return known[raw]
        cell = read_cell(raw, column)
        if len(raw) <= _SHORT and len(known) < _REMEMBERED:
            known[raw] = cell
        return cell

    return read


def _as_text(raw: object) -> object:
    """A cell of a further column, of which no type is known, as text."""
    if isinstance(raw, bool):
        return str(raw).lower()
    return str(raw).removesuffix(".0") if isinstance(raw, float | Decimal | date) else raw
