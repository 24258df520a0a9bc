"""Whatever is decided with facts missing stays true when they are filled in; order never matters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules as cr

PLAN = cr.load_policies("market-supervision")
AS_OF = date(2025, 1, 15)
UNITS = [f"U{i}" for i in range(1, 6)]
QUARTERS = ["2024Q1", "2024Q2", "2024Q3"]

PROGRESS = st.sampled_from([Decimal(p) / 10 for p in range(5)])
STYLE = st.sampled_from(["good", "ordinary", "prominent_problems"])
RESULT = {
    "regional_rank": st.integers(1, 5),
    "cities": st.just(5),
    "deducted": st.sampled_from([Decimal(d) for d in ("0", "1.99", "2", "2.5", "3", "3.01")]),
    "cause": st.sampled_from(["subjective", "objective"]),
    "completed": st.booleans(),
}
READINGS = st.fixed_dictionaries({name: st.sampled_from(i.doc.words) for name, i in PLAN.interpretations.items()})


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Whole tables of a small bureau, now and then without a row."""
    keep = st.integers(0, 9).map(bool)
    progress = [
        {"quarter": q, "unit": u, "indicator": i, "progress": draw(PROGRESS), "regional_rank": draw(st.integers(1, 14))}
        for q in QUARTERS
        for u in UNITS
        for i in ("I1", "I2")[: 1 + (u == "U1")]
        if draw(keep)
    ]
    style = [{"quarter": q, "unit": u, "style": draw(STYLE)} for q in QUARTERS for u in UNITS if draw(keep)]
    results = [
        {"year": y, "unit": u, "indicator": i, **{n: draw(s) for n, s in RESULT.items()}}
        for y in ("2023", "2024")
        for u in UNITS[:3]
        for i in ("I1", "I2")
        if draw(keep)
    ]
    staff = [{"person": f"P{u}{r}", "unit": u, "role": r} for u in UNITS for r in ("head", "key_staff")]
    exemptions = [
        {
            "unit": "U1",
            "year": "2024",
            "indicator": draw(st.sampled_from(["I1", None])),
            "authority": "A",
            "reason": "r",
            "decided_on": "2024-12-31",
        }
    ][: draw(st.integers(0, 1))]
    return {"progress": progress, "style": style, "results": results, "staff": staff, "exemptions": exemptions}


OPEN = {"progress": ("progress", "regional_rank"), "style": ("style",), "results": tuple(RESULT)}


def with_holes(draw: st.DrawFn, whole: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The tables with some cells emptied."""
    return {
        name: [
            {k: None if k in OPEN.get(name, ()) and draw(st.integers(0, 5)) == 0 else v for k, v in row.items()}
            for row in rows
        ]
        for name, rows in whole.items()
    }


def decided(plan: cr.Plan, given_tables: dict[str, Any]) -> dict[str, Any]:
    return {d.id: d for d in plan.evaluate(cr.read_tables(given_tables, plan), as_of=AS_OF).decisions}


@settings(max_examples=150)
@given(st.data(), tables(), READINGS, st.integers(1, 4))
def test_decisions_stay_true_under_every_completion(
    data: st.DataObject, whole: Any, readings: dict[str, str], black: int
) -> None:
    plan = PLAN.amend(params={"board.red_to": 2, "board.yellow_to": 3}, interpretations=readings)
    before = decided(plan, data.draw(st.composite(with_holes)(whole)))
    after = decided(plan.amend(params={"board.black_quarters": black}), whole)
    for name in before.keys() | after.keys():
        verdict = after[name].verdict if name in after else None
        if name not in before:
            assert verdict is None, f"{name}: {verdict} was not foreseen"
        elif before[name].status == "decided":
            assert before[name].verdict == verdict, name
        elif name in after and after[name].status == "undetermined":
            assert set(after[name].possible) <= set(before[name].possible), name
        else:
            assert verdict in before[name].possible, name


@settings(max_examples=25)
@given(st.data(), tables())
def test_the_order_of_rows_does_not_matter(data: st.DataObject, whole: Any) -> None:
    shuffled = {name: data.draw(st.permutations(rows)) for name, rows in whole.items()}
    first, second = (PLAN.evaluate(cr.read_tables(t, PLAN), as_of=AS_OF).to_dict(trace=True) for t in (whole, shuffled))
    assert first == second


def test_amending_leaves_the_original_and_is_reproducible() -> None:
    before = PLAN.hash
    amended = PLAN.amend(params={"board.black_quarters": 3}, interpretations={"board.ties": "dense"})
    again = PLAN.amend(interpretations={"board.ties": "dense"}, params={"board.black_quarters": "3"})
    assert PLAN.hash == before != amended.hash == again.hash
    assert PLAN.interpretations["board.ties"].option == "competition"


def test_thirty_deductions_of_a_tenth_are_three_points() -> None:
    plan = PLAN.amend(interpretations={"assessment.deduction_scope": "unit_total"})
    row = {"year": "2024", "unit": "U1", "regional_rank": 5, "cities": 14, "cause": "subjective", "completed": True}
    rows = [{**row, "indicator": f"I{i:02}", "deducted": "0.1"} for i in range(30)]
    staff = [{"person": "P1", "unit": "U1", "role": "head"}]
    found = decided(plan, {"results": rows, "staff": staff})
    assert found["promotion/P1/2024"].because == ("assessment.bar_deduction",)
    assert found["excellent/P1/2024"].because == ("assessment.excellent_unit", "assessment.excellent_heads")[:1]
    short = decided(plan, {"results": rows[1:], "staff": staff})
    assert "excellent/P1/2024" not in short
