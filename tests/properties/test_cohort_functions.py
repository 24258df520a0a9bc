"""Cohort functions against their definitions, and their bounds against every completion of small cohorts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadrerules.language.cohorts import COHORTS, previous, rank, run
from cadrerules.language.periods import Quarter
from cadrerules.language.values import ANY_DATE, ANYTHING, Among, Between, between, high, low
from properties.abstract_values import completions, contains, hull

ORDERS, TIES = ("descending", "ascending"), ("competition", "dense", "ordinal")
AGGREGATES = sorted(name for name, function in COHORTS.items() if function.kind == "aggregate")
FIRST = 8090

whole = st.integers(-2, 3)
ranges = st.builds(lambda start, width: between(start, start + width), whole, st.integers(0, 2))
truths = st.sampled_from([True, False, None])
exact = st.one_of(st.integers(-5, 5), st.fractions(-2, 2, max_denominator=6))
FIRST_DAY = date(2024, 2, 26)
known_days = st.integers(0, 9).map(lambda n: FIRST_DAY + timedelta(days=n))
days = st.builds(lambda day, width: between(day, day + timedelta(days=width)), known_days, st.integers(0, 2))
letters = st.sampled_from(["a", "b", "c"])
HOLD = ("any", "all", "count")
ROUGH = {"mean"}  # sound, but not the sharpest that could be said where rows perhaps count


def periods(size: int) -> st.SearchStrategy[list[Quarter]]:
    return st.sets(st.integers(0, size + 2), min_size=size, max_size=size).map(
        lambda s: [Quarter(FIRST + n) for n in sorted(s)]
    )


# --- the definitions, in plain Python ------------------------------------------------------------------


def rank_by_definition(values: Sequence[Any], order: str, ties: str) -> list[int]:
    def better(a: Any, b: Any) -> bool:
        return bool(a > b if order == "descending" else a < b)

    places = []
    for at, own in enumerate(values):
        above = [other for other in values if better(other, own)]
        if ties == "dense":
            above = sorted(set(above))
        if ties == "ordinal":
            above += [other for i, other in enumerate(values) if other == own and i < at]
        places.append(1 + len(above))
    return places


def run_by_definition(quarters: Sequence[Quarter], holds: Sequence[bool], gap: str) -> list[int]:
    lengths = []
    for at in range(len(quarters)):
        length, back = 0, at
        while back >= 0 and holds[back]:
            length += 1
            if gap == "breaks" and back and quarters[back - 1] + 1 != quarters[back]:
                break
            back -= 1
        lengths.append(length)
    return lengths


BY_DEFINITION: dict[str, Callable[[Sequence[Any]], Any]] = {
    "total": lambda values: sum(map(Fraction, values)),
    "mean": lambda values: sum(map(Fraction, values)) / len(values),
    "count": lambda values: len([v for v in values if v]),
    "lowest": min,
    "highest": max,
    "any": lambda values: len([v for v in values if v]) > 0,
    "all": lambda values: len([v for v in values if not v]) == 0,
    "distinct": lambda values: len(set(values)),
    "days_covered": lambda spans: len(
        {first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)}
    ),
}


def known_values(name: str) -> st.SearchStrategy[Any]:
    """Known values that the aggregate takes."""
    if name in HOLD:
        return st.booleans()
    return {"distinct": letters, "days_covered": st.tuples(known_days, known_days)}.get(name, exact)


def open_values(name: str) -> st.SearchStrategy[Any]:
    """Values that the aggregate takes, of which often not all is known."""
    if name in HOLD:
        return truths
    return {"distinct": letters | st.just(ANYTHING), "days_covered": st.tuples(days, days)}.get(name, ranges)


def fillings(value: Any) -> list[Any]:
    """Every value that an argument may turn out to be, new words among them."""
    if isinstance(value, tuple):
        return list(itertools.product(*map(completions, value)))
    return ["a", "b", "c", object()] if value is ANYTHING else completions(value)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("order", ORDERS)
@given(st.lists(exact, min_size=1, max_size=9))
def test_rank_is_its_definition(order: str, ties: str, values: list[Any]) -> None:
    assert rank(values, order, ties) == rank_by_definition(values, order, ties)


@pytest.mark.parametrize("gap", COHORTS["run"].options["gap"])
@given(st.data())
def test_run_is_its_definition(gap: str, data: st.DataObject) -> None:
    quarters = data.draw(periods(7))
    holds = data.draw(st.lists(st.booleans(), min_size=7, max_size=7))
    assert run(quarters, holds, gap) == run_by_definition(quarters, holds, gap)


@given(st.data(), st.integers(1, 3))
def test_previous_is_the_value_so_many_periods_earlier(data: st.DataObject, back: int) -> None:
    quarters = data.draw(periods(6))
    by_quarter = dict(zip(quarters, data.draw(st.lists(exact, min_size=6, max_size=6)), strict=True))
    expected = [by_quarter.get(Quarter(q.ordinal - back), "missing") for q in quarters]
    assert previous(quarters, list(by_quarter.values()), "missing", back) == expected


@pytest.mark.parametrize("name", AGGREGATES)
@given(st.data())
def test_an_aggregate_is_its_definition(name: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(known_values(name), min_size=1, max_size=9))
    assert COHORTS[name].meaning(values) == BY_DEFINITION[name](values)


# --- bounds --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ties", ["competition", "ordinal"])
@pytest.mark.parametrize("order", ORDERS)
@settings(max_examples=60)
@given(st.lists(ranges, min_size=1, max_size=4))
def test_rank_bounds_are_the_least_and_greatest_place(order: str, ties: str, values: list[Any]) -> None:
    places = [rank_by_definition(filled, order, ties) for filled in itertools.product(*map(completions, values))]
    assert rank(values, order, ties) == [hull(column) for column in zip(*places, strict=True)]


@pytest.mark.parametrize("order", ORDERS)
@settings(max_examples=60)
@given(st.lists(ranges, min_size=1, max_size=4))
def test_dense_places_lie_in_their_bounds_and_the_least_is_reached(order: str, values: list[Any]) -> None:
    places = [rank_by_definition(filled, order, "dense") for filled in itertools.product(*map(completions, values))]
    for bounds, column in zip(rank(values, order, "dense"), zip(*places, strict=True), strict=True):
        assert contains(bounds, hull(column))
        assert low(bounds) == min(column)


@pytest.mark.parametrize("order", ORDERS)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=6))
def test_the_greatest_dense_place_is_reached_where_ranges_hold_values_enough(
    order: str, drawn: list[tuple[int, int]]
) -> None:
    values = [between(start * 20, (start + width) * 20) for start, width in drawn]
    for at, bounds in enumerate(rank(values, order, "dense")):
        filled = [_ahead(value, order, shift) for shift, value in enumerate(values)]
        filled[at] = low(values[at]) if order == "descending" else high(values[at])
        assert rank_by_definition(filled, order, "dense")[at] == high(bounds)


def _ahead(value: Any, order: str, shift: int) -> Any:
    """A value near the better end of a range, of its own among all others."""
    if not isinstance(value, Between):
        return value
    return value.high - 1 - shift if order == "descending" else value.low + 1 + shift


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("order", ORDERS)
@given(st.data())
def test_a_place_without_any_bound_is_any_place(order: str, ties: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 4))
    others = data.draw(st.lists(whole, min_size=size, max_size=size, unique=True))
    assert rank([Between(-inf, inf), *others], order, ties)[0] == Between(1, size + 1)


@pytest.mark.parametrize("gap", COHORTS["run"].options["gap"])
@settings(max_examples=60)
@given(st.data())
def test_run_bounds_are_the_least_and_greatest_length(gap: str, data: st.DataObject) -> None:
    quarters = data.draw(periods(5))
    open_truths = data.draw(st.lists(truths, min_size=5, max_size=5))
    lengths = [run_by_definition(quarters, t, gap) for t in itertools.product(*map(completions, open_truths))]
    assert run(quarters, open_truths, gap) == [hull(column) for column in zip(*lengths, strict=True)]


@pytest.mark.parametrize("name", AGGREGATES)
@settings(max_examples=60)
@given(st.data())
def test_aggregate_bounds_are_reached(name: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(open_values(name), min_size=1, max_size=3))
    outcomes = [BY_DEFINITION[name](filled) for filled in itertools.product(*map(fillings, values))]
    assert COHORTS[name].meaning(values) == hull(outcomes)


@pytest.mark.parametrize("name", AGGREGATES)
@settings(max_examples=60)
@given(st.data())
def test_bounds_allow_for_rows_that_perhaps_count(name: str, data: st.DataObject) -> None:
    """Of no row that surely counts, the least, greatest and mean value are left open."""
    values = data.draw(st.lists(open_values(name), min_size=name in ("mean", "lowest", "highest"), max_size=2))
    perhaps = data.draw(st.lists(open_values(name), max_size=2))
    found = COHORTS[name].meaning(values, perhaps)
    outcomes = [
        BY_DEFINITION[name](filled)
        for size in range(len(perhaps) + 1)
        for counted in itertools.combinations(perhaps, size)
        for filled in itertools.product(*map(fillings, [*values, *counted]))
    ]
    assert contains(found, hull(outcomes))
    assert name in ROUGH or found == hull(outcomes)


@pytest.mark.parametrize("name", AGGREGATES)
def test_of_no_rows_there_is_nothing_to_tell_or_nothing(name: str) -> None:
    nothing = {"mean": None, "lowest": None, "highest": None, "any": False, "all": True}
    assert COHORTS[name].meaning([]) is nothing.get(name, 0)
    assert COHORTS[name].meaning([], []) is nothing.get(name, 0)


@given(st.lists(st.sampled_from([Among(frozenset("ab")), Among(frozenset("bc")), "a", "b", "c"]), min_size=1, max_size=4))
def test_how_many_words_there_are_lies_in_its_bounds(values: list[Any]) -> None:
    outcomes = [len(set(filled)) for filled in itertools.product(*map(completions, values))]
    assert contains(COHORTS["distinct"].meaning(values), hull(outcomes))


def test_days_are_covered_once_and_backward_spans_not_at_all() -> None:
    covered, first, last = COHORTS["days_covered"].meaning, date(2024, 2, 28), date(2024, 3, 1)
    assert covered([(first, last), (last, last), (date(2024, 3, 5), first)]) == 3
    assert covered([(first, ANY_DATE)]) == Between(0, (date.max - first).days + 1)
    assert covered([(date.min, date.max), (first, last)]) == date.max.toordinal()


@pytest.mark.parametrize("name", ["lowest", "highest"])
def test_dates_have_extremes_too(name: str) -> None:
    first, second = date(2024, 2, 28), date(2024, 3, 1)
    values = [Between(first, second), first + timedelta(days=1)]
    outcomes = [BY_DEFINITION[name](filled) for filled in itertools.product(*map(completions, values))]
    assert COHORTS[name].meaning(values) == hull(outcomes)


# --- exactness -----------------------------------------------------------------------------------------


def test_thirds_are_equal_whatever_they_are_a_mean_of() -> None:
    mean = COHORTS["mean"].meaning
    assert mean([1, 0, 0]) == mean([2, 0, 0, 0, 0, 0]) == Fraction(1, 3)
    assert rank([mean([1, 0, 0]), mean([0, 1, 0, 1, 0, 0])]) == [1, 1]
    assert type(mean([1, 3])) is int


def test_sums_beyond_what_a_float_can_count() -> None:
    total = COHORTS["total"].meaning
    assert total([2**53, 1]) == 2**53 + 1 != total([2**53, 0])
    assert rank([2**53 + 1, 2**53]) == [1, 2]
    assert total([10**400, Between(-inf, inf)]) == Between(-inf, inf)
    assert COHORTS["mean"].meaning([10**400, Between(0, inf)]) == Between(Fraction(10**400, 2), inf)
