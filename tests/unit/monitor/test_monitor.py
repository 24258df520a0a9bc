"""Facts one at a time: what is told, what is refused, what is kept."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.engines.stream import delegate
from cadrerules.engines.stream.host import StreamError, StreamHost
from cadrerules.language.cohorts import COHORTS
from cadrerules.monitor.answers import Answers
from cadrerules.monitor.changes import Change
from cadrerules.monitor.journal import Entry, MemoryJournal
from cadrerules.monitor.monitor import CallbackError, Monitor

PLAN = cr.load_policies("market-supervision").amend(params={"board.black_quarters": 2, "board.red_to": 1, "board.yellow_to": 1})
AS_OF = date(2024, 12, 31)
HEAD = {"person": "P1", "unit": "U1", "role": "head", "joined": "2020-01-01", "left": None}


def monitor(**options: Any) -> Monitor:
    return PLAN.monitor(as_of=AS_OF, policies=("assessment", "board"), **options)


def progress(quarter: str, unit: str, value: object) -> dict[str, object]:
    return {"quarter": quarter, "unit": unit, "indicator": "I1", "progress": value}


def style(quarter: str, unit: str, word: str) -> dict[str, object]:
    return {"quarter": quarter, "unit": unit, "style": word}


def lines(changes: tuple[Change, ...]) -> list[str]:
    return [str(change) for change in changes if change.of == "decision"]


def test_the_flag_of_a_quarter_begins() -> None:
    one = monitor()
    assert lines(one.post("progress", progress("2024Q1", "U1", 80))) == ["decision flag U1 2024Q1 begins: - -> red"]
    assert lines(one.post("progress", progress("2024Q1", "U2", 90))) == [
        "decision flag U1 2024Q1 changes: red -> black",
        "decision flag U2 2024Q1 begins: - -> red",
    ]


def test_findings_come_after_decisions_each_with_what_it_was_and_is() -> None:
    (decision, finding) = monitor().post("progress", progress("2024Q1", "U1", 80))
    assert (decision.of, decision.what, decision.old) == ("decision", "begins", None)
    assert (finding.of, str(finding)) == ("finding", "finding board.red U1 2024Q1 begins: - -> holds")
    assert isinstance(finding.new, cr.Finding)
    assert finding.new.params == {"board.red_to": 1, "board.yellow_to": 1}


def test_a_commendation_after_the_second_red_quarter() -> None:
    one = monitor()
    one.post("progress", progress("2024Q1", "U1", 80))
    one.post("style", style("2024Q2", "U1", "good"))
    assert "decision commendation U1 2024Q2 begins: - -> commended" in lines(one.post("progress", progress("2024Q2", "U1", 80)))
    assert "decision commendation U1 2024Q2 ends: commended -> -" in lines(one.retract("progress", ("2024Q1", "U1", "I1")))


def test_an_interview_after_the_second_black_quarter() -> None:
    one = monitor()
    one.post("staff", HEAD)
    for quarter in ("2024Q1", "2024Q2"):
        one.post("progress", progress(quarter, "U2", 90))
        one.post("style", style(quarter, "U1", "prominent_problems"))
    one.post("progress", progress("2024Q1", "U1", 80))
    assert "decision interview P1 2024Q2 begins: - -> due" in lines(one.post("progress", progress("2024Q2", "U1", 80)))
    assert lines(one.correct("style", style("2024Q2", "U1", "ordinary"))) == ["decision interview P1 2024Q2 ends: due -> -"]


def test_who_is_concerned_comes_after_what_concerns_them() -> None:
    one = monitor()
    for quarter in ("2024Q1", "2024Q2"):
        one.post("progress", progress(quarter, "U2", 90))
        one.post("progress", progress(quarter, "U1", 80))
        one.post("style", style(quarter, "U1", "prominent_problems"))
    one.post("staff", {**HEAD, "person": "P9", "unit": "U2"})
    assert lines(one.post("staff", HEAD)) == ["decision interview P1 2024Q2 begins: - -> due"]
    assert lines(one.correct("staff", {**HEAD, "left": "2024-06-29"})) == ["decision interview P1 2024Q2 ends: due -> -"]


def test_what_a_decision_waits_for_changes_though_it_waits_still() -> None:
    one = monitor()
    for unit, value in (("U1", None), ("U2", None), ("U3", 90)):
        one.post("progress", progress("2024Q1", unit, value))
    changes = {c.about.subject.id: c for c in one.correct("progress", progress("2024Q1", "U2", 80)) if c.of == "decision"}
    assert changes["U3"].what == "changes"
    assert [c.missing for c in (changes["U3"].old, changes["U3"].new) if c] == [
        ("progress[2024Q1/U1/I1].progress", "progress[2024Q1/U2/I1].progress"),
        ("progress[2024Q1/U1/I1].progress",),
    ]


def test_a_dispute_opens_what_was_decided_and_its_end_closes_it() -> None:
    one = monitor()
    one.post("progress", progress("2024Q1", "U1", 80))
    one.post("progress", progress("2024Q1", "U2", 90))
    opened = lines(one.post("disputes", dispute("2024Q1/U2/I1")))
    assert opened == ["decision flag U1 2024Q1 changes: black -> undetermined", "decision flag U2 2024Q1 changes: red -> undetermined"]
    closed = lines(one.correct("disputes", {**dispute("2024Q1/U2/I1"), "resolved_on": "2024-02-01"}))
    assert closed == ["decision flag U1 2024Q1 changes: undetermined -> black", "decision flag U2 2024Q1 changes: undetermined -> red"]


def test_a_waiver_lifts_a_bar_and_ends() -> None:
    one = monitor()
    one.post("staff", HEAD)
    told = {"regional_rank": 7, "cities": 14, "deducted": "2.5", "cause": "subjective", "completed": True}
    result = {"year": 2024, "unit": "U1", "indicator": "I1", **told}
    assert lines(one.post("results", result)) == ["decision promotion P1 2024 begins: - -> barred_in_principle"]
    assert lines(one.post("waivers", waiver())) == ["decision promotion P1 2024 changes: barred_in_principle -> None"]
    key = ("assessment.bar_deduction", "P1", "2024")
    assert lines(one.retract("waivers", key)) == ["decision promotion P1 2024 changes: None -> barred_in_principle"]


def test_how_much_was_done_changes_though_it_is_unmet_still() -> None:
    one = PLAN.monitor(as_of=date(2025, 1, 15), policies=["obligation"])
    one.post("staff", {**HEAD, "unit": None, "role": "leader", "cadre": True, "leadership_team": True})
    report = {"activity": "A1", "kind": "field_research", "actor": "P1", "done_on": "2024-03-01", "days": 10, "target": None}
    one.post("activities", report)
    changes = one.correct("activities", {**report, "days": 20})
    told = [(c.old.done, c.new.done) for c in changes if isinstance(c.old, cr.Decision) and isinstance(c.new, cr.Decision)]
    assert told == [("10", "20")]


def test_the_calendar_begins_with_the_first_activity() -> None:
    one = PLAN.monitor(as_of=date(2025, 1, 15), policies=["obligation"])
    told = {"kind": "lecture", "actor": "P1", "days": None, "target": None}
    one.post("activities", {"activity": "A1", "done_on": "2024-11-05", **told})
    assert {d.period for d in one.decisions if d.period} >= {"2024-01", "2024-10", "2024-12"}
    assert not any(d.period and d.period.startswith("2023") for d in one.decisions)
    one.post("activities", {"activity": "A2", "done_on": "2023-11-05", **told})
    assert any(d.period and d.period.startswith("2023") for d in one.decisions)


def test_days_go_by() -> None:
    plan = cr.load_policies("market-supervision")
    one = plan.monitor(as_of=date(2024, 1, 1), policies=["rectification"])
    told = {"aspect": "style", "goal": "g", "measures": "m", "lead_unit": "U1", "responsible_unit": "U1", "effect_on": None, "closed_on": None}
    one.post("problems", {"problem": "Q1", "listed_on": "2024-01-01", "due_on": "2024-07-01", **told})
    assert lines(one.advance(date(2024, 7, 1))) == []
    assert lines(one.advance(date(2024, 7, 2))) == [
        "decision rectification Q1 - begins: - -> overdue"
    ]
    assert one.as_of == date(2024, 7, 2)
    assert one.advance(date(2024, 7, 2)) == ()
    with pytest.raises(cr.UsageError) as raised:
        one.advance(date(2024, 7, 1))
    assert raised.value.code == "CR-MONITOR-BACK"


def test_the_same_fact_again_changes_nothing_and_is_kept_once() -> None:
    journal = MemoryJournal()
    one = monitor(journal=journal)
    assert one.post("progress", progress("2024Q1", "U1", 80))
    assert one.post("progress", progress("2024Q1", "U1", "80.0")) == ()
    assert one.correct("progress", progress("2024年第一季度", "U1", Decimal(80))) == ()
    assert [entry.kind for entry in journal.entries()] == ["advance", "post"]


def test_another_row_of_a_key_is_to_be_corrected() -> None:
    one = monitor()
    one.post("progress", progress("2024Q1", "U1", 80))
    with pytest.raises(cr.DataError) as raised:
        one.post("progress", progress("2024Q1", "U1", 81))
    assert raised.value.code == "CR-MONITOR-OTHER-ROW"
    assert "`correct`" in str(raised.value)
    assert "`correct`" in raised.value.report("zh")


@pytest.mark.parametrize("key", [("2024Q1", "U1", "I1"), ["2024Q1", "U1", "I1"], {"quarter": "2024Q1", "unit": "U1", "indicator": "I1"}])
def test_a_key_in_every_form(key: object) -> None:
    one = monitor()
    one.post("progress", progress("2024Q1", "U1", 80))
    assert lines(one.retract("progress", key)) == ["decision flag U1 2024Q1 ends: red -> -"]


REFUSED = [
    ("CR-MONITOR-NO-ROW", lambda one: one.retract("progress", ("2024Q1", "U9", "I1"))),
    ("CR-MONITOR-NO-ROW", lambda one: one.correct("progress", progress("2024Q1", "U9", 1))),
    ("CR-MONITOR-BAD-KEY", lambda one: one.retract("progress", "2024Q1")),
    ("CR-MONITOR-BAD-KEY", lambda one: one.retract("progress", {"quarter": "2024Q1"})),
    ("CR-NOT-A-PERIOD", lambda one: one.retract("progress", ("spring", "U1", "I1"))),
    ("CR-NO-SUCH-TABLE", lambda one: one.post("progres", {})),
    ("CR-TOO-LOW", lambda one: one.post("progress", progress("2024Q2", "U1", -1))),
    ("CR-UNKNOWN-HEADING", lambda one: one.post("progress", {**progress("2024Q2", "U1", 1), "note": "x"})),
    ("CR-MISSING-COLUMNS", lambda one: one.post("progress", {"quarter": "2024Q2", "unit": "U1"})),
    ("CR-NOT-A-ROW", lambda one: one.post("progress", 3)),
    ("CR-NO-SUCH-REFERENCE", lambda one: one.post("style", style("2024Q1", "U7", "good"))),
    ("CR-MONITOR-STILL-NAMED", lambda one: one.retract("units", "U1")),
    ("CR-NO-SUCH-REFERENCE", lambda one: one.post("staff", {**HEAD, "unit": "U8"})),
    ("CR-UNKNOWN-RULE", lambda one: one.post("waivers", waiver(rule="assessment.nothing"))),
    ("CR-DISPUTED-ROW", lambda one: one.post("disputes", dispute("2024Q1/U5/I1"))),
    ("CR-MONITOR-DISPUTED", lambda one: one.retract("progress", ("2024Q2", "U1", "I1"))),
]


def waiver(**cells: object) -> dict[str, object]:
    told = {"rule": "assessment.bar_deduction", "subject": "P1", "period": "2024", "authority": "A", "reason": "r"}
    return {**told, "decided_on": "2024-01-01", "expires_on": None, **cells}


def dispute(key: str) -> dict[str, object]:
    return {"table": "progress", "key": key, "column": "progress", "raised_on": "2024-01-01"}


@pytest.mark.parametrize(("code", "call"), REFUSED, ids=[f"{at}-{code}" for at, (code, _) in enumerate(REFUSED)])
def test_what_is_refused_changes_nothing_and_is_not_kept(code: str, call: Any) -> None:
    journal = MemoryJournal()
    one = monitor(journal=journal)
    one.post("units", {"unit": "U1"})
    one.post("progress", progress("2024Q1", "U1", 80))
    one.post("progress", progress("2024Q2", "U1", 80))
    one.post("disputes", dispute("2024Q2/U1/I1"))
    before = (one.facts, one.findings, one.decisions, journal.entries())
    with pytest.raises((cr.DataError, cr.UsageError)) as raised:
        call(one)
    assert raised.value.code == code
    assert (one.facts, one.findings, one.decisions, journal.entries()) == before
    one.retract("disputes", ("progress", "2024Q2/U1/I1", "progress"))
    assert lines(one.post("progress", progress("2024Q3", "U1", 80)))[0] == "decision flag U1 2024Q3 begins: - -> red"


def test_the_first_row_of_a_table_that_others_name() -> None:
    one = monitor()
    one.post("progress", progress("2024Q1", "U1", 80))
    with pytest.raises(cr.DataError) as raised:
        one.post("units", {"unit": "U2"})
    assert raised.value.code == "CR-NO-SUCH-REFERENCE"
    assert "units" not in one.facts
    assert one.post("units", {"unit": "U1"}) == ()


def test_names_of_persons_stand_in_no_error() -> None:
    one = monitor()
    one.post("staff", {**HEAD, "name": "Wang Fang"})
    with pytest.raises(cr.DataError) as raised:
        one.post("progress", progress("2024Q1", "U1", "Wang Fang"))
    assert "Wang" not in str(raised.value)


# --- the journal ------------------------------------------------------------------------------------


class Failing(MemoryJournal):
    def append(self, kind: str, table: str, row_or_key: Mapping[str, Any] | None, as_of: date) -> None:
        if table == "style":
            raise OSError("no space left")
        super().append(kind, table, row_or_key, as_of)


def test_nothing_is_applied_that_the_journal_did_not_keep() -> None:
    one = monitor(journal=Failing())
    one.post("progress", progress("2024Q1", "U1", 80))
    before = one.facts
    with pytest.raises(OSError, match="no space"):
        one.post("style", style("2024Q1", "U1", "good"))
    assert one.facts == before
    assert "style" not in one.facts


def test_a_fact_is_kept_before_it_is_told() -> None:
    journal, seen = MemoryJournal(), []
    one = monitor(journal=journal, on_change=lambda _: seen.append(journal.entries()[-1]))
    one.post("progress", progress("2024Q1", "U1", 80))
    row = {"regional_rank": None, "cities": None, **one.facts["progress"][0]}
    assert seen == [Entry("post", "progress", row, AS_OF)]


def test_a_monitor_goes_on_where_its_journal_ended() -> None:
    journal = MemoryJournal()
    facts = cr.read_tables({"progress": [progress("2024Q1", "U1", 80), progress("2024Q1", "U2", 90)], "style": []}, PLAN)
    one = monitor(journal=journal, facts=facts)
    one.post("staff", HEAD)
    one.correct("progress", progress("2024Q1", "U1", 95))
    one.post("style", style("2024Q1", "U1", "good"))
    one.retract("style", ("2024Q1", "U1"))
    one.advance(date(2025, 1, 1))
    two = Monitor.resume(PLAN, journal, policies=("assessment", "board"))
    assert (two.facts, two.as_of, two.not_evaluated) == (one.facts, one.as_of, one.not_evaluated)
    assert "style" in two.facts
    assert [d.model_dump() for d in two.decisions] == [d.model_dump() for d in one.decisions]
    assert lines(two.post("progress", progress("2024Q2", "U1", 80)))[0] == "decision flag U1 2024Q2 begins: - -> red"
    assert [entry.kind for entry in journal.entries()][-2:] == ["advance", "post"]


def test_journals_that_do_not_fit() -> None:
    journal = MemoryJournal()
    with pytest.raises(cr.UsageError) as raised:
        Monitor.resume(PLAN, journal)
    assert raised.value.code == "CR-MONITOR-NOTHING-KEPT"
    monitor(journal=journal)
    with pytest.raises(cr.UsageError) as raised:
        monitor(journal=journal)
    assert raised.value.code == "CR-MONITOR-JOURNAL-USED"
    for entry in (Entry("burn", "style", None, AS_OF), Entry("retract", "style", style("2024Q1", "U1", "good"), AS_OF)):
        key = {"quarter": "2024Q1", "unit": "U1"} if entry.kind == "retract" else None
        with pytest.raises(cr.DataError) as refused:
            Monitor.resume(PLAN, MemoryJournal([entry._replace(row_or_key=key)]))
        assert refused.value.code == "CR-MONITOR-BAD-ENTRY"


# --- callbacks, threads, engines --------------------------------------------------------------------


def test_what_a_callback_raises_is_reported_and_the_fact_stands() -> None:
    def fail(_: object) -> None:
        raise RuntimeError("the line is dead")

    one = monitor(on_change=fail)
    with pytest.raises(CallbackError, match="the line is dead") as raised:
        one.post("progress", progress("2024Q1", "U1", 80))
    assert lines(raised.value.changes) == ["decision flag U1 2024Q1 begins: - -> red"]
    assert isinstance(raised.value.__cause__, RuntimeError)
    assert [d.verdict for d in one.decisions] == ["red"]
    assert one.post("units", {"unit": "U1"}) == ()  # nothing to tell


def test_a_callback_is_outside_the_lock() -> None:
    def look(_: object) -> None:
        with ThreadPoolExecutor(1) as pool:  # another thread gets the lock at once
            seen.append(pool.submit(lambda: one.decisions).result(timeout=10))

    seen: list[Any] = []
    one = monitor(on_change=look)
    one.post("progress", progress("2024Q1", "U1", 80))
    assert [d.verdict for d in seen[0]] == ["red"]


def test_threads_bring_facts_one_after_the_other() -> None:
    journal, told, lock = MemoryJournal(), [], threading.Lock()

    def hear(changes: tuple[Change, ...]) -> None:
        with lock:
            told.extend(changes)

    one = monitor(journal=journal, on_change=hear)
    rows = [progress(f"2024Q{q}", f"U{u}", 70 + u) for q in (1, 2, 3, 4) for u in range(5)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda row: one.post("progress", row), rows * 2))
    assert len(journal.entries()) == 1 + len(rows)
    result = PLAN.evaluate(one.facts, as_of=AS_OF, policies=("assessment", "board"))
    assert [d.model_dump() for d in one.decisions] == [d.model_dump() for d in result.decisions]
    assert len([c for c in told if c.what == "begins"]) - len([c for c in told if c.what == "ends"]) == len(one.decisions) + len(one.findings)


def test_what_failed_to_be_evaluated_is_told_with_the_next_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    journal = MemoryJournal()
    one = monitor(journal=journal)
    one.post("progress", progress("2024Q1", "U1", 80))
    with monkeypatch.context() as broken:
        broken.setattr(Answers, "change", fail)
        with pytest.raises(MemoryError):
            one.post("progress", progress("2024Q2", "U1", 80))
    assert journal.entries()[-1].row_or_key == one.facts["progress"][-1]
    assert [d.period for d in one.decisions if d.question == "flag"] == ["2024Q1", "2024Q2"]
    flags = [line for line in lines(one.post("progress", progress("2024Q3", "U1", 80))) if "flag" in line]
    assert flags == ["decision flag U1 2024Q2 begins: - -> red", "decision flag U1 2024Q3 begins: - -> red"]


def test_only_what_a_fact_bears_on_is_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one = monitor()
    for quarter in ("2024Q1", "2024Q2"):
        for unit in range(5):
            one.post("progress", progress(quarter, f"U{unit}", 70 + unit))
    ranked: list[int] = []
    rank = COHORTS["rank"].meaning
    counting = replace(COHORTS["rank"], meaning=lambda values, **options: ranked.append(len(values)) or rank(values, **options))
    monkeypatch.setitem(COHORTS, "rank", counting)  # type: ignore[arg-type]
    one.correct("progress", progress("2024Q1", "U0", 99))
    assert ranked == [5]  # one quarter of two
    one.post("style", style("2024Q1", "U0", "good"))
    ranked.clear()
    one.post("style", style("2024Q2", "U0", "good"))
    assert ranked == []


def test_explanations_are_those_of_an_evaluation() -> None:
    one = monitor()
    one.post("progress", progress("2024Q1", "U1", 80))
    (decision,) = one.decisions
    with pytest.raises(cr.UsageError) as raised:
        decision.explain()
    assert raised.value.code == "CR-MONITOR-EXPLAIN"
    assert "place" in one.result().decision("flag", "U1").explain()


def test_one_monitor_for_each_organisation() -> None:
    facts = cr.read_tables({"progress": [{**progress("2024Q1", "U1", 80), "bureau": "B1"}]}, PLAN, group_by="bureau")
    with pytest.raises(cr.UsageError) as raised:
        monitor(facts=facts)
    assert raised.value.code == "CR-MONITOR-GROUPED"


def test_without_durable_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delegate, "find_spec", lambda _: None)
    one = monitor()
    assert one.engine.name == "scalar"
    assert "3.13" in one.engine.en
    assert "3.13" in one.engine.zh
    assert lines(one.post("progress", progress("2024Q1", "U1", 80))) == ["decision flag U1 2024Q1 begins: - -> red"]
    with pytest.raises(cr.UsageError) as raised:
        monitor(engine="stream")
    assert raised.value.code == "CR-MONITOR-NO-STREAM"


@pytest.mark.skipif(not delegate.available(), reason="durable_rules isn't installed, or not for this Python")
def test_durable_rules_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    one = monitor(engine="stream")
    for quarter in ("2024Q1", "2024Q2"):
        one.post("progress", progress(quarter, "U1", 80))
        one.post("style", style(quarter, "U1", "good"))
    assert one.engine.name == "stream"
    assert "board.commend" in one.engine.en
    asked = sum(d.asked for d in one._answers.delegates)
    assert asked > 0

    def fail(*_: object) -> None:
        raise StreamError("out of order")

    monkeypatch.setattr(StreamHost, "holds", fail)
    assert "decision commendation U1 2024Q3 begins: - -> commended" in [
        *lines(one.post("style", style("2024Q3", "U1", "good"))),
        *lines(one.post("progress", progress("2024Q3", "U1", 80))),
    ]
    assert one.engine.name == "scalar"
    assert "out of order" in one.engine.en
