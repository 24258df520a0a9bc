"""Finds the payloads that are about a person, through the columns that the plan's tables declare personal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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
    """A person's id, in one organisation if `group` names it, and the names that stand beside it in rows."""

    id: str
    tables: Mapping[str, Table]
    group_by: str = ""
    group: str = ""
    names: frozenset[str] = frozenset()

    def with_names(self, entries: Iterable[Entry]) -> Person:
        """The person with the names that these entries have beside the id."""
        return replace(self, names=frozenset(name for entry in entries for name in self._named(entry)))

    def _named(self, entry: Entry) -> Iterator[str]:
        row = entry.row or {}
        table = self.tables.get(entry.table)
        if table and self._has_id(row, table) and self._is_of_group(entry):
            yield from (row[name] for name in table.personal("name") if row.get(name))

    def owns(self, entry: Entry) -> bool:
        """Whether an entry is about the person: by an id in its row or key, by a name where its table has no ids, or as a receipt's key."""
        table = self.tables.get(entry.table)
        if entry.kind == "receipt":
            return bool({*map(str, entry.key or ())} & {self.id, *self.names}) and self._is_of_group(entry)
        if table is None or entry.kind not in ("post", "correct", "retract"):
            return False
        row = self._cells(entry, table)
        by_name = not table.personal("id") and any(row.get(name) in self.names for name in table.personal("name"))
        return (self._has_id(row, table) or by_name) and self._is_of_group(entry)

    def mentioned(self, entry: Entry) -> bool:
        """Whether the person's id or a name stands anywhere in what an entry says, as a whole word."""
        return self._is_of_group(entry) and any(self._known.replaced(text) != text for text in _texts(entry.payload))

    @cached_property
    def _known(self) -> Mentions:
        return Mentions(dict.fromkeys((self.id, *self.names), ""))

    def _cells(self, entry: Entry, table: Table) -> Mapping[str, Any]:
        """The cells of an entry's row, or of its key where it has no more."""
        return entry.row or dict(zip(table.key, entry.key or (), strict=False))

    def _is_of_group(self, entry: Entry) -> bool:
        """Whether an entry's row, or the key of a receipt, is of the person's organisation."""
        table = self.tables.get(entry.table)
        if not self.group:
            return True
        return (
            self.group in (entry.key or ())
            if table is None
            else self._cells(entry, table).get(self.group_by) == self.group
        )

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
