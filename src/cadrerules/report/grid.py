"""A table for people: its title, headings and cells, whether it becomes text, a page or a worksheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from unicodedata import east_asian_width

Cell = str | int | Decimal | date | None
"""What stands in a cell; None where there is nothing."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading, and how wide it is in characters."""

    text: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a title and a word on what it holds; `empty` is what to say where it has no rows."""

    title: str
    headings: tuple[Heading, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""
    empty: str = ""


def to_text(grids: Sequence[Grid], title: str, footer: Sequence[str]) -> str:
    """The tables as plain text for a terminal: one block per row, each cell with its heading."""
    lines = [title, "=" * width(title)]
    for grid in grids:
        lines += ["", grid.title, "-" * width(grid.title), *([grid.note] if grid.note else [])]
        lines += [line for row in grid.rows for line in _block(grid, row)] or [grid.empty]
    return "\n".join([*lines, "", *footer]) + "\n"


def _block(grid: Grid, row: tuple[Cell, ...]) -> Iterator[str]:
    """One row: the first cell as an item, the others below it."""
    named = [(heading.text, cell) for heading, cell in zip(grid.headings, row, strict=True) if cell not in (None, "")]
    for number, (heading, cell) in enumerate(named):
        yield f"  - {cell}" if number == 0 else f"      {padded(heading, _widest(grid))}  {cell}"


def _widest(grid: Grid) -> int:
    return max(width(heading.text) for heading in grid.headings)


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def padded(text: str, to: int) -> str:
    """The text with spaces up to a width."""
    return text + " " * max(0, to - width(text))
