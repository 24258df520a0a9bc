"""A dispute names a cell: its table, row and column must be there, and are written in one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pydantic_core import PydanticCustomError

from ..language.source import nearest
from ..model.cells import read_cell, shortened
from ..model.facts import ColumnSpec, Table, written_key
from .headings import column_names
from .names import normal, table_names
from .problems import Problems
from .rows import REFUSED_CELL, ReadTable

_SEPARATORS: Final = "/|,;"
_WIDE: Final = str.maketrans("／｜，；", _SEPARATORS)


@dataclass(frozen=True)
class _Keys:
    """The keys of a table's rows, as a dispute writes them."""

    read: ReadTable
    group: str

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in self.read.table.key if name != self.group)

    @cached_property
    def known(self) -> frozenset[tuple[Any, str]]:
        rows = self.read.rows
        return frozenset(
            (row.get(self.group), written_key([row[name] for name in self.columns])) for row in rows
        )

    def find(self, group: object, text: str) -> str | None:
        """The key that the text stands for, cells joined by a slash; `None` if no row has it."""
        texts = readings(self.read.table, self.columns, text)
        return next((key for key in texts if (group, key) in self.known), None)


def readings(table: Table, key: Sequence[str], text: str) -> list[str]:
    """The keys, cells joined by a slash, that a text may stand for."""
    plain = text.translate(_WIDE)
    columns = [table.columns[name] for name in key]
    return [text, *(found for by in _SEPARATORS if (found := _canonical(columns, plain.split(by))))]


def _canonical(columns: list[ColumnSpec], parts: list[str]) -> str | None:
    if len(parts) != len(columns):
        return None
    try:
        return written_key([read_cell(part, column) for part, column in zip(parts, columns, strict=True)])
    except PydanticCustomError:
        return None


def settle_disputes(
    disputes: ReadTable,
    tables: Mapping[str, Table],
    reads: Mapping[str, ReadTable],
    group: str,
    problems: Problems,
) -> None:
    """Write each dispute's table, column and key in the one way; note those that name no cell."""
    keys = {name: _Keys(read, group) for name, read in reads.items() if read.whole}
    names = table_names(tables.values())
    for index, row in enumerate(disputes.rows):
        cells = [row["table"], row["column"], row["key"]]
        if REFUSED_CELL in cells:
            continue
        name = names.get(normal(row["table"]))
        if name is None:
            values = {"value": shortened(row["table"]), "nearest": nearest(row["table"], tables)}
            problems.add("CR-DISPUTED-TABLE", disputes.at(index, "table"), **values)
            continue
        row["table"] = name
        _settle_column(disputes, index, tables[name], problems)
        if name in keys:
            _settle_key(disputes, index, keys[name], problems)


def _settle_column(disputes: ReadTable, index: int, table: Table, problems: Problems) -> None:
    row = disputes.rows[index]
    name = column_names(table).get(normal(row["column"]))
    open_to = [other for other in table.columns if other not in table.key]
    if name in open_to:
        row["column"] = name
        return
    values = {
        "value": shortened(row["column"]),
        "table": table.name,
        "nearest": nearest(row["column"], open_to),
    }
    problems.add("CR-DISPUTED-COLUMN", disputes.at(index, "column"), **values)


def _settle_key(disputes: ReadTable, index: int, keys: _Keys, problems: Problems) -> None:
    row = disputes.rows[index]
    key = keys.find(row.get(keys.group), row["key"])
    if key is None:
        values = {"table": keys.read.table.name, "key": "/".join(keys.columns)}
        problems.add("CR-DISPUTED-ROW", disputes.at(index, "key"), **values)
    else:
        row["key"] = key
