"""Every operator is sound (what it decides stays so), gives what its signature says, and is as sharp as can be."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadrerules.language.operators import OPERATORS
from cadrerules.language.types import DATE, TEXT, TRUTH, Choice, Number, Period, Type, unknown
from cadrerules.language.values import Between, between
from properties.abstract_values import completion, completions, contains, fits, hull, perhaps_known

PALETTE: tuple[Type, ...] = (
    *(TRUTH, Number(), Number(1), TEXT, Choice(("a", "b", "c")), Choice(("b", "c", "d"))),
    *(DATE, Period("quarter"), Period("any")),
)
SPEAKS_OF_THE_RECORD = {"known"}  # the declared exception: it says what stands in the facts, not what is so
COARSE = {"in", "known", "first_day", "last_day"}  # sound, but not the sharpest that could be said


def well_typed(name: str) -> list[tuple[Type, ...]]:
    """The argument types of the palette that an operator takes."""
    operator = OPERATORS[name]
    most = min(operator.most, operator.fewest + 1, 3)
    counts = range(operator.fewest, most + 1)
    return [args for n in counts for args in itertools.product(PALETTE, repeat=n) if operator.signature(args)]


@st.composite
def arguments(draw: st.DrawFn, name: str) -> tuple[tuple[Type, ...], list[Any], list[Any]]:
    """Types, values perhaps not known, and a completion of each."""
    of = draw(st.sampled_from(well_typed(name)))
    values = [draw(perhaps_known(t)) for t in of]
    return of, values, [draw(completion(v, t)) for v, t in zip(values, of, strict=True)]


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_what_an_operator_decides_stays_so(name: str) -> None:
    operator = OPERATORS[name]

    @settings(max_examples=80)
    @given(arguments(name))
    def holds(drawn: tuple[tuple[Type, ...], list[Any], list[Any]]) -> None:
        of, open_values, filled = drawn
        before, after = operator.meaning(*open_values), operator.meaning(*filled)
        result = operator.signature(of)
        assert result is not None
        assert fits(before, result)
        assert fits(after, result)
        assert name in SPEAKS_OF_THE_RECORD or contains(before, after), f"{name}{open_values}: {before}, but {after}"

    holds()


def few(of: Type) -> st.SearchStrategy[Any]:
    """Values of a type with few completions."""
    if isinstance(of, Number):
        return st.builds(lambda low, width: between(low, low + width), st.integers(-3, 3), st.integers(0, 2))
    return perhaps_known(of).filter(lambda v: not isinstance(v, Between) or (v.high - v.low).days < 40)


@pytest.mark.parametrize("name", sorted(set(OPERATORS) - COARSE))
def test_an_operator_says_all_that_can_be_said(name: str) -> None:
    operator = OPERATORS[name]
    types = [of for of in well_typed(name) if not {TEXT, Period("quarter"), Period("any")} & set(of)]

    @settings(max_examples=40)
    @given(st.sampled_from(types).flatmap(lambda of: st.tuples(*map(few, of))))
    def holds(values: tuple[Any, ...]) -> None:
        outcomes = [operator.meaning(*filled) for filled in itertools.product(*map(completions, values))]
        assert operator.meaning(*values) == hull(outcomes)

    holds()


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_an_operator_answers_when_nothing_is_known(name: str) -> None:
    for of in well_typed(name):
        result = OPERATORS[name].signature(of)
        assert result is not None
        assert fits(OPERATORS[name].meaning(*map(unknown, of)), result)


@pytest.mark.parametrize("name", ["+", "-", "*", "min", "max", "<", "<=", "=="])
@pytest.mark.parametrize("huge", [10**400, -(10**400)])
def test_a_huge_number_may_meet_an_unknown_one(name: str, huge: int) -> None:
    meaning = OPERATORS[name].meaning
    for open_value in (Between(-float("inf"), float("inf")), Between(0, float("inf")), Between(-float("inf"), 0)):
        for args in ((huge, open_value), (open_value, huge)):
            filled = [0 if isinstance(a, Between) else a for a in args]
            assert contains(meaning(*args), meaning(*filled))


def test_a_share_of_less_than_one_is_nothing_so_that_an_open_whole_has_bounds() -> None:
    """A whole may be a mean: between 0 and 3 lies a third, too."""
    pro_rata, third = OPERATORS["pro_rata"].meaning, Fraction(1, 3)
    assert [pro_rata(2, 3, whole) for whole in (third, 0, -1, 1, 4, float("inf"))] == [0, 0, 0, 6, 2, 0]
    assert pro_rata(2, 3, Between(0, 4)) == Between(0, 6)
    assert pro_rata(5, 1, 2) == 3
    assert pro_rata(-5, 1, 2) == -2


def test_known_speaks_of_the_record() -> None:
    known = OPERATORS["known"].meaning
    assert [known(v) for v in (None, Between(0, 1), 0, False, "a")] == [False, False, True, True, True]
