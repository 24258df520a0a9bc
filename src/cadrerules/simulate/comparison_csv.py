"""Those affected by reforms as CSV, whole columns at a time."""

from __future__ import annotations

import io

import polars as pl

from ..report.csv import neutral
from .comparison import Comparison


def to_csv(of: Comparison) -> bytes:
    """A row for each decision that a reform changes, the reform's title first."""
    frames = [each.affected.select(pl.lit(each.reform.called("en")).alias("reform"), pl.all()) for each in of.reforms]
    whole = pl.concat(frames).with_columns(pl.col("because").list.join("; "))
    held = io.BytesIO()
    pl.DataFrame([_neutral(column) for column in whole]).write_csv(held, include_bom=True, line_terminator="\r\n")
    return held.getvalue()


def _neutral(column: pl.Series) -> pl.Series:
    """The column with cells that a spreadsheet would run made harmless, each different one once."""
    different = column.unique().drop_nulls()
    made = pl.Series([neutral(cell) for cell in different.to_list()], dtype=pl.String)
    return column.replace_strict(different, made, default=None, return_dtype=pl.String).alias(column.name)
