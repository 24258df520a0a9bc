"""Values of which only something is known: drawn by type, the values each may turn out to be, and what contains what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import inf
from typing import Any

from hypothesis import strategies as st

from cadrerules.language import types
from cadrerules.language.periods import Month, Period, Quarter, Week, Year
from cadrerules.language.types import Type
from cadrerules.language.values import ANYTHING, Among, Anything, Between, among, between

DAYS = [
    *(date.min, date(1, 2, 1), date(2023, 12, 31), date(2024, 1, 30), date(2024, 1, 31)),
    *(date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 30), date(2024, 3, 31), date(9999, 12, 1), date.max),
]
QUARTERS = [Quarter(8095 + i) for i in range(4)]
MIXED: list[Period] = [*QUARTERS, Year(2024), Month(24288), Week(105600)]
WORDS = ("a", "b", "c")


def known(of: Type) -> st.SearchStrategy[Any]:
    """Known values of a type."""
    match of:
        case types.Truth():
            return st.booleans()
        case types.Number():
            return st.one_of(st.integers(-6, 6), st.fractions(-6, 6, max_denominator=3).map(_plain))
        case types.Choice():
            return st.sampled_from(of.options)
        case types.Text():
            return st.sampled_from(WORDS)
        case types.Date():
            return st.sampled_from(DAYS)
        case types.Period():
            return st.sampled_from(MIXED if of.kind == "any" else QUARTERS)


def _plain(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


@st.composite
def perhaps_known(draw: st.DrawFn, of: Type) -> Any:
    """A value of a type, of which often not all is known."""
    first, second = draw(known(of)), draw(known(of))
    if draw(st.booleans()):
        return first
    match of:
        case types.Truth():
            return None
        case types.Number():
            low, high = sorted((first, second))
            return Between(*draw(st.sampled_from([(low, high + 1), (-inf, high), (low, inf), (-inf, inf)])))
        case types.Date():
            return between(*sorted((first, second)))
        case types.Choice():
            return among(frozenset({first, second}))
        case types.Text():
            return draw(st.sampled_from([ANYTHING, Among(frozenset({"a", "b"}))]))
        case types.Period():
            return ANYTHING


@st.composite
def completion(draw: st.DrawFn, value: Any, of: Type) -> Any:
    """A value that this one may turn out to be."""
    match value:
        case None:
            return draw(st.booleans())
        case Anything():
            return draw(known(of))
        case Among():
            return draw(st.sampled_from(sorted(value.options)))
        case Between(low=date() as low, high=high):
            return draw(st.sampled_from([low, high, low + (high - low) // 2]))
        case Between():
            ends = [end for end in (value.low, value.high) if abs(end) != inf]
            inner = draw(known(of))
            return draw(st.sampled_from([*ends, inner if contains(value, inner) else (ends or [0])[0]]))
    return value


def completions(value: Any) -> list[Any]:
    """Every value that one with few whole values may turn out to be."""
    match value:
        case None:
            return [False, True]
        case Among():
            return sorted(value.options)
        case Between(low=date() as low, high=high):
            return [low + timedelta(days=n) for n in range((high - low).days + 1)]
        case Between():
            return list(range(value.low, value.high + 1))
    return [value]


def contains(value: Any, other: Any) -> bool:
    """Whether the other value says nothing that the first one excludes, and nothing less."""
    match value:
        case None:
            return other is None or isinstance(other, bool)
        case Anything():
            return isinstance(other, str | Period | Among | Anything)
        case Among():
            return (other.options if isinstance(other, Among) else {other}) <= value.options
        case Between():
            low, high = (other.low, other.high) if isinstance(other, Between) else (other, other)
            return bool(value.low <= low <= high <= value.high)
    return type(other) not in (Between, Among, Anything) and other is not None and value == other


def hull(values: Iterable[Any]) -> Any:
    """What several known values have in common, nothing wider."""
    found = list(values)
    if all(isinstance(v, bool) for v in found):
        return found[0] if len(set(found)) == 1 else None
    if all(isinstance(v, str) for v in found):
        return among(frozenset(found))
    if all(isinstance(v, Period) for v in found):
        return found[0] if len(set(found)) == 1 else ANYTHING
    return between(min(found), max(found))


def fits(value: Any, of: Type) -> bool:
    """Whether a value is one of the type, known or not."""
    match of:
        case types.Truth():
            return value is None or isinstance(value, bool)
        case types.Number():
            return all(isinstance(v, int | Fraction | float) and not isinstance(v, bool) for v in _ends(value))
        case types.Choice() | types.Text():
            return isinstance(value, str | Among | Anything)
        case types.Date():
            return all(isinstance(v, date) for v in _ends(value))
        case types.Period():
            return isinstance(value, Period | Anything)


def _ends(value: Any) -> Iterator[Any]:
    yield from (value.low, value.high) if isinstance(value, Between) else (value,)
