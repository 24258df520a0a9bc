"""The rows that cells are drawn for: what other cells of the same row hold, as numbers and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..engines.columnar.values import period_of
from ..language import types

EPOCH = 719_163
"""The ordinal of 1970-01-01, from which days are counted."""


@dataclass(frozen=True)
class Rows:
    """Cells as the columnar engines hold them, and their types: numbers in units of the step, periods as ordinals."""

    frame: pl.DataFrame
    types: Mapping[str, types.Type]

    def __len__(self) -> int:
        return self.frame.height

    def chosen(self, at: NDArray[np.intp]) -> Rows:
        """The rows at these places."""
        return Rows(self.frame[at], self.types)

    def known(self, names: set[str]) -> NDArray[np.bool_]:
        """In which rows all of these cells are known."""
        return self.frame.select(pl.all_horizontal(pl.col(sorted(names)).is_not_null())).to_series().to_numpy()

    def numbers(self, name: str) -> NDArray[np.float64]:
        """The numbers in a column, in its own unit."""
        of = self.types[name]
        scale = of.scale if isinstance(of, types.Number) else 0
        return self.frame[name].cast(pl.Float64).to_numpy() / 10.0**scale

    def days(self, name: str, *, last: bool) -> NDArray[np.int64]:
        """The days in a column, counted from 1970; of a period its first day, or its last one."""
        of = self.types[name]
        if isinstance(of, types.Date):
            return self.frame[name].cast(pl.Int64).to_numpy()
        assert isinstance(of, types.Period)
        ordinals, at = np.unique(self.frame[name].to_numpy(), return_inverse=True)
        periods = [period_of(int(ordinal), of.kind) for ordinal in ordinals]
        days = [(period.last_day() if last else period.first_day()).toordinal() - EPOCH for period in periods]
        return np.array(days, dtype=np.int64)[at]
