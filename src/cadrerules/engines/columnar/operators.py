"""What each operator of the rule language is in columns: the same meanings as `language.operators`, on whole columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ...language.periods import PERIODS
from .days import add_months, days_between, first_of, last_of, months_between, period_with
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
    either,
    equal,
    is_null,
    known,
    less,
    negation,
    whole,
)
from .numbers import absolute, add, greatest_of, least_of, multiply, negate, over_one, pro_rata, subtract
from .values import Day, Number, Span, Truth, Value, Word, truth

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
    a, b = over_one(a, b)
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
    a, b = over_one(a, b)
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
        then, otherwise = over_one(then, otherwise)
    nearest, farthest = least_of(then, otherwise), greatest_of(then, otherwise)
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
    "+": add,
    "-": subtract,
    "*": multiply,
    "negate": negate,
    "if": _if,
    "known": _known,
    "min": least_of,
    "max": greatest_of,
    "abs": absolute,
    "months_between": months_between,
    "days_between": days_between,
    "add_months": add_months,
    "first_day": first_of,
    "last_day": last_of,
    **{f"{kind}_of": partial(period_with, kind) for kind in PERIODS},
    "pro_rata": pro_rata,
    "rescale": multiply,
}
"""By operator what makes its columns of those of its arguments."""
