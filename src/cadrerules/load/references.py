"""Rows hang together: no key stands twice, and what one table names stands in another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..model.cells import shortened
from .problems import Problems
from .rows import REFUSED_CELL, ReadTable

_Grouped = tuple[Any, Any]
"""The group a row belongs to (`None` without groups) and a cell of it."""


def check_keys(read: ReadTable, problems: Problems) -> None:
    """Note each row whose key another row before it has."""
    key = read.table.key
    first: dict[tuple[Any, ...], int] = {}
    for index, row in enumerate(read.rows if key else ()):
        cells = tuple(row[name] for name in key)
        if REFUSED_CELL not in cells and first.setdefault(cells, index) != index:
            named = ", ".join(key)
            problems.add("CR-DUPLICATE-ROW", read.at(index), key=named, first=read.numbers[first[cells]])


def check_references(reads: Mapping[str, ReadTable], group: str, problems: Problems) -> None:
    """Note each cell that names a row which the table it refers to lacks; absent tables aren't asked."""
    for read in reads.values():
        for name, column in read.table.columns.items():
            table, _, target = column.about.references.partition(".")
            if table in reads and reads[table].whole:
                known = set(_cells(reads[table], target, group))
                if not any(cell is REFUSED_CELL for _, cell in known):
                    check_column(read, name, known, (table, target, group), problems)


def check_column(
    read: ReadTable, name: str, known: set[_Grouped], target: tuple[str, str, str], problems: Problems
) -> None:
    """Note each cell of a column that isn't known; `target` is the table and column that it names, and the group."""
    table, column, group = target
    for index, cell in enumerate(_cells(read, name, group)):
        if cell not in known and cell[1] is not None and REFUSED_CELL not in cell:
            problems.add(
                "CR-NO-SUCH-REFERENCE",
                read.at(index, name),
                value=shown_id(cell[1]),
                table=table,
                column=column,
            )


def _cells(read: ReadTable, name: str, group: str) -> Iterator[_Grouped]:
    return ((row.get(group), row[name]) for row in read.rows)


def shown_id(cell: object) -> Mapping[str, str]:
    """The id in words; what has no digit may be a person's name, and those stand in no report."""
    text = shortened(str(cell))
    return (
        {"en": f"`{text}`", "zh": f"“{text}”"}
        if re.search(r"\d", text)
        else {"en": "this", "zh": "此单元格的内容"}
    )
