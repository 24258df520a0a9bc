"""One raw cell becomes a validated one: the same for files, frames and Python models."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from pydantic_core import PydanticCustomError

from ..errors import Problem
from ..language.periods import FIRST_YEAR, LAST_YEAR, PERIODS, Period, parse_period
from ..language.source import nearest
from ..language.types import Choice, Date, Number, Text, Truth
from ..language.types import Period as PeriodType

if TYPE_CHECKING:
    from .facts import ColumnSpec

MAX_CHARACTERS: Final = 10_000
MAX_DIGITS: Final = 18
MAX_ID_DIGITS: Final = 15  # a spreadsheet keeps no more digits of a number
_FLOAT_TOLERANCE: Final = Decimal("1e-9")
_QUOTED: Final = 40
_MAX_WRITTEN_DIGITS: Final = 800  # no float needs more

Cell: TypeAlias = str | int | Decimal | bool | date | Period | None
"""A validated cell, `None` where empty."""

_EXACT: Final = Context(prec=2 * _MAX_WRITTEN_DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
_NUMBER: Final = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)\s*(%?)")
_DATE: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)"
    r"(?:[T ]+0{1,2}:00(?::00(?:\.0+)?)?)?"
)
_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+")
_FORBIDDEN: Final = re.compile("[\x00\ud800-\udfff]")
TRUTHS: Final = {
    "true": True,
    "yes": True,
    "是": True,
    "1": True,
    "false": False,
    "no": False,
    "否": False,
    "0": False,
}
_KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    "any": {"en": "period", "zh": "期间"},
    "year": {"en": "year", "zh": "年份"},
    "quarter": {"en": "quarter", "zh": "季度"},
    "month": {"en": "month", "zh": "月份"},
    "week": {"en": "week", "zh": "周"},
}
_EXAMPLES: Final[Mapping[str, Mapping[str, str]]] = {
    "any": {
        "en": "`2024`, `2024Q3`, `2024-09` or `2024-W37`",
        "zh": "2024、2024年第三季度、2024年9月或 2024-W37",
    },
    "year": {"en": "`2024`", "zh": "2024 或 2024年"},
    "quarter": {"en": "`2024Q3`", "zh": "2024Q3 或 2024年第三季度"},
    "month": {"en": "`2024-09`", "zh": "2024-09 或 2024年9月"},
    "week": {"en": "`2024-W37`", "zh": "2024-W37 或 2024年第37周"},
}
_FOUND: Final[Mapping[str, Mapping[str, str]]] = {
    "str": {"en": "text", "zh": "文本"},
    "bool": {"en": "truth value", "zh": "真假值"},
    "int": {"en": "number", "zh": "数字"},
    "float": {"en": "number that is not whole", "zh": "非整数"},
    "Decimal": {"en": "number that is not whole", "zh": "非整数"},
    "date": {"en": "date", "zh": "日期"},
    "datetime": {"en": "date", "zh": "日期"},
    "Timestamp": {"en": "date", "zh": "日期"},
    "dict": {"en": "object", "zh": "对象"},
    "list": {"en": "list", "zh": "列表"},
    "NoneType": {"en": "null", "zh": "空值"},
}


def read_cell(raw: object, column: ColumnSpec) -> Cell:
    """The validated cell that a raw one stands for, `None` where it is empty.

    `raw` is text, or what JSON, YAML, a workbook or a frame hold: int, float, `Decimal`, bool, date,
    datetime or `Period`. Raises `PydanticCustomError` with a code of the catalogue as its type.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if column.required:
            refuse("CR-EMPTY-CELL")
        return None
    if type(raw).__module__ == "numpy":
        raw = _native(raw)
    return _READERS[type(column.type)](raw, column)


def refuse(code: str, **values: object) -> NoReturn:
    """Raise the error of this code; its context holds the values for a report in another language."""
    raise PydanticCustomError(code, Problem(code, values=values).message(), values)


def kind_of(raw: object) -> Mapping[str, str]:
    """What kind of thing a raw value is, in both languages."""
    name = type(raw).__name__
    return _FOUND.get(name, {"en": f"`{name}`", "zh": f" {name}"})


def _native(raw: Any) -> object:
    """The Python value of a NumPy scalar; anything else of NumPy as it is."""
    return raw.item() if getattr(raw, "shape", None) == () else raw


def _text(raw: object, _: ColumnSpec) -> str:
    if isinstance(raw, str):
        return _checked(raw)
    if isinstance(raw, bool) or (whole := _whole(raw)) is None:
        refuse("CR-NOT-TEXT", found=kind_of(raw))
    if abs(whole) >= 10**MAX_ID_DIGITS:
        refuse("CR-ID-BECAME-NUMBER")
    return str(whole)


def _checked(raw: str) -> str:
    """A text without surrounding space, if it may stand in a cell."""
    if len(raw) > MAX_CHARACTERS:
        refuse("CR-CELL-TOO-LONG", limit=MAX_CHARACTERS)
    if _FORBIDDEN.search(raw):
        refuse("CR-BAD-CHARACTER")
    text = raw.strip()
    if _SCIENTIFIC.fullmatch(text):
        refuse("CR-ID-BECAME-NUMBER")
    return text


def _whole(raw: object) -> int | None:
    """The whole number that a raw number is; `None` for any other."""
    if isinstance(raw, int):
        return int(raw)
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() else None
    if isinstance(raw, Decimal) and raw.is_finite() and raw.adjusted() < _MAX_WRITTEN_DIGITS:
        return int(raw) if raw == raw.to_integral_value(context=_EXACT) else None
    return None


def plain(raw: str) -> str:
    """The text with full-width characters made plain and no space around it."""
    if len(raw) > MAX_CHARACTERS:
        refuse("CR-CELL-TOO-LONG", limit=MAX_CHARACTERS)
    return (raw if raw.isascii() else unicodedata.normalize("NFKC", raw)).strip()


def _number(raw: object, column: ColumnSpec) -> int | Decimal:
    of: Any = column.type
    number = _finite(raw)
    if number is None:
        refuse("CR-NOT-A-NUMBER", value=_shown(raw))
    units = _units(number, of.scale, raw)
    if units < of.low:
        refuse("CR-TOO-LOW", value=_shown(raw), low=in_steps(of.low, of.scale))
    if units > of.high:
        refuse("CR-TOO-HIGH", value=_shown(raw), high=in_steps(of.high, of.scale))
    return in_steps(units, of.scale)


def _finite(raw: object) -> Decimal | None:
    """The exact number a raw value is; `None` where it is none."""
    if isinstance(raw, str):
        match = _NUMBER.fullmatch(plain(raw))
        return Decimal(match[1]).scaleb(-2 if match[2] else 0, context=_EXACT) if match else None
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int) or (isinstance(raw, float) and isfinite(raw)):
        return Decimal(raw)
    return raw if isinstance(raw, Decimal) and raw.is_finite() else None


def _units(number: Decimal, scale: int, raw: object) -> int:
    """The number in units of the step, which it must be a multiple of."""
    if number and (number.adjusted() + scale >= MAX_DIGITS or len(number.as_tuple().digits) > _MAX_WRITTEN_DIGITS):
        refuse("CR-NUMBER-TOO-LARGE", value=_shown(raw), limit=MAX_DIGITS)
    exact = number.scaleb(scale, context=_EXACT)
    units = exact.to_integral_value(context=_EXACT)
    if units != exact and not (isinstance(raw, float) and _near(units, exact, scale)):
        refuse("CR-OFF-STEP", value=_shown(raw), step=in_steps(1, scale))
    return int(units)


def _near(units: Decimal, exact: Decimal, scale: int) -> bool:
    return abs(_EXACT.subtract(units, exact)) <= _FLOAT_TOLERANCE.scaleb(scale)


def in_steps(units: int, scale: int) -> int | Decimal:
    """So many steps as a number, written as short as it can be."""
    if not scale:
        return units
    number = Decimal(units).scaleb(-scale, context=_EXACT).normalize(_EXACT)
    return number if number.as_tuple().exponent <= 0 else Decimal(int(number))  # type: ignore[operator]


def _truth(raw: object, _: ColumnSpec) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and (truth := TRUTHS.get(plain(raw).lower())) is not None:
        return truth
    if isinstance(raw, int | float | Decimal) and _whole(raw) in (0, 1):
        return bool(raw)
    refuse("CR-NOT-A-TRUTH-VALUE", value=_shown(raw))


def _choice(raw: object, column: ColumnSpec) -> str:
    of: Any = column.type
    word = column.choices.get(plain(raw)) if isinstance(raw, str) else None
    if word is None:
        options = ", ".join(f"`{option}`" for option in of.options)
        refuse(
            "CR-NOT-A-CHOICE",
            value=_shown(raw),
            options=options,
            nearest=nearest(_shown(raw), column.choices),
        )
    return word


def _date(raw: object, column: ColumnSpec) -> date:
    day = _day(raw)
    if day is None:
        refuse("CR-NOT-A-DATE", value=_shown(raw))
    # The date that an empty cell stands for may be written out, such as 9999-12-31 for an open end.
    if not FIRST_YEAR <= day.year <= LAST_YEAR and day != column.empty:
        refuse("CR-DATE-OUT-OF-RANGE", value=_shown(raw), first=FIRST_YEAR, last=LAST_YEAR)
    return day


def _day(raw: object) -> date | None:
    """The day that a raw value names; `None` where it names none."""
    if isinstance(raw, str):
        return _written_day(plain(raw))
    if not isinstance(raw, date) or not isinstance(raw.year, int):  # pandas' NaT calls itself a datetime
        return None
    if isinstance(raw, datetime) and (raw.time() != time.min or raw.tzinfo):
        refuse("CR-DATE-WITH-TIME", value=_shown(raw))
    return date(raw.year, raw.month, raw.day)


def _written_day(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in match.groups() if part)) if match else None
    except ValueError:
        return None


def _period(raw: object, column: ColumnSpec) -> Period:
    of: Any = column.type
    period = _named_period(plain(raw) if isinstance(raw, str) else raw)
    if period is None or (of.kind != "any" and not isinstance(period, PERIODS[of.kind])):
        refuse("CR-NOT-A-PERIOD", value=_shown(raw), kind=_KINDS[of.kind], example=_EXAMPLES[of.kind])
    return period


def _named_period(raw: object) -> Period | None:
    """The period that a text, a whole number (a year) or a period names."""
    try:
        if isinstance(raw, str | Period):
            return parse_period(str(raw))
        year = None if isinstance(raw, bool) else _whole(raw)
        return parse_period(str(year)) if year and FIRST_YEAR <= year <= LAST_YEAR else None
    except (ValueError, OverflowError):
        return None


def _shown(raw: object) -> str:
    if isinstance(raw, int) and abs(raw) >= 10**MAX_DIGITS:
        return f"{Decimal(raw):.3E}"
    if not isinstance(raw, str | int | float | Decimal | date):
        return type(raw).__name__
    return shortened(str(raw))


def shortened(text: str) -> str:
    """The text as an error quotes it: on one line, and not longer than helps."""
    line = _FORBIDDEN.sub("?", " ".join(text.split()))
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"


_READERS: Final[Mapping[type, Callable[[Any, ColumnSpec], Cell]]] = {
    Text: _text,
    Number: _number,
    Truth: _truth,
    Choice: _choice,
    Date: _date,
    PeriodType: _period,
}
