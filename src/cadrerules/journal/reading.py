"""Reads entries out of the database, a thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, RowMapping, Select, select

from .entries import Entry, Head
from .schema import ENTRIES, HEAD, PAYLOADS

PAGE: Final = 1_000
IN_ONE: Final = 500
"""How many values go into one statement."""

WITH_PAYLOAD: Final[Select[Any]] = select(ENTRIES, PAYLOADS.c.salt, PAYLOADS.c.content).join_from(
    ENTRIES, PAYLOADS, ENTRIES.c.sequence == PAYLOADS.c.sequence, isouter=True
)


def entry_of(found: RowMapping) -> Entry:
    """The entry in a row of the database."""
    return Entry(**{**found, "salt": found["salt"] or "", "content": found["content"] or ""})


def page_after(connection: Connection, after: int, known_until: str = "") -> list[Entry]:
    """The next entries with higher numbers, in order; those known by a time where one is given."""
    query = WITH_PAYLOAD.where(ENTRIES.c.sequence > after).order_by(ENTRIES.c.sequence).limit(PAGE)
    if known_until:
        query = query.where(ENTRIES.c.known_at <= known_until)
    return [entry_of(found) for found in connection.execute(query).mappings()]


def all_entries(connection: Connection, known_until: str = "") -> Iterator[Entry]:
    """All entries in order; those known by a time where one is given."""
    after = 0
    while page := page_after(connection, after, known_until):
        yield from page
        after = page[-1].sequence


def head_of(connection: Connection) -> Head:
    """How far the journal says that it has come."""
    found = connection.execute(select(HEAD)).one()
    return Head(found.sequence, found.digest, found.known_at)


def last_entry(connection: Connection) -> Entry | None:
    """The entry with the highest number."""
    found = connection.execute(WITH_PAYLOAD.order_by(ENTRIES.c.sequence.desc()).limit(1)).mappings().first()
    return None if found is None else entry_of(found)


def entries_with_ids(connection: Connection, ids: Sequence[str]) -> dict[str, Entry]:
    """The entries that these ids of callers have been given to, by id."""
    found = (connection.execute(WITH_PAYLOAD.where(ENTRIES.c.id.in_(part))).mappings() for part in batched(ids))
    return {row["id"]: entry_of(row) for rows in found for row in rows}


_Item = TypeVar("_Item")


def batched(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """A long list in parts that fit into one statement."""
    return (items[start : start + IN_ONE] for start in range(0, len(items), IN_ONE))
