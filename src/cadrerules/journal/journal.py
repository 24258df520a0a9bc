"""The journal that programs open: append facts, read them as known at any time, check that nobody touched it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection, delete, select, text

from ..errors import CadreError, Place, Problem, UsageError
from ..load.tables import grouped
from ..model.facts import Facts, Row
from ..plan import Plan
from .checking import Chain, refuse_broken_tail
from .database import Database
from .drafts import Draft, Drafting, Key, draft, numbered
from .entries import Entry, Head, moment, until
from .erasing import Erased, Person
from .exports import write_export
from .reading import all_entries, batched, entries_with_ids, head_of, last_entry, page_after
from .schema import PAYLOADS, ROWS
from .state import Standing, State, fold
from .together import Together
from .writing import Writer

POLL: Final = 0.2


class Journal:
    """An append-only journal of facts. Made by `cadrerules.open_journal`.

    Safe to share between threads, and any number of processes may have the same journal open: appends are done one
    after another, those that threads of a process ask for meanwhile in one transaction. A process that forks opens it anew in the child. What is returned is on disk. Everything raises
    `DataError` with `CR-JOURNAL-FAILED` where the database fails, and `UsageError` with `CR-JOURNAL-BUSY` where others
    hold it too long; a call that failed may be repeated with the same id.
    """

    def __init__(self, database: Database, plan: Plan | None, group_by: str, clock: Callable[[], datetime]) -> None:
        self.plan, self.group_by = plan, group_by
        self._database, self._clock = database, clock
        self._drafting = Drafting(plan, group_by)
        self._together = Together(self._append_each, database.wait, database.busy)

    def __repr__(self) -> str:
        return f"<Journal {self._database.name}>"  # the URL may hold a password

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The name of its file or database."""
        return self._database.name

    def close(self) -> None:
        """Close the connections to the database."""
        self._database.close()

    def post(
        self, table: str, row: Row | Facts, *, id: str = "", key: Key | None = None, after: int | None = None  # noqa: A002
    ) -> Entry:
        """Enter a row that isn't there yet.

        `id` is the caller's own: the same call again gives the same entry, another payload with it is refused. It is
        never erased, so put nothing personal in it. `key` is needed only without a plan. Raises `DataError` for a row that the plan's
        tables refuse and for one that is there already, and `UsageError` for an id in use.

        Here and below, `after` is the number of the last entry that the caller knows of: where others have been entered since, nothing is, and `UsageError`
        with `CR-JOURNAL-MOVED-ON` says so. What was decided from the entries up to that one is then decided again.
        """
        return self._append(self._drafting.rows("post", table, [row], [id], key), after)[0]

    def post_all(
        self, table: str, rows: Sequence[Row | Facts], *, id: str = "", after: int | None = None  # noqa: A002
    ) -> tuple[Entry, ...]:
        """Enter many rows of a table at once, all or none; they have the ids `ID/1`, `ID/2`, and so on. Raises as `post` does."""
        return self._append(self._drafting.rows("post", table, rows, numbered(id, len(rows))), after) if rows else ()

    def correct(
        self, table: str, row: Row | Facts, *, id: str = "", key: Key | None = None, after: int | None = None  # noqa: A002
    ) -> Entry:
        """Enter what a row should have said; its key says which. Raises as `post` does, and for a row that isn't there."""
        return self._append(self._drafting.rows("correct", table, [row], [id], key), after)[0]

    def retract(self, table: str, key: Key, *, id: str = "", after: int | None = None) -> Entry:  # noqa: A002
        """Take back the row with a key: its cells in the order of the key's columns, by column, or the only one.

        Raises `DataError` for a row that isn't there and `UsageError` for cells that are no key of the table.
        """
        return self._append([self._drafting.retraction(table, key, id)], after)[0]

    def begin(self, table: str, *, id: str = "", after: int | None = None) -> Entry:  # noqa: A002
        """Enter that a table is there, though it may have no row: look-ups in it then find nothing, rather than something unknown."""
        return self._append([self._drafting.table(table, id)], after)[0]

    def advance(self, day: date, *, id: str = "", after: int | None = None) -> Entry:  # noqa: A002
        """Enter that a day has come."""
        written = day.isoformat()
        return self._append([draft("advance", {"day": written}, id=id, valid=(written, written))], after)[0]

    def receipt(self, receipt: Mapping[str, Any], *, key: Key = (), id: str = "") -> Entry:  # noqa: A002
        """Enter the record of a decision; `key` names whom it is about, so that it can be erased with them."""
        cells = [key] if isinstance(key, str) else list(key) if isinstance(key, Sequence) else [key]
        return self._append([draft("receipt", {"key": cells, "receipt": receipt}, id=id)])[0]

    def head(self) -> Head:
        """How far the journal has come. Kept elsewhere, it shows later whether the past has been rewritten."""
        with self._database.reading() as connection:
            return head_of(connection)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries with numbers above one, in order, as the journal is now."""
        while page := self._page(after):
            yield from page
            after = page[-1].sequence

    def entry(self, id: str) -> Entry | None:  # noqa: A002
        """The entry that has this id of a caller's, if there is one."""
        with self._database.reading() as connection:
            return entries_with_ids(connection, [id]).get(id)

    def standing(self, upto: int | None = None) -> Standing:
        """What the journal amounts to, all of it at one moment: head, day and rows; after the entry of a number (default: the last).

        Raises as `facts` does.
        """
        with self._database.reading() as connection:
            state = self._fold(connection, upto=upto)
            return Standing(state.head, state.day, state.rows())

    def follow(
        self, after: int | None = None, *, stop: threading.Event | None = None, poll: float = POLL
    ) -> Iterator[Entry]:
        """New entries as they come, of any process, from a number on (default: from now); ends once `stop` is set.

        It looks every `poll` seconds.
        """
        at = self.head().sequence if after is None else after
        waiting = stop or threading.Event()
        while not waiting.is_set():
            for entry in self.entries(at):
                yield entry
                at = entry.sequence
            waiting.wait(poll)

    def facts(self, as_known: datetime | date | None = None) -> dict[str, list[Mapping[str, Any]]]:
        """The rows of each table as they were known at a time (UTC without a zone), by the end of a day (UTC), or are now.

        `cadrerules.read_tables` reads them; numbers that aren't whole are text. A table that never had a row isn't there. What is
        erased is left out at any time.
        """
        with self._database.reading() as connection:
            return self._fold(connection, until(as_known)).rows()

    def check(self, anchor: Head | None = None) -> list[Problem]:
        """What is wrong with the journal; nothing where every entry is as it was written.

        `anchor` is a head that was kept elsewhere: without one, a journal that somebody cut off or rewrote from some
        entry on, digests and all, looks whole.
        """
        try:
            with self._database.reading() as connection:
                return [*self._damage(connection), *self._chain(connection, anchor)]
        except CadreError as error:
            return list(error.problems)

    def erase(self, person: str, *, group: str = "", mentions: bool = False) -> Erased:
        """Delete what the journal says of a person: payload and salt of every entry with their id, or whose receipt is about them.

        The entries stay, so the chain still verifies, and one more entry tells which payloads went. Entries that only
        mention the person, in a text or within another's receipt, stay and are named in the result; with `mentions`
        they go too. `group` names the organisation whose person it is, where a grouping column keeps them apart; else the id is
        sought in all. `UsageError` without a plan, whose tables say what is personal.
        """
        if self.plan is None:
            raise UsageError(Problem("CR-JOURNAL-NEEDS-PLAN"))
        with self._database.writing() as (connection, head):
            found = self._about(connection, person, group, mentions)
            if found.erased:
                _delete(connection, found.erased)
                self._writer(connection, head).append([draft("erase", {"entries": list(found.erased)})])
        self._database.checkpoint()
        return found

    def export(self, path: str | Path) -> None:
        """Write the journal as JSON lines, to be read by `cadrerules.journal.read_export`; `UsageError` where that can't be."""
        policies = {"name": self.plan.name, "hash": self.plan.hash} if self.plan else {}
        with self._database.reading() as connection:
            write_export(Path(path), head_of(connection), all_entries(connection), policies)

    def _page(self, after: int) -> list[Entry]:
        with self._database.reading() as connection:
            return page_after(connection, after)

    def _append(self, drafts: Sequence[Draft], after: int | None = None) -> tuple[Entry, ...]:
        return self._together.ask((drafts, after))

    def _append_each(self, requests: Sequence[tuple[Sequence[Draft], int | None]]) -> list[tuple[Entry, ...] | CadreError]:
        """Append what several threads ask in one transaction, so that they share a sync of the disk."""
        with self._database.writing() as (connection, head):
            writer = self._writer(connection, head)
            return [writer.tried(drafts, after) for drafts, after in requests]

    def _writer(self, connection: Connection, head: Head) -> Writer:
        policy = self.plan.hash if self.plan else ""
        return Writer(connection, head, policy, moment(self._clock()), self._database.name)

    def _fold(self, connection: Connection, known_until: str = "", upto: int | None = None) -> State:
        refuse_broken_tail(last_entry(connection), head_of(connection), self._database.name)
        return fold(takewhile(lambda e: upto is None or e.sequence <= upto, all_entries(connection, known_until)))

    def _chain(self, connection: Connection, anchor: Head | None) -> Iterator[Problem]:
        """What is wrong in the chain, and if nothing is, in what follows from it."""
        file, state = self._database.name, State()
        chained = _passing(all_entries(connection), state)
        problems = list(Chain(file).problems(chained, head_of(connection), anchor))
        yield from problems
        if not problems:
            rows = {(row.table, row.key): (row.of, row.latest) for row in connection.execute(select(ROWS))}
            if rows != state.index():
                yield Problem("CR-JOURNAL-ROWS", Place(file=file))

    def _damage(self, connection: Connection) -> Iterator[Problem]:
        """What SQLite finds wrong in its own file."""
        if self._database.is_sqlite:
            for (said,) in connection.execute(text("PRAGMA integrity_check(10)")):
                if said != "ok":
                    yield Problem("CR-JOURNAL-FAILED", Place(file=self._database.name), {"reason": said})

    def _about(self, connection: Connection, id: str, group: str, mentions: bool) -> Erased:  # noqa: A002
        tables = {name: grouped(table, self.group_by) for name, table in self.plan.tables.items()} if self.plan else {}
        person = Person(id, tables, self.group_by, group).with_names(all_entries(connection))
        owned: list[int] = []
        mentioned: list[int] = []
        for entry in all_entries(connection):
            if person.owns(entry) or (mentions and person.mentioned(entry)):
                owned.append(entry.sequence)
            elif person.mentioned(entry):
                mentioned.append(entry.sequence)
        return Erased(tuple(owned), tuple(mentioned))


def _passing(entries: Iterator[Entry], state: State) -> Iterator[Entry]:
    """The entries, each taken into account as it passes."""
    for entry in entries:
        yield entry
        state.add(entry)


def _delete(connection: Connection, sequences: Sequence[int]) -> None:
    """Delete payloads, and the rows that stand in them."""
    for some in batched(sequences):
        connection.execute(delete(PAYLOADS).where(PAYLOADS.c.sequence.in_(some)))
        connection.execute(delete(ROWS).where(ROWS.c.latest.in_(some)))
