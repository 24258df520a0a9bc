"""Which rows of a relation a change reaches: each case compared with a whole evaluation after every step."""

from __future__ import annotations

from typing import Any

import pytest

from cadrerules.language.periods import Quarter
from cadrerules.model.facts import FactTables
from properties.small_plan import MODELS, small_plan
from properties.test_incremental_agrees import check

SPECS = {model.spec.name: model.spec for model in MODELS}
BLAND = {"points": 1, "score": None, "grade": "a", "done": True, "day": None, "until": None, "helper": "H1"}


def mark(quarter: str, unit: str, **cells: Any) -> dict[str, Any]:
    return {"quarter": Quarter.parse(quarter), "unit": unit, **BLAND, **cells}


def world(*marks: dict[str, Any], **tables: Any) -> FactTables:
    rows = {"marks": marks, "notes": (), "helpers": (), "grants": (), **tables}
    return FactTables(SPECS, rows)


THREE = (mark("2024Q1", "U1", points=1), mark("2024Q1", "U2", points=2), mark("2024Q1", "U3", points=3))
NOTE = {"quarter": Quarter.parse("2024Q1"), "unit": "U1", "kind": "b", "amount": 1}
GRANT = {"unit": "U1", "number": "N1", "since": None, "until": None, "amount": 1}

CASES = {
    "a row leaves one cohort and enters another": (
        "rank(points, within=[grade])",
        world(*THREE),
        world(THREE[0], THREE[1], {**THREE[2], "grade": "b"}),
    ),
    "a row of which it isn't known where it belongs, and then is": (
        "rank(points, within=[grade])",
        world(THREE[0], THREE[1], {**THREE[2], "grade": None}),
        world(*THREE),
    ),
    "it is known where a row belongs, and then isn't": (
        "total(points, per=[grade])",
        world(*THREE),
        world(THREE[0], THREE[1], {**THREE[2], "grade": None}),
    ),
    "the last row of a cohort goes": ("count(done, per=[quarter])", world(*THREE), world()),
    "a run is broken in the middle": (
        "run(done)",
        world(*(mark(f"2024Q{q}", "U1") for q in (1, 2, 3, 4))),
        world(*(mark(f"2024Q{q}", "U1", done=q != 2) for q in (1, 2, 3, 4))),
    ),
    "a quarter in between comes late": (
        "run(done) + previous(points)",
        world(*(mark(f"2024Q{q}", "U1") for q in (1, 3))),
        world(*(mark(f"2024Q{q}", "U1") for q in (1, 2, 3))),
    ),
    "a row that is looked up comes": ("lookup(notes.amount)", world(*THREE), world(*THREE, notes=(NOTE,))),
    "a row that is looked up goes": ("exists(notes)", world(*THREE, notes=(NOTE,)), world(*THREE)),
    "a row with a wildcard is found by all": ("exists(grants)", world(*THREE), world(*THREE, grants=({**GRANT, "unit": None},))),
    "the column to look up by becomes known": (
        "lookup(helpers.level)",
        world(mark("2024Q1", "U1", helper=None), helpers=({"helper": "H1", "level": 1},)),
        world(mark("2024Q1", "U1"), helpers=({"helper": "H1", "level": 2},)),
    ),
    "what is aggregated across changes": (
        "total(notes.amount, where=notes.unit == unit)",
        world(*THREE, notes=(NOTE,)),
        world(*THREE, notes=({**NOTE, "amount": 2},)),
    ),
    "a place changes and what rests on it doesn't": (
        "run(rank(points, within=[quarter]) <= 2)",
        world(*THREE),
        world({**THREE[0], "points": 3}, *THREE[1:]),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_change_reaches(case: str) -> None:
    expression, before, after = CASES[case]
    check(small_plan({"a": expression}), before, after)
    check(small_plan({"a": expression}), after, before)

