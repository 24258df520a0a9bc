"""The calendar: months end where they should, leap days count, ISO weeks cross years, periods follow each other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadrerules.language.periods import PERIODS, Quarter, Week, Year, add_months, months_between, parse_period

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
months = st.integers(-240, 240)


@pytest.mark.parametrize("kind", sorted(PERIODS))
@given(day=days)
def test_a_day_lies_in_its_period_and_periods_leave_no_gap(kind: str, day: date) -> None:
    period = PERIODS[kind].of(day)  # type: ignore[index]
    assert period.first_day() <= day <= period.last_day()
    assert (period + 1).first_day() == period.last_day() + timedelta(days=1)
    assert PERIODS[kind].of(period.last_day()) == PERIODS[kind].of(period.first_day()) == period  # type: ignore[index]
    assert parse_period(str(period)) == period


@given(day=days, by=months)
def test_months_are_added_with_the_day_kept_or_the_month_s_end(day: date, by: int) -> None:
    moved = add_months(day, by)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == by
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1
    assert moved.day <= day.day


@given(start=days, end=days)
def test_whole_months_are_the_most_that_fit(start: date, end: date) -> None:
    whole = months_between(start, end)
    assert add_months(start, whole) <= end < add_months(start, whole + 1)


@given(day=days)
def test_weeks_are_those_of_iso(day: date) -> None:
    year, week, weekday = day.isocalendar()
    assert str(Week.of(day)) == f"{year}-W{week:02}"
    assert (day - Week.of(day).first_day()).days == weekday - 1


@given(year=st.integers(1950, 2150))
def test_four_quarters_make_a_year(year: int) -> None:
    first = Quarter.of(date(year, 1, 1))
    assert str(first + 4) == f"{year + 1}Q1"
    assert (first + 3).last_day() == Year.of(date(year, 1, 1)).last_day()
    assert (Year.of(date(year, 1, 1)).last_day() - date(year, 1, 1)).days in (364, 365)


def test_turns_of_the_year() -> None:
    assert [str(Week.of(day)) for day in (date(2020, 12, 31), date(2021, 1, 3), date(2021, 1, 4))] == [
        "2020-W53",
        "2020-W53",
        "2021-W01",
    ]
    assert add_months(date(2024, 8, 31), 6) == date(2025, 2, 28)
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
