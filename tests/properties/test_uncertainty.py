"""Draws, bounds and margins of generated boards: nothing drawn lies outside of what was possible before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.simulate.ambiguities import ambiguities
from cadrerules.simulate.outcomes import KEYS, NOTHING
from cadrerules.simulate.uncertainty import bounds, read_uncertain, uncertain
from cadrerules.simulate.uncertainty.completed import completions
from cadrerules.simulate.uncertainty.tally import tally
from small_bureau import PLAN

DAY = date(2025, 1, 15)
KNOWN = {
    "format": 1,
    "distributions": {
        "progress.progress": {"integers": [0, 12]},
        "style.style": {"choice": {"good": 0.4, "ordinary": 0.2, "prominent_problems": 0.4}},
    },
}
SMALL = PLAN.amend({"board.red_to": 2, "board.yellow_to": 3})


@st.composite
def boards(draw: st.DrawFn) -> Mapping[str, Any]:
    """A few units in two quarters, some of whose cells are missing."""
    units = [f"U{n}" for n in range(draw(st.integers(3, 6)))]
    cells = st.none() | st.integers(0, 12)
    words = st.sampled_from([None, "good", "ordinary", "prominent_problems"])
    keys = [(quarter, unit) for quarter in ("2024Q2", "2024Q3") for unit in units]
    progress = [{"quarter": q, "unit": u, "indicator": "I", "progress": draw(cells)} for q, u in keys]
    style = [{"quarter": q, "unit": u, "style": draw(words)} for q, u in keys]
    staff = [{"person": f"P{u}", "unit": u, "role": "head"} for u in units]
    return {"progress": progress, "style": style, "staff": staff}


def options(outcome: str) -> set[str]:
    return set(outcome.split("|"))


@settings(max_examples=15, deadline=None)
@given(boards(), st.sampled_from(["competition", "dense", "ordinal"]), st.integers(0, 99))
def test_every_draw_lies_within_what_was_possible_and_within_the_bounds(tables: Any, ties: str, seed: int) -> None:
    plan = SMALL.amend(interpretations={"board.ties": ties})
    held = plan.held(tables)
    of = completions(held, read_uncertain(KNOWN, plan.tables), plan.tables, DAY, seed)
    found = tally(plan, held, of, DAY, 6)
    for row in found.per_decision().iter_rows(named=True):
        assert options(row["outcome"]) <= options(row["now"]), row
    least = {(one.question, one.verdict): (one.least, one.greatest) for one in bounds(plan, held, as_of=DAY).bounds}
    for (question, verdict), (low, high) in least.items():
        if question in found.questions and not question.startswith("interview"):  # that stays open: its number is unset
            assert all(low <= count <= high for count in found.counts_of(question, verdict))


@settings(max_examples=8, deadline=None)
@given(boards(), st.integers(0, 9))
def test_the_same_seed_gives_the_same_from_rows_and_columns(tables: Any, seed: int) -> None:
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()}
    rows, again = (uncertain(SMALL, tables, KNOWN, draws=4, seed=seed, as_of=DAY) for _ in range(2))
    columns = uncertain(SMALL, cr.scan_tables(frames, SMALL), KNOWN, draws=4, seed=seed, as_of=DAY, engine="polars")
    assert rows.to_dict() == again.to_dict()
    assert columns.to_dict() == rows.to_dict()
    open_ones = rows.decisions.group_by(KEYS).agg(pl.col("draws").sum())
    assert set(open_ones["draws"]) <= {4}
    assert NOTHING not in {one.outcome for one in rows.expected}


@pytest.mark.slow
@settings(max_examples=4, deadline=None)
@given(boards())
def test_what_waits_for_a_number_is_the_same_in_rows_and_columns(tables: Any) -> None:
    rows, columns = (
        {one.name: one for one in ambiguities(SMALL, tables, as_of=DAY, engine=engine).ranked} for engine in ("scalar", "polars")
    )
    assert columns["board.black_quarters"] == rows["board.black_quarters"]
    for name in ("board.style_quarters", "board.missing_quarter", "board.ranked"):
        assert columns[name] == rows[name]
