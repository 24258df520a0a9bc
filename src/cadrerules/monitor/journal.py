"""What a monitor asks of a journal: to keep each fact before it is applied, and to give all of them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ..journal.keeping import Keeping
from ..journal.keeping import Kept as Entry

if TYPE_CHECKING:
    from ..journal.journal import Journal as Kept


@runtime_checkable
class Journal(Protocol):
    """Keeps entries in order. Rows and keys hold validated cells: text, numbers, truths, dates, periods and None."""

    def append(self, kind: str, table: str, row_or_key: Mapping[str, Any] | None, as_of: date) -> object:
        """Keep an entry; when this returns, it is kept. What it raises stops the fact from being applied."""

    def entries(self) -> Iterable[Entry]:
        """All entries in the order in which they were appended."""


def kept_in(journal: Journal | Kept) -> Journal:
    """The journal as a monitor asks for it: what `cadrerules.open_journal` gives is adapted, all else is one already."""
    return journal if isinstance(journal, Journal) else Keeping(journal)


@dataclass
class MemoryJournal:
    """A journal in memory, for tests and trials."""

    kept: list[Entry] = field(default_factory=list)

    def append(self, kind: str, table: str, row_or_key: Mapping[str, Any] | None, as_of: date) -> None:
        """Keep an entry."""
        self.kept.append(Entry(kind, table, None if row_or_key is None else dict(row_or_key), as_of))

    def entries(self) -> Iterable[Entry]:
        """All entries so far."""
        return tuple(self.kept)
