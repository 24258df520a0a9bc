"""The operator table: for each operator on the values of one row, its signature and exact meaning.

A meaning is a total function on values (see `values`): it never raises on well-typed arguments,
and whatever it decides of partly known arguments stays so however they turn out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor, inf
from typing import Any, Literal

from .periods import PERIODS, PeriodKind, add_months, months_between
from .types import DATE, TRUTH, WHOLE, Choice, Date, Number, Period, Text, Truth, Type
from .values import ANYTHING, Among, Between, Value, between, high, is_known, join, low, plus, possible, times

Form = Literal["infix", "prefix", "call", "special"]
Signature = Callable[[tuple[Type, ...]], Type | None]
"""The result's type for the arguments' types, or None where they don't fit."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One row of the table.

    `aligned` says that numbers among the arguments are brought to one scale first; `fewest` and
    `most` bound the number of arguments; `precedence` orders infix and prefix operators when an
    expression is written out.
    """

    name: str
    form: Form
    takes: str
    meaning: Callable[..., Any]
    signature: Signature
    about: str
    precedence: int = 90
    fewest: int = 2
    most: int = 2
    aligned: bool = False


# --- truths -------------------------------------------------------------------------------------


def _and(*truths: bool | None) -> bool | None:
    if False in truths:
        return False
    return None if None in truths else True


def _or(*truths: bool | None) -> bool | None:
    if True in truths:
        return True
    return None if None in truths else False


def _not(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _if(condition: bool | None, then: Value, otherwise: Value) -> Value:
    if condition is None:
        return join(then, otherwise)  # type: ignore[no-any-return]
    return then if condition else otherwise


# --- comparisons --------------------------------------------------------------------------------


def _less(a: Any, b: Any) -> bool | None:
    if a.__class__ is Between or b.__class__ is Between:
        if high(a) < low(b):
            return True
        return False if low(a) >= high(b) else None
    if a is ANYTHING or b is ANYTHING:
        return None
    return a < b  # type: ignore[no-any-return]


def _at_most(a: Any, b: Any) -> bool | None:
    if a.__class__ is Between or b.__class__ is Between:
        if high(a) <= low(b):
            return True
        return False if low(a) > high(b) else None
    if a is ANYTHING or b is ANYTHING:
        return None
    return a <= b  # type: ignore[no-any-return]


def _equal(a: Any, b: Any) -> bool | None:
    if is_known(a) and is_known(b):
        return bool(a == b)
    if a is ANYTHING or b is ANYTHING:
        return None
    if a.__class__ is Between or b.__class__ is Between:
        return False if high(a) < low(b) or high(b) < low(a) else None
    return None if possible(a) & possible(b) else False


def _in(value: Any, *options: Any) -> bool | None:
    if value.__class__ is Among and value.options <= {o for o in options if is_known(o)}:
        return True
    return _or(*(_equal(value, option) for option in options))


# --- numbers ------------------------------------------------------------------------------------


def _add(a: Any, b: Any) -> Any:
    if a.__class__ is Between or b.__class__ is Between:
        return between(plus(low(a), low(b)), plus(high(a), high(b)))
    return a + b


def _subtract(a: Any, b: Any) -> Any:
    if a.__class__ is Between or b.__class__ is Between:
        return between(plus(low(a), -high(b)), plus(high(a), -low(b)))
    return a - b


def _multiply(a: Any, b: Any) -> Any:
    if a.__class__ is Between or b.__class__ is Between:
        ends = [times(x, y) for x in (low(a), high(a)) for y in (low(b), high(b))]
        return between(min(ends), max(ends))
    return a * b


def _negate(a: Any) -> Any:
    return between(-high(a), -low(a)) if a.__class__ is Between else -a


def _abs(a: Any) -> Any:
    if a.__class__ is not Between:
        return abs(a)
    if a.low >= 0:
        return a
    return between(-a.high, -a.low) if a.high <= 0 else between(0, max(-a.low, a.high))


def _min(*values: Any) -> Any:
    return between(min(map(low, values)), min(map(high, values)))


def _max(*values: Any) -> Any:
    return between(max(map(low, values)), max(map(high, values)))


# --- calendar -----------------------------------------------------------------------------------


def _add_months(day: Any, months: Any) -> Any:
    return between(_shift(low(day), low(months)), _shift(high(day), high(months)))


def _shift(day: date, months: Any) -> date:
    """`add_months`, with everything outside the calendar brought to its ends ("never" stays never)."""
    if months in (inf, -inf) or day in (date.min, date.max):
        return {inf: date.max, -inf: date.min}.get(months, day)
    try:
        return add_months(day, int(months))
    except (ValueError, OverflowError):
        return date.max if months > 0 else date.min


def _months_between(start: Any, end: Any) -> Any:
    return between(months_between(high(start), low(end)), months_between(low(start), high(end)))


def _days_between(start: Any, end: Any) -> Any:
    return between((low(end) - high(start)).days, (high(end) - low(start)).days)


def _first_day(period: Any) -> Any:
    return Between(date.min, date.max) if period is ANYTHING else period.first_day()


def _last_day(period: Any) -> Any:
    return Between(date.min, date.max) if period is ANYTHING else period.last_day()


def _period_of(kind: PeriodKind) -> Callable[[Any], Any]:
    def period(day: Any) -> Any:
        first, last = PERIODS[kind].of(low(day)), PERIODS[kind].of(high(day))
        return first if first == last else ANYTHING

    return period


# --- shares -------------------------------------------------------------------------------------


def _pro_rata(amount: Any, part: Any, whole: Any) -> Any:
    wholes = {low(whole), high(whole), *({1} if low(whole) < 1 <= high(whole) else ())}
    ends = [_share(a, p, w) for a in (low(amount), high(amount)) for p in (low(part), high(part)) for w in wholes]
    return between(min(ends), max(ends))


def _share(amount: Any, part: Any, whole: Any) -> Any:
    """`amount * part / whole`, rounded half up; of a whole less than one, or without end, nothing."""
    if whole < 1 or whole == inf:
        return 0
    product = times(amount, part)
    return product if type(product) is float else floor(Fraction(product) / whole + Fraction(1, 2))


# --- signatures ---------------------------------------------------------------------------------


def _truths(args: tuple[Type, ...]) -> Type | None:
    return TRUTH if all(isinstance(a, Truth) for a in args) else None


def _ordered(args: tuple[Type, ...]) -> Type | None:
    a, b = args
    numbers = isinstance(a, Number) and isinstance(b, Number)
    days = a == b and (isinstance(a, Date) or (isinstance(a, Period) and a.kind != "any"))
    return TRUTH if numbers or days else None


def _comparable(args: tuple[Type, ...]) -> Type | None:
    a, b = args
    if isinstance(a, Choice | Text) and isinstance(b, Choice | Text):
        return TRUTH
    return TRUTH if a == b and isinstance(a, Period) else _ordered(args)


def _membership(args: tuple[Type, ...]) -> Type | None:
    return TRUTH if all(_comparable((args[0], option)) for option in args[1:]) else None


def _numbers(args: tuple[Type, ...]) -> Type | None:
    scales = [a.scale for a in args if isinstance(a, Number)]
    return Number(max(scales)) if len(scales) == len(args) else None


def _product(args: tuple[Type, ...]) -> Type | None:
    a, b = args
    return Number(a.scale + b.scale) if isinstance(a, Number) and isinstance(b, Number) else None


def _extreme(args: tuple[Type, ...]) -> Type | None:
    return DATE if all(isinstance(a, Date) for a in args) else _numbers(args)


def _branches(args: tuple[Type, ...]) -> Type | None:
    condition, a, b = args
    if not isinstance(condition, Truth):
        return None
    if isinstance(a, Choice) and isinstance(b, Choice):
        return Choice(tuple(dict.fromkeys(a.options + b.options)))
    if isinstance(a, Choice | Text) and isinstance(b, Choice | Text):
        return Text()
    return _numbers((a, b)) or (a if a == b else None)


def _known(args: tuple[Type, ...]) -> Type | None:
    return TRUTH if args else None


def _dates(args: tuple[Type, ...]) -> Type | None:
    return WHOLE if all(isinstance(a, Date) for a in args) else None


def _date_and_months(args: tuple[Type, ...]) -> Type | None:
    day, months = args
    return DATE if isinstance(day, Date) and isinstance(months, Number) and months.scale == 0 else None


def _one_period(args: tuple[Type, ...]) -> Type | None:
    return DATE if isinstance(args[0], Period) else None


def _period_from_date(kind: PeriodKind) -> Signature:
    return lambda args: Period(kind) if isinstance(args[0], Date) else None


def _whole_numbers(args: tuple[Type, ...]) -> Type | None:
    return WHOLE if all(isinstance(a, Number) and a.scale == 0 for a in args) else None


# fmt: off
_TABLE = (
    Operator("or", "infix", "truth, ...", _or, _truths, "true when one is true, unknown when none is but one may be", 10, 2, 99),
    Operator("and", "infix", "truth, ...", _and, _truths, "false when one is false, unknown when none is but one may be", 20, 2, 99),
    Operator("not", "prefix", "truth", _not, _truths, "the opposite; unknown stays unknown", 30, 1, 1),
    Operator("==", "infix", "two of a kind", _equal, _comparable, "equal; decided once no completion makes a difference", 40, aligned=True),
    Operator("!=", "infix", "two of a kind", lambda a, b: _not(_equal(a, b)), _comparable, "not equal", 40, aligned=True),
    Operator("<", "infix", "numbers, dates or periods", _less, _ordered, "less, or earlier", 40, aligned=True),
    Operator("<=", "infix", "numbers, dates or periods", _at_most, _ordered, "at most, or not later", 40, aligned=True),
    Operator(">", "infix", "numbers, dates or periods", lambda a, b: _less(b, a), _ordered, "more, or later", 40, aligned=True),
    Operator(">=", "infix", "numbers, dates or periods", lambda a, b: _at_most(b, a), _ordered, "at least, or not earlier", 40, aligned=True),
    Operator("in", "special", "a value and a list", _in, _membership, "equal to one of the list", 40, 2, 999, aligned=True),
    Operator("+", "infix", "numbers", _add, _numbers, "the exact sum", 50, aligned=True),
    Operator("-", "infix", "numbers", _subtract, _numbers, "the exact difference", 50, aligned=True),
    Operator("*", "infix", "numbers", _multiply, _product, "the exact product", 60),
    Operator("negate", "prefix", "number", _negate, _numbers, "the number with the other sign, written `-x`", 70, 1, 1),
    Operator("if", "special", "a truth and two of a kind", _if, _branches, "`a if c else b`; where `c` is unknown, what `a` and `b` have in common", 5, 3, 3, aligned=True),
    Operator("known", "call", "anything", is_known, _known, "whether the value stands in the facts; never unknown itself", 90, 1, 1),
    Operator("min", "call", "numbers or dates", _min, _extreme, "the least", 90, 2, 99, aligned=True),
    Operator("max", "call", "numbers or dates", _max, _extreme, "the greatest", 90, 2, 99, aligned=True),
    Operator("abs", "call", "number", _abs, _numbers, "the number without its sign", 90, 1, 1),
    Operator("months_between", "call", "two dates", _months_between, _dates, "whole months from the first to the second, floored"),
    Operator("days_between", "call", "two dates", _days_between, _dates, "days from the first to the second"),
    Operator("add_months", "call", "a date and a whole number", _add_months, _date_and_months, "so many months later, clamped to the month's end"),
    Operator("first_day", "call", "a period", _first_day, _one_period, "the period's first day", 90, 1, 1),
    Operator("last_day", "call", "a period", _last_day, _one_period, "the period's last day", 90, 1, 1),
    *(
        Operator(f"{kind}_of", "call", "a date", _period_of(kind), _period_from_date(kind), f"the {kind} that the day lies in", 90, 1, 1)
        for kind in PERIODS
    ),
    Operator("pro_rata", "call", "three whole numbers", _pro_rata, _whole_numbers, "the first times the second over the third, rounded half up", 90, 3, 3),
    Operator("rescale", "special", "number", _multiply, _product, "brings a number to a finer step; put in by the type checker, never written"),
)
# fmt: on

OPERATORS: Mapping[str, Operator] = {operator.name: operator for operator in _TABLE}
CALLS = tuple(sorted(o.name for o in _TABLE if o.form == "call"))
