"""Periods: years, quarters, months and ISO weeks, with arithmetic and text."""

from __future__ import annotations

import calendar
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, total_ordering
from typing import Any, ClassVar, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

PeriodKind = Literal["any", "year", "quarter", "month", "week"]

FIRST_YEAR, LAST_YEAR = 1900, 2200


@total_ordering
@dataclass(frozen=True, slots=True)
class Period(ABC):
    """A span of the calendar; `ordinal` counts periods of one kind, so neighbours differ by one.

    Use the subclasses `Year`, `Quarter`, `Month` and `Week`, or `parse_period`.

    >>> parse_period("2024Q4") + 1
    Quarter('2025Q1')
    >>> parse_period("2024-02").last_day()
    datetime.date(2024, 2, 29)
    """

    ordinal: int
    kind: ClassVar[PeriodKind] = "any"

    def __add__(self, steps: int) -> Period:
        return type(self)(self.ordinal + steps)

    def __lt__(self, other: Period) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.ordinal < other.ordinal

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    @abstractmethod
    def __str__(self) -> str: ...

    @abstractmethod
    def first_day(self) -> date:
        """The first day of the period."""

    def last_day(self) -> date:
        """The last day of the period; of the last one that the calendar has, its very last day."""
        try:
            return (self + 1).first_day() - timedelta(days=1)
        except (ValueError, OverflowError):
            return date.max

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period that the text names; `ValueError` when it names none of this kind."""
        period = parse_period(text)
        if not isinstance(period, cls):
            raise ValueError(text)  # noqa: TRY004 - one error for every text that is no such period
        return period

    @classmethod
    @abstractmethod
    def of(cls, day: date) -> Period:
        """The period of this kind that contains the day."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept the period itself or its text; give its text in JSON."""
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(str(value)),
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe the text form."""
        example = Quarter if cls is Period else cls
        return {"type": "string", "description": "a period" if cls is Period else f"a {cls.kind}", "examples": [str(example.of(date(2024, 9, 1)))]}


class Year(Period):
    """A calendar year, `2024`."""

    __slots__ = ()
    kind = "year"

    def __str__(self) -> str:
        return str(self.ordinal)

    def first_day(self) -> date:
        """The first day of the period."""
        return date(self.ordinal, 1, 1)

    @classmethod
    def of(cls, day: date) -> Year:
        """The period of this kind that contains the day."""
        return cls(day.year)


class Quarter(Period):
    """A quarter of a year, `2024Q3`."""

    __slots__ = ()
    kind = "quarter"

    def __str__(self) -> str:
        return f"{self.ordinal // 4}Q{self.ordinal % 4 + 1}"

    def first_day(self) -> date:
        """The first day of the period."""
        return date(self.ordinal // 4, self.ordinal % 4 * 3 + 1, 1)

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The period of this kind that contains the day."""
        return cls(day.year * 4 + (day.month - 1) // 3)


class Month(Period):
    """A month, `2024-09`."""

    __slots__ = ()
    kind = "month"

    def __str__(self) -> str:
        return f"{self.ordinal // 12}-{self.ordinal % 12 + 1:02}"

    def first_day(self) -> date:
        """The first day of the period."""
        return date(self.ordinal // 12, self.ordinal % 12 + 1, 1)

    @classmethod
    def of(cls, day: date) -> Month:
        """The period of this kind that contains the day."""
        return cls(day.year * 12 + day.month - 1)


class Week(Period):
    """An ISO week, Monday to Sunday, `2024-W37`."""

    __slots__ = ()
    kind = "week"

    def __str__(self) -> str:
        year, week, _ = self.first_day().isocalendar()
        return f"{year}-W{week:02}"

    def first_day(self) -> date:
        """The first day of the period."""
        return date.fromordinal(self.ordinal * 7 + 1)

    @classmethod
    def of(cls, day: date) -> Week:
        """The period of this kind that contains the day."""
        return cls((day.toordinal() - 1) // 7)


PERIODS: dict[PeriodKind, type[Period]] = {"year": Year, "quarter": Quarter, "month": Month, "week": Week}

_FORMS = (
    re.compile(r"(?P<year>\d{4})年?"),
    re.compile(r"(?P<year>\d{4})\s*-?\s*[Qq](?P<quarter>[1-4])"),
    re.compile(r"(?P<year>\d{4})年?\s*第?(?P<quarter>[1-4一二三四])季度?"),
    re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})|(?P<year_>\d{4})年(?P<month_>\d{1,2})月"),
    re.compile(r"(?P<year>\d{4})-?W(?P<week>\d{2})|(?P<year_>\d{4})年第?(?P<week_>\d{1,2})周"),
)
_CHINESE_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Period:
    """The period a text names: `2024`, `2024Q3`, `2024年第三季度`, `2024-09`, `2024-W37`; else `ValueError`."""
    for form in _FORMS:
        if match := form.fullmatch(text.strip()):
            found = {k.rstrip("_"): v for k, v in match.groupdict().items() if v}
            return _build(found, text)
    raise ValueError(text)


def _build(found: dict[str, str], text: str) -> Period:
    year = int(found["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(text)
    if quarter := found.get("quarter"):
        return Quarter(year * 4 + (_CHINESE_DIGITS.get(quarter) or int(quarter)) - 1)
    if month := found.get("month"):
        return Month.of(date(year, int(month), 1))
    if week := found.get("week"):
        return Week.of(date.fromisocalendar(year, int(week), 1))
    return Year(year)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, clamped to the month's end.

    >>> add_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    month = day.year * 12 + day.month - 1 + months
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day.day, calendar.monthrange(year, index + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Whole months from start to end, floored: the largest n with `add_months(start, n) <= end`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1
