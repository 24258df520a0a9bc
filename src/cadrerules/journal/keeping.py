"""A journal as a monitor keeps its facts in it, and goes on from it after a restart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .journal import Journal


class Kept(NamedTuple):
    """What a monitor is told: `advance` (a day), `table` (a table that is there) or `post` (a row)."""

    kind: str
    table: str
    row_or_key: Mapping[str, Any] | None
    as_of: date


class Keeping:
    """Keeps what a monitor applies, each fact as an entry, and gives back the facts that stand.

    What stands is given rather than its history, since erased entries leave holes in that. Safe to share between threads.
    Should an append fail, begin a monitor anew from the journal: the entry may be there although nobody was told.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def append(self, kind: str, table: str, row_or_key: Mapping[str, Any] | None, as_of: date) -> object:
        """Enter a fact, a table or a day; raises as the journal does."""
        told = row_or_key or {}
        match kind:
            case "post":
                return self.journal.post(table, told)
            case "correct":
                return self.journal.correct(table, told)
            case "retract":
                return self.journal.retract(table, told)
            case "table":
                return self.journal.begin(table)
        return self.journal.advance(as_of)

    def entries(self) -> Iterator[Kept]:
        """The last day, then each table and its rows; nothing where no day has been entered."""
        days = [day for entry in self.journal.entries() if (day := entry.day)]
        if not days:
            return
        yield Kept("advance", "", None, days[-1])
        for table, rows in self.journal.facts().items():
            yield Kept("table", table, None, days[-1])
            yield from (Kept("post", table, row, days[-1]) for row in rows)
