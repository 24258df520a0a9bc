"""Figures of simulations as CSV, whole columns at a time."""

from __future__ import annotations

import io

import polars as pl

from ..report.csv import neutral


def to_csv(frame: pl.DataFrame) -> bytes:
    """The rows of a frame in UTF-8 with BOM; parts of a list joined by `; `, and no cell that a spreadsheet would run."""
    held = io.BytesIO()
    pl.DataFrame([_written(column) for column in frame]).write_csv(held, include_bom=True, line_terminator="\r\n")
    return held.getvalue()


def _written(column: pl.Series) -> pl.Series:
    if column.dtype == pl.List:
        column = column.list.join("; ")
    return _neutral(column) if column.dtype == pl.String else column


def _neutral(column: pl.Series) -> pl.Series:
    """The column with cells that a spreadsheet would run made harmless, each different one once."""
    different = column.unique().drop_nulls()
    made = pl.Series([neutral(cell) for cell in different.to_list()], dtype=pl.String)
    return column.replace_strict(different, made, default=None, return_dtype=pl.String).alias(column.name)
