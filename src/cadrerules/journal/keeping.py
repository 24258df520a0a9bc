"""A journal as a monitor keeps its facts in it, and goes on from it after a restart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .entries import Entry
    from .journal import Journal
    from .state import Standing


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
        return enter(self.journal, kind, table, row_or_key, as_of)

    def entries(self) -> Iterator[Kept]:
        """The last day, then each table and its rows; nothing where no day has been entered."""
        yield from kept(self.journal.standing())


def enter(
    journal: Journal,
    kind: str,
    table: str,
    row_or_key: Mapping[str, Any] | None,
    as_of: date,
    *,
    id: str = "",  # noqa: A002 - as journals call it
    after: int | None = None,
) -> Entry:
    """The entry of what a monitor applies; `id` and `after` are as the journal takes them."""
    told = row_or_key or {}
    match kind:
        case "post":
            return journal.post(table, told, id=id, after=after)
        case "correct":
            return journal.correct(table, told, id=id, after=after)
        case "retract":
            return journal.retract(table, told, id=id, after=after)
        case "table":
            return journal.begin(table, id=id, after=after)
    return journal.advance(as_of, id=id, after=after)


def kept(standing: Standing) -> Iterator[Kept]:
    """What a journal amounts to, as it is told to a monitor."""
    if (day := standing.day) is None:
        return
    yield Kept("advance", "", None, day)
    for table, rows in standing.rows.items():
        yield Kept("table", table, None, day)
        yield from (Kept("post", table, row, day) for row in rows)
