"""Finds the comments and empty lines of a document, and gives each to the entry that it belongs to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ruamel.yaml.nodes import ScalarNode

from .entries import Entry, line_end


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, or with an empty text an empty line: where it begins, and whether it has its line to itself."""

    at: int
    text: str
    alone: bool = True


def remarks(root: Entry, text: str) -> list[Remark]:
    """The comments and empty lines of a text, in order."""
    return [remark for start, end in _gaps(root, text) for remark in _in_gap(text, start, end)]


def _gaps(root: Entry, text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text that hold no keys or values; whatever follows a `#` there is a comment."""
    at = 0
    for start, end in sorted(_written(root, text)):
        yield at, start
        at = end
    yield at, len(text)


def _written(root: Entry, text: str) -> Iterator[tuple[int, int]]:
    for entry in root.walk():
        if entry.key is not None:
            yield entry.start, int(entry.key.end_mark.index)
        if isinstance(entry.value, ScalarNode):
            start = int(entry.value.start_mark.index)
            yield (line_end(text, start) if entry.in_own_lines else start), max(entry.end, start)


def _in_gap(text: str, start: int, end: int) -> Iterator[Remark]:
    at = start
    while at < end:
        stop = min(line_end(text, at), end)
        line_start = text.rfind("\n", 0, at) + 1
        found = text.find("#", at, stop)
        if found >= 0:
            yield Remark(found, text[found:stop].rstrip(), not text[line_start:found].strip())
        elif line_start == at and not text[at:stop].strip() and stop < len(text) and text[stop] == "\n":
            yield Remark(at, "")
        at = stop + 1


def attach(root: Entry, found: Sequence[Remark], text: str) -> None:
    """Give each comment to an entry: that on whose line it stands, else the next one, unless it is set in below the last one."""
    given = _Given(root, text)
    for remark in found:
        given.take(remark)
    given.finish()


class _Given:
    """Hands out remarks in the order of the text."""

    def __init__(self, root: Entry, text: str) -> None:
        self.root, self.text = root, text
        self.entries = [entry for entry in root.walk() if entry is not root]
        self.starts = [entry.start for entry in self.entries]
        self.parents = {id(inner): outer for outer in root.walk() for inner in outer.entries}
        self.waiting: list[Remark] = []

    def take(self, remark: Remark) -> None:
        """Give a remark to its entry, with the empty line before it."""
        if remark.alone:
            target = self._next(remark.at)
            if self.waiting and self._next(self.waiting[0].at) is not target:
                self.finish()
            self.waiting.append(remark)
            return
        self.finish()
        holder = self._beside(remark.at)
        if holder is None:
            self._place([remark])
        elif holder.beside:
            holder.leading.append(remark.text)
        else:
            holder.beside = remark.text

    def finish(self) -> None:
        """Give the lines that wait to the entry that follows them, or that they end."""
        if self.waiting:
            self._place(self.waiting)
            self.waiting = []

    def _place(self, lines: Sequence[Remark]) -> None:
        """Lines before the same entry: the first ones may be set in and so belong to what ends there."""
        following = self._next(lines[0].at)
        kept = [line for before, line in pairwise([Remark(0, "#"), *lines]) if line.text or before.text]
        for at, remark in enumerate(kept):
            said = remark if remark.text else kept[min(at + 1, len(kept) - 1)]  # an empty line goes with the comment after it
            foot = self._ended_by(said, following)
            if foot is None and following is not None:
                following.leading += [line.text for line in kept[at:]]
                return
            (foot or self.root).foot.append(remark.text)

    def _before(self, at: int) -> Entry:
        """The last entry that begins before a place, or the document."""
        count = bisect_right(self.starts, at)
        return self.entries[count - 1] if count else self.root

    def _next(self, at: int) -> Entry | None:
        """The entry above which a line stands: the next one, or the one of whose key and value it stands between."""
        before, count = self._before(at), bisect_right(self.starts, at)
        if before is not self.root and not before.entries and at < int(before.value.start_mark.index):
            return before
        return self.entries[count] if count < len(self.entries) else None

    def _ended_by(self, remark: Remark, following: Entry | None) -> Entry | None:
        """The block or brackets that the comment ends; None where it belongs to what follows."""
        stop = self.root if following is None else self.parents[id(following)]
        at = self._before(remark.at)
        column = remark.at - (self.text.rfind("\n", 0, remark.at) + 1)
        least = stop.column
        while at is not stop and at is not self.root:
            if at.flow and at.start < remark.at < at.end:
                return at
            if at.entries and not at.flow and least < at.column <= column:
                return at
            at = self.parents[id(at)]
        return None if following is not None else self.root

    def _beside(self, at: int) -> Entry | None:
        """The entry that ends, or whose value begins, last on the line before a comment."""
        best, found = self.text.rfind("\n", 0, at), None
        entry = self._before(at)
        while entry is not self.root:
            for place in (entry.opened, entry.end):
                if best < place <= at:
                    best, found = place, entry
            entry = self.parents[id(entry)]
        return found
