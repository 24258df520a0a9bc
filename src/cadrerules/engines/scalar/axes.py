"""The cells that can still change as of a date, and what each may come to hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from ...language.periods import FIRST_YEAR, LAST_YEAR, Period
from ...language.types import Choice, Date, Number, Text, Truth
from ...language.values import among, between, is_known
from ...model.counterfactual import Before
from ...model.facts import NEVER, ColumnSpec
from .frames import Values
from .probe import At, Probe
from .reach import How, Reached
from .reachable import Place

FARTHEST = 10**18
_DAYS = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
_MOST_SAMPLES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """A cell that can still change: its value `now` and its domain.

    Numbers and days lie between two places, `low` and `high` (days as ordinals); all else is one of
    `points`. A `sampled` cell counts by being known at all, so that only single values can be tried.
    `cuts` are places after which the search may well find a change.
    """

    at: At
    column: ColumnSpec
    standing: Before
    now: Any
    low: int = 0
    high: int = 0
    points: tuple[Any, ...] = ()
    sampled: bool = False
    cuts: tuple[int, ...] = ()

    @property
    def whole(self) -> Any:
        """Everything that the cell may come to hold, as one partly known value."""
        return self.span_of(list(self.points)) if self.points else self.value(self.low, self.high)

    def span_of(self, options: list[Any]) -> Any:
        """Some of the points as one partly known value."""
        if isinstance(self.column.type, Truth):
            return None if len(options) > 1 else options[0]
        return among(frozenset(options))

    def value(self, low: int, high: int) -> Any:
        """The value of the language between two places."""
        if isinstance(self.column.type, Date):
            return between(date.fromordinal(low), date.fromordinal(high))
        return between(low, high)

    def place(self, value: Any) -> int:
        """The place of a known value."""
        return value.toordinal() if isinstance(value, date) else int(value)

    @property
    def here(self) -> int | None:
        """The place of the present value; None where there is none yet."""
        return None if self.standing != "known" or self.now == NEVER else self.place(self.now)

    def ways(self) -> tuple[tuple[int, int, bool], ...]:
        """The ranges on either side of the present value, and whether they rise from it."""
        here = self.here
        if here is None:
            return ((self.low, self.high, True),)
        both = ((self.low, min(here - 1, self.high), False), (max(here + 1, self.low), self.high, True))
        return tuple(way for way in both if way[0] <= way[1])

    def distance(self, to: Any) -> float:
        """How far a value is from the present one, so that cells of different kinds compare."""
        if self.points or self.here is None:
            return 0 if self.standing != "known" else 1
        return abs(self.place(to) - self.here) / max(1, abs(self.here), 365 * isinstance(to, date))


def axes(probe: Probe, reached: Reached, imagined: frozenset[Place], *, settling: bool) -> tuple[Axis, ...]:
    """The cells that can still change; where a decision is to be settled only those not known, if there are any."""
    maker = _Maker(probe, reached, imagined)
    found = [axis for at, how in reached.cells.items() if (axis := maker.axis(at, how)) is not None]
    unknown = [axis for axis in found if axis.standing != "known"]
    return tuple(unknown if settling and unknown else found)


@dataclass(frozen=True)
class _Maker:
    probe: Probe
    reached: Reached
    imagined: frozenset[Place]

    def axis(self, at: At, how: How) -> Axis | None:
        """The axis of a cell; None where it can't change any more, or isn't the subject's to change."""
        table = self.probe.tables[at.table]
        column, row = table.columns[at.column], self._row(at)
        standing = self._standing(at, row[at.column])
        if at.column in (table.counts or ()) or (how.others and standing == "known"):
            return None
        if standing == "known" and not self._open(at, column, row):
            return None
        made = Axis(at, column, standing, row[at.column], sampled=how.sampled)
        return self._sampled(made) if how.sampled else self._whole(made)

    def _row(self, at: At) -> Values:
        place = self.probe.rows[at.table].get(at.key)
        return self.probe.empty_row(at.table, at.key) if place is None else self.probe.frames[at.table].rows[place]

    def _standing(self, at: At, value: Any) -> Before:
        if (at.table, at.key) in self.imagined:
            return "no_row"
        if (at.key, at.column) in self.probe.frames[at.table].disputed:
            return "disputed"
        return "known" if is_known(value) else "empty"

    def _open(self, at: At, column: ColumnSpec, row: Values) -> bool:
        """Whether a known cell can still change: its period isn't over, or it is a day that hasn't come."""
        table = self.probe.tables[at.table]
        periods = [row[name] for name in (*table.key, *table.columns) if isinstance(row[name], Period)]
        if periods:
            return bool(periods[0].last_day() >= self.probe.evaluation.as_of)
        return bool(isinstance(column.type, Date) and row[at.column] > self.probe.evaluation.as_of)

    # --- domains --------------------------------------------------------------------------------

    def _whole(self, axis: Axis) -> Axis | None:
        match axis.column.type:
            case Number() as of:
                return self._numbers(axis, of)
            case Date():
                return self._days(axis)
            case Choice(options=options):
                return replace(axis, points=options)
            case Truth():
                return replace(axis, points=(True, False))
            case _:
                return self._sampled(axis)

    def _numbers(self, axis: Axis, of: Number) -> Axis:
        low, high = max(of.low, -FARTHEST), min(of.high, FARTHEST)
        scaled = [mark * 10**of.scale for mark in self._marks(axis, of)]
        cuts = {cut for mark in scaled for cut in (ceil(mark) - 1, floor(mark)) if low <= cut < high}
        return replace(axis, low=int(low), high=int(high), cuts=tuple(sorted(cuts)))

    def _marks(self, axis: Axis, of: Number) -> set[Fraction]:
        """The numbers that the cell is compared with, also as a part of a sum or a mean."""
        own = Fraction(axis.now) / 10**of.scale if axis.standing == "known" else Fraction(0)
        parts = {shares * mark - whole + own for shares, whole in self.reached.sums for mark in self.reached.marks}
        return self.reached.marks | parts

    def _days(self, axis: Axis) -> Axis:
        today = self.probe.evaluation.as_of.toordinal()
        low = today if axis.standing == "known" or axis.now == NEVER else _DAYS[0]
        return replace(axis, low=low, high=_DAYS[1], cuts=(today - 1, today))

    def _sampled(self, axis: Axis) -> Axis | None:
        """A few values to try; none for a text that is known already."""
        points = tuple(dict.fromkeys(self._samples(axis)))[:_MOST_SAMPLES]
        return replace(axis, points=points, sampled=True) if points else None

    def _samples(self, axis: Axis) -> Iterator[Any]:
        of, today = axis.column.type, self.probe.evaluation.as_of
        match of:
            case Number():
                whole = self._numbers(axis, of)
                yield from (max(0, whole.low), *whole.cuts, *(cut + 1 for cut in whole.cuts))
            case Date():
                yield today
            case Choice(options=options):
                yield from options
            case Truth():
                yield from (True, False)
            case Text() if axis.standing != "known":
                yield from self._texts(axis)
            case _:
                return

    def _texts(self, axis: Axis) -> Iterator[str]:
        table, _, column = axis.column.about.references.partition(".")
        if table in self.probe.evaluation.facts:
            yield from (row[column] for row in self.probe.evaluation.facts[table])
        elif not table:
            yield from sorted(self.reached.words - {""}) or ("…",)
