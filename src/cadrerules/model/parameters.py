"""Values of parameters: reading, checking against their domain, and turning into literals."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from math import inf
from typing import Any

from ..errors import Place, PolicyError, Problem
from ..language.bind import Bindings, Dated
from ..language.nodes import Literal
from ..language.periods import Year, parse_period
from ..language.text import show
from ..language.types import DATE, Number, Period, Type, unknown
from ..language.values import EXACT, decimal_places, in_units, is_known
from .documents import ParameterDoc, Scalar
from .policy import Parameter

_DOMAIN = re.compile(
    r"\s*(?:(?P<sign>>=|<=)\s*(?P<end>-?\d+(?:\.\d+)?)|(?P<low>-?\d+(?:\.\d+)?)\s*\.\.\s*(?P<high>-?\d+(?:\.\d+)?))\s*"
)


def parameter(name: str, doc: ParameterDoc, place: Place = Place()) -> Parameter:
    """The checked parameter; `PolicyError` where its value or domain is wrong."""
    made = Parameter(name, doc, _type(name, doc, place))
    for value in _values(doc):
        read_value(made, value, place)
    return made


def _values(doc: ParameterDoc) -> list[Scalar]:
    return list(doc.values.values()) if doc.values else [] if doc.value is None else [doc.value]


def _type(name: str, doc: ParameterDoc, place: Place) -> Type:
    if doc.type == "date":
        return DATE
    if doc.type == "year":
        return Period("year")
    scale = decimal_places(doc.step)
    if doc.domain is None:
        return Number(scale)
    match = _DOMAIN.fullmatch(doc.domain)
    if match is None:
        raise PolicyError(Problem("CR-BAD-DOMAIN", place, {"name": name, "domain": doc.domain}))
    found = match.groupdict()
    low = found["low"] or (found["end"] if found["sign"] == ">=" else None)
    high = found["high"] or (found["end"] if found["sign"] == "<=" else None)
    return Number(
        scale,
        -inf if low is None else in_units(Decimal(low), scale),
        inf if high is None else in_units(Decimal(high), scale),
    )


def read_value(of: Parameter, value: Any, place: Place = Place()) -> Any:
    """The language's value of what a document or user gives; `PolicyError` where it can't be one."""
    try:
        return _read(of.type, value)
    except (ValueError, InvalidOperation, TypeError, OverflowError):
        values = {"name": of.name, "value": str(value)[:60], "allowed": _allowed(of)}
        raise PolicyError(Problem("CR-BAD-PARAMETER", place, values)) from None


def _read(of: Type, value: Any) -> Any:
    match of:
        case Number(scale=scale, low=low, high=high):
            if isinstance(value, bool | float):
                raise TypeError(value)
            number = Decimal(value)
            if not number.is_finite() or len(number.as_tuple().digits) > 18 or abs(number.adjusted()) > 18:
                raise ValueError(value)
            units = in_units(number, scale)
            if not low <= units <= high:
                raise ValueError(value)
            return units
        case Period():
            return Year.parse(str(value))
        case _:
            return value if isinstance(value, date) else date.fromisoformat(str(value))


_KINDS = {
    "number": {"en": "number", "zh": "数"},
    "whole": {"en": "whole number", "zh": "整数"},
    "date": {"en": "date", "zh": "日期"},
    "year": {"en": "year", "zh": "年份"},
}


def _allowed(of: Parameter) -> dict[str, str]:
    """What a parameter takes, in both languages."""
    number, whole = of.doc.type == "number", of.doc.step == 1
    domain = f" {of.doc.domain}" if of.doc.domain else ""
    kind = _KINDS["whole" if number and whole else of.doc.type]
    step = {"en": f", step {of.doc.step}", "zh": f"，步长 {of.doc.step}"} if number and not whole else {"en": "", "zh": ""}
    return {lang: kind[lang] + domain + step[lang] for lang in ("en", "zh")}


def dated(of: Parameter) -> Dated:
    """The parameter's values as literals; before the first dated one, and where unset, only the domain is known."""
    origin = f"param.{of.name}"
    open_value = Literal(unknown(of.type), of.type, origin)
    if of.doc.values:
        starts = sorted(of.doc.values.items())
        return Dated(
            ((date.min, open_value), *((day, Literal(_read(of.type, v), of.type, origin)) for day, v in starts))
        )
    if of.doc.value is None:
        return Dated(((date.min, open_value),))
    return Dated(((date.min, Literal(_read(of.type, of.doc.value), of.type, origin)),))


def _as_written(units: int, scale: int) -> int | Decimal:
    """The number as a document would have it, so that equal amendments give equal documents."""
    whole, rest = divmod(units, 10**scale)
    return EXACT.normalize(EXACT.scaleb(Decimal(units), -scale)) if rest else whole


def amended(of: Parameter, value: Any) -> ParameterDoc:
    """The parameter's document with another value for every period; None unsets it."""
    if value is None:
        return of.doc.model_copy(update={"value": None, "values": None, "unset": "unset by amendment"})
    read = read_value(of, value)
    plain = _as_written(read, of.type.scale) if isinstance(of.type, Number) else str(read)
    return of.doc.model_copy(update={"value": plain, "values": None, "unset": None})


def value_on(bindings: Bindings, name: str, day: date) -> int | str | None:
    """A parameter's value on a day, for people: whole numbers as they are, others as text, None where unset."""
    literal: Literal = [value for start, value in bindings.parameters[name].values if start <= day][-1]
    if not is_known(literal.value):
        return None
    if isinstance(literal.type, Number) and literal.value % 10**literal.type.scale == 0:
        return int(literal.value // 10**literal.type.scale)
    return show(literal.value, literal.type)


def day_of(period: str | None, as_of: date) -> date:
    """The day whose parameters hold for a decision: its period's last, or without a period that of the evaluation."""
    try:
        return parse_period(period).last_day() if period else as_of
    except ValueError:  # what tells its answers apart is no period
        return as_of
