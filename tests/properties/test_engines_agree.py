"""Whatever the scalar engine makes of the shipped plan on a record, the columnar ones make of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cadrerules.model.facts import FactTables
from cadrerules.testing import assert_engines_agree
from cadrerules.testing.strategies import tables
from engines import COLUMNAR
from properties.test_plan_soundness import AS_OF, LEFT_OUT, PLAN, READINGS, TURNS, duties, filled_in, with_doubts
from properties.test_record_soundness import WORLDS, disputed

BOARD = {"board.red_to": 1, "board.yellow_to": 2}
BLACK = st.sampled_from([None, 1, 2])
STAGE = ("assessment", "board")
DUTIES = [name for name in PLAN.policy_set.policies if name not in STAGE]
RULES = {"waivers.rule": st.sampled_from(sorted(rule.id for rule in PLAN.rules.values() if rule.waivable))}
EVERYTHING = tables(*(PLAN.models[name] for name in sorted(PLAN.models)), max_rows=3, given=RULES)


@settings(max_examples=15)
@given(data=st.data(), world=WORLDS, readings=READINGS, black=BLACK)
def test_board_and_assessment(data: st.DataObject, world: FactTables, readings: dict[str, str], black: int | None) -> None:
    facts = data.draw(disputed(world), label="facts")
    plan = PLAN.amend({**BOARD, "board.black_quarters": black}, readings)
    assert_engines_agree(plan, facts, as_of=AS_OF, policies=STAGE, engines=COLUMNAR, refusals="allowed")


@settings(max_examples=2)
@given(data=st.data(), whole=duties(), readings=READINGS, as_of=st.sampled_from(TURNS), numbers=filled_in())
def test_duties(
    data: st.DataObject, whole: Any, readings: dict[str, str], as_of: date, numbers: Mapping[str, Any]
) -> None:
    facts = data.draw(with_doubts(whole, as_of), label="facts")
    left = data.draw(st.sets(st.sampled_from(LEFT_OUT)), label="left unset")
    params = {name: value for name, value in numbers.items() if name not in left}
    plan = PLAN.amend({**params, "calendar.from": 2024}, readings)
    assert_engines_agree(plan, facts, as_of=as_of, policies=DUTIES, engines=["polars"])  # on DuckDB the shared suite has them


@settings(max_examples=4)
@given(data=st.data(), facts=EVERYTHING, readings=READINGS)
def test_any_tables(data: st.DataObject, facts: FactTables, readings: dict[str, str]) -> None:
    """Tables drawn from their declarations alone, some of them absent."""
    absent = data.draw(st.sets(st.sampled_from(sorted(facts.rows)), max_size=3), label="absent")
    there = {name: rows for name, rows in facts.rows.items() if name not in absent}
    plan = PLAN.amend({**BOARD, "calendar.from": 2024}, readings)  # else the obligations of many years are due
    told = FactTables(facts.tables, there)
    assert_engines_agree(plan, told, as_of=AS_OF, engines=COLUMNAR, refusals="allowed")


@settings(max_examples=2)
@given(worlds=st.tuples(EVERYTHING, EVERYTHING, EVERYTHING), readings=READINGS)
def test_many_organisations(worlds: tuple[FactTables, ...], readings: dict[str, str]) -> None:
    """Some of which have no row in some tables."""
    rows = {
        name: [{"bureau": f"B{i}", **row} for i, world in enumerate(worlds) for row in world.rows[name]]
        for name in worlds[0].rows
    }
    facts = FactTables(PLAN.tables, {name: tuple(found) for name, found in rows.items()}, group="bureau")
    plan = PLAN.amend({**BOARD, "calendar.from": 2024}, readings)
    assert_engines_agree(plan, facts, as_of=AS_OF, engines=COLUMNAR, refusals="allowed")
