"""The operators of the language on symbols: the meaning of `language.operators`, where a part is a variable."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import z3

from ...language.operators import OPERATORS
from ...language.periods import PERIODS
from ...language.values import is_known
from . import days
from .symbols import (
    NOTHING,
    OPEN,
    Bool,
    Symbol,
    Thing,
    Truth,
    UnsupportedError,
    alike,
    both,
    conjunction,
    disjunction,
    either,
    lift,
    negation,
    no,
    pick,
    truth,
)


def apply(operator: str, args: list[Symbol]) -> Symbol:
    """What an operator gives; `UnsupportedError` where the solver can't tell."""
    if operator not in _LOGIC and all(a.settled for a in args):
        return _settled(operator, args)
    return MEANINGS[operator](*args)


def _settled(operator: str, args: list[Symbol]) -> Symbol:
    """The reference's own meaning, where nothing is a variable."""
    value = OPERATORS[operator].meaning(*(a.value if isinstance(a, Thing) else a.sure if a.sure == a.possible else None for a in args))
    if value is None:
        return OPEN
    if isinstance(value, bool):
        return truth(value)
    return Thing(value) if is_known(value) else NOTHING


def _known(args: tuple[Any, ...]) -> Bool:
    return both(*(a.known for a in args))


def _comparing(compare: Callable[[Any, Any], Any]) -> Callable[..., Truth]:
    def meaning(a: Any, b: Any) -> Truth:
        return _if_known(compare(*alike(a.value, b.value)), _known((a, b)))

    return meaning


def _if_known(condition: Bool, known: Bool) -> Truth:
    return truth(condition) if known is True else Truth(both(condition, known), either(condition, no(known)))


def equal(a: Symbol, b: Symbol) -> Truth:
    """Whether two values are the same."""
    assert isinstance(a, Thing)
    assert isinstance(b, Thing)
    if a.settled and b.settled:
        return truth(bool(a.value == b.value))
    return _if_known(_same(a.value, b.value), _known((a, b)))


def _same(a: Any, b: Any) -> Bool:
    one, other = alike(a, b)
    return one == other


def _in(value: Symbol, *options: Symbol) -> Truth:
    return disjunction(*(equal(value, option) for option in options))


def _if(condition: Truth, then: Symbol, otherwise: Symbol) -> Symbol:
    if isinstance(then, Truth) and isinstance(otherwise, Truth):
        return disjunction(
            conjunction(condition, then), conjunction(negation(condition), otherwise), conjunction(then, otherwise)
        )
    if condition.settled and condition.sure == condition.possible:
        return then if condition.sure else otherwise
    assert isinstance(then, Thing)
    assert isinstance(otherwise, Thing)
    known = pick(condition.sure, then.known, otherwise.known)
    return Thing(pick(condition.sure, then.value, otherwise.value), both(known, condition.known))


def _is_known(of: Symbol) -> Truth:
    return truth(of.known)


def _number(compute: Callable[..., Any]) -> Callable[..., Thing]:
    def meaning(*args: Any) -> Thing:
        return Thing(compute(*(a.value for a in args)), _known(args))

    return meaning


def _sum(a: Any, b: Any, sign: int = 1) -> Any:
    one, other = alike(a, b)
    return one + other if sign > 0 else one - other


def _product(a: Any, b: Any) -> Any:
    one, other = alike(a, b)
    return one * other


def _extreme(greatest: bool) -> Callable[..., Any]:
    def extreme(*values: Any) -> Any:
        return reduce(lambda a, b: pick(_at_least(a, b) if greatest else _at_least(b, a), a, b), values)

    return extreme


def _at_least(a: Any, b: Any) -> Any:
    if not isinstance(a, z3.ExprRef) and not isinstance(b, z3.ExprRef):
        return a >= b
    one, other = alike(a, b)
    return one >= other


def _abs(a: Any) -> Any:
    return pick(a >= 0, a, -a)


def _days_between(start: Any, end: Any) -> Any:
    return days.number_of(end) - days.number_of(start)


def _period_of(kind: str) -> Callable[[Any], Any]:
    return lambda day: days.period_of(kind, day)


def _edge(last: bool) -> Callable[[Any], Any]:
    def edge(period: Any) -> Any:
        if isinstance(period, z3.ExprRef):
            raise UnsupportedError("the days of a period that isn't settled")
        return period.last_day() if last else period.first_day()

    return edge


def _pro_rata(amount: Any, part: Any, whole: Any) -> Any:
    times, over = lift(amount) * lift(part), lift(whole)
    if not (z3.is_int(times) and z3.is_int(over)):
        raise UnsupportedError("a share of a fraction")
    return pick(over >= 1, (2 * times + over) / (2 * over), 0)


_LOGIC = {"and", "or", "not", "if", "known"}
MEANINGS: dict[str, Callable[..., Symbol]] = {
    "and": conjunction,
    "or": disjunction,
    "not": negation,
    "if": _if,
    "known": _is_known,
    "==": equal,
    "!=": lambda a, b: negation(equal(a, b)),
    "<": _comparing(lambda a, b: a < b),
    "<=": _comparing(lambda a, b: a <= b),
    ">": _comparing(lambda a, b: a > b),
    ">=": _comparing(lambda a, b: a >= b),
    "in": _in,
    "+": _number(_sum),
    "-": _number(lambda a, b: _sum(a, b, -1)),
    "*": _number(_product),
    "rescale": _number(_product),
    "negate": _number(lambda a: -a),
    "min": _number(_extreme(greatest=False)),
    "max": _number(_extreme(greatest=True)),
    "abs": _number(_abs),
    "months_between": _number(days.months_apart),
    "days_between": _number(_days_between),
    "add_months": _number(days.months_later),
    "first_day": _number(_edge(last=False)),
    "last_day": _number(_edge(last=True)),
    "pro_rata": _number(_pro_rata),
    **{f"{kind}_of": _number(_period_of(kind)) for kind in PERIODS},
}
