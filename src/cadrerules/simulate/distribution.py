"""A stated distribution bound to a column: cells drawn from it, on the column's step and within its bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property, reduce
from math import inf
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..engines.columnar.rows import plain_cell
from ..engines.columnar.tables import KIND
from ..engines.columnar.values import period_of
from ..engines.polars import DTYPES
from ..errors import Place, Problem, UsageError
from ..language import types
from ..model.cells import MAX_DIGITS, read_cell
from ..model.facts import ColumnSpec
from .distribution_documents import NUMERIC, DistributionDoc
from .rows import EPOCH, Rows

Floats = NDArray[np.float64]
Units = NDArray[np.int64]

_MOST_ROUNDS: Final = 2_000
"""So often draws beyond the bounds are drawn again."""
_TOLERANCE: Final = 1e-6


@dataclass(frozen=True)
class Distribution:
    """A distribution bound to its column; made by `bound` or `read_distributions`. `place` is where it stands."""

    doc: DistributionDoc
    column: ColumnSpec
    place: Place = Place()

    @cached_property
    def names(self) -> frozenset[str]:
        """The columns of the same row that it is made from."""
        return frozenset([*self.doc.number_names, *self.doc.day_names])

    def draw(self, n: int, random: np.random.Generator, rows: Rows | None = None, observed: pl.Series | None = None) -> pl.Series:
        """So many cells as a frame of facts has them: numbers exact on the column's step, empty ones null.

        `rows` are those that are drawn for, where the distribution names other columns of theirs; where one of
        these is unknown, so is what is drawn. `observed` are the column's cells for `{observed: true}`, of which
        the known ones are drawn. Raises `UsageError` where no cell is known, or none can be drawn for a row.
        """
        drawn = self.cells(n, random, rows, observed)
        return drawn if self.doc.observed else as_in_a_frame(drawn, self.column)

    def cells(self, n: int, random: np.random.Generator, rows: Rows | None = None, observed: pl.Series | None = None) -> pl.Series:
        """So many cells as the columnar engines hold them: numbers in units of the step, periods as ordinals."""
        if self.doc.observed:
            drawn = _resampled(n, random, observed, self.column.name)
        elif self.names and rows is not None and not (known := rows.known(set(self.names))).all():
            at = np.flatnonzero(known)
            drawn = scattered(self._drawn(at.size, random, rows.chosen(at)), at, n)
        else:
            drawn = self._drawn(n, random, rows)
        return holed(drawn, self.doc, random)

    def _drawn(self, n: int, random: np.random.Generator, rows: Rows | None) -> pl.Series:
        name = self.column.name
        if self.doc.kind in NUMERIC:
            return pl.Series(name, self._units(n, random, rows))
        if self.doc.days:
            return pl.Series(name, self._days(n, random, rows).astype(np.int32)).cast(pl.Date)
        if self.doc.periods:
            return pl.Series(name, self._ordinals(n, random))
        if isinstance(self.doc.bernoulli, str) and rows is not None:
            return pl.Series(name, random.random(n) < rows.numbers(self.doc.bernoulli))
        cells, up_to = self._listed
        return cells.gather(np.searchsorted(up_to, random.random(n), side="right"))

    def numbers(self, n: int, random: np.random.Generator, rows: Rows | None = None) -> Floats:
        """So many numbers of a numeric distribution, neither rounded nor within bounds."""
        return _numbers(self.doc.kind, [_amount(amount, rows) for amount in self.doc.amounts], n, random)

    def in_units(self, numbers: Floats) -> Units:
        """Numbers rounded to whole units of the column's step, or of the distribution's own."""
        every = self._every
        limit = (10.0**MAX_DIGITS - 256) // every  # a float a little below the most digits, held exactly
        steps: Units = np.clip(np.rint(numbers * (10.0 ** _scale(self.column) / every)), -limit, limit).astype(np.int64)
        return steps * every

    @cached_property
    def _every(self) -> int:
        """How many units of the column's step are one of the distribution's own."""
        return 1 if self.doc.step is None else int(self.doc.step.scaleb(_scale(self.column)))

    def bounds(self, rows: Rows | None = None) -> tuple[Any, Any]:
        """The least and the greatest number of units that may be drawn, the same for all rows or of each."""
        scale, most = _scale(self.column), 10**MAX_DIGITS - 1
        own = self.doc.amounts if self.doc.kind in ("uniform", "triangular", "integers") else (None, None)
        lows = [_whole(of, scale, rows, ROUND_CEILING) for of in (self.doc.low, own[0]) if of is not None]
        highs = [_whole(of, scale, rows, ROUND_FLOOR) for of in (self.doc.high, own[-1]) if of is not None]
        least, greatest = max(_low(self.column), -most), min(_high(self.column), most)
        return reduce(np.maximum, lows, np.int64(least)), reduce(np.minimum, highs, np.int64(greatest))

    def _units(self, n: int, random: np.random.Generator, rows: Rows | None) -> Units:
        low, high = (np.broadcast_to(bound, n) for bound in self.bounds(rows))
        self._check(bool((low > high).any()))
        drawn = self.in_units(self.numbers(n, random, rows))
        if self.doc.outside == "clip":
            clipped: Units = np.clip(drawn, low, high)
            return clipped
        for _ in range(_MOST_ROUNDS):
            beyond = np.flatnonzero((drawn < low) | (drawn > high))
            if not beyond.size:
                return drawn
            drawn[beyond] = self.in_units(self.numbers(beyond.size, random, rows and rows.chosen(beyond)))
        self._check(failed=True)
        return drawn

    def _days(self, n: int, random: np.random.Generator, rows: Rows | None) -> Units:
        assert self.doc.days
        ends = (_day(day, rows, last=bool(at)) for at, day in enumerate(self.doc.days))
        first, last = (np.broadcast_to(np.asarray(end, np.int64), n) for end in ends)
        self._check(bool((first > last).any()))
        return random.integers(first, last + 1)

    def _ordinals(self, n: int, random: np.random.Generator) -> Units:
        assert self.doc.periods
        first, last = self.doc.periods
        start, after = (plain_cell(self.column.type, period) for period in (first, first + 1))
        ordinals: Units = start + (after - start) * random.integers(0, last.ordinal - first.ordinal + 1, n)
        return ordinals

    def _check(self, failed: bool) -> None:
        if failed:
            values = {"name": self.column.name, "distribution": self.doc.kind}
            raise UsageError(Problem("CR-DISTRIBUTION-OUTSIDE", self.place, values))

    @cached_property
    def _listed(self) -> tuple[pl.Series, Floats]:
        """The different cells, and how probable it is to draw one up to each."""
        shares = np.array([float(share) for _, share in listed(self.doc)])
        cells = [plain_cell(self.column.type, read_cell(raw, self.column)) for raw, _ in listed(self.doc)]
        up_to = np.cumsum(shares / shares.sum())
        up_to[np.flatnonzero(shares)[-1] :] = 1.0  # rounding must not leave anything over
        return pl.Series(self.column.name, cells, DTYPES[KIND[type(self.column.type)]]), up_to


def listed(doc: DistributionDoc) -> Sequence[tuple[Any, Decimal]]:
    """The values that a distribution lists, with their weights; none for one that lists none."""
    if doc.constant is not None:
        return [(doc.constant, Decimal(1))]
    if doc.bernoulli is not None:
        return [] if isinstance(doc.bernoulli, str) else [(True, doc.bernoulli), (False, 1 - doc.bernoulli)]
    return [*(doc.choice or doc.empirical or {}).items()]


def as_in_a_frame(cells: pl.Series, column: ColumnSpec) -> pl.Series:
    """Cells as the columnar engines hold them, as a frame of facts has them: decimals, years as numbers, other periods as text."""
    match column.type:
        case types.Number(scale=scale) if scale:
            wide = pl.col(cells.name).cast(pl.Decimal(38, scale)) / 10**scale
            return cells.to_frame().select(wide.cast(pl.Decimal(MAX_DIGITS, scale))).to_series()
        case types.Period(kind="year"):
            return cells.cast(pl.Int32)
        case types.Period(kind=kind):
            known = cells.drop_nulls().unique()
            words = pl.Series([str(period_of(ordinal, kind)) for ordinal in known], dtype=pl.String)
            return cells.replace_strict(known, words, default=None, return_dtype=pl.String)
        case _:
            return cells


def holed(drawn: pl.Series, doc: DistributionDoc, random: np.random.Generator) -> pl.Series:
    """The cells with the stated share of them left empty."""
    if not doc.holes:
        return drawn
    kept = pl.Series(random.random(len(drawn)) >= float(doc.holes))
    return drawn.to_frame().select(pl.when(pl.lit(kept)).then(pl.col(drawn.name))).to_series()


def scattered(cells: pl.Series, at: NDArray[np.intp], n: int) -> pl.Series:
    """The cells at these of `n` places, null at the others."""
    places = np.full(n, len(cells), dtype=np.int64)
    places[at] = np.arange(len(cells))
    return pl.concat([cells, pl.Series(cells.name, [None], dtype=cells.dtype)]).gather(places)


def _resampled(n: int, random: np.random.Generator, observed: pl.Series | None, name: str) -> pl.Series:
    known = None if observed is None else observed.drop_nulls()
    if known is None or not len(known):
        raise UsageError(Problem("CR-NOTHING-OBSERVED", values={"name": name}))
    return known.gather(random.integers(0, len(known), n))


def _numbers(kind: str, of: Sequence[Any], n: int, random: np.random.Generator) -> Floats:
    """Numbers of a distribution; what is below 0 where that can't be, such as a mean from another column, counts as 0."""
    match kind:
        case "uniform":
            return random.uniform(of[0], of[1], n)
        case "triangular":
            return random.triangular(of[0], of[1], of[2], n) if of[0] < of[2] else np.full(n, of[0])
        case "normal":
            return random.normal(of[0], np.maximum(of[1], 0), n)
        case "lognormal":
            return random.lognormal(of[0], np.maximum(of[1], 0), n)
        case "poisson":
            return random.poisson(np.maximum(of[0], 0), n).astype(float)
        case "binomial":
            return random.binomial(np.maximum(of[0], 0).astype(np.int64), np.clip(of[1], 0, 1), n).astype(float)
        case "integers":
            first, last = (np.asarray(end, np.int64) for end in of)
            return random.integers(first, last + 1, n).astype(float)
    raise TypeError(kind)


def _amount(of: Decimal | str, rows: Rows | None) -> Any:
    """A number of a distribution, or one for each row."""
    if isinstance(of, str):
        assert rows is not None
        return rows.numbers(of)
    return np.float64(of)


def _whole(of: Decimal | str, scale: int, rows: Rows | None, rounding: str) -> Any:
    """The units at or within a bound."""
    if isinstance(of, str):
        units = _amount(of, rows) * 10.0**scale
        near = np.rint(units)  # a float next to a whole number is that number
        rounded = np.ceil(units) if rounding == ROUND_CEILING else np.floor(units)
        return np.where(np.abs(near - units) < _TOLERANCE, near, rounded).astype(np.int64)
    return int(Decimal(of).scaleb(scale).to_integral_value(rounding))


def _day(of: date | str, rows: Rows | None, *, last: bool) -> Any:
    """A day counted from 1970, or one for each row."""
    if isinstance(of, str):
        assert rows is not None
        return rows.days(of, last=last)
    return of.toordinal() - EPOCH


def _scale(column: ColumnSpec) -> int:
    return column.type.scale if isinstance(column.type, types.Number) else 0


def _low(column: ColumnSpec) -> Any:
    return column.type.low if isinstance(column.type, types.Number) else -inf


def _high(column: ColumnSpec) -> Any:
    return column.type.high if isinstance(column.type, types.Number) else inf
