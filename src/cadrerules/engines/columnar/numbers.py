"""Numbers and days in columns: arithmetic on both ends of what they may be."""

from __future__ import annotations

from typing import Any

from .expressions import (
    Const,
    Expr,
    at_most,
    both,
    call,
    case,
    either,
    equal,
    is_null,
    less,
    minus,
    plus,
    product,
    whole,
)
from .values import Day, Number


def over_one(*values: Any) -> list[Any]:
    """Numbers brought over one denominator."""
    if all(getattr(value, "of", None) is None for value in values):
        return list(values)
    others = [[v.of for j, v in enumerate(values) if j != i and v.of is not None] for i in range(len(values))]
    of = _multiplied(whole(1), [v.of for v in values if v.of is not None])
    return [
        Number(_multiplied(v.low, o), _multiplied(v.high, o), of, v.open_low, v.open_high)
        for v, o in zip(values, others, strict=True)
    ]


def _multiplied(value: Expr, factors: list[Expr]) -> Expr:
    for factor in factors:
        value = product(value, factor)
    return value


def add(a: Number, b: Number) -> Number:
    """The sum."""
    a, b = over_one(a, b)
    low = plus(a.low, b.low)
    high = low if a.sure and b.sure else plus(a.high, b.high)
    return Number(low, high, a.of, a.open_low or b.open_low, a.open_high or b.open_high)


def subtract(a: Number, b: Number) -> Number:
    """The difference."""
    return add(a, negate(b))


def negate(a: Number) -> Number:
    """The number with the other sign."""
    low = minus(whole(0), a.high)
    return Number(low, low if a.sure else minus(whole(0), a.low), a.of, a.open_high, a.open_low)


def multiply(a: Number, b: Number) -> Number:
    """The product; that of two open ones in doubles, which know infinity."""
    of = _multiplied(whole(1), [v.of for v in (a, b) if v.of is not None]) if a.of is not None or b.of is not None else None
    if a.sure and b.sure:
        low = product(a.low, b.low)
        return Number(low, low, of)
    if isinstance(a.low, Const) and a.sure:
        return _scaled(b, a.low.value, of)
    if isinstance(b.low, Const) and b.sure:
        return _scaled(a, b.low.value, of)
    return _between_products(a, b, of)


def _scaled(a: Number, factor: int, of: Expr | None) -> Number:
    if factor == 0:
        return Number(whole(0), whole(0))
    low, high = product(a.low, whole(factor)), product(a.high, whole(factor))
    if factor > 0:
        return Number(low, high, of, a.open_low, a.open_high)
    return Number(high, low, of, a.open_high, a.open_low)


INFINITE = {True: Const(float("inf"), "float"), False: Const(float("-inf"), "float")}


def _double(end: Expr, *, high: bool) -> Expr:
    """An end as a double, infinite where it is null."""
    return case((is_null(end), INFINITE[high]), otherwise=call("double", "float", end))


def _ends(a: Number) -> list[Expr]:
    """Both ends, or the one there is, in doubles; a fraction divided."""
    ends = [_double(a.low, high=False)] if a.sure else [_double(a.low, high=False), _double(a.high, high=True)]
    return ends if a.of is None else [call("div", "float", end, call("double", "float", a.of)) for end in ends]


def _between_products(a: Number, b: Number, of: Expr | None) -> Number:
    """The ends of a product in doubles, which know infinity; nothing times an infinite end is nothing."""
    whole_a, whole_b = Number(a.low, a.high, None, a.open_low, a.open_high), Number(b.low, b.high, None, b.open_low, b.open_high)
    return _of_doubles([_times(x, y) for x in _ends(whole_a) for y in _ends(whole_b)], of)


def _times(x: Expr, y: Expr) -> Expr:
    zero = Const(0.0, "float")
    return case((either(equal(x, zero), equal(y, zero)), zero), otherwise=call("mul", "float", x, y))


def _of_doubles(ends: list[Expr], of: Expr | None) -> Number:
    low, high = call("least", "float", *ends), call("greatest", "float", *ends)
    return Number(_finite(low), _finite(high), of, open_low=True, open_high=True)


def _finite(end: Expr) -> Expr:
    infinite = either(equal(end, INFINITE[True]), equal(end, INFINITE[False]))
    return case((infinite, whole(None)), otherwise=call("whole", "int", end))


def absolute(a: Number) -> Number:
    """The number without its sign."""
    if a.sure:
        size = call("abs", "int", a.low)
        return Number(size, size, a.of)
    least = case((less(whole(0), a.low), a.low), (less(a.high, whole(0)), minus(whole(0), a.high)), otherwise=whole(0))
    most = _most([minus(whole(0), a.low), a.high], [a.open_low, a.open_high])
    return Number(least, most, a.of, open_low=False, open_high=a.open_low or a.open_high)


def _most(ends: list[Expr], open_ends: list[bool]) -> Expr:
    """The greatest of some upper ends, infinite where one is."""
    return _extreme("greatest", ends, open_ends)


def _extreme(name: str, ends: list[Expr], open_ends: list[bool]) -> Expr:
    ends_once = list(dict.fromkeys(ends))
    found = ends_once[0] if len(ends_once) == 1 else call(name, ends[0].kind, *ends_once)
    return case(*((is_null(e), Const(None, e.kind)) for e, o in zip(ends, open_ends, strict=True) if o), otherwise=found)


def least_of(*values: Any) -> Any:
    """The least of numbers, or of days."""
    return _least_or_greatest(values, "least")


def greatest_of(*values: Any) -> Any:
    """The greatest of numbers, or of days."""
    return _least_or_greatest(values, "greatest")


def _least_or_greatest(values: tuple[Any, ...], name: str) -> Any:
    """An infinite end counts for the one extreme, and drops out of the other, as nulls do."""
    values = tuple(over_one(*values)) if isinstance(values[0], Number) else values
    decisive = [getattr(v, "open_low" if name == "least" else "open_high", False) for v in values]
    never = [False] * len(values)
    low = _extreme(name, [v.low for v in values], decisive if name == "least" else never)
    high = low if all(v.sure for v in values) else _extreme(name, [v.high for v in values], never if name == "least" else decisive)
    if isinstance(values[0], Day):
        return Day(low, high)
    lows, highs = [v.open_low for v in values], [v.open_high for v in values]
    open_low, open_high = (any(lows), all(highs)) if name == "least" else (all(lows), any(highs))
    return Number(low, high, values[0].of, open_low, open_high)


# --- shares -------------------------------------------------------------------------------------


def pro_rata(amount: Number, part: Number, of: Number) -> Number:
    """The first times the second over the third, rounded half up; of a whole below one nothing."""
    if amount.sure and part.sure and of.sure:
        times = _multiplied(product(amount.low, part.low), _over_of(of))
        by = _multiplied(of.low, [*_over_of(amount), *_over_of(part)])
        share = call("floordiv", "int", plus(product(whole(2), times), by), call("greatest", "int", product(whole(2), by), whole(1)))
        known_share = case((less(of.low, of.of or whole(1)), whole(0)), otherwise=share)
        return Number(known_share, known_share)
    one = Const(1.0, "float")
    wholes = _ends(of)
    if not of.sure:
        wholes.append(case((both(less(wholes[0], one), at_most(one, wholes[1])), one), otherwise=wholes[0]))
    return _of_doubles([_share(a, p, w) for a in _ends(amount) for p in _ends(part) for w in wholes], None)


def _over_of(a: Number) -> list[Expr]:
    return [] if a.of is None else [a.of]


def _share(amount: Expr, part: Expr, of: Expr) -> Expr:
    zero, half = Const(0.0, "float"), Const(0.5, "float")
    nothing = either(less(of, Const(1.0, "float")), equal(of, INFINITE[True]))
    times = _times(amount, part)
    endless = either(equal(times, INFINITE[True]), equal(times, INFINITE[False]))
    share = call("floor", "float", call("add", "float", call("div", "float", times, of), half))
    return case((nothing, zero), (endless, times), otherwise=share)
