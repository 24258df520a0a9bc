"""What decisions wait for where it isn't known to which group of a view a row belongs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.checker.checking import check_receipt
from cadrerules.evidence.chain import receipts
from cadrerules.model.trace import Trace

AS_OF = date(2024, 12, 31)
_SET = """
format: 1
policy_set: kitchen
title: {zh: 食堂, en: kitchen}
tables:
  deliveries:
    columns:
      supplier: {type: text, key: true}
      delivery: {type: whole, key: true}
      arrived_on: {type: date}
      days_late: {type: whole, low: 0}
"""
_QUESTIONS = """
format: 1
questions:
  standing:
    title: {zh: 评价, en: standing}
    subject: supplier
    period: quarter
    verdicts: {warned: {title: {zh: 警告, en: warned}, polarity: adverse}, ended: {title: {zh: 终止, en: ended}, polarity: adverse}}
    decide: each_rule
"""
_POLICY = """
format: 1
policy: review
title: {zh: 评价, en: review}
views:
  quarters:
    from: deliveries
    derive: {quarter: quarter_of(arrived_on)}
    by: [quarter, supplier]
    columns: {late: count(days_late > 0)}
facts: quarters
rules:
  - {id: warn, title: {zh: 甲, en: warn}, when: late >= 2, then: standing.warned}
  - {id: end, title: {zh: 乙, en: end}, when: WHEN, then: standing.ended}
"""
ROWS = [("Greens", 1, date(2024, 4, 3), 1), ("Greens", 2, None, 3), ("Greens", 3, None, 0), ("Greens", 4, date(2024, 8, 2), 2), ("Dairy", 5, date(2024, 8, 2), 1)]
FACTS = {"deliveries": [dict(zip(("supplier", "delivery", "arrived_on", "days_late"), row, strict=True)) for row in ROWS]}
BOTH = ("deliveries[Greens/2].arrived_on", "deliveries[Greens/3].arrived_on")


@pytest.fixture(params=["run(late >= 2) >= 2", "previous(late) >= 2", '"rank(late, within=[quarter]) <= 1"'])
def plan(request: pytest.FixtureRequest, tmp_path: Path) -> cr.Plan:
    (tmp_path / "policy_set.yaml").write_text(_SET, encoding="utf-8")
    (tmp_path / "questions.yaml").write_text(_QUESTIONS, encoding="utf-8")
    (tmp_path / "review.yaml").write_text(_POLICY.replace("WHEN", request.param), encoding="utf-8")
    return cr.load_policies(tmp_path)


def waits(result: cr.Result) -> Iterator[tuple[str, str, str | None, tuple[str, ...]]]:
    for found in result.findings:
        if found.status == "undetermined":
            yield found.rule, found.subject.id, found.period, found.missing


def test_every_decision_waits_for_the_days_that_may_put_a_row_in_its_group(plan: cr.Plan) -> None:
    found = {(rule, who, period): missing for rule, who, period, missing in waits(plan.evaluate(FACTS, as_of=AS_OF))}
    for rule in ("review.warn", "review.end"):
        assert {found[rule, "Greens", period] for period in ("2024Q2", "2024Q3")} == {BOTH}
    assert ("review.warn", "Dairy", "2024Q3") not in found  # none of those deliveries is Dairy's


def test_a_row_that_perhaps_belongs_is_told_as_such(plan: cr.Plan) -> None:
    (one,) = [f for f in plan.evaluate(FACTS, as_of=AS_OF).findings if (f.rule, f.subject.id, f.period) == ("review.warn", "Greens", "2024Q3")]
    rows = [(t.row["delivery"], t.note) for t in _all(one.explain()) if t.row and "delivery" in t.row]
    assert rows == [("4", ""), ("2", "unsure"), ("3", "unsure")]


def _all(trace: Trace) -> Iterator[Trace]:
    yield trace
    for child in trace.children:
        yield from _all(child)


def test_receipts_and_monitors_give_the_same(plan: cr.Plan) -> None:
    result = plan.evaluate(FACTS, as_of=AS_OF)
    assert [problem for receipt in receipts(result) for problem in check_receipt(receipt)] == []
    monitor = plan.monitor(as_of=AS_OF, engine="scalar")
    for row in FACTS["deliveries"]:
        monitor.post("deliveries", row)
    told = {(d.question, d.subject.id, d.period, d.status, d.verdict) for d in monitor.decisions}
    assert told == {(d.question, d.subject.id, d.period, d.status, d.verdict) for d in result.decisions}
    monitor.correct("deliveries", {**FACTS["deliveries"][1], "arrived_on": date(2024, 8, 9)})
    monitor.correct("deliveries", {**FACTS["deliveries"][2], "arrived_on": date(2024, 8, 9)})
    assert ("review.warn", "2024Q3") in {(f.rule, f.period) for f in monitor.findings if f.status == "holds"}
