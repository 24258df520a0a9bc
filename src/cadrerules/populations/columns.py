"""How one column of a frame becomes a column of cells, without a Python value for each: an expression and a test of it.

What a frame already types (numbers, days, truths, texts) is converted as a whole. Other columns (periods, words,
numbers and days as text) have few different values: each of those is read as any cell is, and the column mapped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf
from typing import Any, Final

import polars as pl
from pydantic_core import PydanticCustomError

from ..engines.columnar.rows import plain_cell
from ..engines.columnar.tables import KIND
from ..engines.polars import DTYPES
from ..language.periods import FIRST_YEAR, LAST_YEAR
from ..language.types import DATE, TEXT, TRUTH, Number, Period
from ..model.cells import MAX_CHARACTERS, MAX_DIGITS, MAX_ID_DIGITS, read_cell
from ..model.facts import ColumnSpec

_TOLERANCE: Final = 1e-9
SPACE: Final = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
"""What Python takes for space."""
_ODD: Final = r"[\x00\x1c-\x1f]|^\s|\s$|^[0-9](\.[0-9]+)?[eE]\+[0-9]+$"
"""A text that may not be a cell as it stands."""
_NO_ID: Final = r"\x00|^[0-9](\.[0-9]+)?[eE]\+[0-9]+$"
"""A text that can't stand in a cell, or a number that a spreadsheet cut short."""
_SPLIT: Final = 2.0**27 + 1
_NO_CELLS: Final = (pl.List, pl.Array, pl.Struct, pl.Binary, pl.Time, pl.Duration, pl.Null)
"""Types of which no value is a cell."""

NEVER: Final = pl.lit(value=False)

Different = tuple[pl.Series, Sequence[object]]
"""The different raw cells of a column, and the values that they are."""


@dataclass(frozen=True)
class CellColumn:
    """A column's cells and which can't be read, empty ones that may not be so among them.

    Texts are first taken as they stand; where one is `bad`, `careful` are the cells without the space around them.
    """

    cells: pl.Expr
    bad: pl.Expr
    careful: CellColumn | None = None


def cell_column(spec: ColumnSpec, raw: pl.Expr, dtype: pl.DataType, different: Different | None) -> CellColumn:
    """The cells of a raw column; where its values are read one by one, `different` are all that differ."""
    found = _mapped(spec, raw, *different) if different else _converted(spec, raw, dtype)
    assert found is not None
    careful = None if found.careful is None else _checked(spec, found.careful)
    return replace(_checked(spec, found), careful=careful)


def _checked(spec: ColumnSpec, column: CellColumn) -> CellColumn:
    bad = column.bad.fill_null(value=False)
    return CellColumn(column.cells, bad | column.cells.is_null() if spec.required else bad)


def absent_column(spec: ColumnSpec) -> CellColumn:
    """The cells of a column that isn't there."""
    return CellColumn(pl.lit(None, DTYPES[KIND[type(spec.type)]]), pl.lit(not spec.about.optional))


def is_mapped(spec: ColumnSpec, dtype: pl.DataType) -> bool:
    """Whether a column's values are read one by one."""
    return _converted(spec, pl.lit(None), dtype) is None


def _converted(spec: ColumnSpec, raw: pl.Expr, dtype: pl.DataType) -> CellColumn | None:
    """The cells of a column that is converted as a whole; None for others."""
    if dtype in _NO_CELLS:
        return CellColumn(pl.lit(None, DTYPES[KIND[type(spec.type)]]), raw.is_not_null())
    match spec.type:
        case Number() as of if dtype.is_integer():
            return _whole_number(of, raw.cast(pl.Int64, strict=False), raw)
        case Number() as of if dtype.is_decimal():
            return _decimal(of, raw, dtype)
        case Number() as of if dtype.is_float():
            return _float(of, raw.cast(pl.Float64))
        case _ if spec.type == TEXT:
            return _text(raw, dtype)
        case _ if spec.type == TRUTH and dtype == pl.Boolean:
            return CellColumn(raw, NEVER)
        case _ if spec.type == TRUTH and (dtype.is_integer() or dtype.is_float()):
            return CellColumn(_where(raw == 1, (raw == 0) | (raw == 1)), (raw != 0) & (raw != 1))
        case _ if spec.type == DATE and dtype == pl.Date:
            return CellColumn(raw, _outside(raw, spec))
        case Period(kind="year") if dtype.is_integer():
            year = raw.cast(pl.Int64, strict=False)
            return _among(year, raw, year.is_between(FIRST_YEAR, LAST_YEAR))
    return None


def _where(cells: pl.Expr, good: pl.Expr) -> pl.Expr:
    return pl.when(good).then(cells)


def _among(cells: pl.Expr, raw: pl.Expr, good: pl.Expr) -> CellColumn:
    """The cells where they are good; others that aren't null are bad."""
    return CellColumn(cells, ~good.fill_null(value=False) & raw.is_not_null())


# --- texts and days -----------------------------------------------------------------------------


def _text(raw: pl.Expr, dtype: pl.DataType) -> CellColumn | None:
    if dtype == pl.String:
        text, long = raw.str.strip_chars(SPACE), raw.str.len_chars() > MAX_CHARACTERS
        careful = CellColumn(_where(text, text != ""), (text.str.contains(_NO_ID) | long) & (text != ""))
        return CellColumn(raw, raw.str.contains(_ODD) | long | (raw == ""), careful)
    number = raw.cast(pl.Int64, strict=False)
    good = number.is_between(1 - 10**MAX_ID_DIGITS, 10**MAX_ID_DIGITS - 1)
    if dtype.is_integer():
        return _among(number.cast(pl.String), raw, good)
    return _among(number.cast(pl.String), raw, good & (raw == raw.floor())) if dtype.is_float() else None


def _outside(day: pl.Expr, spec: ColumnSpec) -> pl.Expr:
    """Days before or after those that a cell may name; the one that an empty cell stands for may be written out."""
    year = day.dt.year()
    outside = (year < FIRST_YEAR) | (year > LAST_YEAR)
    return outside & (day != spec.empty) if isinstance(spec.empty, date) else outside


# --- numbers, in units of their step ------------------------------------------------------------


def _bounded(of: Number, units: pl.Expr, off: pl.Expr) -> CellColumn:
    if of.low != -inf:
        off = off | (units < int(of.low))
    if of.high != inf:
        off = off | (units > int(of.high))
    return CellColumn(units, off)


def _whole_number(of: Number, number: pl.Expr, raw: pl.Expr, more: int | None = None) -> CellColumn:
    """Whole numbers of which each is a power of ten of units."""
    places = of.scale if more is None else more
    most = 10 ** max(MAX_DIGITS - places, 0) - 1
    small = number.is_between(-most, most).fill_null(value=False) | raw.is_null()
    units = number * 10 ** min(places, MAX_DIGITS) if places else number
    return _bounded(of, units, ~small)


def _decimal(of: Number, raw: pl.Expr, dtype: pl.DataType) -> CellColumn:
    """Decimals by the whole numbers that hold them, which is much faster than multiplying."""
    precision, scale = getattr(dtype, "precision", None) or 38, getattr(dtype, "scale", 0)
    held = raw.to_physical()
    if scale <= of.scale:
        return _whole_number(of, held.cast(pl.Int64, strict=False), raw, of.scale - scale)
    wide: Any = pl.Int64 if precision <= MAX_DIGITS else pl.Int128
    held, step = held.cast(wide), pl.lit(10 ** (scale - of.scale), wide)
    whole = _whole_number(of, (held // step).cast(pl.Int64, strict=False), raw, 0)
    return CellColumn(whole.cells, whole.bad | (held % step != 0))


def _float(of: Number, raw: pl.Expr) -> CellColumn:
    """Floats that are near a whole number of units; the rounding of the product is made up for, exactly."""
    step = 10.0**of.scale
    product = raw * step
    near = product.round()
    rest = (product - near) + _lost(raw, step, product)
    more = rest.round()
    off = ~raw.is_finite() | (raw.abs() >= 10.0 ** (MAX_DIGITS - of.scale)) | ((rest - more).abs() >= _TOLERANCE * step)
    return _bounded(of, near.cast(pl.Int64, strict=False) + more.cast(pl.Int64, strict=False), off)


def _lost(first: pl.Expr, second: float, product: pl.Expr) -> pl.Expr:
    """What the rounded product of two floats lacks of the exact one (Dekker's product)."""
    high = first * _SPLIT - (first * _SPLIT - first)
    low, other_high = first - high, second * _SPLIT - (second * _SPLIT - second)
    other_low = second - other_high
    return ((high * other_high - product) + high * other_low + low * other_high) + low * other_low


# --- values one by one --------------------------------------------------------------------------


def _mapped(spec: ColumnSpec, raw: pl.Expr, keys: pl.Series, values: Sequence[object]) -> CellColumn:
    """Each different value read as a cell is, and put in the place of all that are equal to it."""
    dtype = DTYPES[KIND[type(spec.type)]]
    known: dict[int, Any] = {}
    for place, value in enumerate(values):
        try:
            known[place] = plain_cell(spec.type, read_cell(value, spec))
        except PydanticCustomError:
            continue
    old, new = keys.gather(list(known)), pl.Series(list(known.values()), dtype=dtype)
    bad = NEVER if len(known) == len(values) else raw.is_not_null() & ~raw.is_in(old.implode())
    return CellColumn(_replaced(raw, old, new), bad)


def _replaced(raw: pl.Expr, old: pl.Series, new: pl.Series) -> pl.Expr:
    """The new values in the place of the old ones, batch by batch: as an expression of Polars it would hold all rows at once."""
    if old.dtype == new.dtype and old.equals(new):
        return raw

    def replaced(cells: pl.Series) -> pl.Series:
        return cells.replace_strict(old, new, default=None, return_dtype=new.dtype)

    return raw.map_batches(replaced, new.dtype, is_elementwise=True)


def different_of(frame: pl.LazyFrame, names: Sequence[str], values: Mapping[str, Sequence[object]]) -> dict[str, Different]:
    """The different cells of columns, read together; in those of `values` stand the numbers of these."""
    asked = [frame.select(pl.col(name).drop_nulls().unique()) for name in names if name not in values]
    found = {name: (pl.Series(range(len(cells)), dtype=pl.UInt32), cells) for name, cells in values.items()}
    for one in pl.collect_all(asked, engine="streaming"):
        series = one.to_series()
        found[series.name] = series, series.to_list()
    return {name: found[name] for name in names}
