"""What stands in plain columns as values of the language, for people and tests."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import inf
from typing import Any

from ...language import values
from .expressions import Const, Expr
from .values import Day, Number, Span, Truth, Value, Word, period_of

Row = Mapping[str, Any]


def decoded(value: Value, row: Row) -> Any:
    """The value of the language in one row of plain columns."""
    match value:
        case Truth(expr=expr):
            return _cell(expr, row)
        case Number():
            of = 1 if value.of is None else _cell(value.of, row)
            return values.between(_end(_cell(value.low, row), of, -inf), _end(_cell(value.high, row), of, inf))
        case Day(low=low, high=high):
            return values.between(_cell(low, row), _cell(high, row))
        case Word():
            return _word(value, {_cell(option, row) for option in value.options})
        case Span(expr=expr, kind=kind):
            ordinal = _cell(expr, row)
            return values.ANYTHING if ordinal is None else period_of(ordinal, kind)


def _cell(expr: Expr, row: Row) -> Any:
    return expr.value if isinstance(expr, Const) else row[expr.name]  # type: ignore[union-attr]


def _end(units: int | None, of: int, infinite: float) -> Any:
    if units is None:
        return infinite
    share = Fraction(units, of)
    return share.numerator if share.denominator == 1 else share


def _word(value: Word, options: set[str | None]) -> Any:
    known = {option for option in options if option is not None}
    if None not in options:
        return values.among(frozenset(known))
    return values.among(frozenset(known | {*value.choices})) if value.choices else values.ANYTHING


