"""What each operator of the rule language is in columns: the same meanings as `language.operators`, on whole columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from ...language.periods import PERIODS, PeriodKind
from .expressions import (
    FALSE,
    NULL,
    TRUE,
    Const,
    Expr,
    at_most,
    both,
    call,
    case,
    day,
    either,
    equal,
    is_null,
    known,
    less,
    minus,
    negation,
    plus,
    product,
    whole,
)
from .values import KINDS, Day, Number, Span, Truth, Value, Word, truth

Ends = Number | Day

# --- truths -------------------------------------------------------------------------------------


def _and(*truths: Truth) -> Truth:
    return truth(both(*(t.expr for t in truths)), sure=all(t.sure for t in truths))


def _or(*truths: Truth) -> Truth:
    return truth(either(*(t.expr for t in truths)), sure=all(t.sure for t in truths))


def _not(of: Truth) -> Truth:
    return truth(negation(of.expr), sure=of.sure)


# --- comparisons --------------------------------------------------------------------------------


def _less(a: Any, b: Any) -> Truth:
    return _ordered(less, a, b)


def _at_most(a: Any, b: Any) -> Truth:
    return _ordered(at_most, a, b)


def _ordered(compare: Callable[[Expr, Expr], Expr], a: Any, b: Any) -> Truth:
    """Whether it is so for all, or for none, of what the two may be."""
    if isinstance(a, Span):
        return truth(compare(a.expr, b.expr), sure=a.sure and b.sure)
    a, b = _over_one(a, b)
    if a.sure and b.sure:
        return truth(compare(a.low, b.low), sure=True)
    never = _opposite(compare)(b.high, a.low)
    return truth(case((compare(a.high, b.low), TRUE), (never, FALSE), otherwise=NULL))


def _opposite(compare: Callable[[Expr, Expr], Expr]) -> Callable[[Expr, Expr], Expr]:
    return at_most if compare is less else less


def _equal(a: Any, b: Any) -> Truth:
    if isinstance(a, Span):
        return truth(equal(a.expr, b.expr), sure=a.sure and b.sure)
    if isinstance(a, Word):
        return _same_word(a, b)
    a, b = _over_one(a, b)
    if a.sure and b.sure:
        return truth(equal(a.low, b.low), sure=True)
    apart = either(less(a.high, b.low), less(b.high, a.low))
    return truth(case((apart, FALSE), (both(equal(a.low, a.high), equal(b.low, b.high)), TRUE), otherwise=NULL))


def _same_word(a: Word, b: Word) -> Truth:
    pairs = [(x, y) for x in a.options for y in b.options]
    same = [equal(x, y) for x, y in pairs]
    if a.sure and b.sure:
        return truth(same[0], sure=True)
    strange = Const(bool(a.choices and b.choices) and not {*a.choices} & {*b.choices}, "truth")
    apart = [either(negation(equal(x, y)), _outside(x, y, a), _outside(y, x, b), both(strange, is_null(x), is_null(y))) for x, y in pairs]
    if len(pairs) == 1 and apart[0] == negation(same[0]):
        return truth(same[0])
    return truth(case((both(*same), TRUE), (both(*apart), FALSE), otherwise=NULL))


def _outside(x: Expr, y: Expr, word: Word) -> Expr:
    """Whether `x`, where it may be any of a word's choices, can't be `y`."""
    if not word.nulls or not word.choices:
        return FALSE
    if isinstance(y, Const):
        return both(is_null(x), Const(y.value is not None and y.value not in word.choices, "truth"))
    return both(is_null(x), known(y), negation(_is_one_of(y, word.choices)))


def _is_one_of(x: Expr, words: tuple[str, ...]) -> Expr:
    return either(*(equal(x, Const(word, "text")) for word in words))


def _in(value: Any, *options: Any) -> Truth:
    each = _or(*(_equal(value, option) for option in options))
    if not isinstance(value, Word) or value.sure:
        return each
    words = {o.options[0].value for o in options if o.sure and isinstance(o.options[0], Const)}
    all_of = Const(bool(value.choices) and words >= {*value.choices}, "truth")
    inside = [either(_is_one_of(x, tuple(sorted(words))), both(is_null(x), all_of)) for x in value.options]
    return truth(case((both(*inside), TRUE), otherwise=each.expr))


# --- numbers ------------------------------------------------------------------------------------


def _over_one(*values: Any) -> list[Any]:
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


def _add(a: Number, b: Number) -> Number:
    a, b = _over_one(a, b)
    low = plus(a.low, b.low)
    high = low if a.sure and b.sure else plus(a.high, b.high)
    return Number(low, high, a.of, a.open_low or b.open_low, a.open_high or b.open_high)


def _subtract(a: Number, b: Number) -> Number:
    return _add(a, _negate(b))


def _negate(a: Number) -> Number:
    low = minus(whole(0), a.high)
    return Number(low, low if a.sure else minus(whole(0), a.low), a.of, a.open_high, a.open_low)


def _multiply(a: Number, b: Number) -> Number:
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


def _abs(a: Number) -> Number:
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


def _min(*values: Any) -> Any:
    return _least_or_greatest(values, "least")


def _max(*values: Any) -> Any:
    return _least_or_greatest(values, "greatest")


def _least_or_greatest(values: tuple[Any, ...], name: str) -> Any:
    """An infinite end counts for the one extreme, and drops out of the other, as nulls do."""
    values = tuple(_over_one(*values)) if isinstance(values[0], Number) else values
    decisive = [getattr(v, "open_low" if name == "least" else "open_high", False) for v in values]
    never = [False] * len(values)
    low = _extreme(name, [v.low for v in values], decisive if name == "least" else never)
    high = low if all(v.sure for v in values) else _extreme(name, [v.high for v in values], never if name == "least" else decisive)
    if isinstance(values[0], Day):
        return Day(low, high)
    lows, highs = [v.open_low for v in values], [v.open_high for v in values]
    open_low, open_high = (any(lows), all(highs)) if name == "least" else (all(lows), any(highs))
    return Number(low, high, values[0].of, open_low, open_high)


# --- choice -------------------------------------------------------------------------------------


def _if(condition: Truth, then: Any, otherwise: Any) -> Any:
    if then == otherwise:
        return then
    match then:
        case Truth():
            return _if_truth(condition, then, otherwise)
        case Span():
            unknown = case((equal(then.expr, otherwise.expr), then.expr), otherwise=whole(None))
            return Span(_chosen(condition, then.expr, otherwise.expr, unknown), then.kind, _all_sure(condition, then, otherwise))
        case Word():
            return _if_word(condition, then, otherwise)
        case _:
            return _if_ends(condition, then, otherwise)


def _all_sure(*values: Value) -> bool:
    return all(value.sure for value in values)


def _chosen(condition: Truth, then: Expr, otherwise: Expr, unknown: Expr) -> Expr:
    if condition.sure:
        return case((condition.expr, then), otherwise=otherwise)
    return case((condition.expr, then), (negation(condition.expr), otherwise), otherwise=unknown)


def _if_truth(condition: Truth, then: Truth, otherwise: Truth) -> Truth:
    same = case((equal(then.expr, otherwise.expr), then.expr), otherwise=NULL)
    return truth(_chosen(condition, then.expr, otherwise.expr, same), sure=_all_sure(condition, then, otherwise))


def _if_ends(condition: Truth, then: Any, otherwise: Any) -> Any:
    if isinstance(then, Number):
        then, otherwise = _over_one(then, otherwise)
    nearest, farthest = _min(then, otherwise), _max(then, otherwise)
    low = _chosen(condition, then.low, otherwise.low, nearest.low)
    sure = _all_sure(condition, then, otherwise)
    high = low if sure else _chosen(condition, then.high, otherwise.high, farthest.high)
    if isinstance(then, Day):
        return Day(low, high)
    return Number(low, high, then.of, then.open_low or otherwise.open_low, then.open_high or otherwise.open_high)


def _if_word(condition: Truth, then: Word, otherwise: Word) -> Word:
    choices = tuple(dict.fromkeys(then.choices + otherwise.choices)) if then.choices and otherwise.choices else ()
    then, otherwise = _spelled_out(then, choices), _spelled_out(otherwise, choices)
    nulls = then.nulls or otherwise.nulls
    if condition.sure and len(then.options) == len(otherwise.options) == 1:
        return Word((case((condition.expr, then.options[0]), otherwise=otherwise.options[0]),), choices, nulls)
    if_open = [_chosen(condition, x, otherwise.options[0], x) for x in then.options]
    if_open += [_chosen(condition, then.options[0], x, x) for x in otherwise.options]
    return Word(tuple(dict.fromkeys(if_open)), choices, nulls)


def _spelled_out(word: Word, choices: tuple[str, ...]) -> Word:
    """The word with each choice that a null stands for as an option, where the choices become more."""
    if not word.nulls or not word.choices or word.choices == choices:
        return word
    options = [case((is_null(x), Const(c, "text")), otherwise=x) for x in word.options for c in word.choices]
    return Word(tuple(options), choices, nulls=False)


def _known(value: Value) -> Truth:
    match value:
        case Truth(expr=expr) | Span(expr=expr):
            return Truth(TRUE if value.sure else known(expr), sure=True)
        case Word():
            first, *rest = value.options
            same = both(*(equal(first, other) for other in rest))
            return Truth(TRUE if value.sure else call("coalesce", "truth", both(known(first), same), FALSE), sure=True)
        case Number(low=low, high=high) | Day(low=low, high=high):
            return Truth(TRUE if value.sure else call("coalesce", "truth", equal(low, high), FALSE), sure=True)


# --- calendar -----------------------------------------------------------------------------------

FIRST, LAST = day(date.min), day(date.max)


def _add_months(when: Day, months: Number) -> Day:
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


def _months_between(start: Day, end: Day) -> Number:
    low = _whole_months(start.high, end.low)
    return Number(low, low if start.sure and end.sure else _whole_months(start.low, end.high))


def _whole_months(start: Expr, end: Expr) -> Expr:
    months = minus(_month_number(end), _month_number(start))
    short = both(less(call("dom", "int", end), call("dom", "int", start)), less(call("dom", "int", end), call("month_days", "int", end)))
    return minus(months, case((short, whole(1)), otherwise=whole(0)))


def _month_number(when: Expr) -> Expr:
    return plus(product(call("year", "int", when), whole(12)), call("month", "int", when))


def _days_between(start: Day, end: Day) -> Number:
    low = days(start.high, end.low)
    return Number(low, low if start.sure and end.sure else days(start.low, end.high))


def days(start: Expr, end: Expr) -> Expr:
    """Days from the first to the second."""
    return call("days", "int", start, end)


def _first_day(period: Span) -> Day:
    first = first_day(period.expr, period.kind)
    if period.sure:
        return Day(first, first)
    return Day(call("coalesce", "day", first, FIRST), call("coalesce", "day", first, LAST))


def _last_day(period: Span) -> Day:
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


def _period_of(kind: PeriodKind, when: Day) -> Span:
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


# --- shares -------------------------------------------------------------------------------------


def _pro_rata(amount: Number, part: Number, of: Number) -> Number:
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


MEANINGS: Mapping[str, Callable[..., Any]] = {
    "or": _or,
    "and": _and,
    "not": _not,
    "==": _equal,
    "!=": lambda a, b: _not(_equal(a, b)),
    "<": _less,
    "<=": _at_most,
    ">": lambda a, b: _less(b, a),
    ">=": lambda a, b: _at_most(b, a),
    "in": _in,
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "negate": _negate,
    "if": _if,
    "known": _known,
    "min": _min,
    "max": _max,
    "abs": _abs,
    "months_between": _months_between,
    "days_between": _days_between,
    "add_months": _add_months,
    "first_day": _first_day,
    "last_day": _last_day,
    **{f"{kind}_of": partial(_period_of, kind) for kind in PERIODS},
    "pro_rata": _pro_rata,
    "rescale": _multiply,
}
"""By operator what makes its columns of those of its arguments."""
