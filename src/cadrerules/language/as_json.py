"""Values of the rule language as JSON, partly known ones included, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import inf
from typing import Any, Final

from .periods import PERIODS, parse_period
from .text import number_text
from .types import DATE, Choice, Date, Number, Period, Truth, Type
from .values import ANYTHING, Among, Between, Value, is_known

MOST_DIGITS: Final = 60
_NUMBER: Final = re.compile(rf"-?\d{{1,{MOST_DIGITS}}}(\.\d{{1,{MOST_DIGITS}}}|/[1-9]\d{{0,{MOST_DIGITS}}})?", re.ASCII)
_NO_END = (inf, -inf, date.min, date.max)


def to_json(value: Value, of: Type) -> Any:
    """A value as JSON: whole numbers as numbers, others as exact text, days and periods as tables write them.

    What isn't known is an object: `{"known": false}`, with the ends `from` and `to` or the words `among` which it lies.

    >>> to_json(250, Number(2)), to_json(Between(3, 5), Number()), to_json(None, Truth())
    ('2.5', {'known': False, 'from': 3, 'to': 5}, {'known': False})
    """
    match value:
        case Between(low=low, high=high):
            ends = {name: to_json(end, of) for name, end in (("from", low), ("to", high)) if end not in _NO_END}
            return {"known": False, **ends}
        case Among(options=options):
            return {"known": False, "among": sorted(options)}
        case _ if not is_known(value):
            return {"known": False}
        case bool() | str():
            return value
        case int() | Fraction() if isinstance(of, Number):
            text = number_text(value, of.scale)
            return int(text) if text.lstrip("-").isdigit() else text
        case _:
            return str(value)


def from_json(found: Any, of: Type) -> Value:
    """The value of a type that JSON stands for; `ValueError` where it stands for none."""
    if isinstance(found, Mapping):
        return _partly_known(found, of)
    match of:
        case Truth() if isinstance(found, bool):
            return found
        case Number(scale=scale) if isinstance(found, int | str) and not isinstance(found, bool):
            number = Fraction(_written(found)) * 10**scale
            return int(number) if number.denominator == 1 else number
        case Date() if isinstance(found, str):
            return date.fromisoformat(found)
        case Period(kind=kind) if isinstance(found, str):
            return parse_period(found) if kind == "any" else PERIODS[kind].parse(found)
        case _ if isinstance(found, str) and not isinstance(of, Truth | Number):
            return found
    raise ValueError(f"no {of}")


def _written(number: int | str) -> str:
    """A number as text, of which few characters can't make a megabyte of digits, as `1E+999999` would."""
    if not _NUMBER.fullmatch(text := str(number)):
        raise ValueError(text[:MOST_DIGITS])
    return text


def _partly_known(found: Mapping[str, Any], of: Type) -> Value:
    if found.get("known") is not False or not found.keys() <= {"known", "from", "to", "among"}:
        raise ValueError("neither a value nor an unknown one")
    if "among" in found:
        return Among(frozenset(map(str, found["among"])))
    match of:
        case Number() | Date():
            least, most = (date.min, date.max) if of == DATE else (-inf, inf)
            ends = (from_json(found[n], of) if n in found else end for n, end in (("from", least), ("to", most)))
            return Between(*ends)
        case Truth():
            return None
        case Choice(options=options):
            return Among(frozenset(options))
        case _:
            return ANYTHING
