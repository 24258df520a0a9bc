"""Writes a value in the one form that digests are taken of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from ..language.periods import Period

MOST_DIGITS: Final = 4_000
"""The longest number that is written; `1E+999999` is four characters of text but a megabyte of digits."""


def canonical(value: object) -> bytes:
    """The value as JSON in its one form: equal values give equal bytes, on any machine.

    Keys are sorted by code point, there are no spaces, the text is UTF-8. Numbers that are whole are JSON
    numbers (`2.00` is `2`), others are text (`"2.5"`, `"1/3"`); dates and times are text in ISO form, periods as tables
    write them (`2026Q1`); sets are
    lists sorted by the bytes of their items. `TypeError` for what has no such form, a float among it since it
    is not exact; `ValueError` for a number that isn't finite or has too many digits.

    >>> canonical({"b": Decimal("2.50"), "a": [date(2026, 3, 31), None, Decimal("7.0")]})
    b'{"a":["2026-03-31",null,7],"b":"2.5"}'
    """
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest(value: object) -> str:
    """The SHA-256 of a value's canonical form, 64 hexadecimal digits; raises as `canonical` does."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _plain(value: object) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case Decimal() | Fraction():
            return _number(value)
        case date():
            return value.isoformat()
        case Period():
            return str(value)
        case Mapping():
            return {_key(key): _plain(item) for key, item in value.items()}
        case AbstractSet():
            return sorted((_plain(item) for item in value), key=canonical)
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key that is {type(key).__name__} has no canonical form")
    return str(key)


def _number(number: Decimal | Fraction) -> int | str:
    """A whole number as itself, another as text without trailing zeros."""
    if isinstance(number, Fraction):
        return int(number) if number.denominator == 1 else _fraction(number)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > MOST_DIGITS or number.adjusted() > MOST_DIGITS:
        raise ValueError("a number that isn't finite, or is too long to be written")
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if "." in text else int(text)


def _fraction(number: Fraction) -> str:
    """As a decimal where it has an end, so that equal numbers are written alike."""
    rest, places = number.denominator, 0
    for factor in (2, 5):
        count = 0
        while rest % factor == 0:
            rest, count = rest // factor, count + 1
        places = max(places, count)
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
