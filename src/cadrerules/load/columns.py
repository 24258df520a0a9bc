"""How one column of a frame becomes a column of cells, without a Python value for each: an expression and a test of it.

What a frame already types (numbers, days, truths, texts) is converted as a whole. Other columns (periods, words,
numbers and days as text) have few different values: each of those is read as any cell is, and the column mapped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

import polars as pl
from pydantic_core import PydanticCustomError

from ..engines.columnar.rows import plain_cell
from ..language.periods import FIRST_YEAR, LAST_YEAR
from ..language.types import DATE, TEXT, TRUTH, Number
from ..model.cells import MAX_CHARACTERS, MAX_DIGITS, MAX_ID_DIGITS, read_cell
from ..model.facts import ColumnSpec

_TOLERANCE = 1e-9
_ODD_TEXT = r"[\x00]|^\s|\s$|^[0-9](\.[0-9]+)?[eE]\+[0-9]+$"
"""A text that isn't a cell as it is: with space around it, or a number that a spreadsheet cut short."""
_DTYPES: dict[str, Any] = {"int": pl.Int64, "text": pl.String, "day": pl.Date, "truth": pl.Boolean}


@dataclass(frozen=True)
class CellColumn:
    """A column's cells, and which of them can't be read (null where a cell can)."""

    spec: ColumnSpec
    cells: pl.Expr
    bad: pl.Expr

    @property
    def refused(self) -> pl.Expr:
        """Whether the cell is refused, also for being empty."""
        bad = self.bad.fill_null(value=False)
        return bad | self.cells.is_null() if self.spec.required else bad


def cell_column(spec: ColumnSpec, heading: str, dtype: pl.DataType, distinct: Callable[[], pl.Series], kind: str) -> CellColumn:
    """The cells under a heading; `distinct` gives its different values where they are read one by one."""
    raw = pl.col(heading)
    if spec.type == TEXT and dtype == pl.String:
        odd = raw.str.contains(_ODD_TEXT) | (raw.str.len_bytes() > MAX_CHARACTERS) | (raw == "")
        return CellColumn(spec, raw, odd)
    if spec.type == TEXT and dtype.is_integer():
        return CellColumn(spec, raw.cast(pl.String), raw.cast(pl.Int64).abs() >= 10**MAX_ID_DIGITS)
    if spec.type == TRUTH and dtype == pl.Boolean:
        return CellColumn(spec, raw, pl.lit(value=False))
    if spec.type == DATE and dtype == pl.Date:
        return CellColumn(spec, raw, _outside(raw, spec))
    if isinstance(spec.type, Number) and dtype.is_numeric():
        return _number(spec, spec.type, raw, dtype)
    return _mapped(spec, raw, distinct(), _DTYPES[kind])


def _outside(day: pl.Expr, spec: ColumnSpec) -> pl.Expr:
    """Days before or after those that a cell may name; the one that an empty cell stands for may be written out."""
    year = day.dt.year()
    outside = (year < FIRST_YEAR) | (year > LAST_YEAR)
    return outside & (day != spec.empty) if isinstance(spec.empty, date) else outside


def _number(spec: ColumnSpec, of: Number, raw: pl.Expr, dtype: pl.DataType) -> CellColumn:
    """Numbers in units of their step."""
    step = 10**of.scale
    if dtype.is_integer():
        units, off = raw.cast(pl.Int64) * step, raw.cast(pl.Int64).abs() >= 10**MAX_DIGITS // step
    elif isinstance(dtype, pl.Decimal) and dtype.scale <= of.scale and dtype.precision <= 18 - of.scale + dtype.scale:
        units, off = raw.to_physical().cast(pl.Int64) * 10 ** (of.scale - dtype.scale), pl.lit(value=False)
    elif dtype.is_decimal():
        exact = raw.cast(pl.Decimal(38, max(of.scale, getattr(dtype, "scale", 0) or 0)))
        units = (exact * step).cast(pl.Int64, strict=False)
        off = (exact * step != units.cast(pl.Decimal(38, 0))) | (units.is_null() & raw.is_not_null())
    else:
        scaled = raw.cast(pl.Float64) * step
        near = scaled.round()
        off = ~raw.is_finite() | ((scaled - near).abs() > _TOLERANCE * step) | (near.abs() >= 10**MAX_DIGITS)
        units = near.cast(pl.Int64, strict=False)
    bounds = [units < int(of.low)] if of.low != -inf else []
    bounds += [units > int(of.high)] if of.high != inf else []
    for bound in bounds:
        off = off | bound
    return CellColumn(spec, units, off)


def _mapped(spec: ColumnSpec, raw: pl.Expr, distinct: pl.Series, dtype: Any) -> CellColumn:
    """Each different value read as a cell is, and put in the place of all that are equal to it."""
    known: dict[Any, Any] = {}
    for value in distinct.to_list():
        try:
            known[value] = plain_cell(spec.type, read_cell(value, spec))
        except PydanticCustomError:
            continue
    known.pop(None, None)
    if not known:
        return CellColumn(spec, pl.lit(None, dtype), raw.is_not_null())
    if len(known) == distinct.drop_nulls().len() and all(value == cell for value, cell in known.items()):
        return CellColumn(spec, raw.cast(dtype), pl.lit(value=False))  # each is written as it should be
    old, new = pl.Series(list(known), dtype=distinct.dtype), pl.Series(list(known.values()), dtype=dtype)
    blank = [value for value, cell in known.items() if cell is None]
    cells = raw.replace_strict(old, new, default=None, return_dtype=dtype)
    bad = cells.is_null() & raw.is_not_null()
    return CellColumn(spec, cells, bad & ~raw.is_in(pl.Series(blank, dtype=distinct.dtype)) if blank else bad)
