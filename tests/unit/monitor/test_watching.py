"""A watch is always where the journal is: what it tells adds up to what evaluating the journal's facts gives."""

from __future__ import annotations

import io
import random
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import cadrerules as cr
from cadrerules.monitor.applying import LONGEST
from cadrerules.monitor.watching import JournalWatch, Seen, watch_lines
from monitored import named, said
from small_bureau import PLAN

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
if TYPE_CHECKING:
    from cadrerules.journal.journal import Journal

DAY = date(2024, 7, 1)


def progress(unit: str = "U1", value: Any = 80, quarter: str = "2024Q1") -> dict[str, Any]:
    return {"quarter": quarter, "unit": unit, "indicator": "I1", "progress": value}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with cr.open_journal(tmp_path / "a.db", PLAN) as opened:
        yield opened


def seen(watch: JournalWatch) -> list[tuple[int, list[str]]]:
    """The new entries that changed something or were refused, with what changed, or the codes."""
    return [(one.number, told(one)) for one in watch.run(once=True) if one]


def told(one: Seen) -> list[str]:
    if one.refused:
        return [problem.code for problem in one.refused.problems]
    return [str(change) for change in one.changes if change.of == "decision"]


def watching(journal: Journal, **named: Any) -> JournalWatch:
    return JournalWatch(PLAN, journal, **{"as_of": DAY, "policies": ["board"], **named})


def test_it_begins_where_the_journal_is_or_after_an_entry(journal: Journal) -> None:
    journal.post("progress", progress())
    journal.correct("progress", progress(value=None))
    later = watching(journal)
    assert (later.at, seen(later)) == (2, [])
    journal.retract("progress", ("2024Q1", "U1", "I1"))
    ended = (3, ["decision flag U1 2024Q1 ends: red -> -"])
    assert seen(later) == [ended]
    assert seen(later) == []
    assert seen(watching(journal, after=0)) == [(1, ["decision flag U1 2024Q1 begins: - -> red"]), ended]
    assert seen(watching(journal, after=2)) == [ended]


def test_rows_that_come_before_those_they_name_are_waited_for(journal: Journal) -> None:
    watch = watching(journal)
    journal.post_all("progress", [progress("U1"), progress("U2", 70)])
    journal.post_all("units", [{"unit": "U1"}, {"unit": "U2"}])  # one by one, neither would do
    assert [number for number, _ in seen(watch)] == [1, 2]
    journal.post("progress", progress("U9", 60))
    assert seen(watch) == [(5, ["CR-NO-SUCH-REFERENCE"])]
    journal.post("progress", progress("U1", 50, "2023Q1"))
    assert seen(watch) == []  # nothing new is wrong
    journal.post("units", {"unit": "U9"})
    ((number, changes),) = seen(watch)
    assert number == 7
    assert changes == [f"decision flag {where} begins: - -> red" for where in ("U1 2023Q1", "U9 2024Q1")]
    journal.retract("progress", ("2024Q1", "U9", "I1"))
    assert seen(watch) == [(8, ["decision flag U9 2024Q1 ends: red -> -"])]


def test_facts_that_begin_to_fit_without_a_change_are_told(journal: Journal) -> None:
    journal.post("units", {"unit": "U1"})
    watch = watching(journal)
    journal.post("progress", progress("U2"))
    journal.retract("progress", ("2024Q1", "U2", "I1"))
    assert seen(watch) == [(2, ["CR-NO-SUCH-REFERENCE"]), (3, [])]


def test_facts_that_do_not_fit_at_first_are_refused(journal: Journal) -> None:
    journal.post("units", {"unit": "U1"})
    journal.post("progress", progress("U2"))
    with pytest.raises(cr.DataError, match="CR-NO-SUCH-REFERENCE"):
        watching(journal)


def test_what_rested_on_an_erased_row_ends(journal: Journal) -> None:
    plan = PLAN.amend(params={"board.black_quarters": 1, "board.yellow_to": 2, "board.red_to": 1})
    head = {"person": "P1", "unit": "U1", "role": "head"}
    for table, row in (("staff", head), ("style", {"quarter": "2024Q1", "unit": "U1", "style": "prominent_problems"})):
        journal.post(table, row)
    journal.post_all("progress", [progress("U1", 70), progress("U2", 80), progress("U3", 90)])
    watch = JournalWatch(plan, journal, as_of=DAY, policies=["board"])
    assert journal.erase("P1").erased == (1,)
    assert seen(watch) == [(6, ["decision interview P1 2024Q1 ends: due -> -"])]
    assert seen(JournalWatch(plan, journal, after=0, as_of=DAY, policies=["board"]))[-1][0] == 5


def test_days_come_from_the_journal_or_else_from_the_clock(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(date):
        now = DAY

        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            return cls.now

    monkeypatch.setattr("cadrerules.monitor.watching.date", Clock)
    watch, given = watching(journal, as_of=None), watching(journal)
    Clock.now = date(2024, 7, 2)
    assert (seen(watch), seen(given)) == ([], [])
    assert (watch.monitor.as_of, given.monitor.as_of) == (Clock.now, DAY)
    for day in (date(2024, 9, 1), date(2024, 8, 1)):  # the second is long past
        journal.advance(day)
    Clock.now = date(2024, 10, 1)
    assert (seen(watch), seen(given)) == ([], [])
    assert watch.monitor.as_of == given.monitor.as_of == date(2024, 9, 1)
    assert watching(journal, as_of=None).monitor.as_of == date(2024, 8, 1)


def test_a_table_without_rows_answers_look_ups(journal: Journal) -> None:
    journal.post("progress", progress())
    watch = watching(journal)
    assert {left.rule for left in watch.monitor.not_evaluated}
    journal.begin("style")
    journal.begin("staff")
    seen(watch)
    assert watch.monitor.not_evaluated == ()


def test_it_goes_on_until_it_is_stopped(journal: Journal) -> None:
    stop, numbers = threading.Event(), []
    for one in watching(journal).run(stop=stop, poll=0.01):
        if one is None and not numbers:
            numbers.append(journal.post("progress", progress()).sequence)
        elif one is not None:
            assert one.number == numbers[0]
            stop.set()


@pytest.mark.parametrize("seed", range(3))
def test_what_it_tells_adds_up_to_an_evaluation(seed: int, journal: Journal) -> None:
    dice = random.Random(seed)  # noqa: S311
    watch, shown = watching(journal), {}
    for _ in range(60):
        anything(journal, dice)
        for one in watch.run(once=True):
            for change in one.changes if one else ():
                assert change.old is None or shown.pop(named(change.old)) == said(change.old)
            shown |= {named(c.new): said(c.new) for c in (one.changes if one else ()) if c.new is not None}
        try:
            facts = cr.read_tables(journal.facts(), PLAN)
        except cr.DataError:
            continue
        result = PLAN.evaluate(facts, as_of=watch.monitor.as_of, policies=["board"], engine="scalar")
        assert shown == {named(r): said(r) for r in (*result.findings, *result.decisions)}


def anything(journal: Journal, dice: random.Random) -> None:
    """Something that the journal may refuse, and often something that doesn't fit what is there."""
    unit, quarter = dice.choice(["U1", "U2", "U3"]), dice.choice(["2024Q1", "2024Q2"])
    row = progress(unit, dice.choice([None, 70, 80, 90]), quarter)
    style = {"quarter": quarter, "unit": unit, "style": dice.choice(["good", "ordinary"])}
    calls = [
        lambda: journal.post("progress", row),
        lambda: journal.correct("progress", row),
        lambda: journal.retract("progress", (quarter, unit, "I1")),
        lambda: journal.post("style", style),
        lambda: journal.retract("style", (quarter, unit)),
        lambda: journal.post("units", {"unit": unit}),
        lambda: journal.retract("units", unit),
    ]
    try:
        dice.choice(calls)()
    except cr.DataError:
        return


def test_lines_that_are_refused_end_nothing() -> None:
    lines = [
        b'{"kind": "post", "table": "progress", "row": {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": 1}}',
        b"",
        b'{"kind": "post", "table": "progres", "row": {}}',
        b"x" * (2 * LONGEST + 5),
        b'{"kind": "advance", "day": "2024-01-01"}',
        b'{"kind": "retract", "table": "progress", "key": ["2024Q1", "U1", "I1"]}',
    ]
    monitor = PLAN.monitor(as_of=DAY, policies=["board"], engine="scalar")
    found = list(watch_lines(monitor, io.BytesIO(b"\n".join(lines))))
    assert [(one.number, told(one)) for one in found] == [
        (1, ["decision flag U1 2024Q1 begins: - -> red"]),
        (3, ["CR-NO-SUCH-TABLE"]),
        (4, ["CR-LINE-TOO-LONG"]),
        (5, ["CR-MONITOR-BACK"]),
        (6, ["decision flag U1 2024Q1 ends: red -> -"]),
    ]
    assert all(problem.place.line == one.number for one in found if one.refused for problem in one.refused.problems)
