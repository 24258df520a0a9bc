"""Expressions of every kind: what the solver decides of a column, the scalar engine decides alike."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadrerules.engines.solver.expressions import PRESENT
from cadrerules.engines.solver.run import PolicyRun, run_policy
from cadrerules.engines.solver.search import Witness
from cadrerules.engines.solver.shape import Shape
from cadrerules.engines.solver.symbols import Symbol, Truth
from cadrerules.engines.solver.world import World
from cadrerules.language.values import is_known
from cadrerules.model.cells import read_cell
from cadrerules.model.facts import UNKNOWN, FactTables
from cadrerules.model.policy_set import PolicySet
from cadrerules.model.program import bind_policy
from properties import small_plan as small
from properties.solver_filling import Filling, filling
from solver_values import as_solved, number

COLUMNS = {model.spec.name: frozenset(model.spec.columns) for model in small.MODELS}
HOLES = frozenset((m.spec.name, c.name) for m in small.MODELS for c in m.spec.columns.values() if c.empty is UNKNOWN)
IDS = {("marks", "unit"): 2, ("notes", "unit"): 2, ("helpers", "helper"): 2, ("grants", "number"): 2}
DAYS = (date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29), small.AS_OF, date(2024, 4, 1), date(2025, 2, 28))
COLUMN = "x"


def ran(policies: PolicySet, holes: frozenset[tuple[str, str]]) -> tuple[World, PolicyRun]:
    """The small policy in a world of two quarters, units, helpers and grants, some of whose cells may be unknown."""
    shape = Shape(COLUMNS, IDS, 2, holes, (), small.AS_OF, {}, {}, by_key=True)
    unset = {name: p.type for name, p in policies.context.parameters.items() if not p.is_set}
    world = World(policies.tables, shape, small.AS_OF, None, unset)
    bindings = policies.bindings(small.AS_OF)
    program = bind_policy(policies.policies[small.POLICY], bindings, policies.context.grains)
    return world, run_policy(program, world)


def by_reference(policies: PolicySet, witness: Witness) -> dict[tuple[str, Any], Any]:
    """The column as the scalar engine has it, on the tables of a witness."""
    rows = {
        name: tuple({n: read_cell(cell, policies.tables[name].columns[n]) for n, cell in row.items()} for row in found)
        for name, found in witness.tables.items()
    }
    return small.derived(policies.amend(witness.params), FactTables(policies.tables, rows), [COLUMN])


def solved(found: Filling, symbol: Symbol) -> Any:
    """What a symbol comes to; None where it is open."""
    if isinstance(symbol, Truth):
        return found.solved(symbol)
    return number(found.value(symbol.value)) if found.solved(Truth(symbol.known, symbol.known)) else None


def agree(data: st.DataObject, holes: frozenset[tuple[str, str]]) -> None:
    """Draw an expression and tables, and compare both engines on every row."""
    policies = small.small_plan({COLUMN: data.draw(small.expressions(), label="expression")})
    world, run = ran(policies, holes)
    if run.failed:
        return  # what the solver says it can't tell
    found = data.draw(filling(world, days=DAYS))
    expected = by_reference(policies, found.witness(world))
    for row in run.frames[f"{small.POLICY}.facts"]:
        if found.solved(row[PRESENT]):  # type: ignore[arg-type]
            known = expected[COLUMN, tuple(row[name].value for name in policies.tables["marks"].key)]  # type: ignore[union-attr]
            told = solved(found, row[COLUMN])
            assert told is None or (is_known(known) and told == as_solved(known))


@pytest.mark.parametrize("holes", [frozenset(), HOLES], ids=["known", "holes"])
@settings(max_examples=12, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_the_solver_decides_the_scalar_engine_decides(holes: frozenset[tuple[str, str]], data: st.DataObject) -> None:
    agree(data, holes)


@pytest.mark.slow
@pytest.mark.parametrize("holes", [frozenset(), HOLES], ids=["known", "holes"])
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_more_expressions(holes: frozenset[tuple[str, str]], data: st.DataObject) -> None:
    agree(data, holes)
