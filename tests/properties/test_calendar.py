"""The calendar: periods tile the days, contain what they are of, and months are counted as they are added."""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cadrerules.language.operators import OPERATORS
from cadrerules.language.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    PERIODS,
    Month,
    Period,
    PeriodKind,
    Quarter,
    Week,
    Year,
    add_months,
    months_between,
    parse_period,
)

KINDS = sorted(PERIODS)
DAY = timedelta(days=1)
SHORTEST = {"year": 365, "quarter": 90, "month": 28, "week": 7}
LONGEST = {"year": 366, "quarter": 92, "month": 31, "week": 7}
EDGES = ((1, 1), (1, 31), (2, 28), (3, 1), (3, 31), (4, 30), (10, 1), (12, 28), (12, 31))

years = st.integers(FIRST_YEAR, LAST_YEAR)
days = st.one_of(
    st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)),
    st.builds(lambda year, edge: date(year, *edge), years, st.sampled_from(EDGES)),
    st.sampled_from([year for year in range(FIRST_YEAR, LAST_YEAR) if isleap(year)]).map(lambda y: date(y, 2, 29)),
)
steps = st.integers(-600, 600)


@pytest.mark.parametrize("kind", KINDS)
@given(days)
def test_a_period_contains_the_day_that_it_is_of(kind: PeriodKind, day: date) -> None:
    period = PERIODS[kind].of(day)
    assert period.first_day() <= day <= period.last_day()
    assert PERIODS[kind].of(period.first_day()) == PERIODS[kind].of(period.last_day()) == period
    assert SHORTEST[kind] <= (period.last_day() - period.first_day()).days + 1 <= LONGEST[kind]


@pytest.mark.parametrize("kind", KINDS)
@given(days, steps)
def test_the_next_period_begins_the_day_after(kind: PeriodKind, day: date, ahead: int) -> None:
    period = PERIODS[kind].of(day)
    assert period.last_day() + DAY == (period + 1).first_day()
    assert (period + ahead).ordinal - period.ordinal == ahead
    assert (period + ahead) + -ahead == period
    assert (period < period + ahead) == (ahead > 0)


@pytest.mark.parametrize("kind", KINDS)
@given(days, days)
def test_periods_are_in_the_order_of_their_days(kind: PeriodKind, first: date, second: date) -> None:
    one, other = PERIODS[kind].of(first), PERIODS[kind].of(second)
    assert (one <= other) == (one.first_day() <= other.first_day())
    assert first > second or one <= other


@pytest.mark.parametrize("kind", KINDS)
@given(days)
def test_a_period_is_read_as_it_is_written(kind: PeriodKind, day: date) -> None:
    period = PERIODS[kind].of(day)
    if FIRST_YEAR <= int(str(period)[:4]) <= LAST_YEAR:
        assert parse_period(str(period)) == PERIODS[kind].parse(str(period)) == period


@pytest.mark.parametrize("kind", KINDS)
@given(days)
def test_the_operators_say_what_the_periods_do(kind: PeriodKind, day: date) -> None:
    period = OPERATORS[f"{kind}_of"].meaning(day)
    assert period == PERIODS[kind].of(day)
    assert OPERATORS["first_day"].meaning(period) == period.first_day()
    assert OPERATORS["last_day"].meaning(period) == period.last_day()


# --- months, quarters and years -------------------------------------------------------------------------


@given(years, st.integers(1, 12))
def test_a_month_ends_on_its_last_day(year: int, month: int) -> None:
    assert Month.of(date(year, month, 1)).last_day() == date(year, month, monthrange(year, month)[1])


@given(years)
def test_february_has_a_leap_day_in_leap_years(year: int) -> None:
    last = Month.of(date(year, 2, 1)).last_day()
    assert last == date(year, 2, 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28)


def test_centuries_have_none_but_every_fourth() -> None:
    assert [Month.of(date(year, 2, 1)).last_day().day for year in (1900, 2000, 2100, 2200)] == [28, 29, 28, 28]


@given(years, st.integers(1, 4))
def test_quarters_are_three_months_and_wrap_at_the_years_end(year: int, number: int) -> None:
    quarter = Quarter.parse(f"{year}Q{number}")
    months = {str(Month.of(quarter.first_day()) + n) for n in range(3)}
    assert months == {f"{year}-{number * 3 - n:02}" for n in range(3)}
    assert str(quarter + 1) == (f"{year}Q{number + 1}" if number < 4 else f"{year + 1}Q1")
    assert str(quarter + -4) == f"{year - 1}Q{number}"
    assert Year.of(quarter.first_day()) == Year.of(quarter.last_day()) == Year(year)


# --- weeks ----------------------------------------------------------------------------------------------


@given(days)
@example(date(2020, 12, 31))
@example(date(2021, 1, 3))
@example(date(2024, 12, 30))
def test_weeks_are_those_of_iso(day: date) -> None:
    week = Week.of(day)
    year, number, weekday = day.isocalendar()
    assert str(week) == f"{year}-W{number:02}"
    assert week.first_day() == day - (weekday - 1) * DAY
    assert (week.first_day().isoweekday(), week.last_day().isoweekday()) == (1, 7)
    assert week.first_day() == date.fromisocalendar(year, number, 1)


@given(years)
def test_the_last_week_of_a_year_is_followed_by_the_first_of_the_next(year: int) -> None:
    last, first = Week.of(date(year, 12, 28)), Week.of(date(year + 1, 1, 4))
    assert last + 1 == first
    assert (str(last)[:4], str(first)) == (str(year), f"{year + 1}-W01")
    assert str(last)[-2:] in ("52", "53")


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2020, 12, 31), "2020-W53"),
        (date(2021, 1, 3), "2020-W53"),
        (date(2021, 1, 4), "2021-W01"),
        (date(2023, 1, 1), "2022-W52"),
        (date(2024, 12, 29), "2024-W52"),
        (date(2024, 12, 30), "2025-W01"),
        (date(2026, 12, 31), "2026-W53"),
    ],
)
def test_weeks_at_the_ends_of_years(day: date, week: str) -> None:
    assert str(Week.of(day)) == week
    assert Week.parse(week) == Week.of(day)


@pytest.mark.parametrize("text", ["2021-W53", "2024-W53", "2020-W54", "2020-W00", "2024-13", "2024Q5", "1899", "2201-01"])
def test_what_the_calendar_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_period(text)


def test_the_calendar_has_an_end() -> None:
    for kind in PERIODS.values():
        last: Period = kind.of(date.max)
        assert last.first_day() <= last.last_day() == date.max
        assert kind.of(date.min).first_day() == date.min


# --- counting months --------------------------------------------------------------------------------------


@given(days, st.integers(-240, 240))
@example(date(2024, 1, 31), 1)
@example(date(2023, 1, 31), 1)
@example(date(2024, 2, 29), 12)
@example(date(2024, 2, 29), -12)
def test_months_later_it_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert Month.of(later).ordinal - Month.of(day).ordinal == months
    assert later.day == min(day.day, Month.of(later).last_day().day)


@given(days, st.integers(-240, 240))
def test_counting_months_undoes_adding_them(day: date, months: int) -> None:
    assert months_between(day, add_months(day, months)) == months


@given(days, days)
def test_months_between_two_days_are_the_most_that_fit(first: date, second: date) -> None:
    months = months_between(first, second)
    assert add_months(first, months) <= second < add_months(first, months + 1)


@given(days, st.integers(0, 120), st.integers(0, 120))
def test_days_stay_in_order_when_months_are_added(day: date, months: int, more: int) -> None:
    assert add_months(day, months) <= add_months(day, months + more)
    assert add_months(day, months) <= add_months(day + DAY, months)
