"""The facts that a journal's entries amount to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from .canonical import canonical
from .entries import Entry, Head


class Standing(NamedTuple):
    """What a journal amounts to up to its `head`: the last `day` entered, and the `rows` of each table that is there."""

    head: Head
    day: date | None
    rows: Mapping[str, list[Mapping[str, Any]]]


@dataclass
class State:
    """The rows there are after some entries: by the sequence of their post, each with the entry it stands in.

    A row whose latest payload is erased is not there, since nobody knows it any more.
    """

    tables: dict[str, dict[int, Entry]] = field(default_factory=dict)
    day: date | None = None

    def add(self, entry: Entry) -> None:
        """Take one more entry into account."""
        self.day = entry.day or self.day
        if entry.kind not in ("post", "correct", "retract", "table"):
            return
        rows = self.tables.setdefault(entry.table, {})
        if entry.kind in ("retract", "table") or entry.erased:
            rows.pop(entry.of, None)
        else:
            rows[entry.of] = entry

    def rows(self) -> dict[str, list[Mapping[str, Any]]]:
        """The rows of each table that ever had one, in the order in which they were posted."""
        return {name: [rows[of].row or {} for of in sorted(rows)] for name, rows in self.tables.items()}

    def index(self) -> dict[tuple[str, str], tuple[int, int]]:
        """For each table and key the post of the row and the entry that it stands in."""
        return {
            (name, key_text(entry.key)): (of, entry.sequence)
            for name, rows in self.tables.items()
            for of, entry in rows.items()
        }


def key_text(key: object) -> str:
    """A key as it is looked up."""
    return canonical(key).decode()


def fold(entries: Iterable[Entry]) -> State:
    """The state after these entries."""
    state = State()
    for entry in entries:
        state.add(entry)
    return state
