"""Appends entries within one transaction: each once, in the chain's order, refused where the row isn't as they take it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ..errors import CadreError, DataError, Place, Problem, UsageError
from .checking import refuse_broken_tail
from .drafts import Draft
from .entries import Entry, Head, chain_digest, seal
from .reading import batched, entries_with_ids, last_entry
from .schema import ENTRIES, HEAD, PAYLOADS, ROWS

_ABOUT_ROWS: Final = ("post", "correct", "retract")
_SALT_BYTES: Final = 16

_Where: TypeAlias = tuple[str, str]
"""A table, and the key of a row as text."""
_Standing: TypeAlias = tuple[int, int]
"""The post of a row, and the entry that it stands in now."""


@dataclass
class _Rows:
    """The rows that some drafts are about: each with its post and the entry that it stands in."""

    found: dict[_Where, _Standing]
    touched: set[_Where] = field(default_factory=set)

    def apply(self, entry: Entry, where: _Where) -> None:
        """Keep in step with one more entry."""
        self.touched.add(where)
        if entry.kind == "retract":
            del self.found[where]
        else:
            self.found[where] = (entry.of, entry.sequence)

    def write(self, connection: Connection) -> None:
        """Write down which rows there are now."""
        if self.touched:
            gone = delete(ROWS).where(ROWS.c.table == bindparam("in_table"), ROWS.c.key == bindparam("with_key"))
            connection.execute(gone, [{"in_table": table, "with_key": key} for table, key in self.touched])
        standing = [(where, self.found[where]) for where in sorted(self.touched) if where in self.found]
        if standing:
            rows = [{"table": table, "key": key, "of": of, "latest": latest} for (table, key), (of, latest) in standing]
            connection.execute(insert(ROWS), rows)


class Writer:
    """Appends to a journal that nobody else writes to."""

    def __init__(self, connection: Connection, head: Head, policy: str, now: str, file: str) -> None:
        self._connection, self._head, self._policy, self._file = connection, head, policy, file
        self._now = max(now, head.known_at)
        refuse_broken_tail(last_entry(connection), head, file)  # writing after it would hide the damage

    def append(self, drafts: Sequence[Draft], after: int | None = None) -> tuple[Entry, ...]:
        """The entry of each draft: the one that its id has already, or a new one, with `after` only right after that.

        Raises where one can't be entered.
        """
        known = entries_with_ids(self._connection, [draft.id for draft in drafts])
        if any(draft.id not in known for draft in drafts):
            self._refuse_moved(after)
        rows = _Rows(_standing(self._connection, [_where(draft) for draft in drafts if draft.kind in _ABOUT_ROWS]))
        new: list[Entry] = []
        for draft in drafts:
            if draft.id in known:
                self._refuse_another(known[draft.id], draft)
            else:
                new.append(known.setdefault(draft.id, self._next(draft, rows)))
        if new:
            self._write(new, rows)
        return tuple(known[draft.id] for draft in drafts)

    def tried(self, drafts: Sequence[Draft], after: int | None = None) -> tuple[Entry, ...] | CadreError:
        """What `append` gives, or why it refuses; then nothing of it is written, and others can be appended."""
        head = self._head
        try:
            return self.append(drafts, after)
        except CadreError as error:
            self._head = head
            return error

    def _next(self, draft: Draft, rows: _Rows) -> Entry:
        """The new entry of a draft, not yet written."""
        is_about_row = draft.kind in _ABOUT_ROWS
        entry = self._entry(draft, self._post_of(draft, rows.found.get(_where(draft))) if is_about_row else 0)
        if is_about_row:
            rows.apply(entry, _where(draft))
        self._head = Head(entry.sequence, entry.digest, entry.known_at)
        return entry

    def _write(self, entries: Sequence[Entry], rows: _Rows) -> None:
        for table in (ENTRIES, PAYLOADS):
            self._connection.execute(insert(table), [_values(entry, table.c.keys()) for entry in entries])
        rows.write(self._connection)
        self._connection.execute(update(HEAD).where(HEAD.c.id == 1), asdict(self._head))

    def _refuse_moved(self, after: int | None) -> None:
        """Refuse what was decided without knowing all entries."""
        if after not in (None, self._head.sequence):
            values = {"known": after, "found": self._head.sequence}
            raise UsageError(Problem("CR-JOURNAL-MOVED-ON", Place(file=self._file), values))

    def _refuse_another(self, known: Entry, draft: Draft) -> None:
        """Refuse a draft that says something else than the entry with its id; of one that is erased nobody can tell."""
        same = known.erased or seal(known.salt, draft.content) == known.payload_digest
        if not same or (known.kind, known.table) != (draft.kind, draft.table):
            values = {"id": draft.id, "sequence": known.sequence}
            raise UsageError(Problem("CR-JOURNAL-ID-REUSED", Place(file=self._file), values))

    def _post_of(self, draft: Draft, standing: _Standing | None) -> int:
        """The sequence of the post of the row that a draft is about; of a post its own."""
        if (standing is None) != (draft.kind == "post"):
            code = "CR-JOURNAL-ROW-THERE" if draft.kind == "post" else "CR-JOURNAL-NO-ROW"
            raise DataError(Problem(code, Place(file=self._file), {"table": draft.table}))
        return standing[0] if standing else self._head.sequence + 1

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


def _where(draft: Draft) -> _Where:
    return draft.table, draft.key


def _standing(connection: Connection, wanted: Iterable[_Where]) -> dict[_Where, _Standing]:
    """Those of some rows that there are."""
    keys: dict[str, list[str]] = {}
    for table, key in wanted:
        keys.setdefault(table, []).append(key)
    return {
        (row.table, row.key): (row.of, row.latest)
        for table, some in keys.items()
        for part in batched(some)
        for row in connection.execute(select(ROWS).where(ROWS.c.table == table, ROWS.c.key.in_(part)))
    }


def _values(entry: Entry, names: Iterable[str]) -> Mapping[str, Any]:
    return {name: getattr(entry, name) for name in names}
