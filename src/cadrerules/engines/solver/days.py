"""Days that are variables: months and days counted on the numbers that stand for them (see `symbols.day_code`).

A year is a leap year where four divides it, which holds from 1901 to 2099; of other days only the first and the
last of all are counted rightly, for they stand for what has no beginning or no end.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import z3

from .symbols import DAY_STEP, Bool, UnsupportedError, both, day_code, day_of, either, lift, pick

_ENDS = (date.min, date.max)
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
"""Days of a common year before each month."""


def length_of(month: Any) -> Any:
    """How many days a month has."""
    of_year = month % 12
    february = z3.If(month % 48 == 1, z3.IntVal(29), z3.IntVal(28))
    return z3.If(of_year == 1, february, z3.If(z3.Or(*(of_year == m for m in (3, 5, 8, 10))), z3.IntVal(30), z3.IntVal(31)))


def is_a_day(day: Any, first: date, last: date) -> Bool:
    """Whether a number stands for a day between two."""
    number = day % DAY_STEP
    within = both(day >= day_code(first), day <= day_code(last), number >= 1)
    return both(within, either(number <= 28, number <= length_of(day / DAY_STEP)))


def months_later(day: Any, months: Any) -> Any:
    """So many months later, clamped to the month's end; what lies before or after all days stays there."""
    there, shift = lift(day), lift(months)
    if not z3.is_int(shift):
        raise UnsupportedError("a fraction of a month")
    return z3.If(z3.Or(*(there == day_code(end) for end in _ENDS)), there, _moved(there, shift))


def _moved(there: Any, months: Any) -> Any:
    """So many months later, whatever the day."""
    month, number = there / DAY_STEP + months, there % DAY_STEP
    length = length_of(month)
    return month * DAY_STEP + z3.If(z3.Or(number <= 28, number <= length), number, length)


def months_apart(start: Any, end: Any) -> Any:
    """Whole months from one day to another, floored."""
    first, last = lift(start), lift(end)
    months = last / DAY_STEP - first / DAY_STEP
    return z3.If(_moved(first, months) <= last, months, months - 1)


def number_of(day: Any) -> Any:
    """The day's number in one count of all days, as `date.toordinal` counts."""
    there = lift(day)
    if z3.is_int_value(there):
        return z3.IntVal(day_of(there.as_long()).toordinal())
    if z3.is_app_of(there, z3.Z3_OP_ITE):  # each branch counted for itself: most of them are settled
        condition, then, otherwise = there.children()
        return z3.If(condition, number_of(then), number_of(otherwise))
    found = _number_within(there)
    for end in _ENDS:
        found = z3.If(there == day_code(end), z3.IntVal(end.toordinal()), found)
    return found


def _number_within(there: Any) -> Any:
    """The day's number, where every fourth year is a leap year."""
    month, of_month = there / DAY_STEP, there % DAY_STEP
    year, of_year = month / 12, month % 12
    before: Any = z3.IntVal(_BEFORE[0])
    for index, days in enumerate(_BEFORE[1:], 1):
        before = z3.If(of_year >= index, z3.IntVal(days), before)
    leap = z3.If(z3.And(year % 4 == 0, of_year >= 2), z3.IntVal(1), z3.IntVal(0))
    return 365 * year + (year + 3) / 4 + before + leap + of_month - _SHIFT


def _counted(day: date) -> int:
    month = day.year * 12 + day.month - 1
    year, of_year = divmod(month, 12)
    return 365 * year + (year + 3) // 4 + _BEFORE[of_year] + (year % 4 == 0 and of_year >= 2) + day.day


_SHIFT = _counted(date(2000, 1, 1)) - date(2000, 1, 1).toordinal()


def period_of(kind: str, day: Any) -> Any:
    """The number of the year, quarter, month or week that a day lies in."""
    month = lift(day) / DAY_STEP
    match kind:
        case "year":
            return month / 12
        case "quarter":
            return month / 3
        case "month":
            return month
        case _:
            return (number_of(day) - 1) / 7


def later(first: Any, second: Any) -> Any:
    """The later of two days, or the greater of two numbers."""
    return pick(lift(first) >= lift(second), first, second)
