"""Days and periods in columns: the calendar on both ends of what a day may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ...language.periods import PeriodKind
from .expressions import (
    Const,
    Expr,
    both,
    call,
    case,
    day,
    either,
    equal,
    is_null,
    less,
    minus,
    plus,
    product,
    whole,
)
from .values import KINDS, Day, Number, Span

FIRST, LAST = day(date.min), day(date.max)


def add_months(when: Day, months: Number) -> Day:
    """So many months later, clamped to the month's end."""
    low = _shifted(when.low, months.low, FIRST)
    return Day(low, low if when.sure and months.sure else _shifted(when.high, months.high, LAST))


def _shifted(when: Expr, months: Expr, without_end: Expr) -> Expr:
    """So many months later, brought to the ends of the calendar; "never" stays never."""
    if isinstance(months, Const) and months.value is None:
        return without_end
    years = plus(call("year", "int", when), call("floordiv", "int", months, whole(12)))
    stays = either(equal(when, FIRST), equal(when, LAST))
    inside = call("add_months", "day", when, months)
    return case(
        (is_null(months), without_end),
        (stays, when),
        (less(whole(9998), years), LAST),
        (less(years, whole(2)), FIRST),
        otherwise=inside,
    )


def months_between(start: Day, end: Day) -> Number:
    """Whole months from the first to the second, floored."""
    low = _whole_months(start.high, end.low)
    return Number(low, low if start.sure and end.sure else _whole_months(start.low, end.high))


def _whole_months(start: Expr, end: Expr) -> Expr:
    months = minus(_month_number(end), _month_number(start))
    short = both(less(call("dom", "int", end), call("dom", "int", start)), less(call("dom", "int", end), call("month_days", "int", end)))
    return minus(months, case((short, whole(1)), otherwise=whole(0)))


def _month_number(when: Expr) -> Expr:
    return plus(product(call("year", "int", when), whole(12)), call("month", "int", when))


def days_between(start: Day, end: Day) -> Number:
    """Days from the first to the second."""
    low = days(start.high, end.low)
    return Number(low, low if start.sure and end.sure else days(start.low, end.high))


def days(start: Expr, end: Expr) -> Expr:
    """Days from the first to the second."""
    return call("days", "int", start, end)


def first_of(period: Span) -> Day:
    """A period's first day."""
    first = first_day(period.expr, period.kind)
    if period.sure:
        return Day(first, first)
    return Day(call("coalesce", "day", first, FIRST), call("coalesce", "day", first, LAST))


def last_of(period: Span) -> Day:
    """A period's last day."""
    last = last_day(period.expr, period.kind)
    if period.sure:
        return Day(last, last)
    return Day(call("coalesce", "day", last, FIRST), call("coalesce", "day", last, LAST))


def first_day(ordinal: Expr, kind: PeriodKind) -> Expr:
    """The first day of a period given by its ordinal."""
    match kind:
        case "year":
            return call("make_day", "day", ordinal, whole(1), whole(1))
        case "quarter":
            return call("make_day", "day", _over(ordinal, 4), plus(product(_rest(ordinal, 4), whole(3)), whole(1)), whole(1))
        case "month":
            return call("make_day", "day", _over(ordinal, 12), plus(_rest(ordinal, 12), whole(1)), whole(1))
        case "week":
            return call("add_days", "day", FIRST, product(ordinal, whole(7)))
        case _:
            return _of_any(ordinal, first_day)


def last_day(ordinal: Expr, kind: PeriodKind) -> Expr:
    """The last day of a period given by its ordinal."""
    if kind == "year":
        return call("make_day", "day", ordinal, whole(12), whole(31))
    if kind == "any":
        return _of_any(ordinal, last_day)
    return call("add_days", "day", first_day(plus(ordinal, whole(1)), kind), whole(-1))


def _of_any(code: Expr, of: Callable[[Expr, PeriodKind], Expr]) -> Expr:
    """Something of a period whose number holds ordinal and kind."""
    ordinal = _over(code, len(KINDS))
    *others, last = [(equal(_rest(code, len(KINDS)), whole(i)), of(ordinal, kind)) for i, kind in enumerate(KINDS)]
    return case(*others, otherwise=case(last, otherwise=Const(None, last[1].kind)))


def _over(a: Expr, by: int) -> Expr:
    return call("floordiv", "int", a, whole(by))


def _rest(a: Expr, by: int) -> Expr:
    return call("mod", "int", a, whole(by))


def period_with(kind: PeriodKind, when: Day) -> Span:
    """The period of a kind that a day lies in."""
    first = ordinal_of(when.low, kind)
    if when.sure:
        return Span(first, kind, sure=True)
    return Span(case((equal(first, ordinal_of(when.high, kind)), first), otherwise=whole(None)), kind)


def ordinal_of(when: Expr, kind: PeriodKind) -> Expr:
    """The ordinal of the period of a kind that a day lies in."""
    year, month = call("year", "int", when), call("month", "int", when)
    match kind:
        case "year":
            return year
        case "quarter":
            return plus(product(year, whole(4)), _over(plus(month, whole(-1)), 3))
        case "month":
            return plus(plus(product(year, whole(12)), month), whole(-1))
        case _:
            return _over(days(FIRST, when), 7)
