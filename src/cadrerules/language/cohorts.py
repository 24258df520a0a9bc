"""The cohort functions: signature and exact meaning of each function of the rows that belong together.

A meaning gets the values of one cohort's rows and gives one value per row (or, for an aggregate, one
for all). Each is sound: what it decides stays so however partly known values turn out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any, Literal

from .periods import Period
from .types import TRUTH, WHOLE, Date, Number, Truth, Type
from .values import between, high, is_known, low, plus

Kind = Literal["ranking", "sequence", "aggregate"]


@dataclass(frozen=True, slots=True)
class CohortFunction:
    """One row of the table.

    `kind` tells what the cohort is: a *ranking* compares the rows that share `within`; a *sequence*
    follows rows that share every key but the period, period by period; an *aggregate* takes the
    rows that share `per`. `options` lists the allowed words of each named option, default first.
    """

    name: str
    kind: Kind
    takes: str
    meaning: Callable[..., Any]
    signature: Callable[..., Type | None]
    about: str
    options: Mapping[str, tuple[str, ...]]
    arguments: int = 1


# --- ranking ------------------------------------------------------------------------------------


def rank(values: Sequence[Any], order: str = "descending", ties: str = "competition") -> list[Any]:
    """The place of each value; rows come in key order, which settles `ordinal` ties.

    A place is a range where values are partly known: the least place is taken with the value as
    good, and all others as bad, as they can be; the greatest the other way round.
    """
    if order == "ascending":
        values = [between(-high(v), -low(v)) for v in values]
    lows, highs = [low(v) for v in values], [high(v) for v in values]
    if ties == "dense":
        return _dense(lows, highs)
    if ties == "ordinal":
        lows = [(v, -i) for i, v in enumerate(lows)]
        highs = [(v, -i) for i, v in enumerate(highs)]
    sorted_lows, sorted_highs, n = sorted(lows), sorted(highs), len(values)
    places = []
    for bottom, top in zip(lows, highs, strict=True):
        surely_above = n - bisect_right(sorted_lows, top)
        perhaps_above = n - bisect_right(sorted_highs, bottom) - (top > bottom)
        places.append(between(1 + surely_above, 1 + perhaps_above))
    return places


def _dense(lows: list[Any], highs: list[Any]) -> list[Any]:
    """Dense places: one more than the number of different values above.

    At least as many values lie above as it takes points to pierce all ranges that do; at most one
    for each different known value and one more for each range, for a range holds values enough.
    """
    points: list[Any] = []
    for bottom, top in sorted(zip(lows, highs, strict=True), reverse=True):
        if not points or top < points[-1]:
            points.append(bottom)
    points.reverse()
    known = sorted({a for a, b in zip(lows, highs, strict=True) if a == b})
    ranges = sorted(b for a, b in zip(lows, highs, strict=True) if a != b)
    places = []
    for bottom, top in zip(lows, highs, strict=True):
        surely = len(points) - bisect_right(points, top)
        perhaps = len(known) - bisect_right(known, bottom) + len(ranges) - bisect_right(ranges, bottom) - (top > bottom)
        places.append(between(1 + surely, 1 + perhaps))
    return places


# --- sequences ----------------------------------------------------------------------------------


def run(periods: Sequence[Period], truths: Sequence[bool | None], gap: str = "breaks") -> list[Any]:
    """For each row, how many consecutive periods that end with it hold; rows come in period order."""
    lengths: list[Any] = []
    least = most = 0
    before: Period | None = None
    for period, truth in zip(periods, truths, strict=True):
        if gap == "breaks" and before is not None and period.ordinal != before.ordinal + 1:
            least = most = 0
        least = least + 1 if truth is True else 0
        most = 0 if truth is False else most + 1
        lengths.append(between(least, most))
        before = period
    return lengths


def previous(periods: Sequence[Period], values: Sequence[Any], missing: Any, back: int = 1) -> list[Any]:
    """For each row, the value `back` periods earlier; `missing`, the unknown value, where there is no such row."""
    by_ordinal = {period.ordinal: value for period, value in zip(periods, values, strict=True)}
    return [by_ordinal.get(period.ordinal - back, missing) for period in periods]


# --- aggregates ---------------------------------------------------------------------------------
#
# Each takes the values of the rows that surely count, and of those that perhaps do. Of no rows at all
# the least, greatest and mean value are None: there is none to tell.


def total(values: Sequence[Any], perhaps: Sequence[Any] = ()) -> Any:
    """The exact sum."""
    least = reduce(plus, (min(0, low(value)) for value in perhaps), reduce(plus, map(low, values), 0))
    most = reduce(plus, (max(0, high(value)) for value in perhaps), reduce(plus, map(high, values), 0))
    return between(least, most)


def mean(values: Sequence[Any], perhaps: Sequence[Any] = ()) -> Any:
    """The exact mean, a fraction; never rounded."""
    if not values:
        return None
    if perhaps:
        return between(min(map(low, (*values, *perhaps))), max(map(high, (*values, *perhaps))))
    sums = total(values)
    return between(_share(low(sums), len(values)), _share(high(sums), len(values)))


def _share(amount: Any, n: int) -> Any:
    if isinstance(amount, float):  # an infinite end
        return amount
    share = Fraction(amount) / n
    return share.numerator if share.denominator == 1 else share


def count(truths: Sequence[bool | None], perhaps: Sequence[bool | None] = ()) -> Any:
    """How many hold."""
    surely = sum(t is True for t in truths)
    return between(surely, surely + sum(t is None for t in truths) + sum(t is not False for t in perhaps))


def distinct(values: Sequence[Any], perhaps: Sequence[Any] = ()) -> Any:
    """How many different values there are."""
    known, others = {v for v in values if is_known(v)}, {v for v in perhaps if is_known(v)}
    unsure = sum(not is_known(v) for v in (*values, *perhaps))
    return between(max(len(known), min(1, len(values))), len(known | others) + unsure)


def lowest(values: Sequence[Any], perhaps: Sequence[Any] = ()) -> Any:
    """The least value."""
    return between(min(map(low, (*values, *perhaps))), min(map(high, values))) if values else None


def highest(values: Sequence[Any], perhaps: Sequence[Any] = ()) -> Any:
    """The greatest value."""
    return between(max(map(low, values)), max(map(high, (*values, *perhaps)))) if values else None


def any_of(truths: Sequence[bool | None], perhaps: Sequence[bool | None] = ()) -> bool | None:
    """Whether one holds."""
    if True in truths:
        return True
    return None if None in truths or any(t is not False for t in perhaps) else False


def all_of(truths: Sequence[bool | None], perhaps: Sequence[bool | None] = ()) -> bool | None:
    """Whether each holds."""
    if False in truths:
        return False
    return None if None in truths or any(t is not True for t in perhaps) else True


def days_covered(spans: Sequence[tuple[Any, Any]], perhaps: Sequence[tuple[Any, Any]] = ()) -> Any:
    """How many days lie in at least one of the spans, first and last day included."""
    surely = _days((high(first), low(last)) for first, last in spans)
    return between(surely, _days((low(first), high(last)) for first, last in (*spans, *perhaps)))


def _days(spans: Iterable[tuple[date, date]]) -> int:
    days, reached = 0, 0
    for first, last in sorted(spans):
        begin, end = max(first.toordinal(), reached + 1), last.toordinal()
        days += max(0, end - begin + 1)
        reached = max(reached, end)
    return days


# --- the table ----------------------------------------------------------------------------------


def _number(of: Type) -> Type | None:
    return Number(of.scale) if isinstance(of, Number) else None


def _place(of: Type) -> Type | None:
    return WHOLE if isinstance(of, Number) else None


def _whole(of: Type) -> Type | None:
    return WHOLE if isinstance(of, Truth) else None


def _truth(of: Type) -> Type | None:
    return TRUTH if isinstance(of, Truth) else None


def _same(of: Type) -> Type | None:
    return of


def _extreme(of: Type) -> Type | None:
    return of if isinstance(of, Date) else _number(of)


def _counted(_: Type) -> Type | None:
    return WHOLE


def _span(first: Type, last: Type) -> Type | None:
    return WHOLE if isinstance(first, Date) and isinstance(last, Date) else None


_TIES = {"order": ("descending", "ascending"), "ties": ("competition", "dense", "ordinal")}

# fmt: off
_TABLE = (
    CohortFunction("rank", "ranking", "number", rank, _place, "place among the rows that share `within`", _TIES),
    CohortFunction("run", "sequence", "truth", run, _whole, "number of consecutive periods ending here in which it holds", {"gap": ("breaks", "skips")}),
    CohortFunction("previous", "sequence", "anything", previous, _same, "the value one period earlier, or `back` periods", {}),
    CohortFunction("total", "aggregate", "number", total, _number, "the exact sum", {}),
    CohortFunction("mean", "aggregate", "number", mean, _number, "the exact mean", {}),
    CohortFunction("count", "aggregate", "truth", count, _whole, "in how many rows it holds", {}),
    CohortFunction("distinct", "aggregate", "anything", distinct, _counted, "how many different values there are", {}),
    CohortFunction("days_covered", "aggregate", "two dates", days_covered, _span, "days from the first date to the second in one row or another, each day once", {}, 2),
    CohortFunction("lowest", "aggregate", "number or date", lowest, _extreme, "the least value", {}),
    CohortFunction("highest", "aggregate", "number or date", highest, _extreme, "the greatest value", {}),
    CohortFunction("any", "aggregate", "truth", any_of, _truth, "whether it holds in one row", {}),
    CohortFunction("all", "aggregate", "truth", all_of, _truth, "whether it holds in every row", {}),
)
# fmt: on

COHORTS: Mapping[str, CohortFunction] = {function.name: function for function in _TABLE}
