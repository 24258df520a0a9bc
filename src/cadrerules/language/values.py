"""Values of the rule language: known ones are plain Python, partly known ones say what is still possible.

A known number is an `int` (or a `Fraction`, from a mean) in units of its type's step, a truth is
`True` or `False`, text and choices are `str`, dates `date`, periods `Period`. What is not known:

- a number or date: `Between(low, high)`, both ends included, infinite where nothing bounds it;
- a choice: `Among(options)`, a set of at least two;
- a truth: `None`;
- anything else: `ANYTHING`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from math import inf
from typing import Any, Final, TypeAlias

from .periods import Period

Number: TypeAlias = "int | Fraction | float"
"""A whole or rational number; the only floats are the two infinities that stand for "no bound"."""


@dataclass(frozen=True, slots=True)
class Between:
    """A number or date known only to lie between two ends, both included."""

    low: Any
    high: Any


@dataclass(frozen=True, slots=True)
class Among:
    """A choice known only to be one of several options."""

    options: frozenset[Any]


@dataclass(frozen=True, slots=True)
class Anything:
    """A text or period of which nothing is known."""


ANYTHING: Final = Anything()

Truth: TypeAlias = "bool | None"
Value: TypeAlias = "bool | int | Fraction | str | date | Period | Between | Among | Anything | None"

EXACT: Final = Context(prec=80, traps=[Inexact])
"""Decimal arithmetic that never rounds, whatever context the caller has set."""
ANY_DATE: Final = Between(date.min, date.max)


def exact(number: float) -> Decimal:
    """The decimal that a float was written as."""
    return Decimal(repr(number))


def in_units(number: Decimal | int, scale: int) -> int:
    """A number as a count of `10 ** -scale`; `ValueError` where it is off that step."""
    scaled = EXACT.scaleb(number, scale)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(number)
    return whole


def decimal_places(number: Decimal) -> int:
    """How many decimal places the number needs."""
    return max(0, -int(number.normalize(EXACT).as_tuple().exponent))


def is_known(value: Value) -> bool:
    """Whether the value is one single value."""
    return value is not None and type(value) not in _PARTLY_KNOWN


_PARTLY_KNOWN = frozenset({Between, Among, Anything})


def between(low: Any, high: Any) -> Any:
    """`Between(low, high)`, or the value itself when the ends meet."""
    return low if low == high else Between(low, high)


def among(options: frozenset[Any]) -> Any:
    """`Among(options)`, or the option itself when it is the only one."""
    if len(options) == 1:
        return next(iter(options))
    return Among(options)


def low(value: Any) -> Any:
    """The least the value can be."""
    return value.low if type(value) is Between else value


def high(value: Any) -> Any:
    """The greatest the value can be."""
    return value.high if type(value) is Between else value


def plus(a: Any, b: Any) -> Any:
    """The sum of two ends; an infinite one stays so, however large the other."""
    if type(a) is float:
        return a
    return b if type(b) is float else a + b


def times(a: Any, b: Any) -> Any:
    """The product of two ends; nothing times an infinite end is nothing."""
    if type(a) is float or type(b) is float:
        return 0 if 0 in (a, b) else inf if (a > 0) == (b > 0) else -inf
    return a * b


def join(first: Any, second: Any) -> Any:
    """What is known of a value that is one of two."""
    if type(first) is type(second) and first == second:
        return first
    if first is None or second is None or type(first) is bool:
        return None
    if type(first) is Anything or type(second) is Anything:
        return ANYTHING
    if type(first) is str or type(first) is Among:
        return Among(possible(first) | possible(second))
    if isinstance(first, Period):
        return ANYTHING
    return between(min(low(first), low(second)), max(high(first), high(second)))


def possible(choice: Any) -> frozenset[Any]:
    """The options a choice may still be."""
    return choice.options if type(choice) is Among else frozenset((choice,))
