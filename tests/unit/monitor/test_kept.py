"""A monitor that keeps its facts in a real journal, and goes on from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.monitor.monitor import Monitor

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")

PLAN = cr.load_policies("market-supervision").amend(params={"board.red_to": 1})
ROWS = [{"quarter": "2024Q1", "unit": unit, "indicator": "I1", "progress": points} for unit, points in (("U1", "80.25"), ("U2", 90))]


def test_a_monitor_goes_on_from_a_journal_on_disk(tmp_path: Path) -> None:
    facts = cr.read_tables({"progress": ROWS, "waivers": []}, PLAN)
    with cr.open_journal(tmp_path / "facts.db", PLAN) as journal:
        one = PLAN.monitor(journal, facts=facts, as_of=date(2024, 4, 1), policies=["board"])
        one.correct("progress", {**ROWS[0], "progress": "95.5"})
        one.post("style", {"quarter": "2024Q1", "unit": "U1", "style": "good"})
        one.advance(date(2024, 5, 1))
        with pytest.raises(cr.DataError):
            one.post("progress", {**ROWS[0], "progress": -1})
        assert [entry.kind for entry in journal.entries()][-3:] == ["correct", "post", "advance"]
    with cr.open_journal(tmp_path / "facts.db", PLAN) as journal:
        two = Monitor.resume(PLAN, journal, policies=["board"])
        assert two.as_of == date(2024, 5, 1)
        assert {name: sorted(rows, key=str) for name, rows in two.facts.rows.items()} == {
            name: sorted(rows, key=str) for name, rows in one.facts.rows.items()
        }
        assert [d.model_dump() for d in two.decisions] == [d.model_dump() for d in one.decisions]
        changes = two.retract("progress", ("2024Q1", "U1", "I1"))
        assert str(changes[0]) == "decision flag U1 2024Q1 ends: red -> -"
        assert [entry.kind for entry in journal.entries()][-1] == "retract"


def test_two_monitors_on_one_journal_can_not_both_enter_a_fact(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "facts.db", PLAN) as journal:
        one = PLAN.monitor(journal, as_of=date(2024, 4, 1), policies=["board"])
        two = Monitor.resume(PLAN, journal, policies=["board"])
        one.post("progress", ROWS[0])
        with pytest.raises(cr.DataError):
            two.post("progress", ROWS[0])
        assert two.decisions == ()
        assert "progress" not in two.facts
