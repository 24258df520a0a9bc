"""Simulations made by hand: small, and of outcomes that are known, for tests of how they are shown."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

import cadrerules as cr
from cadrerules.differences.documents import changes
from cadrerules.simulate.ambiguities import Ambiguities, Ambiguity
from cadrerules.simulate.comparison import Breakdown, Compared, Comparison, Part, Transition
from cadrerules.simulate.data import Data
from cadrerules.simulate.outcomes import SCHEMA
from cadrerules.simulate.reformed import AFFECTED
from cadrerules.simulate.reforms import Reform
from cadrerules.simulate.sweep import Axis, Compression, Point, Sweep
from cadrerules.simulate.uncertainty.draws import DrawnColumn, Expected, Uncertainty
from cadrerules.simulate.uncertainty.extremes import Bound, Bounds
from cadrerules.simulate.uncertainty.stability import Stability, Turned

DAY = date(2025, 1, 15)
DATA = Data("5f" * 32, {"progress": 32, "staff": 12}, {"unit": 8, "person": 12})
QUARTERS = ("2024Q1", "2024Q2", "2024Q3", "2024Q4")
HOSTILE = "</script><script>alert(1)</script>"


def flags(unit: int, quarter: int, reds: int) -> str:
    """A flag by a place that moves on with each quarter."""
    place = (unit + 3 * quarter) % 8 + 1
    if place == 8 and unit == 7:
        return "yellow|black"
    return "red" if place <= reds else "yellow" if place <= 6 else "black"


def compared(
    plan: cr.Plan, reform: Reform, reds: tuple[int, int] = (4, 3), ids: tuple[str, ...] = ()
) -> tuple[Compared, pl.DataFrame]:
    """A reform of how far red flags go on eight units in four quarters, and two persons' promotions."""
    units = ids or tuple(f"U{n:02}" for n in range(1, 9))
    new = plan.amend(reform.params, reform.interpretations)
    found = changes(plan.policy_set, new.policy_set)
    rows = [
        ("flag", "unit", unit, quarter, *(flags(i, j, red) for red in reds))
        for i, unit in enumerate(units)
        for j, quarter in enumerate(QUARTERS)
    ]
    rows += [("promotion", "person", "P1", "2024", "preferred", "nothing"), ("promotion", "person", "P2", "2024", "nothing", "barred_in_principle")]
    why = [f"{found[0].kind} {found[0].name}"]
    affected = [(None, q, kind, who, period, None, old, new, *[None] * 6, why) for q, kind, who, period, old, new in rows if old != new]
    before = [(None, q, kind, who, period, None, old, None, None, None) for q, kind, who, period, old, _ in rows if old != "nothing"]
    made = Compared(
        reform=reform,
        plan=new,
        changes=found,
        transitions=tuple(transitions(rows)),
        breakdowns=(Breakdown("units.unit", "U01", tuple(transitions(rows[:4]))), Breakdown("staff.role", None, tuple(transitions(rows[-2:])))),
        parts=tuple(Part("flag", change, Fraction(7, 1 + i), 4) for i, change in enumerate(found)),
        affected=pl.DataFrame(affected, AFFECTED, orient="row"),
    )
    return made, pl.DataFrame(before, SCHEMA, orient="row")


def transitions(rows: list[tuple[str, ...]]) -> list[Transition]:
    """The transitions that rows of question, kind, subject, period, old and new have."""
    keys = dict.fromkeys((q, kind, old, new) for q, kind, _, _, old, new in rows)
    made = []
    for q, kind, old, new in keys:
        same = [row for row in rows if (row[0], *row[4:]) == (q, old, new)]
        total = sum(row[0] == q for row in rows)
        made.append(Transition(q, kind, old, new, len(same), len({row[2] for row in same}), Fraction(len(same), total)))
    return made


def comparison(plan: cr.Plan, reforms: int = 1, ids: tuple[str, ...] = (), title: str = "Red flags end at place 3") -> Comparison:
    """A comparison of one reform or more."""
    reform = Reform(title, "Fewer red flags.", {"board.red_to": 6}, {"board.ties": "dense"})
    made = [compared(plan, reform, (4, 3 - i), ids) for i in range(reforms)]
    return Comparison(plan, DAY, DATA, tuple(one for one, _ in made), before=made[0][1])


def sweep(plan: cr.Plan, values: int = 10) -> Sweep:
    """How far red flags go, along one parameter."""
    axis = Axis("board.red_to", tuple(str(n) for n in range(1, values + 1)), "7")
    points = [Point((at,), _counts(int(at))) for at in axis.values]
    return Sweep(plan, DAY, DATA, (axis,), tuple(points), (Compression("flag", 96, 21), Compression("interview", 96, None, "distinct")))


def _counts(red: int, yellow: int = 10) -> dict[tuple[str, str], int]:
    yellows = max(yellow - red, 0) * 8
    counts = {("flag", "red"): red * 8, ("flag", "yellow"): yellows, ("flag", "black"): 144 - red * 8 - yellows, ("flag", "yellow|black"): 3}
    return {**counts, ("commendation", "commended"): 5}


def sweep_of_two(plan: cr.Plan) -> Sweep:
    """How far red and yellow flags go."""
    axes = Axis("board.red_to", ("5", "6", "7", "8"), "7"), Axis("board.yellow_to", ("9", "10", "11"), "10")
    points = [Point((red, yellow), _counts(int(red), int(yellow))) for red in axes[0].values for yellow in axes[1].values]
    return Sweep(plan, DAY, DATA, axes, tuple(points))


def uncertainty(plan: cr.Plan) -> Uncertainty:
    """Two missing cells, and the flag of a unit that they decide."""
    rows = [(None, "flag", "unit", "U08", "2024Q1", None, "yellow|black", outcome, n, n / 40, 0.3, 0.7) for outcome, n in (("black", 30), ("yellow", 10))]
    columns = ("group", "question", "kind", "subject", "period", "rule", "now", "outcome")
    schema: Any = {**dict.fromkeys(columns, pl.String), "draws": pl.Int64, **dict.fromkeys(("share", "low", "high"), pl.Float64)}
    expected = Expected("flag", "yellow", 8, Fraction(33, 4), 8, 9, 8, 10), Expected("flag", "red", 12, Fraction(12), 12, 12, 12, 12)
    still = Expected("promotion", "preferred", 1, Fraction(1), 1, 1, 1, 1)
    drawn = (DrawnColumn("progress.progress", "distributions", 2),)
    return Uncertainty(plan, DAY, DATA, 40, 7, drawn, (*expected, still), pl.DataFrame(rows, schema, orient="row"), 31)


def stability(plan: cr.Plan) -> Stability:
    """Noise that turns flags, and no promotion."""
    turned = Turned("flag", 32, 5, Fraction(5, 2), Fraction(5, 64), 1, 4), Turned("promotion", 2, 0, Fraction(0), Fraction(0), 0, 0)
    rows = [(None, "flag", "unit", "U03", "2024Q4", None, "red", 12, 0.3, 0.2, 0.5, "yellow")]
    columns = ("group", "question", "kind", "subject", "period", "rule", "now")
    schema: Any = {**dict.fromkeys(columns, pl.String), "draws": pl.Int64, **dict.fromkeys(("share", "low", "high"), pl.Float64), "mostly": pl.String}
    return Stability(plan, DAY, DATA, 40, 7, {"progress.progress": "0.5"}, turned, pl.DataFrame(rows, schema, orient="row"))


def bounds(plan: cr.Plan) -> Bounds:
    """A flag that is open, and a promotion that isn't."""
    found = (
        Bound("flag", "red", "favourable", 12, 14),
        Bound("flag", "yellow", "neutral", 8, 10),
        Bound("promotion", "preferred", "favourable", 1, 1),
    )
    rows = [(None, "flag", "unit", "U08", "2024Q1", None, "yellow|black")]
    columns = ("group", "question", "kind", "subject", "period", "rule", "possible")
    return Bounds(plan, DAY, DATA, found, pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row"))


def ambiguities(plan: cr.Plan) -> Ambiguities:
    """Two readings and an unset number."""

    def one(kind: Any, name: str, decisions: int, **more: Any) -> Ambiguity:
        return Ambiguity(kind, name, ("2.2.3",), more.get("chosen"), decisions, 120, more.get("subjects", {}), more.get("questions", {}), more.get("options", {}))

    return Ambiguities(
        plan,
        DAY,
        DATA,
        (
            one("interpretation", "board.ranked", 74, chosen="unit", subjects={"unit": 18}, questions={"flag": 60, "interview": 14}, options={"indicator": 74, "region": 50}),
            one("parameter", "board.black_quarters", 9, subjects={"person": 9}, questions={"interview": 9}),
            one("interpretation", "board.ties", 0, chosen="competition", options={"dense": 0, "ordinal": 0}),
        ),
    )


def everything(plan: cr.Plan) -> list[Any]:
    """One simulation of each kind, and a sweep along two parameters."""
    return [make(plan) for make in (comparison, sweep, sweep_of_two, ambiguities, uncertainty, stability, bounds)]
