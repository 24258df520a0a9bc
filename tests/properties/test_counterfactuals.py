"""What is told to change a verdict does so, with nothing superfluous; what is told to change nothing changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.model.counterfactual import Outlook
from cadrerules.model.facts import FactTables

PLAN = cr.load_policies("market-supervision")
POLICIES = ("assessment", "board")
UNITS = ["U1", "U2", "U3", "U4"]
DAYS = st.sampled_from([date(2024, 8, 15), date(2024, 12, 31), date(2025, 1, 15)])
SUBJECTS = {"promotion": ("PU1", "2024"), "excellent": ("PU1", "2024"), "flag": ("U1", "2024Q3"), "commendation": ("U1", "2024Q3")}

READ = {
    "regional_rank": st.integers(1, 5),
    "cities": st.just(5),
    "deducted": st.sampled_from([Decimal(d) for d in ("0", "1.99", "2", "2.5", "3", "3.01")]),
    "cause": st.sampled_from(["subjective", "objective"]),
    "completed": st.booleans(),
}
READINGS = st.sampled_from(
    [
        (),
        (("assessment.quantifier", "all"), ("board.ties", "dense"), ("board.style_quarters", "all")),
        (("assessment.deduction_scope", "unit_total"), ("board.ties", "ordinal"), ("board.missing_quarter", "skips")),
        (("assessment.upper_bound", "open"), ("assessment.small_field", "separate")),
        (("resolution.promotion", "report_conflict"), ("assessment.quantifier", "all")),
    ]
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """A bureau of four units, now and then with a cell or row missing."""

    def some(strategy: st.SearchStrategy[Any]) -> Any:
        return None if draw(st.integers(0, 7)) == 0 else draw(strategy)

    keep = st.integers(0, 7).map(bool)
    progress = [
        {"quarter": q, "unit": u, "indicator": "I1", "progress": some(st.integers(0, 4)), "regional_rank": some(st.integers(1, 5))}
        for q in ("2024Q2", "2024Q3")
        for u in UNITS
    ]
    style = [
        {"quarter": q, "unit": "U1", "style": some(st.sampled_from(["good", "ordinary", "prominent_problems"]))}
        for q in ("2024Q2", "2024Q3")
        if draw(keep)
    ]
    results = [
        {"year": y, "unit": "U1", "indicator": i, **{n: some(s) for n, s in READ.items()}}
        for y in ("2023", "2024")
        for i in ("I1", "I2")[: draw(st.integers(1, 2))]
        if draw(keep)
    ]
    staff = [{"person": "PU1", "unit": "U1", "role": "head"}]
    return {"progress": progress, "style": style, "results": results, "staff": staff}


def answer(plan: cr.Plan, facts: FactTables, as_of: date, question: str) -> frozenset[str | None]:
    """The verdicts that are possible for the subject of a question."""
    subject, period = SUBJECTS[question]
    result = plan.evaluate(facts, as_of=as_of, policies=POLICIES)
    found = [d for d in result.decisions if (d.question, d.subject.id, d.period) == (question, subject, period)]
    if not found:
        return frozenset({None})
    (decision,) = found
    return frozenset({decision.verdict} if decision.status == "decided" else decision.possible)


def asked(plan: cr.Plan, facts: FactTables, as_of: date, question: str) -> Outlook:
    return plan.evaluate(facts, as_of=as_of, policies=POLICIES).outlook(question, *SUBJECTS[question])


@cache
def amended(readings: tuple[tuple[str, str], ...]) -> cr.Plan:
    """The plan with few enough units for every flag."""
    return PLAN.amend(params={"board.red_to": 2, "board.yellow_to": 3}, interpretations=dict(readings))


@settings(max_examples=40, deadline=None)
@given(tables(), READINGS, DAYS, st.sampled_from(sorted(SUBJECTS)))
def test_each_way_leads_to_its_verdict_and_no_part_of_it_does(
    drawn: Any, readings: Any, as_of: date, question: str
) -> None:
    plan = amended(readings)
    facts = cr.read_tables(drawn, plan)
    before = answer(plan, facts, as_of, question)
    for way in asked(plan, facts, as_of, question).counterfactuals:
        assert before != {way.leads_to}
        assert answer(plan, way.apply(facts), as_of, question) == {way.leads_to}
        for size in range(1, len(way.changes)):
            for fewer in combinations(way.changes, size):
                part = replace(way, changes=fewer)
                assert answer(plan, part.apply(facts), as_of, question) != {way.leads_to}, fewer


@settings(max_examples=40, deadline=None)
@given(tables(), READINGS, DAYS, st.sampled_from(sorted(SUBJECTS)))
def test_the_ends_of_a_range_lead_there_too_and_one_step_nearer_does_not(
    drawn: Any, readings: Any, as_of: date, question: str
) -> None:
    plan = amended(readings)
    facts = cr.read_tables(drawn, plan)
    for way in asked(plan, facts, as_of, question).counterfactuals:
        for i, change in enumerate(way.changes):
            for end in filter(None, (change.least, change.most, *change.options)):
                moved = replace(way, changes=(*way.changes[:i], replace(change, to=end), *way.changes[i + 1 :]))
                assert answer(plan, moved.apply(facts), as_of, question) == {way.leads_to}
        if len(way.changes) == 1 and (step := _nearer(plan, way.changes[0])) is not None:
            closer = replace(way, changes=(replace(way.changes[0], to=step),))
            assert answer(plan, closer.apply(facts), as_of, question) != {way.leads_to}


def _nearer(plan: cr.Plan, change: Any) -> Any:
    """The value one step nearer to the present one; None where there is none."""
    step = Decimal(str(plan.tables[change.table].columns[change.column].about.step))
    if isinstance(change.to, bool | str) or change.before is None or abs(change.to - change.before) <= step:
        return None
    near = Decimal(change.to) + (step if change.before > change.to else -step)
    return int(near) if step == 1 else near


@settings(max_examples=40, deadline=None)
@given(st.data(), tables(), READINGS, DAYS, st.sampled_from(["promotion", "excellent"]))
def test_where_nothing_can_change_it_nothing_does(
    data: st.DataObject, drawn: Any, readings: Any, as_of: date, question: str
) -> None:
    plan = amended(readings)
    facts = cr.read_tables(drawn, plan)
    found = asked(plan, facts, as_of, question)
    if found.notes and found.notes[0]["en"].startswith("Nothing can change it"):
        results = []
        for row in drawn["results"]:
            fate = as_of <= date(int(row["year"]), 12, 31)
            fresh = {n: data.draw(s) if fate or row[n] is None else row[n] for n, s in READ.items()}
            results.append({**row, **fresh})
        after = cr.read_tables({**drawn, "results": results}, plan)
        assert answer(plan, after, as_of, question) == answer(plan, facts, as_of, question)
