"""What a page is made of: sections of charts, tables and texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ...report.grid import Cell, Grid, Heading
from .figures import Figure
from .names import Names

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
