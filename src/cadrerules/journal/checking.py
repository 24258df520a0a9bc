"""Finds what is wrong in a chain of entries: edits, gaps, a lost tail, payloads that went without a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..errors import DataError, Place, Problem
from .entries import Entry, Head, chain_digest, seal


@dataclass
class Chain:
    """Follows entries one after another; what is wrong is noted with the entry's number as its row."""

    file: str
    last: Head = field(default_factory=Head)
    erased: set[int] = field(default_factory=set)
    """The entries that have no payload."""
    named: set[int] = field(default_factory=set)
    """The entries of which a later one says that their payload is erased."""

    def problems(self, entries: Iterable[Entry], head: Head | None, anchor: Head | None = None) -> Iterator[Problem]:
        """What is wrong in the whole chain; `head` is where it must end, `anchor` where it was at an earlier time."""
        for entry in entries:
            yield from self._entry(entry)
            if anchor and entry.sequence == anchor.sequence and entry.digest != anchor.digest:
                yield self._problem("CR-JOURNAL-ANCHOR", entry.sequence)
        if anchor and anchor.sequence > self.last.sequence:
            yield self._tail(anchor)
        if head is not None and head != self.last:
            yield self._tail(head)
        for sequence in sorted(self.erased - self.named):
            yield self._problem("CR-JOURNAL-PAYLOAD-LOST", sequence)
        for sequence in sorted(self.named - self.erased):
            yield self._problem("CR-JOURNAL-NOT-ERASED", sequence)

    def _entry(self, entry: Entry) -> Iterator[Problem]:
        number = entry.sequence
        if number != self.last.sequence + 1:
            yield self._problem("CR-JOURNAL-GAP", number, expected=self.last.sequence + 1)
        elif entry.previous != self.last.digest:
            yield self._problem("CR-JOURNAL-LINK", number)
        if entry.digest != chain_digest(entry):
            yield self._problem("CR-JOURNAL-DIGEST", number)
        if entry.known_at < self.last.known_at:
            yield self._problem("CR-JOURNAL-TIME", number)
        yield from self._payload(entry)
        self.last = Head(number, entry.digest, entry.known_at)

    def _payload(self, entry: Entry) -> Iterator[Problem]:
        if entry.erased:
            self.erased.add(entry.sequence)
        elif seal(entry.salt, entry.content) != entry.payload_digest:
            yield self._problem("CR-JOURNAL-PAYLOAD", entry.sequence)
        elif entry.kind == "erase":
            self.named.update((entry.payload or {})["entries"])

    def _tail(self, head: Head) -> Problem:
        return self._problem("CR-JOURNAL-TAIL", None, expected=head.sequence, found=self.last.sequence)

    def _problem(self, code: str, number: int | None, **values: object) -> Problem:
        return Problem(code, Place(file=self.file, row=number), values)


def refuse_broken_tail(last: Entry | None, head: Head, file: str) -> None:
    """`DataError` where the last entry isn't the one that the journal says it is, or doesn't say what its digest says."""
    found = Head(last.sequence, last.digest, last.known_at) if last else Head()
    if found != head or (last and chain_digest(last) != last.digest):
        values = {"expected": head.sequence, "found": found.sequence}
        raise DataError(Problem("CR-JOURNAL-TAIL", Place(file=file), values))
