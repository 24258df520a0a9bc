"""Every cohort function of the solver gives what the reference gives, and decides nothing that it leaves open."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadrerules.engines.solver.cohorts import MOST_SPANS, aggregate, previous, ranks, runs
from cadrerules.engines.solver.symbols import TRUE, Symbol, Thing, Truth, UnsupportedError
from cadrerules.language.cohorts import COHORTS
from cadrerules.language.periods import Quarter
from cadrerules.language.types import DATE, TRUTH, Choice, Number, Type, unknown
from cadrerules.language.values import is_known
from solver_values import Variables, as_solved, known

GRADE = Choice(("a", "b", "c"))
TAKES: dict[str, list[tuple[Type, ...]]] = {
    "number": [(Number(),)],
    "truth": [(TRUTH,)],
    "number or date": [(Number(),), (DATE,)],
    "anything": [(TRUTH,), (Number(),), (DATE,), (GRADE,)],
    "two dates": [(DATE, DATE)],
}
AGGREGATES = sorted(name for name, function in COHORTS.items() if function.kind == "aggregate")
ORDERS = list(itertools.product(COHORTS["rank"].options["order"], COHORTS["rank"].options["ties"]))
FIRST_DAY = date(2024, 2, 26)

few_days = st.integers(0, 9).map(lambda n: FIRST_DAY + timedelta(days=n)) | st.just(date.max)
few_numbers = st.integers(-2, 3)
presence = st.sampled_from([True, True, True, False, None])

Row = tuple[bool | None, tuple[Any, ...]]
"""Whether a row counts (None: perhaps), and its values."""


def few(of: Type) -> st.SearchStrategy[Any]:
    """Known values, few enough to be the same now and then."""
    return {Number(): few_numbers, DATE: few_days}.get(of, known(of))


@st.composite
def values(draw: st.DrawFn, of: Type, *, holes: bool) -> Any:
    return unknown(of) if holes and not draw(st.integers(0, 4)) else draw(few(of))


@st.composite
def rows(draw: st.DrawFn, of: tuple[Type, ...], *, holes: bool, fewest: int = 0) -> list[Row]:
    """Rows that count, and where there are holes also such as perhaps count and cells that aren't known."""
    counts = presence if holes else st.booleans()
    row = st.tuples(counts, st.tuples(*(values(t, holes=holes) for t in of)))
    return draw(st.lists(row, min_size=fewest, max_size=4))


def members(draw: st.DrawFn, variables: Variables, found: Sequence[Row], of: tuple[Type, ...]) -> list[Any]:
    """The rows as the solver has them."""
    return [
        (variables.truth(draw, counts), tuple(variables.symbol(draw, v, t) for v, t in zip(cells, of, strict=True)))
        for counts, cells in found
    ]


def by_reference(name: str, found: Sequence[Row]) -> Any:
    """What the reference gives of the rows that surely and that perhaps count."""
    surely, perhaps = ([cells if len(cells) > 1 else cells[0] for c, cells in found if c is counts] for counts in (True, None))
    return COHORTS[name].meaning(surely, perhaps)


@pytest.mark.parametrize("name", AGGREGATES)
@pytest.mark.parametrize("holes", [False, True], ids=["known", "holes"])
@settings(max_examples=40, derandomize=True)
@given(st.data())
def test_an_aggregate_gives_what_the_reference_gives(name: str, holes: bool, data: st.DataObject) -> None:
    of = data.draw(st.sampled_from(TAKES[COHORTS[name].takes]))
    found, variables = data.draw(rows(of, holes=holes)), Variables()
    solved, expected = aggregate(name, members(data.draw, variables, found, of)), by_reference(name, found)
    agree(variables, solved, expected, decided=not holes)


def agree(variables: Variables, solved: Symbol, expected: Any, *, decided: bool) -> None:
    """What is known of the one is of the other; `decided` says that the solver must know all that is known."""
    if variables.known(solved):
        assert is_known(expected)
        assert variables.value(solved) == as_solved(expected)
    else:
        assert not (decided and is_known(expected))


@pytest.mark.parametrize("name", ["any", "all", "count"])
@settings(max_examples=40, derandomize=True)
@given(st.data())
def test_what_holds_in_rows_is_decided_wherever_the_reference_does(name: str, data: st.DataObject) -> None:
    found, variables = data.draw(rows((TRUTH,), holes=True)), Variables()
    solved = aggregate(name, members(data.draw, variables, found, (TRUTH,)))
    agree(variables, solved, by_reference(name, found), decided=True)


@pytest.mark.parametrize("name", ["any", "all", "count"])
def test_without_arguments_rows_are_asked_whether_they_are_there(name: str) -> None:
    variables = Variables()
    there = [(TRUE, ()), (Truth(False, False), ())]
    expected = COHORTS[name].meaning([True])
    agree(variables, aggregate(name, there), expected, decided=True)


def test_days_in_many_spans_are_not_told() -> None:
    span = (TRUE, (Thing(FIRST_DAY), Thing(FIRST_DAY)))
    assert as_solved(aggregate("days_covered", [span] * MOST_SPANS).value) == 1  # type: ignore[union-attr]
    with pytest.raises(UnsupportedError):
        aggregate("days_covered", [span] * (MOST_SPANS + 1))


# --- places ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("order", "ties"), ORDERS)
@settings(max_examples=40, derandomize=True)
@given(st.data())
def test_places_are_the_reference_s_among_the_rows_that_are_there(order: str, ties: str, data: st.DataObject) -> None:
    found, variables = data.draw(rows((Number(),), holes=False, fewest=1)), Variables()
    solved = ranks(members(data.draw, variables, found, (Number(),)), order, ties)
    there = [i for i, (counts, _) in enumerate(found) if counts]
    places = COHORTS["rank"].meaning([found[i][1][0] for i in there], order, ties)
    for i, place in zip(there, places, strict=True):
        agree(variables, solved[i], place, decided=True)


@pytest.mark.parametrize(("order", "ties"), ORDERS)
@settings(max_examples=40, derandomize=True)
@given(st.data())
def test_places_are_open_where_a_value_or_a_row_is(order: str, ties: str, data: st.DataObject) -> None:
    found, variables = data.draw(rows((Number(),), holes=True, fewest=1)), Variables()
    solved = ranks(members(data.draw, variables, found, (Number(),)), order, ties)
    for there in whole_rows(found):
        places = COHORTS["rank"].meaning([found[i][1][0] for i in there], order, ties)
        for i, place in zip(there, places, strict=True):
            agree(variables, solved[i], place, decided=False)


def whole_rows(found: Sequence[Row]) -> list[list[int]]:
    """The numbers of the rows that are there, for every way in which those perhaps there may turn out."""
    ways = itertools.product(*([True, False] if counts is None else [counts] for counts, _ in found))
    return [[i for i, there in enumerate(way) if there] for way in ways]


# --- sequences ------------------------------------------------------------------------------------------


@st.composite
def quarters(draw: st.DrawFn) -> list[Quarter]:
    """Quarters in order, now and then with a gap."""
    return [Quarter(8090 + n) for n in sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=5)))]


@pytest.mark.parametrize("gap", COHORTS["run"].options["gap"])
@pytest.mark.parametrize("holes", [False, True], ids=["known", "holes"])
@settings(max_examples=50, derandomize=True)
@given(st.data())
def test_runs_are_the_reference_s_among_the_rows_that_are_there(gap: str, holes: bool, data: st.DataObject) -> None:
    when, variables = data.draw(quarters()), Variables()
    found = [data.draw(st.tuples(presence if holes else st.booleans(), values(TRUTH, holes=holes))) for _ in when]
    dated = [
        (quarter.ordinal, variables.truth(data.draw, there), variables.truth(data.draw, holds))
        for quarter, (there, holds) in zip(when, found, strict=True)
    ]
    solved = runs(dated, gap)
    for there in whole_rows([(counts, ()) for counts, _ in found]):
        lengths = COHORTS["run"].meaning([when[i] for i in there], [found[i][1] for i in there], gap)
        for i, length in zip(there, lengths, strict=True):
            agree(variables, solved[i], length, decided=not holes)


@pytest.mark.parametrize("back", [1, 2])
@pytest.mark.parametrize("of", [TRUTH, Number(), DATE, GRADE], ids=str)
@settings(max_examples=40, derandomize=True)
@given(st.data())
def test_the_previous_value_is_the_reference_s(of: Type, back: int, data: st.DataObject) -> None:
    when, variables = data.draw(quarters()), Variables()
    found = [data.draw(st.tuples(presence, values(of, holes=True))) for _ in when]
    dated = [
        (quarter.ordinal, variables.truth(data.draw, there), variables.symbol(data.draw, value, of))
        for quarter, (there, value) in zip(when, found, strict=True)
    ]
    solved = previous(dated, back)
    surely = not any(there is None for there, _ in found)
    for there in whole_rows([(counts, ()) for counts, _ in found]):
        before = COHORTS["previous"].meaning([when[i] for i in there], [found[i][1] for i in there], unknown(of), back)
        for i, value in zip(there, before, strict=True):
            agree(variables, solved[i], value, decided=surely)
