"""Appends entries within one transaction: each once, in the chain's order, refused where the row isn't as they take it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, insert, select, update

from ..errors import DataError, Place, Problem, UsageError
from .checking import refuse_broken_tail
from .drafts import Draft
from .entries import Entry, Head, chain_digest, seal
from .reading import entry_with_id, last_entry
from .schema import ENTRIES, HEAD, PAYLOADS, ROWS

_ABOUT_ROWS: Final = ("post", "correct", "retract")
_SALT_BYTES: Final = 16


class Writer:
    """Appends to a journal that nobody else writes to; call `finish` before the transaction ends."""

    def __init__(self, connection: Connection, head: Head, policy: str, now: str, file: str) -> None:
        self._connection, self._head, self._policy, self._file = connection, head, policy, file
        self._now = max(now, head.known_at)
        refuse_broken_tail(last_entry(connection), head, file)  # writing after it would hide the damage

    def add(self, draft: Draft) -> Entry:
        """The entry of a draft: the one that its id has already, or a new one."""
        if known := entry_with_id(self._connection, draft.id):
            return self._repeated(known, draft)
        of = self._row_of(draft) if draft.kind in _ABOUT_ROWS else 0
        entry = self._entry(draft, of)
        self._write(entry)
        self._index(entry, draft)
        self._head = Head(entry.sequence, entry.digest, entry.known_at)
        return entry

    def finish(self) -> None:
        """Write down how far the journal has come."""
        head = self._head
        values = {"sequence": head.sequence, "digest": head.digest, "known_at": head.known_at}
        self._connection.execute(update(HEAD).where(HEAD.c.id == 1), values)

    def _repeated(self, known: Entry, draft: Draft) -> Entry:
        """The entry that has the id, if it says the same; of one that is erased nobody can tell."""
        same = known.erased or seal(known.salt, draft.content) == known.payload_digest
        if not same or (known.kind, known.table) != (draft.kind, draft.table):
            values = {"id": draft.id, "sequence": known.sequence}
            raise UsageError(Problem("CR-JOURNAL-ID-REUSED", Place(file=self._file), values))
        return known

    def _row_of(self, draft: Draft) -> int:
        """The sequence of the post of the row that a draft is about; of a post its own."""
        where = and_(ROWS.c.table == draft.table, ROWS.c.key == draft.key)
        of = self._connection.execute(select(ROWS.c.of).where(where)).scalar()
        if (of is None) != (draft.kind == "post"):
            code = "CR-JOURNAL-ROW-THERE" if draft.kind == "post" else "CR-JOURNAL-NO-ROW"
            raise DataError(Problem(code, Place(file=self._file), {"table": draft.table, "sequence": of}))
        return self._head.sequence + 1 if of is None else int(of)

    def _entry(self, draft: Draft, of: int) -> Entry:
        salt = secrets.token_hex(_SALT_BYTES)
        entry = Entry(
            sequence=self._head.sequence + 1,
            id=draft.id,
            kind=draft.kind,
            table=draft.table,
            of=of,
            valid_from=draft.valid[0],
            valid_to=draft.valid[1],
            known_at=self._now,
            policy=self._policy,
            payload_digest=seal(salt, draft.content),
            previous=self._head.digest,
            salt=salt,
            content=draft.content,
        )
        return replace(entry, digest=chain_digest(entry))

    def _write(self, entry: Entry) -> None:
        self._connection.execute(insert(ENTRIES), _values(entry, ENTRIES.c.keys()))
        self._connection.execute(insert(PAYLOADS), _values(entry, PAYLOADS.c.keys()))

    def _index(self, entry: Entry, draft: Draft) -> None:
        """Keep the rows there are in step with the entries."""
        where = and_(ROWS.c.table == draft.table, ROWS.c.key == draft.key)
        match entry.kind:
            case "post":
                row = {"table": entry.table, "key": draft.key, "of": entry.of, "latest": entry.sequence}
                self._connection.execute(insert(ROWS), row)
            case "correct":
                self._connection.execute(update(ROWS).where(where), {"latest": entry.sequence})
            case "retract":
                self._connection.execute(delete(ROWS).where(where))


def _values(entry: Entry, names: list[str]) -> Mapping[str, Any]:
    return {name: getattr(entry, name) for name in names}
