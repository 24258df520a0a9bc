"""What a page is made of: sections of charts, tables and texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from ...report.grid import Cell, Grid, Heading
from .figures import Figure
from .names import Names

if TYPE_CHECKING:
    from markupsafe import Markup

MOST_ROWS = 5_000
"""So many rows of a table are shown; files have all."""
SCROLLED = 15
"""A table of more rows scrolls in a box of its own."""


@dataclass(frozen=True, slots=True)
class Code:
    """Text that stands as it is: a command, a document."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with its heading: a word on it, then charts, tables and texts in order. `level` is its heading's."""

    title: str
    parts: tuple[Figure | Grid | Code, ...] = ()
    notes: tuple[str, ...] = ()
    level: int = 2
    tallies: tuple[tuple[str, str], ...] = field(default=())


def table(
    title: str, headings: Sequence[str], rows: Iterable[tuple[Cell, ...]], total: int, names: Names, note: str = ""
) -> Grid:
    """A table of at most `MOST_ROWS` rows, which says how many there are."""
    kept = list(islice(rows, MOST_ROWS))
    notes = [note] if note else []
    if total > len(kept):
        notes.append(names.say("cut", shown=len(kept), total=total))
    return Grid(title, tuple(map(Heading, headings)), kept, " ".join(notes), names.say("nothing_here"))


def body(grid: Grid) -> Markup:
    """The rows of a table; written here, for in a template thousands of rows take seconds."""
    from markupsafe import Markup

    return Markup("".join(f"<tr>{''.join(map(_cell, range(len(row)), row))}</tr>\n" for row in grid.rows))  # noqa: S704 - escaped


def _cell(place: int, value: Cell) -> str:
    if isinstance(value, int):
        text, kind = f"{value:,}", ' class="number"'
    else:
        text, kind = "" if value is None else escape(str(value)), ""
    return f"<td{kind}>{text}</td>" if place else f'<th scope="row">{text}</th>'
