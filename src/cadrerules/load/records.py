"""Rows given one by one as objects or models become a raw table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..errors import DataError, Place, Problem
from ..model.cells import kind_of
from ..model.facts import Facts, Table
from .raw_tables import NumberedRow, RawTable

Record = Mapping[object, object]


def from_records(table: Table, place: Place, records: Iterable[tuple[int, object]]) -> RawTable:
    """The table of numbered objects; a name that an object lacks is an empty cell of it."""
    rows: list[tuple[int, Record]] = []
    problems: list[Problem] = []
    for number, record in records:
        if isinstance(record, Mapping):
            rows.append((number, record))
        elif isinstance(record, Facts):
            rows.append((number, dict(record)))
        else:
            problems.append(Problem("CR-NOT-A-ROW", replace(place, row=number), {"found": kind_of(record)}))
    if problems:
        raise DataError(problems)
    if not rows:
        return RawTable(table, place, tuple(table.columns), ())
    names = _names(rows)
    return RawTable(table, place, [str(name).strip() for name in names], _cells(rows, names))


def _names(rows: Iterable[tuple[int, Record]]) -> list[object]:
    names: dict[object, None] = {}
    for _, record in rows:
        if not record.keys() <= names.keys():
            names.update(dict.fromkeys(record))
    return list(names)


def _cells(rows: Iterable[tuple[int, Record]], names: Sequence[object]) -> Iterator[NumberedRow]:
    for number, record in rows:
        yield number, [record.get(name) for name in names]
