"""A monitor in each of several processes over one journal: it takes in what others entered before it answers or enters."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from ..errors import CadreError, Problem, UsageError
from ..journal.keeping import Kept, enter, kept
from ..model.result import Result
from .applying import apply_fact, told_by
from .engine import MonitorEngine
from .monitor import Changes, Monitor

if TYPE_CHECKING:
    from ..journal.entries import Entry
    from ..journal.journal import Journal
    from ..plan import Plan

_MOVED_ON = "CR-JOURNAL-MOVED-ON"


class SharedMonitor:
    """A monitor over a journal to which other processes write too: the workers of a service, a batch job beside it.

    Each process opens the journal and makes its own. A fact is checked against all that is in the journal and entered only if
    nothing came between; else it is looked at again. Safe to share between threads, not across a fork.

    >>> import tempfile, cadrerules as cr
    >>> plan, place = cr.load_policies("market-supervision"), tempfile.mkdtemp() + "/bureau.db"
    >>> with cr.open_journal(place, plan) as journal, cr.open_journal(place, plan) as elsewhere:
    ...     one, other = cr.SharedMonitor(plan, journal), cr.SharedMonitor(plan, elsewhere)
    ...     _ = one.post("progress", {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": 80})
    ...     other.current().decisions[0].verdict
    'red'
    """

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        *,
        as_of: date | None = None,
        policies: Iterable[str] | None = None,
        engine: MonitorEngine = "auto",
    ) -> None:
        """Begin with what stands in the journal; in one without a day, enter `as_of` (default: today).

        `policies` and `engine` are as `Plan.monitor` takes them. Raises as `Monitor.resume` does.
        """
        self.plan, self.journal = plan, journal
        self._policies = None if policies is None else list(policies)
        self._engine: MonitorEngine = engine
        self._lock = threading.RLock()
        self._result: tuple[int, Result] | None = None
        self._enter_first_day(as_of or date.today())
        self._begin()

    @property
    def sequence(self) -> int:
        """The number of the last entry that it has taken in."""
        with self._lock:
            return self._turns.seen

    def current(self) -> Monitor:
        """The monitor, with all that is in the journal; for reading, since what it is told by itself isn't entered."""
        with self._lock:
            self._take_in()
            return self._monitor

    def result(self) -> Result:
        """The whole evaluation of what is in the journal now, with all that explains it; kept until something is entered."""
        with self._lock:
            self._take_in()
            if self._result is None or self._result[0] != self._turns.seen:
                self._result = self._turns.seen, self._monitor.result()
            return self._result[1]

    def post(self, table: str, row: Any, *, id: str = "") -> Changes:  # noqa: A002 - as journals call it
        """A new fact. What it changes; nothing where it was there, or where the call with this `id` was made before.

        Raises as `Monitor.post` and `Journal.post` do; then nothing was entered.
        """
        return self._tell(lambda: self._monitor.post(table, row), id, lambda: self.journal.post(table, row, id=id))

    def correct(self, table: str, row: Any, *, id: str = "") -> Changes:  # noqa: A002
        """A fact is otherwise than was posted. What it changes; raises as `Monitor.correct` and `Journal.correct` do."""
        return self._tell(lambda: self._monitor.correct(table, row), id, lambda: self.journal.correct(table, row, id=id))

    def retract(self, table: str, key: Any, *, id: str = "") -> Changes:  # noqa: A002
        """A fact is none. What it changes; raises as `Monitor.retract` and `Journal.retract` do."""
        return self._tell(lambda: self._monitor.retract(table, key), id, lambda: self.journal.retract(table, key, id=id))

    def advance(self, day: date, *, id: str = "") -> Changes:  # noqa: A002
        """It is now this day. What changes; raises as `Monitor.advance` and `Journal.advance` do."""
        return self._tell(lambda: self._monitor.advance(day), id, lambda: self.journal.advance(day, id=id))

    def _tell(self, work: Callable[[], Changes], id: str, repeat: Callable[[], Entry]) -> Changes:  # noqa: A002
        """Enter a fact right after what has been taken in, again where another process was first."""
        with self._lock:
            while True:
                self._take_in()
                if id and self.journal.entry(id):
                    repeat()  # the journal says whether it is the same call
                    return ()
                try:
                    with self._turns.entering(id):
                        return work()
                except UsageError as error:
                    if error.code != _MOVED_ON:
                        raise

    def _enter_first_day(self, day: date) -> None:
        while (standing := self.journal.standing()).day is None:
            try:
                self.journal.advance(day, after=standing.head.sequence)
            except UsageError as error:
                if error.code != _MOVED_ON:
                    raise

    def _begin(self) -> None:
        """Hold what stands in the journal."""
        self._turns = _Turns(self.journal)
        self._monitor = Monitor.resume(self.plan, self._turns, policies=self._policies, engine=self._engine)

    def _take_in(self) -> None:
        """Take in the entries that are new; begin anew where they aren't facts that a monitor can be told."""
        for entry in self.journal.entries(self._turns.seen):
            if entry.erased or entry.kind == "erase" or not self._takes(entry):
                return self._begin()
            self._turns.seen = entry.sequence

    def _takes(self, entry: Entry) -> bool:
        """Tell the monitor; false where it refuses, since somebody entered that without one."""
        try:
            if (told := told_by(entry)) is not None:
                apply_fact(self._monitor, told)
        except CadreError:
            return False
        return True


class _Turns:
    """The journal as the monitor keeps facts in it: what is taken in stands there already, what is told is entered after it."""

    def __init__(self, journal: Journal) -> None:
        self.journal, self.seen = journal, 0
        self._id: str | None = None

    @contextmanager
    def entering(self, id: str) -> Iterator[None]:  # noqa: A002
        """What is told meanwhile is entered, with this id."""
        self._id = id
        try:
            yield
        finally:
            self._id = None

    def append(self, kind: str, table: str, row_or_key: Mapping[str, Any] | None, as_of: date) -> None:
        """Enter a fact that this process was told."""
        if self._id is None:
            return
        entry = enter(self.journal, kind, table, row_or_key, as_of, id=self._id, after=self.seen)
        if entry.sequence != self.seen + 1:  # another process was told it just now, with the same id
            raise UsageError(Problem(_MOVED_ON, values={"known": self.seen, "found": entry.sequence}))
        self.seen = entry.sequence

    def entries(self) -> Iterator[Kept]:
        """What stands in the journal."""
        standing = self.journal.standing()
        self.seen = standing.head.sequence
        return kept(standing)
