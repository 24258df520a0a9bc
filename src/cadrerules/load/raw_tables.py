"""A table as a source gives it: headings and numbered rows of raw cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from ..errors import Place
from ..model.facts import Table
from .problems import fail

NumberedRow = tuple[int | None, Sequence[object]]
"""A row's number, as its source shows it, if it has one, and its cells in the order of the headings."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """The headings and rows of a table before anything is checked; rows may be read as they are asked for."""

    table: Table
    place: Place
    headings: Sequence[str]
    rows: Iterable[NumberedRow]


def below_heading(table: Table, place: Place, rows: Iterator[NumberedRow]) -> RawTable:
    """The table whose first row that isn't blank holds the headings; blank rows are left out."""
    filled = ((number, cells) for number, cells in rows if any(not is_blank(cell) for cell in cells))
    first = next(filled, None)
    if first is None:
        fail("CR-EMPTY-FILE", place)
    headings = ["" if cell is None else str(cell).strip() for cell in first[1]]
    return RawTable(table, place, headings, chain(filled))


def is_blank(cell: object) -> bool:
    """Whether a raw cell is empty."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
