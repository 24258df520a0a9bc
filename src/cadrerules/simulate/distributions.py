"""What a column is drawn from: a stated distribution bound to the column's type, step and bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from ..engines.columnar.rows import plain_cell
from ..engines.columnar.tables import KIND
from ..engines.columnar.values import period_of
from ..engines.polars import DTYPES
from ..errors import Place, PolicyError, Problem, UsageError
from ..language import types
from ..language.periods import PERIODS
from ..language.source import nearest
from ..load.policies import validated
from ..load.yaml import Located, read_yaml
from ..model.cells import MAX_DIGITS, read_cell
from ..model.facts import ColumnSpec, Table
from .dice import dice
from .distribution_documents import NUMERIC, DistributionDoc, DistributionsDoc

Floats = NDArray[np.float64]
Units = NDArray[np.int64]
Marks = NDArray[np.bool_]

_TRIED: Final = 10_000
_LEAST_WITHIN: Final = 0.01
"""A truncated distribution of which less than this share lies within the bounds is refused: it must be a mistake."""
_FITS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(NUMERIC, (types.Number,)),
    "bernoulli": (types.Truth,),
    "days": (types.Date,),
    "periods": (types.Period,),
}
"""The types of column that a distribution is for; the others are for all."""


@dataclass(frozen=True)
class Distribution:
    """A distribution bound to its column; made by `bound` or `read_distributions`."""

    doc: DistributionDoc
    column: ColumnSpec

    def draw(self, n: int, random: np.random.Generator, observed: pl.Series | None = None) -> pl.Series:
        """So many cells as a frame of facts has them: numbers exact on the column's step, empty ones null.

        `observed` are the column's cells for `{observed: true}`, of which the known ones are drawn; what is
        drawn of the generator depends on nothing but `n`. Raises `UsageError` where no cell is known.
        """
        if self.doc.observed:
            return self.holed(_resampled(n, random, observed, self.column.name), random)
        return as_in_a_frame(self.cells(n, random), self.column)

    def cells(self, n: int, random: np.random.Generator, observed: pl.Series | None = None) -> pl.Series:
        """So many cells as the columnar engines hold them: numbers in units of the step, periods as ordinals."""
        if self.doc.observed:
            drawn = _resampled(n, random, observed, self.column.name)
        elif isinstance(self.column.type, types.Number) and self.doc.kind in NUMERIC:
            drawn = pl.Series(self.column.name, self._units(n, random))
        elif self.doc.days or self.doc.periods:
            drawn = self._between(n, random)
        else:
            drawn = self._listed[0].gather(np.searchsorted(self._listed[1], random.random(n), side="right"))
        return self.holed(drawn, random)

    def numbers(self, n: int, random: np.random.Generator) -> Floats:
        """So many numbers of a numeric distribution, neither rounded nor within bounds."""
        return _numbers(self.doc, n, random)

    def holed(self, drawn: pl.Series, random: np.random.Generator) -> pl.Series:
        """The cells with the stated share of them left empty."""
        return blanked(drawn, random.random(len(drawn)) < float(self.doc.holes)) if self.doc.holes else drawn

    def in_units(self, numbers: Floats) -> Units:
        """Numbers rounded to whole units of the column's step."""
        limit = 10.0**MAX_DIGITS - 256  # the next float below, so that it is held exactly
        return np.clip(np.rint(numbers * 10.0**_scale(self.column)), -limit, limit).astype(np.int64)

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """The least and the greatest number of units that may be drawn."""
        scale, low, high = _scale(self.column), self.doc.low, self.doc.high
        given = self.doc.uniform or self.doc.triangular or self.doc.integers or ()
        lows = [of for of in (low, *given[:1]) if of is not None]
        highs = [of for of in (high, *given[-1:]) if of is not None]
        most = 10**MAX_DIGITS - 1
        least = max([*(_whole(of, scale, ROUND_CEILING) for of in lows), _low(self.column), -most])
        return int(least), int(min([*(_whole(of, scale, ROUND_FLOOR) for of in highs), _high(self.column), most]))

    def within(self, units: Units) -> Marks:
        """Which units lie within the bounds."""
        low, high = self.bounds
        return (units >= low) & (units <= high)

    def _units(self, n: int, random: np.random.Generator) -> Units:
        drawn = self.in_units(self.numbers(n, random))
        if self.doc.outside == "clip":
            return np.clip(drawn, *self.bounds)
        while (beyond := np.flatnonzero(~self.within(drawn))).size:
            drawn[beyond] = self.in_units(self.numbers(beyond.size, random))
        return drawn

    def _between(self, n: int, random: np.random.Generator) -> pl.Series:
        if self.doc.days:
            start, end = (day.toordinal() - _EPOCH for day in self.doc.days)
            return pl.Series(self.column.name, random.integers(start, end + 1, n, dtype=np.int32)).cast(pl.Date)
        assert self.doc.periods
        first, last = self.doc.periods
        one, next_one = (plain_cell(self.column.type, period) for period in (first, first + 1))
        return pl.Series(self.column.name, one + random.integers(0, last.ordinal - first.ordinal + 1, n) * (next_one - one))

    @cached_property
    def _listed(self) -> tuple[pl.Series, Floats]:
        """The different cells, and how probable it is to draw one up to each."""
        shares = np.array([float(share) for _, share in listed(self.doc)])
        cells = [plain_cell(self.column.type, read_cell(raw, self.column)) for raw, _ in listed(self.doc)]
        up_to = np.cumsum(shares / shares.sum())
        up_to[np.flatnonzero(shares)[-1] :] = 1.0  # rounding must not leave anything over
        return pl.Series(self.column.name, cells, DTYPES[KIND[type(self.column.type)]]), up_to


Distributions = Mapping[str, Distribution]
"""Distributions by `table.column`."""

_EPOCH: Final = 719_163
"""The ordinal of 1970-01-01."""


def read_distributions(source: Path | str | Mapping[str, Any], tables: Mapping[str, Table]) -> Distributions:
    """The distributions of a document, a file's path or its content, each bound to its column of the tables.

    Raises `PolicyError` with every entry that can't be, and its place.
    """
    located = as_located(source)
    problems: list[Problem] = []
    doc = validated(DistributionsDoc, located, problems)
    found: dict[str, Distribution] = {}
    for name, one in doc.distributions.items() if doc else ():
        path = ("distributions", name)
        if column := named_column(name, tables, located, path, problems):
            found[name] = bound(one, column, located, path, problems)
    if problems:
        raise PolicyError(problems)
    return found


def as_located(source: Path | str | Mapping[str, Any]) -> Located:
    """A document by its path, or one given as what stands in it."""
    if isinstance(source, Mapping):
        return read_yaml(json.dumps(source, default=str, indent=1))  # JSON is YAML, too
    return read_yaml(Path(source))


def named_column(name: str, tables: Mapping[str, Table], located: Located, path: tuple[str | int, ...], problems: list[Problem]) -> ColumnSpec | None:
    """The column that a `table.column` names; None, and a problem, where there is no such."""
    table, _, column = name.partition(".")
    if table in tables and column in tables[table].columns:
        return tables[table].columns[column]
    known = [f"{table}.{column}" for table in tables for column in tables[table].columns]
    problems.append(Problem("CR-UNKNOWN-NAME", located.key_place(path), {"kind": "column", "name": name, "nearest": nearest(name, known)}))
    return None


def bound(doc: DistributionDoc, column: ColumnSpec, located: Located, path: tuple[str | int, ...], problems: list[Problem]) -> Distribution:
    """The distribution as the column's; what doesn't fit is noted."""
    one = Distribution(doc, column)
    problems.extend(_problems(one, located, path))
    return one


def _problems(one: Distribution, located: Located, path: tuple[str | int, ...]) -> Iterator[Problem]:
    doc, column = one.doc, one.column
    values = {"name": column.name, "distribution": doc.kind, "type": types.describe(column.type)}
    if doc.holes and column.required:
        yield Problem("CR-DISTRIBUTION-HOLES", located.place((*path, "holes")), values)
    if not isinstance(column.type, _FITS.get(doc.kind, (object,))) or not _same_kind(doc, column):
        yield Problem("CR-DISTRIBUTION-TYPE", located.key_place((*path, doc.kind)), values)
    elif doc.kind in NUMERIC and not _reaches(one):
        yield Problem("CR-DISTRIBUTION-OUTSIDE", located.place((*path, doc.kind)), values)
    else:
        for raw, _ in listed(doc):
            yield from _cell_problems(raw, column, located.key_place((*path, doc.kind, str(raw))))
        for day in doc.days or ():
            yield from _cell_problems(day, column, located.place((*path, "days")))


def _same_kind(doc: DistributionDoc, column: ColumnSpec) -> bool:
    """Whether the periods are of the column's kind, where they are periods."""
    of = column.type
    if doc.periods is None or not isinstance(of, types.Period) or of.kind == "any":
        return True
    return isinstance(doc.periods[0], PERIODS[of.kind])


def _reaches(one: Distribution) -> bool:
    """Whether there is a value within the bounds, and not only in a far tail."""
    low, high = one.bounds
    if low > high or one.doc.outside == "clip":
        return low <= high
    tried = one.in_units(one.numbers(_TRIED, dice(0, "bounds")))
    return bool(one.within(tried).mean() >= _LEAST_WITHIN)


def _cell_problems(raw: object, column: ColumnSpec, place: Place) -> Iterator[Problem]:
    try:
        read_cell(raw, column)
    except PydanticCustomError as error:
        yield Problem(error.type, place, error.context or {})


def listed(doc: DistributionDoc) -> Sequence[tuple[Any, Decimal]]:
    """The values that a distribution lists, with their weights; none for one that lists none."""
    if doc.constant is not None:
        return [(doc.constant, Decimal(1))]
    if doc.bernoulli is not None:
        return [(True, doc.bernoulli), (False, 1 - doc.bernoulli)]
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


def blanked(cells: pl.Series, blank: Marks) -> pl.Series:
    """The cells, empty where told."""
    return cells.to_frame().select(pl.when(pl.lit(pl.Series(~blank))).then(pl.col(cells.name))).to_series()


def _resampled(n: int, random: np.random.Generator, observed: pl.Series | None, name: str) -> pl.Series:
    known = None if observed is None else observed.drop_nulls()
    if known is None or not len(known):
        raise UsageError(Problem("CR-NOTHING-OBSERVED", values={"name": name}))
    return known.gather(random.integers(0, len(known), n))


def _numbers(doc: DistributionDoc, n: int, random: np.random.Generator) -> Floats:
    match doc.kind:
        case "uniform" if doc.uniform:
            return random.uniform(float(doc.uniform[0]), float(doc.uniform[1]), n)
        case "triangular" if doc.triangular:
            left, mode, right = map(float, doc.triangular)
            return random.triangular(left, mode, right, n) if left < right else np.full(n, left)
        case "normal" if doc.normal:
            return random.normal(float(doc.normal.mean), float(doc.normal.sd), n)
        case "lognormal" if doc.lognormal:
            return random.lognormal(float(doc.lognormal.mean), float(doc.lognormal.sd), n)
        case "poisson" if doc.poisson is not None:
            return random.poisson(float(doc.poisson), n).astype(float)
        case "binomial" if doc.binomial:
            return random.binomial(doc.binomial.n, float(doc.binomial.p), n).astype(float)
        case _ if doc.integers:
            return random.integers(doc.integers[0], doc.integers[1] + 1, n).astype(float)
    raise TypeError(doc.kind)


def _scale(column: ColumnSpec) -> int:
    return column.type.scale if isinstance(column.type, types.Number) else 0


def _low(column: ColumnSpec) -> float:
    return column.type.low if isinstance(column.type, types.Number) else -inf


def _high(column: ColumnSpec) -> float:
    return column.type.high if isinstance(column.type, types.Number) else inf


def _whole(number: Decimal | int, scale: int, rounding: str) -> int:
    return int(Decimal(number).scaleb(scale).to_integral_value(rounding))
