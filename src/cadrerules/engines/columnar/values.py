"""Values of the rule language in columns: a number is two columns, a truth one that may be null.

They are those of `language.values`, held apart by type. Whether a column has holes at all is known before
anything runs, and one that has none is a single column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import inf
from typing import Any, TypeAlias

from ...language import types, values
from ...language.periods import PERIODS, PeriodKind
from ...language.periods import Period as PeriodOf
from .expressions import NULL, Const, Expr, case, day, is_null, text, whole


@dataclass(frozen=True, slots=True)
class Truth:
    """True, false or, where it isn't `sure`, null for unknown."""

    expr: Expr
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two ends in units of its step, over `of` where it is a fraction; a null end is infinite.

    `open_low` and `open_high` say whether an end may be null. One expression for both ends, never null: it is known.
    """

    low: Expr
    high: Expr
    of: Expr | None = None
    open_low: bool = False
    open_high: bool = False

    @property
    def sure(self) -> bool:
        """Whether every row's is known."""
        return self.low == self.high and not self.open_low and not self.open_high


@dataclass(frozen=True, slots=True)
class Day:
    """A day between two, both included; never null."""

    low: Expr
    high: Expr

    @property
    def sure(self) -> bool:
        """Whether every row's is known."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Word:
    """A text that is one of several; a null one is any of `choices`, or any text at all where there are none."""

    options: tuple[Expr, ...]
    choices: tuple[str, ...] = ()
    nulls: bool = True

    @property
    def sure(self) -> bool:
        """Whether every row's is known."""
        return len(self.options) == 1 and not self.nulls


@dataclass(frozen=True, slots=True)
class Span:
    """A period by its ordinal, null where nothing is known of it; of kind `any` ordinal and kind in one number."""

    expr: Expr
    kind: PeriodKind
    sure: bool = False


Value: TypeAlias = Truth | Number | Day | Word | Span

KINDS: tuple[PeriodKind, ...] = tuple(PERIODS)
"""The order in which a period of kind `any` numbers its kinds."""


def coded(period: PeriodOf, kind: PeriodKind) -> int:
    """The number that stands for a period in a column of this kind."""
    return period.ordinal * len(KINDS) + KINDS.index(period.kind) if kind == "any" else period.ordinal


def period_of(number: int, kind: PeriodKind) -> PeriodOf:
    """The period that a number stands for."""
    return PERIODS[KINDS[number % len(KINDS)]](number // len(KINDS)) if kind == "any" else PERIODS[kind](number)


def constant(value: Any, of: types.Type) -> Value:
    """A value of the language as a constant."""
    match of:
        case types.Truth():
            return Truth(Const(value, "truth"), value is not None)
        case types.Number():
            return _number(value)
        case types.Date():
            return Day(day(values.low(value)), day(values.high(value)))
        case types.Choice(options=options):
            return _word(value, options)
        case types.Text():
            return _word(value, ())
        case types.Period(kind=kind):
            ordinal = coded(value, kind) if isinstance(value, PeriodOf) else None
            return Span(whole(ordinal), kind, ordinal is not None)


def _number(value: Any) -> Number:
    low, high = values.low(value), values.high(value)
    of = max(end.denominator for end in (low, high) if not isinstance(end, float)) if value != values.Between(-inf, inf) else 1
    if isinstance(low, Fraction) or isinstance(high, Fraction):
        of = _denominator(low, high)
    least, most = _end(low, of), _end(high, of)
    return Number(least, most, whole(of) if of != 1 else None, low == -inf, high == inf)


def _denominator(*ends: Any) -> int:
    """A common denominator of the finite ends."""
    of = 1
    for end in ends:
        if not isinstance(end, float):
            of *= Fraction(end).denominator
    return of


def _end(end: Any, of: int) -> Const:
    return whole(None if isinstance(end, float) else int(end * of))


def _word(value: Any, choices: tuple[str, ...]) -> Word:
    if isinstance(value, str):
        return Word((text(value),), choices, nulls=False)
    if isinstance(value, values.Among) and value.options != frozenset(choices):
        return Word(tuple(text(o) for o in sorted(value.options)), choices, nulls=False)
    return Word((text(None),), choices)


def unknown(of: types.Type) -> Value:
    """The value of this type of which nothing is known."""
    return constant(types.unknown(of), of)


def of_cells(cell: Expr, of: types.Type, *, holes: bool) -> Value:
    """The values in a column of cells, where null is unknown; `holes` says whether there are any."""
    match of:
        case types.Truth():
            return Truth(cell, not holes)
        case types.Number(low=low, high=high):
            if not holes:
                return Number(cell, cell)
            return Number(_or(cell, low), _or(cell, high), None, low == -inf, high == inf)
        case types.Date():
            return Day(_or_day(cell, date.min), _or_day(cell, date.max)) if holes else Day(cell, cell)
        case types.Choice(options=(only,)) if holes:
            return Word((case((is_null(cell), text(only)), otherwise=cell),), (only,), nulls=False)
        case types.Choice(options=options):
            return Word((cell,), options, nulls=holes)
        case types.Text():
            return Word((cell,), (), nulls=holes)
        case types.Period(kind=kind):
            return Span(cell, kind, not holes)


def _or(cell: Expr, end: Any) -> Expr:
    return cell if isinstance(end, float) else case((is_null(cell), whole(int(end))), otherwise=cell)


def _or_day(cell: Expr, end: date) -> Expr:
    return case((is_null(cell), day(end)), otherwise=cell)


def columns(name: str, value: Value) -> dict[str, Expr]:
    """The columns that hold a value, by name."""
    match value:
        case Truth(expr=expr) | Span(expr=expr):
            return {name: expr}
        case Number() | Day():
            ends = {name: value.low} if value.sure else {f"{name}_low": value.low, f"{name}_high": value.high}
            of = value.of if isinstance(value, Number) else None
            return ends if of is None else {**ends, f"{name}_of": of}
        case Word(options=options):
            return {name + (f"_or{i}" if i else ""): option for i, option in enumerate(options)}


def over(value: Value, exprs: list[Expr]) -> Value:
    """The value with other expressions in the place of its columns, in the order of `columns`."""
    match value:
        case Truth():
            return Truth(exprs[0], value.sure)
        case Span():
            return Span(exprs[0], value.kind, value.sure)
        case Word():
            return Word(tuple(exprs), value.choices, value.nulls)
        case Day():
            return Day(exprs[0], exprs[0] if value.sure else exprs[1])
        case Number():
            of = exprs.pop() if value.of is not None else None
            return Number(exprs[0], exprs[0] if value.sure else exprs[1], of, value.open_low, value.open_high)


def or_unknown(value: Value, nothing: Value, chosen: Callable[[Expr, Expr], Expr]) -> Value:
    """The value, in some rows not known; `chosen` says of each of its columns, and of what is there when nothing is, which it is."""
    match value:
        case Truth(expr=expr):
            return Truth(chosen(expr, NULL))
        case Span(expr=expr):
            return Span(chosen(expr, whole(None)), value.kind)
        case Word(options=options):
            assert isinstance(nothing, Word)  # the only choice, where there is but one
            return Word(tuple(chosen(option, nothing.options[0]) for option in options), value.choices, value.nulls or nothing.nulls)
        case Day():
            assert isinstance(nothing, Day)
            return Day(chosen(value.low, nothing.low), chosen(value.high, nothing.high))
        case Number():
            assert isinstance(nothing, Number)
            of = None if value.of is None else chosen(value.of, whole(1))
            low, high = chosen(value.low, nothing.low), chosen(value.high, nothing.high)
            return Number(low, high, of, open_low=True, open_high=True)


def truth(expr: Expr, *, sure: bool = False) -> Truth:
    """A truth; a constant is sure where it isn't null."""
    return Truth(expr, sure or (isinstance(expr, Const) and expr != NULL))
