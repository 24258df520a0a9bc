"""A journal holds what a plain dictionary of versions holds, whatever is posted, corrected, retracted and erased."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import cadrerules as cr
from small_bureau import PLAN

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
if TYPE_CHECKING:
    from cadrerules.journal.entries import Entry

KEYS = st.sampled_from(["A1", "A2", "A3"])
PERSONS = st.sampled_from(["P1", "P2"])
DAYS = st.decimals("0", "9", places=1)
START = datetime(2026, 1, 1, tzinfo=UTC)


class JournalMachine(RuleBasedStateMachine):
    """Each step takes a second; `versions` has for each key when it became what, `None` for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.folder = tempfile.TemporaryDirectory()
        self.versions: dict[str, list[tuple[datetime, dict[str, Any] | None]]] = {}
        self.calls: dict[str, tuple[Entry, Any]] = {}
        self._open()

    def _open(self) -> None:
        self.journal = cr.open_journal(Path(self.folder.name) / "a.db", PLAN, clock=lambda: self.now)

    def rows(self, at: datetime) -> dict[str, dict[str, Any]]:
        """The rows that the model has at a time."""
        latest = {key: [row for since, row in found if since <= at][-1:] for key, found in self.versions.items()}
        return {key: rows[0] for key, rows in latest.items() if rows and rows[0]}

    def enter(self, kind: str, key: str, actor: str, days: Any) -> None:
        """Do it on both sides, or see it refused where the model says so."""
        self.now += timedelta(seconds=1)
        row = {"activity": key, "kind": "lecture", "actor": actor, "done_on": "2026-01-02", "days": days}
        name = f"{kind}-{self.now:%M:%S}"
        calls = {
            "post": lambda: self.journal.post("activities", row, id=name),
            "correct": lambda: self.journal.correct("activities", row, id=name),
            "retract": lambda: self.journal.retract("activities", key, id=name),
        }
        if (key in self.rows(self.now)) == (kind == "post"):
            with pytest.raises(cr.DataError, match=r"CR-JOURNAL-(ROW-THERE|NO-ROW)"):
                calls[kind]()
            return
        self.calls[name] = (calls[kind](), calls[kind])
        self.versions.setdefault(key, []).append((self.now, None if kind == "retract" else row))

    @rule(kind=st.sampled_from(["post", "correct", "retract"]), key=KEYS, actor=PERSONS, days=DAYS)
    def change(self, kind: str, key: str, actor: str, days: Any) -> None:
        self.enter(kind, key, actor, days)

    @rule(actor=PERSONS, days=DAYS)
    def post_what_is_not_there(self, actor: str, days: Any) -> None:
        for key in sorted({"A1", "A2", "A3"} - self.rows(self.now).keys())[:1]:
            self.enter("post", key, actor, days)

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        entry, call = self.calls[data.draw(st.sampled_from(sorted(self.calls)))]
        assert call().digest == entry.digest

    @rule(person=PERSONS)
    def erase(self, person: str) -> None:
        self.now += timedelta(seconds=1)
        self.journal.erase(person)
        for key, found in self.versions.items():
            self.versions[key] = [(since, None if row and row["actor"] == person else row) for since, row in found]

    @rule()
    def open_again(self) -> None:
        self.journal.close()
        self._open()

    @rule(seconds=st.integers(0, 20))
    def look_back(self, seconds: int) -> None:
        at = max(START, self.now - timedelta(seconds=seconds))
        assert self.found(at) == self.rows(at)

    @invariant()
    def it_holds_the_same_rows(self) -> None:
        assert self.found(None) == self.rows(self.now)

    def found(self, at: datetime | None) -> dict[str, dict[str, Any]]:
        facts = self.journal.facts(at)
        if not facts:
            return {}
        rows = cr.read_tables(facts, PLAN)["activities"]
        return {
            row["activity"]: {
                **{name: row[name] for name in ("activity", "kind", "actor", "days")},
                "done_on": str(row["done_on"]),
            }
            for row in rows
        }

    def teardown(self) -> None:
        assert self.journal.check() == []
        self.journal.close()
        self.folder.cleanup()


JournalMachine.TestCase.settings = settings(max_examples=6, stateful_step_count=15)
TestJournal = JournalMachine.TestCase
