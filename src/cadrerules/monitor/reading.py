"""What is posted becomes a validated row or key, checked against the facts there are; all that is wrong is one error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic_core import PydanticCustomError

from ..errors import DataError, Place, Problem, UsageError
from ..language.source import nearest
from ..load.disputes import settle_disputes
from ..load.problems import Problems
from ..load.records import from_records
from ..load.rows import ReadTable, read_rows
from ..model.cells import read_cell, shortened
from ..model.facts import Row, Table
from ..model.mentions import person_names
from .held import DISPUTES, HeldFacts, Key


class Reader:
    """Reads rows and keys for the tables of a plan."""

    def __init__(self, held: HeldFacts) -> None:
        self.held = held

    def table(self, name: str) -> Table:
        """The table of this name, which must tell its rows apart; `UsageError` for another."""
        tables = self.held.tables
        if name not in tables:
            values = {"name": shortened(str(name)), "nearest": nearest(str(name), tables)}
            raise UsageError(Problem("CR-NO-SUCH-TABLE", values=values))
        if not tables[name].key:
            raise UsageError(Problem("CR-MONITOR-KEYLESS", values={"table": name}))
        return tables[name]

    def row(self, table: Table, raw: object) -> Row:
        """The validated row; `DataError` with all that is wrong in it."""
        problems, place = Problems(), Place(file=table.name)
        read = read_rows(from_records(table, place, [(1, raw)]), "error", problems)
        if table.name == DISPUTES and not problems.kept:
            self._settle(read, problems)
        self.raise_any(problems)
        return read.rows[0]

    def key(self, table: Table, raw: object) -> Key:
        """The key of a row: a mapping of its columns, their cells in order, or the only one of them."""
        cells = self._cells(table, raw)
        problems, found = Problems(), []
        for name, cell in zip(table.key, cells, strict=True):
            try:
                found.append(read_cell(cell, table.columns[name]))
            except PydanticCustomError as error:
                problems.add(error.type, Place(file=table.name, field=name), **(error.context or {}))
        self.raise_any(problems)
        return tuple(found)

    def raise_any(self, problems: Problems) -> None:
        """Raise one error for all problems, in which no person's name stands."""
        if problems.kept:
            problems.kept = [replace(p, place=replace(p.place, row=None)) for p in problems.kept]
            problems.hide(person_names((self.held.tables[n], rows.values()) for n, rows in self.held.rows.items()))
            problems.raise_any()

    def _cells(self, table: Table, raw: object) -> Sequence[Any]:
        if isinstance(raw, Mapping) and set(raw) == set(table.key):
            return [raw[name] for name in table.key]
        if isinstance(raw, Sequence) and not isinstance(raw, str | bytes) and len(raw) == len(table.key):
            return raw
        if len(table.key) == 1 and (isinstance(raw, str) or not isinstance(raw, Mapping | Sequence)):
            return [raw]
        raise DataError(Problem("CR-MONITOR-BAD-KEY", Place(file=table.name), {"key": ", ".join(table.key)}))

    def _settle(self, read: ReadTable, problems: Problems) -> None:
        """Write a dispute's table, key and column in the one way; note what names no cell."""
        tables, place = self.held.tables, Place()
        reads = {
            name: ReadTable(tables[name], place, [dict(row) for row in rows.values()])
            for name, rows in self.held.rows.items()
            if name != DISPUTES
        }
        settle_disputes(read, tables, reads, "", problems)
