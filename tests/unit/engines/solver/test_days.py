"""Days that are variables: each is counted as the calendar counts it, and no other number is a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from cadrerules.engines.solver import days
from cadrerules.engines.solver.symbols import DAY_STEP, UnsupportedError, day_code, day_of, lift
from cadrerules.language import periods
from solver_values import ENDS, FIRST, LAST, LEAP_DAYS, as_solved, calendar_days

DAY, OTHER, MONTHS = z3.Ints("day other months")
MONTH_ENDS = [periods.Month(m).last_day() for m in range(periods.Month.of(FIRST).ordinal, periods.Month.of(LAST).ordinal)]


def counted(expression: Any, *values: tuple[Any, Any]) -> int:
    """What an expression comes to, with days and numbers put in for the variables."""
    found = z3.simplify(z3.substitute(expression, *((variable, lift(value)) for variable, value in values)))
    return int(found.as_long())


def test_a_day_stands_for_a_number_and_back_and_later_days_are_greater() -> None:
    found = [*ENDS, FIRST, *LEAP_DAYS, date(2024, 3, 1), LAST]
    assert [day_of(day_code(day)) for day in found] == found
    assert [day_of(code) for code in sorted(map(day_code, found))] == sorted(found)


def test_all_months_end_where_the_calendar_ends_them() -> None:
    length = days.length_of(DAY / DAY_STEP)
    assert [counted(length, (DAY, day)) for day in MONTH_ENDS] == [day.day for day in MONTH_ENDS]


@pytest.mark.parametrize("first", [date(2023, 12, 31), date(2024, 2, 29)])
def test_numbers_that_are_no_day_are_left_out(first: date) -> None:
    """All numbers of half a year about a leap day and about a common February."""
    last = first + timedelta(days=200)
    within = days.is_a_day(DAY, first, last)
    numbers = range(day_code(first) - 40, day_code(last) + 40)
    found = [n for n in numbers if z3.is_true(z3.simplify(z3.substitute(within, (DAY, z3.IntVal(n)))))]
    assert found == [day_code(first + timedelta(days=n)) for n in range(201)]


def test_days_are_numbered_without_gap_at_every_month_end() -> None:
    number = days.number_of(DAY)
    assert [counted(number, (DAY, day)) for day in MONTH_ENDS] == [day.toordinal() for day in MONTH_ENDS]


@pytest.mark.parametrize("day", [*ENDS, *LEAP_DAYS, FIRST, LAST])
@pytest.mark.parametrize("branches", [False, True])
def test_the_number_of_a_day_is_the_calendar_s(day: date, *, branches: bool) -> None:
    choice = z3.If(z3.Bool("one"), lift(day), lift(day)) if branches else lift(day)
    assert z3.simplify(days.number_of(choice)).as_long() == day.toordinal()
    assert counted(days.number_of(DAY), (DAY, day)) == day.toordinal()


@settings(max_examples=150, derandomize=True)
@given(calendar_days(), st.integers(-2400, 2400))
def test_months_later_are_clamped_to_the_month_s_end(day: date, months: int) -> None:
    later = day if day in ENDS else periods.add_months(day, months)
    if later in ENDS or FIRST <= later <= LAST:
        assert counted(days.months_later(DAY, MONTHS), (DAY, day), (MONTHS, months)) == day_code(later)


@settings(max_examples=150, derandomize=True)
@given(calendar_days(), calendar_days())
def test_whole_months_apart_are_floored(start: date, end: date) -> None:
    apart = counted(days.months_apart(DAY, OTHER), (DAY, start), (OTHER, end))
    assert apart == periods.months_between(start, end)


@pytest.mark.parametrize("start", ENDS)
@pytest.mark.parametrize("end", [date(2024, 2, 29), date(2024, 2, 28), date(2023, 2, 28), date(2024, 1, 31), *ENDS])
def test_months_are_counted_from_what_has_no_beginning_or_end(start: date, end: date) -> None:
    apart = counted(days.months_apart(DAY, OTHER), (DAY, start), (OTHER, end))
    assert apart == periods.months_between(start, end)


@pytest.mark.parametrize("kind", sorted(periods.PERIODS))
@settings(max_examples=60, derandomize=True)
@given(calendar_days())
def test_a_day_lies_in_its_period(kind: periods.PeriodKind, day: date) -> None:
    found = counted(days.period_of(kind, DAY), (DAY, day))
    assert found == periods.PERIODS[kind].of(day).ordinal


@settings(max_examples=60, derandomize=True)
@given(calendar_days(), calendar_days())
def test_the_later_of_two_days(one: date, other: date) -> None:
    assert counted(days.later(DAY, OTHER), (DAY, one), (OTHER, other)) == day_code(max(one, other))
    assert as_solved(days.later(one, other)) == day_code(max(one, other))


def test_a_part_of_a_month_is_not_told() -> None:
    with pytest.raises(UnsupportedError):
        days.months_later(DAY, z3.Real("half"))
