"""What follows from facts as others tell them: entries that come to a journal, or lines of JSON."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final, Protocol

from ..errors import CadreError, DataError, Problem
from .applying import LONGEST, DayTold, Told, apply_fact, read_line, told_by
from .monitor import Changes, Monitor

if TYPE_CHECKING:
    from ..journal.entries import Entry
    from ..journal.journal import Journal
    from ..journal.state import Standing
    from ..plan import Plan

POLL: Final = 0.2
"""How often a journal is looked at, in seconds."""


@dataclass(frozen=True)
class Seen:
    """What came of an entry or a line, by its number: `changes`, or why it was `refused`; and the day it then was.

    Neither where an entry makes those before it fit together, and nothing follows.
    """

    number: int
    as_of: date
    changes: Changes = ()
    refused: CadreError | None = None


class Lines(Protocol):
    """A binary stream, of which lines are read as they come."""

    def readline(self, limit: int = -1, /) -> bytes:
        """The next line, or as much of it as the limit lets; nothing at the end."""


def watch_lines(monitor: Monitor, lines: Lines) -> Iterator[Seen]:
    """Apply each fact of a stream of JSON Lines; those that change something, and those refused, by the number of the line."""
    for number, line in enumerate(_limited(lines), start=1):
        try:
            changes = apply_fact(monitor, read_line(line)) if line.strip() else ()
        except CadreError as error:
            problems = [replace(problem, place=replace(problem.place, line=number)) for problem in error.problems]
            yield Seen(number, monitor.as_of, refused=DataError(problems))
        else:
            if changes:
                yield Seen(number, monitor.as_of, changes)


def _limited(lines: Lines) -> Iterator[bytes]:
    """The lines of a stream as they come; of one that is too long no more than shows that."""
    while line := lines.readline(LONGEST + 1):
        rest = line
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = lines.readline(LONGEST + 1)
        yield line


class JournalWatch:
    """Keeps a monitor in step with a journal that others write to.

    It begins `after` the entry of a number (default: the last one), as of the day given, else the last one that the
    journal tells, else today; then the day is that of the clock, until the journal tells one. Raises `DataError` where the journal's
    facts don't fit the plan's tables. Not to be shared between threads.
    """

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        *,
        after: int | None = None,
        as_of: date | None = None,
        policies: Iterable[str] | None = None,
    ) -> None:
        self._plan, self._journal, self._policies = plan, journal, None if policies is None else list(policies)
        standing = journal.standing(after)
        self.at = standing.head.sequence
        """The number of the last entry that was looked at."""
        self._by_clock = as_of is None and standing.day is None
        self._day = as_of or standing.day or date.today()
        self.monitor = self._made(standing)
        self._behind, self._missed, self._tried = False, 0, -1
        self._refused: tuple[Problem, ...] = ()

    def run(self, *, once: bool = False, stop: threading.Event | None = None, poll: float = POLL) -> Iterator[Seen | None]:
        """What comes of new entries, and `None` each time there are none, until `stop` is set; with `once`, of those there are.

        Facts may come to a journal in an order in which they don't fit together at first (a row before the one it names):
        then all are taken anew as soon as they do.
        """
        waiting = stop or threading.Event()
        while not waiting.is_set():
            yield from self._look(waiting)
            if once:
                return
            yield None
            waiting.wait(poll)

    # --- entries --------------------------------------------------------------------------------

    def _look(self, stop: threading.Event) -> Iterator[Seen]:
        """What comes of the entries that are there now. What was entered at once is looked at together."""
        for _, together in groupby(self._journal.entries(self.at), key=lambda entry: entry.known_at):
            for entry in together:
                if stop.is_set():
                    return
                self.at = entry.sequence
                yield from self._take(entry)
            if self._behind and self._is_time():
                yield from self._anew()
        if self._by_clock and (today := date.today()) > self._day:
            yield from self._moved(DayTold(kind="advance", day=today))
        if self._behind and self._tried != self.at:
            yield from self._anew()

    def _is_time(self) -> bool:
        """Whether to take all anew after what was just entered: at once, then ever less often, since that reads the whole journal."""
        self._missed += 1
        return self._missed & (self._missed - 1) == 0

    def _take(self, entry: Entry) -> Iterator[Seen]:
        if entry.kind == "advance":
            self._by_clock = False
        if entry.kind == "erase" or (entry.erased and entry.kind in ("post", "correct", "retract")):
            self._behind = True
        elif (told := told_by(entry)) is not None:
            yield from self._moved(told)

    def _moved(self, told: Told) -> Iterator[Seen]:
        """What comes of a fact; one that is refused by itself may fit together with others."""
        if isinstance(told, DayTold):
            if told.day <= self._day:
                return
            self._day = told.day
        if self._behind:
            return
        try:
            changes = apply_fact(self.monitor, told)
        except CadreError:
            self._behind = True
        else:
            if changes:
                yield Seen(self.at, self._day, changes)

    def _anew(self) -> Iterator[Seen]:
        """Take all facts as they are after the last entry looked at; tell once why that can't be."""
        self._tried = self.at
        standing = self._journal.standing(self.at)
        try:
            monitor = self._made(standing)
        except CadreError as error:
            if error.problems != self._refused:
                self._refused = error.problems
                yield Seen(self.at, self._day, refused=error)
            return
        changes, self.monitor = monitor.changes_from(self.monitor), monitor
        if changes or self._refused:
            yield Seen(self.at, self._day, changes)
        self._behind, self._missed, self._refused = False, 0, ()

    def _made(self, standing: Standing) -> Monitor:
        return self._plan.monitor(facts=standing.rows or None, as_of=self._day, policies=self._policies, engine="scalar")
