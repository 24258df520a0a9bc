"""The entries of a journal, and the digests that chain them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal

from ..errors import DataError, Place, Problem
from .canonical import digest

FORMAT: Final = 1
"""The version of the format that is written; a higher one is refused."""
START: Final = "0" * 64
"""What stands for the digest before the first entry."""

Kind = Literal["post", "retract", "correct", "table", "advance", "receipt", "erase"]
"""What an entry does: a row becomes known, is taken back or replaced; a table is there; the day moves on; a decision is recorded; payloads go."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a journal has come: the last entry's number, digest and time; keep it elsewhere to check against."""

    sequence: int = 0
    digest: str = START
    known_at: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a journal, as written; never changed.

    `sequence` counts from 1 without gaps; `id` is the caller's. `of` is the sequence of the post that a correction or
    retraction is about (of a post its own; 0 for other kinds). `valid_from` and `valid_to` are days in ISO form, empty where
    the table doesn't say when its rows hold; `known_at` is when it was written, UTC. `policy` is the hash of the
    policies in force, empty without a plan. `payload_digest` is that of `salt` and `content`, which are both empty once
    they are erased; `previous` the digest of the entry before, `digest` that of this one without salt and content.
    """

    sequence: int
    id: str
    kind: Kind
    table: str
    of: int
    valid_from: str
    valid_to: str
    known_at: str
    policy: str
    payload_digest: str
    previous: str
    digest: str = ""
    salt: str = field(default="", repr=False)
    content: str = field(default="", repr=False)  # may hold personal data

    @property
    def erased(self) -> bool:
        """Whether the payload is gone."""
        return not self.salt

    @property
    def payload(self) -> Mapping[str, Any] | None:
        """What the entry says, with cells as JSON has them (numbers that aren't whole as text); `None` once it is erased.

        `DataError` where what is written can't be read.
        """
        if self.erased:
            return None
        try:
            found = json.loads(self.content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise DataError(Problem("CR-JOURNAL-PAYLOAD", Place(row=self.sequence)))
        return found

    @property
    def key(self) -> tuple[Any, ...] | None:
        """The key cells of the row that it is about, or those given with a receipt; `None` where there are none or they are erased."""
        key = (self.payload or {}).get("key")
        return None if key is None else tuple(key)

    @property
    def row(self) -> Mapping[str, Any] | None:
        """The row that a post or correction brings; `None` for other kinds or once it is erased."""
        return (self.payload or {}).get("row")

    @property
    def day(self) -> date | None:
        """The day that an `advance` moves on to."""
        return date.fromisoformat(self.valid_from) if self.kind == "advance" else None

    @property
    def receipt(self) -> Mapping[str, Any] | None:
        """The receipt that is recorded; `None` for other kinds or once it is erased."""
        return (self.payload or {}).get("receipt")


CHAINED: Final = (
    *(
        "sequence",
        "id",
        "kind",
        "table",
        "of",
        "valid_from",
        "valid_to",
        "known_at",
        "policy",
        "payload_digest",
        "previous",
    ),
)
"""The fields that an entry's digest covers."""


def chain_digest(entry: Entry) -> str:
    """The digest that an entry must have."""
    return digest({name: getattr(entry, name) for name in CHAINED})


def seal(salt: str, content: str) -> str:
    """The digest of a payload with its salt, without which nobody can guess the payload from it."""
    return digest([salt, content])


def moment(known: datetime) -> str:
    """A time as entries have it: UTC, microseconds always written, so that texts sort as times do. Without a zone it is UTC."""
    return (known.replace(tzinfo=UTC) if known.tzinfo is None else known.astimezone(UTC)).isoformat(
        timespec="microseconds"
    )


def until(known: datetime | date | None) -> str:
    """The last moment that belongs to a time, or to a day in UTC; later than any where none is given."""
    if known is None:
        return "9999"
    return moment(known if isinstance(known, datetime) else datetime.combine(known, time.max, UTC))
