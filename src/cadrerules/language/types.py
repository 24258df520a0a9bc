"""Types of the rule language: what a column, parameter or expression may hold."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any, TypeAlias

from .periods import PeriodKind
from .values import ANY_DATE, ANYTHING, Among, Between, Value, exact, in_units


@dataclass(frozen=True, slots=True)
class Truth:
    """True, false or unknown."""

    def __str__(self) -> str:
        return "truth"


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number, held as a multiple of `10 ** -scale`; `low` and `high` bound it, in the same units."""

    scale: int = 0
    low: int | float = -inf
    high: int | float = inf

    def __str__(self) -> str:
        return "number"


@dataclass(frozen=True, slots=True)
class Text:
    """Free text or an id; compared for equality only."""

    def __str__(self) -> str:
        return "text"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed list of words."""

    options: tuple[str, ...]

    def __str__(self) -> str:
        return "choice"


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar day."""

    def __str__(self) -> str:
        return "date"


@dataclass(frozen=True, slots=True)
class Period:
    """A year, quarter, month or week."""

    kind: PeriodKind

    def __str__(self) -> str:
        return self.kind


Type: TypeAlias = Truth | Number | Text | Choice | Date | Period

TRUTH = Truth()
DATE = Date()
TEXT = Text()
WHOLE = Number()


def unknown(of: Type) -> Value:
    """The value of this type of which nothing is known."""
    match of:
        case Truth():
            return None
        case Number():
            return of.low if of.low == of.high else Between(of.low, of.high)  # type: ignore[return-value]
        case Choice():
            return Among(frozenset(of.options)) if len(of.options) > 1 else of.options[0]
        case Date():
            return ANY_DATE
        case Text() | Period():
            return ANYTHING


def in_units_of(of: Type, value: Any) -> Any:
    """A known value as the language holds it: a number in units of its step, a fraction as one of them.

    None is left as it is. `ValueError` for a number off its step.
    """
    if value is None or not isinstance(of, Number):
        return value
    if isinstance(value, Fraction):
        return value * 10**of.scale
    return in_units(exact(value) if isinstance(value, float) else value, of.scale)


def describe(of: Type) -> str:
    """The type in words for an error: `number`, `choice of "good", "ordinary"`."""
    if isinstance(of, Choice):
        return "choice of " + ", ".join(f'"{o}"' for o in of.options)
    return str(of)
