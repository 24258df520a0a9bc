"""Every operator of the solver gives what the reference gives, and decides nothing that the reference leaves open."""

from __future__ import annotations

import itertools
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from cadrerules.engines.solver.operators import MEANINGS, apply
from cadrerules.engines.solver.symbols import Symbol, Thing, UnsupportedError
from cadrerules.language.operators import OPERATORS
from cadrerules.language.periods import Quarter
from cadrerules.language.types import DATE, TEXT, TRUTH, Choice, Number, Period, Type
from cadrerules.language.values import is_known
from solver_values import FIRST, LAST, Variables, as_solved, known, perhaps_known

PALETTE: tuple[Type, ...] = (
    *(TRUTH, Number(), Number(1), TEXT, Choice(("a", "b", "c")), Choice(("b", "c", "d"))),
    *(DATE, Period("quarter"), Period("any")),
)
WHOLE_ONLY = {"add_months", "pro_rata"}
"""The solver has no fractions here, which only a mean could give."""
SETTLED_ONLY = {"first_day", "last_day"}


def well_typed(name: str) -> list[tuple[Type, ...]]:
    """The argument types of the palette that an operator takes."""
    operator = OPERATORS[name]
    counts = range(operator.fewest, min(operator.most, operator.fewest + 1, 3) + 1)
    return [args for n in counts for args in itertools.product(PALETTE, repeat=n) if operator.signature(args)]


def fits(name: str, values: list[Any]) -> bool:
    """Whether the solver speaks of such values: whole numbers where it needs them, days of its calendar."""
    if name in WHOLE_ONLY and any(isinstance(v, Fraction) for v in values):
        return False
    found = OPERATORS[name].meaning(*values)
    return not isinstance(found, date) or found in values or FIRST <= found <= LAST


@st.composite
def known_arguments(draw: st.DrawFn, name: str) -> tuple[list[Any], list[Symbol], Variables]:
    """Known values, the same as the solver has them, and the variables among these."""
    of = draw(st.sampled_from(well_typed(name)))
    values = draw(st.tuples(*map(known, of)).map(list).filter(lambda found: fits(name, found)))
    variables = Variables()
    return values, [variables.symbol(draw, v, t) for v, t in zip(values, of, strict=True)], variables


@st.composite
def open_arguments(draw: st.DrawFn, name: str) -> tuple[list[Any], list[Symbol], Variables]:
    """The same with values among them of which nothing is known."""
    of = draw(st.sampled_from(well_typed(name)))
    values = [draw(perhaps_known(t).filter(lambda v: not isinstance(v, Fraction))) for t in of]
    variables = Variables()
    return values, [variables.symbol(draw, v, t) for v, t in zip(values, of, strict=True)], variables


def solved(name: str, args: list[Symbol]) -> Symbol | None:
    """What the solver gives; None where it says that it can't."""
    try:
        return apply(name, args)
    except UnsupportedError:
        assert name in SETTLED_ONLY | WHOLE_ONLY
        return None


def test_every_operator_has_a_meaning_and_no_other() -> None:
    assert MEANINGS.keys() == OPERATORS.keys()


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_known_values_give_what_the_reference_gives(name: str) -> None:
    @settings(max_examples=40, derandomize=True)
    @given(known_arguments(name))
    def holds(drawn: tuple[list[Any], list[Symbol], Variables]) -> None:
        values, args, variables = drawn
        found = solved(name, args)
        if name not in SETTLED_ONLY or found is not None:
            assert found is not None
            assert variables.known(found)
            assert variables.value(found) == as_solved(OPERATORS[name].meaning(*values))

    holds()


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_what_is_decided_of_unknown_values_the_reference_decides_too(name: str) -> None:
    @settings(max_examples=40, derandomize=True)
    @given(open_arguments(name))
    def holds(drawn: tuple[list[Any], list[Symbol], Variables]) -> None:
        values, args, variables = drawn
        found = solved(name, args)
        if found is not None and variables.known(found):
            expected = OPERATORS[name].meaning(*values)
            assert is_known(expected)
            assert not fits(name, values) or variables.value(found) == as_solved(expected)

    holds()


@pytest.mark.parametrize("name", ["and", "or", "not", "known"])
def test_logic_decides_all_that_the_reference_decides(name: str) -> None:
    @settings(max_examples=40, derandomize=True)
    @given(open_arguments(name))
    def holds(drawn: tuple[list[Any], list[Symbol], Variables]) -> None:
        values, args, variables = drawn
        found, expected = apply(name, args), OPERATORS[name].meaning(*values)
        assert variables.known(found) is is_known(expected)

    holds()


@pytest.mark.parametrize("name", sorted(SETTLED_ONLY))
def test_the_days_of_a_period_that_is_a_variable_are_not_told(name: str) -> None:
    with pytest.raises(UnsupportedError):
        apply(name, [Thing(z3.Int("quarter"))])
    settled = apply(name, [Thing(Quarter(8095))])
    assert isinstance(settled, Thing)
    assert settled.value == OPERATORS[name].meaning(Quarter(8095))


@pytest.mark.parametrize("fraction", [Fraction(1, 2), z3.Real("mean")])
def test_fractions_where_whole_numbers_are_needed_are_not_told(fraction: Any) -> None:
    day, number = z3.Int("day"), z3.Int("number")
    calls = [("add_months", (day, fraction))]
    calls += [("pro_rata", args) for args in [(fraction, number, 3), (1, fraction, number), (number, 2, fraction)]]
    for name, values in calls:
        with pytest.raises(UnsupportedError):
            apply(name, [Thing(v) for v in values])
