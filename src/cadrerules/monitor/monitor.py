"""A monitor: facts are posted, retracted and corrected one at a time, days go by, and what changes is told at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from ..engines.stream.delegate import Hosts, available
from ..errors import CadreError, DataError, Place, Problem, UsageError
from ..evaluate import prepare
from ..load.problems import Problems
from ..model.facts import FactTables, Row, Table
from ..model.result import Decision, Finding, NotEvaluated, Result
from .answers import Answers
from .changes import Change
from .engine import WITHOUT, EngineNote, MonitorEngine, broken, streaming
from .held import DISPUTES, HeldFacts, Key
from .journal import Journal, kept_in
from .reading import Reader

if TYPE_CHECKING:
    from ..journal.journal import Journal as Kept
    from ..plan import Plan

Changes = tuple[Change, ...]
OnChange = Callable[[Changes], object]


class CallbackError(CadreError):
    """A fact was applied, but what was to be told of it raised; `changes` are what was to be told."""

    def __init__(self, problems: Problem | Iterable[Problem], changes: Changes = ()) -> None:
        super().__init__(problems)
        self.changes = changes


class Monitor:
    """Facts that arrive one at a time, and what follows from them as of a day.

    At any time its answers are what `plan.evaluate` gives for the facts that it holds. Made by `Plan.monitor`.
    Safe to share between threads: one lock makes facts come one after the other, each whole. `on_change` is called
    after a fact, outside the lock and in the thread that brought it, so that it may call the monitor.
    """

    def __init__(
        self,
        plan: Plan,
        journal: Journal | Kept | None = None,
        *,
        facts: FactTables | None = None,
        as_of: date,
        on_change: OnChange | None = None,
        policies: Sequence[str],
        engine: MonitorEngine = "auto",
    ) -> None:
        if facts is not None and facts.group:
            raise UsageError(Problem("CR-MONITOR-GROUPED", values={"name": facts.group}))
        self.plan, self._names, self._on_change = plan, list(policies), on_change
        self._journal = None if journal is None else kept_in(journal)
        self._lock = threading.RLock()
        self._held = HeldFacts(plan.tables)
        self._reader = Reader(self._held)
        self._as_of, self._stale = as_of, False
        self._hosts = Hosts() if engine != "scalar" and available() else None
        if engine == "stream" and self._hosts is None:
            raise UsageError(Problem("CR-MONITOR-NO-STREAM"))
        for name, rows in (facts.rows if facts else {}).items():
            self._reader.table(name)
            self._held.add_table(name)
            for row in rows:
                self._held.put(name, row)
        self._calendar = self._first_year()
        self._answers = self._evaluated()
        if self._journal is not None:
            self._write_beginning(self._journal)

    @classmethod
    def resume(
        cls,
        plan: Plan,
        journal: Journal | Kept,
        *,
        on_change: OnChange | None = None,
        policies: Iterable[str] | None = None,
        engine: MonitorEngine = "auto",
    ) -> Self:
        """The monitor that a journal tells of, as it was after its last entry; it goes on writing to it.

        Raises `UsageError` for an empty journal, and `DataError` where an entry doesn't fit the plan's tables or
        the entries before it.
        """
        kept = kept_in(journal)
        entries = list(kept.entries())
        if not entries:
            raise UsageError(Problem("CR-MONITOR-NOTHING-KEPT"))
        names = plan._names(policies)  # noqa: SLF001 - the plan's own check of names
        monitor = cls(plan, as_of=entries[-1].as_of, on_change=on_change, policies=names, engine=engine)
        for entry in entries:
            monitor._again(entry.kind, entry.table, entry.row_or_key)
        monitor._calendar = monitor._first_year()
        monitor._answers = monitor._evaluated()
        monitor._journal = kept
        return monitor

    # --- facts ----------------------------------------------------------------------------------

    def post(self, table: str, row: Any) -> Changes:
        """A new fact: a row of a table, as a mapping or a model. What changes.

        The same fact again changes nothing. Raises `DataError` for a row that is refused, and where another
        row of its key is there; then nothing is changed.
        """
        return self._told(self._post, table, row)

    def correct(self, table: str, row: Any) -> Changes:
        """A fact is otherwise than was posted: the row that is to stand in place of that of its key. What changes.

        Raises `DataError` for a row that is refused, and where no row of its key is there.
        """
        return self._told(self._correct, table, row)

    def retract(self, table: str, key: Any) -> Changes:
        """A fact is none: the key of its row, as a mapping, its cells in order, or the only cell. What changes.

        Raises `DataError` where no row has the key, and where another row names this one.
        """
        return self._told(self._retract, table, key)

    def begin(self, table: str) -> Changes:
        """A table is there, though it may have no row: look-ups in it then find nothing, rather than something unknown. What changes."""
        return self._told(self._begin, table)

    def advance(self, day: date) -> Changes:
        """It is now this day, not before the last one told. What changes."""
        return self._told(self._advance, day)

    # --- what follows ---------------------------------------------------------------------------

    @property
    def as_of(self) -> date:
        """The day it is."""
        return self._as_of

    @property
    def engine(self) -> EngineNote:
        """What decides its rules, and why."""
        with self._lock:
            failed = next((d.failed for d in self._answers.delegates if d.failed), "")
            rules = [key for d in self._answers.delegates for key in d.rules]
        if self._hosts is None:
            return WITHOUT
        return broken(failed) if failed else streaming(rules)

    @property
    def facts(self) -> FactTables:
        """The facts that it holds, as tables."""
        with self._lock:
            return self._held.facts()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that hold or are undetermined now, in the order of an evaluation."""
        with self._lock:
            found = self._current().findings
            return tuple(found[at] for at in sorted(found))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions now, in the order of an evaluation."""
        with self._lock:
            found = self._current().decisions
            ordered = sorted(found.items(), key=lambda item: (item[0][0], item[1][0]))
            return tuple(decision for _, (_, decision) in ordered)

    @property
    def not_evaluated(self) -> tuple[NotEvaluated, ...]:
        """The policies and rules that the tables posted so far leave open."""
        with self._lock:
            return tuple(self._current().not_evaluated)

    def changes_from(self, before: Monitor) -> Changes:
        """What is otherwise than with another monitor of the same policies."""
        with before._lock:
            other = before._current()
        with self._lock:
            return tuple(self._current().all_changes(other))

    def result(self) -> Result:
        """A whole evaluation of the facts as they are now, with all that explains it."""
        with self._lock:
            facts, day = self._held.facts(), self._as_of
        return self.plan.evaluate(facts, as_of=day, policies=self._names, engine="scalar")

    # --- inside the lock ------------------------------------------------------------------------

    def _told(self, work: Callable[..., Changes], *given: Any) -> Changes:
        """Do the work under the lock, and tell of it outside."""
        with self._lock:
            changes = work(*given)
        if changes and self._on_change is not None:
            try:
                self._on_change(changes)
            except Exception as error:
                name = f"{type(error).__name__}: {error}"
                raise CallbackError(Problem("CR-MONITOR-CALLBACK", values={"reason": name}), changes) from error
        return changes

    def _post(self, name: str, raw: Any) -> Changes:
        table, row, before = self._read(name, raw)
        if before is not None and before != row:
            raise DataError(self._problem("CR-MONITOR-OTHER-ROW", table))
        return () if before == row else self._apply("post", table, row, None, row)

    def _correct(self, name: str, raw: Any) -> Changes:
        table, row, before = self._read(name, raw)
        if before is None:
            raise DataError(self._problem("CR-MONITOR-NO-ROW", table))
        return () if before == row else self._apply("correct", table, row, before, row)

    def _retract(self, name: str, raw: Any) -> Changes:
        table = self._reader.table(name)
        key = dict(zip(table.key, self._reader.key(table, raw), strict=True))
        before = self._held.rows.get(name, {}).get(tuple(key.values()))
        if before is None:
            raise DataError(self._problem("CR-MONITOR-NO-ROW", table))
        return self._apply("retract", table, key, before, None)

    def _begin(self, name: str) -> Changes:
        self._reader.table(name)
        if name in self._held.rows:
            return ()
        problems = Problems()
        problems.note(list(self._held.problems(name, None, None)))
        self._reader.raise_any(problems)
        self._held.add_table(name)
        try:
            prepare(self.plan, self._held.facts(), self._as_of)
            self._keep("table", name, None, self._as_of)
        except BaseException:
            self._held.remove_table(name)
            raise
        return self._whole()

    def _advance(self, day: date) -> Changes:
        if day < self._as_of:
            raise UsageError(Problem("CR-MONITOR-BACK", values={"day": day, "now": self._as_of}))
        if day == self._as_of:
            return ()
        prepare(self.plan, self._held.facts(), day)
        self._keep("advance", "", None, day)
        self._as_of = day
        return self._whole()

    def _read(self, name: str, raw: Any) -> tuple[Table, Row, Row | None]:
        table = self._reader.table(name)
        row = self._reader.row(table, raw)
        return table, row, self._held.rows.get(name, {}).get(self._held.key_of(name, row))

    def _problem(self, code: str, table: Table) -> Problem:
        return Problem(code, Place(file=table.name), {"key": ", ".join(table.key)})

    def _apply(self, kind: str, table: Table, told: Row, before: Row | None, after: Row | None) -> Changes:
        """Check, keep in the journal, then apply one fact."""
        problems = Problems()
        problems.note(list(self._held.problems(table.name, before, after)))
        self._reader.raise_any(problems)
        key, new = self._held.key_of(table.name, told), table.name not in self._held.rows
        self._put(table.name, key, after)
        try:
            if table.name == "waivers" or self._answers.python:
                prepare(self.plan, self._held.facts(), self._as_of)
            self._keep(kind, table.name, told, self._as_of)
        except BaseException:
            self._take_back(table.name, key, before, new=new)
            raise
        calendar, self._calendar = self._calendar, self._first_year()
        if new or table.name == DISPUTES or calendar != self._calendar or self._stale:
            return self._whole()
        return self._guarded(lambda: self._answers.change(table.name, key, after, self._held.facts))

    def _put(self, table: str, key: Key, row: Row | None) -> None:
        if row is None:
            self._held.drop(table, key)
        else:
            self._held.put(table, row)

    def _take_back(self, table: str, key: Key, before: Row | None, *, new: bool) -> None:
        """Undo a fact that was not kept."""
        if before is not None:
            self._held.put(table, before)
        else:
            self._held.drop(table, key)
        if new:
            self._held.remove_table(table)

    def _whole(self) -> Changes:
        """Evaluate everything anew, and compare."""

        def work() -> list[Change]:
            before, self._answers = self._answers, self._evaluated()
            return self._answers.all_changes(before)

        return self._guarded(work)

    def _guarded(self, work: Callable[[], list[Change]]) -> Changes:
        """Do the work; where it fails, the next fact is looked at together with this one."""
        self._stale = True
        changes = tuple(work())
        self._stale = False
        return changes

    def _current(self) -> Answers:
        return self._evaluated() if self._stale else self._answers

    def _evaluated(self) -> Answers:
        return Answers(self.plan, self._names, self._held.facts(), self._as_of, self._hosts)

    def _first_year(self) -> int | None:
        """The year in which the calendar begins, where the facts tell."""
        calendar, years = self.plan.policy_set.doc.calendar, self._held.years
        named = [min(years[name]) for name in calendar.seen_in if years.get(name)]
        return min(named or [min(counted) for counted in years.values() if counted], default=None)

    # --- the journal ----------------------------------------------------------------------------

    def _keep(self, kind: str, table: str, row: Row | None, day: date) -> None:
        if self._journal is not None:
            self._journal.append(kind, table, row, day)

    def _write_beginning(self, journal: Journal) -> None:
        """Write what the monitor starts from to a journal, which must be empty."""
        if any(True for _ in journal.entries()):
            raise UsageError(Problem("CR-MONITOR-JOURNAL-USED"))
        journal.append("advance", "", None, self._as_of)
        for table, rows in self._held.rows.items():
            journal.append("table", table, None, self._as_of)
            for row in rows.values():
                journal.append("post", table, row, self._as_of)

    def _again(self, kind: str, table: str, told: Any) -> None:
        """Hold what an entry of a journal tells, without evaluating it."""
        match kind:
            case "advance":
                return
            case "table":
                self._reader.table(table)
                self._held.add_table(table)
            case "retract":
                key = self._reader.key(self._reader.table(table), told)
                if key not in self._held.rows.get(table, {}):
                    raise DataError(Problem("CR-MONITOR-BAD-ENTRY", values={"kind": kind}))
                self._held.drop(table, key)
            case "post" | "correct":
                self._held.put(table, self._reader.row(self._reader.table(table), told))
            case _:
                raise DataError(Problem("CR-MONITOR-BAD-ENTRY", values={"kind": kind}))
