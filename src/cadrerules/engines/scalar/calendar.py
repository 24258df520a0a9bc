"""The rows of the calendar: every year, quarter, month and week from the first that counts to the day of evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from ...language.bind import Bindings
from ...language.periods import PERIODS, Period, PeriodKind, Week, Year
from ...language.scope import CALENDAR
from ...language.values import is_known
from ...model.facts import ALWAYS, NEVER, FactTables
from ...model.set_documents import SpanDoc
from .frames import Frame


def calendar_frames(doc: SpanDoc, facts: FactTables, bindings: Bindings) -> dict[str, Frame]:
    """The frame of each kind of period; without rows where nothing tells when the calendar begins."""
    first = _first_year(doc, facts, bindings)
    periods = {name: list(_periods(grain.key[0], first, bindings.as_of)) for name, grain in CALENDAR.items()}  # type: ignore[arg-type]
    return {
        name: Frame(name, grain.key, [{grain.key[0]: period} for period in periods[name]])
        for name, grain in CALENDAR.items()
    }


def _periods(kind: PeriodKind, first: int | None, as_of: date) -> Iterator[Period]:
    """The periods of a kind from a year's first to the one that contains the day."""
    if first is None or first > as_of.year + 1:
        return
    last, at = PERIODS[kind].of(as_of), _first(kind, first)
    while at <= last:
        yield at
        at = at + 1


def _first(kind: PeriodKind, year: int) -> Period:
    """A year's first period; its first week is the one that the fourth of January lies in."""
    return Week.of(date(year, 1, 4)) if kind == "week" else PERIODS[kind].of(date(year, 1, 1))


def _first_year(doc: SpanDoc, facts: FactTables, bindings: Bindings) -> int | None:
    if doc.since is not None:
        (*_, (_, literal)) = bindings.parameters[doc.since].values
        if is_known(literal.value):
            return int(literal.value.ordinal) if isinstance(literal.value, Period) else int(literal.value)
    named = [name for name in doc.seen_in if name in facts]
    return min(_years(facts, named), default=None) or min(_years(facts, facts.rows), default=None)


def _years(facts: FactTables, tables: Iterable[str]) -> Iterator[int]:
    """The years of all dates and periods in some tables; open ends, which are no dates, left out."""
    for name in tables:
        for row in facts[name]:
            yield from years_of(row)


def years_of(row: Mapping[str, Any]) -> Iterator[int]:
    """The years of the dates and periods in a row."""
    for cell in row.values():
        if isinstance(cell, Period):
            yield Year.of(cell.first_day()).ordinal
        elif isinstance(cell, date) and cell not in (ALWAYS, NEVER):
            yield cell.year
