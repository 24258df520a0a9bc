"""Validated tables as frames of cells, whatever held them: numbers in units of their step, periods as ordinals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from ..engines.columnar.rows import stock_of
from ..engines.polars import held
from ..model.facts import ColumnarTables, FactTables
from ..populations.scan import Scanned


def frames_of(tables: FactTables | ColumnarTables) -> Mapping[str, pl.LazyFrame]:
    """The cells of each table, with the grouping column where there is one. Tables in Spark are brought here, row by row."""
    if isinstance(tables, Scanned):
        return tables.cells
    stock, columns = stock_of(_rows(tables), date.min)
    return held(columns, stock.cells)


def few_of(tables: FactTables | ColumnarTables) -> FactTables:
    """The tables as rows; of those that stay in columns only waivers and disputes, which name rows of others."""
    return tables.few if isinstance(tables, Scanned) else _rows(tables)


def group_of(tables: FactTables | ColumnarTables) -> str:
    """The column that keeps organisations apart; empty where none does."""
    return str(getattr(tables, "group", ""))


def _rows(tables: FactTables | ColumnarTables) -> FactTables:
    return tables if isinstance(tables, FactTables) else tables.facts()
