"""Monitors of several processes over one journal: each knows what the others entered, and nothing is entered on old knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import cadrerules as cr
from small_bureau import PLAN, row

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
if TYPE_CHECKING:
    from cadrerules.journal.journal import Journal

DAY = date(2025, 1, 15)
PROGRESS = {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": "80.25"}
HEAD = {"person": "P1", "unit": "U1", "role": "head"}


@pytest.fixture
def journals(journal_place: str) -> Iterator[list[Journal]]:
    """One journal, opened as by three processes."""
    with ExitStack() as opened:
        yield [opened.enter_context(cr.open_journal(journal_place, PLAN)) for _ in range(3)]


@pytest.fixture
def pair(journals: list[Journal]) -> list[cr.SharedMonitor]:
    return [cr.SharedMonitor(PLAN, journal, as_of=DAY) for journal in journals[:2]]


def flags(monitor: cr.SharedMonitor) -> list[tuple[str, str | None]]:
    return [(d.subject.id, d.verdict) for d in monitor.current().decisions if d.question == "flag"]


def code(error: pytest.ExceptionInfo[Any]) -> str:
    return str(error.value.code)


def test_each_knows_what_the_other_entered(pair: list[cr.SharedMonitor]) -> None:
    one, other = pair
    changes = one.post("progress", PROGRESS)
    assert str(changes[0]) == "decision flag U1 2024Q1 begins: - -> red"
    assert flags(other) == [("U1", "red")]
    other.post("progress", {**PROGRESS, "unit": "U2", "progress": 90})
    other.correct("progress", {**PROGRESS, "progress": 95})
    assert one.current().facts["progress"][0]["progress"] == 95
    one.retract("progress", ("2024Q1", "U1", "I1"))
    assert flags(other) == [("U2", "red")]
    one.advance(date(2025, 2, 1))
    assert other.current().as_of == date(2025, 2, 1)
    assert (one.sequence, other.sequence) == (6, 6)


def test_the_first_day_is_entered_once(journals: list[Journal]) -> None:
    for journal, day in zip(journals, (DAY, date(2025, 3, 1), None), strict=True):
        assert cr.SharedMonitor(PLAN, journal, as_of=day).current().as_of == DAY
    assert [entry.kind for entry in journals[0].entries()] == ["advance"]


def test_a_fact_is_checked_against_what_others_entered(pair: list[cr.SharedMonitor]) -> None:
    one, other = pair
    one.post("units", {"unit": "U1"})
    with pytest.raises(cr.DataError) as caught:
        other.post("progress", {**PROGRESS, "unit": "U9"})
    assert code(caught) == "CR-NO-SUCH-REFERENCE"
    other.post("progress", PROGRESS)
    with pytest.raises(cr.DataError) as caught:
        one.retract("units", "U1")
    assert code(caught) == "CR-MONITOR-STILL-NAMED"


def test_what_another_enters_in_between_is_looked_at_first(
    journals: list[Journal], pair: list[cr.SharedMonitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the check of a row and before it is entered, another process takes away what it names."""
    one, other = pair
    one.post("units", {"unit": "U1"})
    write = journals[0].post

    def late(*given: Any, **named: Any) -> Any:
        monkeypatch.undo()
        other.retract("units", "U1")
        return write(*given, **named)

    monkeypatch.setattr(journals[0], "post", late)
    with pytest.raises(cr.DataError) as caught:
        one.post("progress", PROGRESS)
    assert code(caught) == "CR-NO-SUCH-REFERENCE"
    assert [entry.kind for entry in journals[2].entries()] == ["advance", "post", "retract"]


def test_a_call_with_an_id_counts_once(pair: list[cr.SharedMonitor]) -> None:
    one, other = pair
    assert one.post("progress", PROGRESS, id="a")
    one.correct("progress", {**PROGRESS, "progress": 95}, id="b")
    assert other.post("progress", PROGRESS, id="a") == ()
    assert other.retract("progress", ("2024Q1", "U1", "I1"), id="c")
    assert one.post("progress", PROGRESS, id="a") == ()
    assert one.retract("progress", ("2024Q1", "U1", "I1"), id="c") == ()
    assert one.current().facts["progress"] == ()
    with pytest.raises(cr.UsageError) as caught:
        one.post("progress", {**PROGRESS, "progress": 1}, id="a")
    assert code(caught) == "CR-JOURNAL-ID-REUSED"


def test_the_same_call_of_two_processes_at_once_counts_once(
    journals: list[Journal], pair: list[cr.SharedMonitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    write = journals[0].post

    def late(*given: Any, **named: Any) -> Any:
        monkeypatch.undo()
        other.advance(date(2025, 2, 1))
        other.post("progress", PROGRESS, id="a")
        return write(*given, **named)

    monkeypatch.setattr(journals[0], "post", late)
    assert one.post("progress", PROGRESS, id="a") == ()
    assert (one.current().as_of, flags(one)) == (date(2025, 2, 1), [("U1", "red")])
    assert one.sequence == 3


def test_who_is_erased_is_forgotten_by_all(journals: list[Journal], pair: list[cr.SharedMonitor]) -> None:
    one, other = pair
    one.post("staff", HEAD)
    one.post("results", row(unit="U1", deducted="2.5", cause="subjective"))
    assert any(d.subject.id == "P1" for d in other.current().decisions)
    journals[2].erase("P1")
    for monitor in pair:
        assert not any(d.subject.id == "P1" for d in monitor.current().decisions)


def test_what_was_entered_without_a_monitor_is_held_as_well(journals: list[Journal], pair: list[cr.SharedMonitor]) -> None:
    one, other = pair
    one.post("units", {"unit": "U1"})
    journals[2].post("progress", {**PROGRESS, "unit": "U9"})
    journals[2].begin("style")
    assert "style" in one.current().facts
    assert flags(one) == flags(other) == [("U9", "red")]


def test_a_whole_evaluation_is_kept_until_something_is_entered(pair: list[cr.SharedMonitor]) -> None:
    one, other = pair
    one.post("progress", PROGRESS)
    result = other.result()
    assert result.decision("flag", "U1").explain().startswith("Flag: unit U1, 2024Q1")
    assert other.result() is result
    one.post("progress", {**PROGRESS, "unit": "U2"})
    assert [d.subject.id for d in other.result().decisions] == ["U1", "U2"]


def test_many_at_once_lose_nothing(journals: list[Journal]) -> None:
    """Eight threads on three monitors post, correct and retract; in the end all say what an evaluation says."""
    monitors = [cr.SharedMonitor(PLAN, journal, as_of=DAY, policies=["board"], engine="scalar") for journal in journals]

    def work(number: int) -> None:
        monitor, unit = monitors[number % 3], f"U{number}"
        for quarter in ("2024Q1", "2024Q2", "2024Q3"):
            fact = {**PROGRESS, "unit": unit, "quarter": quarter, "progress": number}
            monitor.post("progress", fact, id=f"{unit}/{quarter}")
            monitor.correct("progress", {**fact, "progress": 90 - number})
        monitor.retract("progress", ("2024Q3", unit, "I1"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(list(journals[0].entries())) == 1 + 8 * 7
    assert journals[0].check() == []
    whole = PLAN.evaluate(cr.read_tables(journals[0].facts(), PLAN), as_of=DAY, policies=["board"])
    assert len(whole.decisions) >= 16
    for monitor in monitors:
        assert [d.model_dump() for d in monitor.current().decisions] == [d.model_dump() for d in whole.decisions]
