"""A machine that posts, retracts and corrects facts and lets days go by, and holds a monitor to whole evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import cadrerules as cr
from cadrerules.monitor.changes import Change
from cadrerules.monitor.engine import MonitorEngine
from cadrerules.monitor.monitor import Monitor

PLAN = cr.load_policies("market-supervision").amend(
    params={"board.red_to": 1, "board.yellow_to": 2, "board.black_quarters": 2}
)
AS_OF = date(2024, 6, 30)

UNIT = st.sampled_from(["U1", "U2", "U3"])
PERSON = st.sampled_from(["P1", "P2", "P3"])
QUARTER = st.sampled_from(["2023Q4", "2024Q1", "2024Q2", "2024Q3"])
YEAR = st.sampled_from([2023, 2024])
INDICATOR = st.sampled_from(["I1", "I2"])
DAY = st.sampled_from([date(2024, 1, 10), date(2024, 6, 30), date(2024, 7, 2), date(2025, 2, 1)])
ROWS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "progress": st.fixed_dictionaries(
        {"quarter": QUARTER, "unit": UNIT, "indicator": INDICATOR, "progress": st.sampled_from([None, 80, 80, 90, 95])}
    ),
    "style": st.fixed_dictionaries(
        {"quarter": QUARTER, "unit": UNIT, "style": st.sampled_from([None, "good", "good", "prominent_problems"])}
    ),
    "results": st.fixed_dictionaries(
        {
            "year": YEAR,
            "unit": UNIT,
            "indicator": INDICATOR,
            "regional_rank": st.sampled_from([None, 1, 3, 12]),
            "cities": st.just(14),
            "deducted": st.sampled_from([None, 0, Decimal("2.5"), 3]),
            "cause": st.sampled_from([None, "subjective", "objective"]),
            "completed": st.sampled_from([None, True, False]),
        }
    ),
    "staff": st.fixed_dictionaries(
        {
            "person": PERSON,
            "unit": UNIT,
            "role": st.sampled_from(["head", "deputy_head"]),
            "joined": st.just(date(2020, 1, 1)),
            "left": st.none() | st.just(date(2024, 3, 31)),
        }
    ),
    "units": st.fixed_dictionaries({"unit": UNIT}),
    "exemptions": st.fixed_dictionaries(
        {"unit": UNIT, "year": YEAR, "indicator": st.none() | INDICATOR, "authority": st.just("A"), "reason": st.just("r"), "decided_on": DAY}
    ),
    "waivers": st.fixed_dictionaries(
        {
            "rule": st.sampled_from(["assessment.bar_deduction", "assessment.bar_ranking"]),
            "subject": PERSON,
            "period": YEAR.map(str),
            "authority": st.just("A"),
            "reason": st.just("r"),
            "decided_on": DAY,
            "expires_on": st.none() | DAY,
        }
    ),
    "disputes": st.fixed_dictionaries(
        {
            "table": st.just("progress"),
            "key": st.tuples(QUARTER, UNIT, INDICATOR).map("/".join),
            "column": st.just("progress"),
            "raised_on": DAY,
            "resolved_on": st.none() | DAY,
        }
    ),
    "activities": st.fixed_dictionaries(
        {
            "activity": st.sampled_from(["A1", "A2", "A3"]),
            "kind": st.sampled_from(["lecture", "field_research", "monthly_report"]),
            "actor": st.sampled_from(["P1", "P2", "bureau"]),
            "done_on": DAY,
            "days": st.sampled_from([None, 30, 60]),
        }
    ),
    "problems": st.fixed_dictionaries(
        {
            "problem": st.sampled_from(["Q1", "Q2"]),
            "aspect": st.just("style"),
            "listed_on": DAY,
            "due_on": st.none() | DAY,
            "goal": st.just("g"),
            "measures": st.just("m"),
            "lead_unit": UNIT,
            "responsible_unit": UNIT,
            "effect_on": st.none() | DAY,
            "closed_on": st.none() | DAY,
        }
    ),
}
FEW = ("progress", "style", "results", "staff", "units", "exemptions", "waivers", "disputes")


class Facts(RuleBasedStateMachine):
    """Facts in any order. Subclasses say which policies and tables, and which plan."""

    plan: cr.Plan = PLAN
    policies: Sequence[str] = ("assessment", "board")
    tables: Sequence[str] = FEW
    engine: MonitorEngine = "auto"

    @initialize()
    def begin(self) -> None:
        self.monitor: Monitor = self.plan.monitor(as_of=AS_OF, policies=self.policies, on_change=self.told, engine=self.engine)
        self.rows: dict[str, dict[Any, Any]] = {}
        self.shown: dict[str, Any] = {}
        self.heard: list[Change] = []

    def told(self, changes: Sequence[Change]) -> None:
        self.heard += changes

    @rule(data=st.data(), correct=st.booleans())
    def post_or_correct(self, data: st.DataObject, correct: bool) -> None:
        table = data.draw(st.sampled_from(self.tables))
        row = data.draw(ROWS[table])
        key = tuple(str(row[name] or "") for name in self.plan.tables[table].key)
        there = self.rows.get(table, {}).get(key)
        fits = there is not None if correct else there in (None, row)
        call = self.monitor.correct if correct else self.monitor.post
        self.tried(lambda: call(table, row), fits, {**self.rows, table: {**self.rows.get(table, {}), key: row}})

    @rule(data=st.data())
    def retract(self, data: st.DataObject) -> None:
        filled = [(table, key) for table, rows in self.rows.items() for key in rows]
        if not filled:
            return
        table, key = data.draw(st.sampled_from(filled))
        kept = {k: row for k, row in self.rows[table].items() if k != key}
        self.tried(lambda: self.monitor.retract(table, key), True, {**self.rows, table: kept})

    @rule(days=st.sampled_from([0, 1, 40, 200]))
    def advance(self, days: int) -> None:
        self.take(self.monitor.advance(self.monitor.as_of + timedelta(days=days)))

    def tried(self, call: Any, fits: bool, rows: dict[str, dict[Any, Any]]) -> None:
        """What reading all tables anew refuses is refused, and nothing else."""
        try:
            cr.read_tables({table: list(found.values()) for table, found in rows.items()}, self.plan)
        except cr.DataError:
            fits = False
        if fits:
            self.take(call())
            self.rows = rows
            return
        try:
            call()
        except cr.DataError:
            return
        raise AssertionError("not refused")

    def take(self, changes: Sequence[Change]) -> None:
        """What is told is what the callback hears, and leads from the answers before to those after."""
        assert list(changes) == self.heard
        self.heard.clear()
        for change in changes:
            assert change.old is None or self.shown.pop(named(change.old)) == said(change.old)
        for change in changes:
            if change.new is not None:
                self.shown[named(change.new)] = said(change.new)

    @invariant()
    def is_what_evaluating_gives(self) -> None:
        if not hasattr(self, "monitor"):
            return
        facts = cr.read_tables({t: list(rows.values()) for t, rows in self.rows.items()}, self.plan) if self.rows else self.monitor.facts
        result = self.plan.evaluate(facts, as_of=self.monitor.as_of, policies=self.policies, engine="scalar")
        assert [said(f) for f in self.monitor.findings] == [said(f) for f in result.findings]
        assert [said(d) for d in self.monitor.decisions] == [said(d) for d in result.decisions]
        assert self.monitor.not_evaluated == tuple(result.not_evaluated)
        assert self.shown == {named(r): said(r) for r in (*result.findings, *result.decisions)}


def said(record: Any) -> dict[str, Any]:
    return record.model_dump()


def named(record: Any) -> str:
    if isinstance(record, cr.Decision):
        return f"{record.id} {record.subject.kind}"
    return f"{record.rule} {record.outcome} {record.subject} {record.period}"
