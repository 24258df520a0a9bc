"""Finds the payloads that are about a person, through the columns that the plan's tables declare personal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..model.facts import Table
from ..model.mentions import Mentions
from .entries import Entry


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: the numbers of the entries whose payload went, and of those that mention the person and stay."""

    erased: tuple[int, ...]
    mentioned: tuple[int, ...] = ()


@dataclass(frozen=True)
class Person:
    """A person's id, and the names that stand beside it in rows."""

    id: str
    names: frozenset[str]
    tables: Mapping[str, Table]

    @classmethod
    def of(cls, id: str, entries: Iterable[Entry], tables: Mapping[str, Table]) -> Person:  # noqa: A002
        """The person with an id, as these entries know them."""
        nameless = cls(id, frozenset(), tables)
        return cls(id, frozenset(name for entry in entries for name in nameless.named(entry)), tables)

    def named(self, entry: Entry) -> Iterator[str]:
        """The names that a row with the person's id has."""
        row = entry.row or {}
        table = self.tables.get(entry.table)
        if table and self._has_id(row, table):
            yield from (row[name] for name in table.personal("name") if row.get(name))

    def owns(self, entry: Entry) -> bool:
        """Whether an entry is about the person: by an id in its row or key, by a name where its table has no ids, or as a receipt's key."""
        table = self.tables.get(entry.table)
        if entry.kind == "receipt":
            return bool({*map(str, entry.key or ())} & {self.id, *self.names})
        if table is None or entry.kind not in ("post", "correct", "retract"):
            return False
        row = entry.row or dict(zip(table.key, entry.key or (), strict=False))
        by_name = not table.personal("id") and any(row.get(name) in self.names for name in table.personal("name"))
        return self._has_id(row, table) or by_name

    def mentioned(self, entry: Entry) -> bool:
        """Whether the person's id or a name stands anywhere in what an entry says, as a whole word."""
        return any(self._known.replaced(text) != text for text in _texts(entry.payload))

    @cached_property
    def _known(self) -> Mentions:
        return Mentions(dict.fromkeys((self.id, *self.names), ""))

    def _has_id(self, row: Mapping[str, Any], table: Table) -> bool:
        return any(row.get(name) == self.id for name in table.personal("id", "maybe_id"))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield str(name)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
