"""Facts as lazy frames of cells, and in parts of organisations that can be evaluated one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from ..engines.columnar.rows import stock_of
from ..engines.polars import held
from ..model.facts import ColumnarTables, FactTables
from ..populations.holding import BATCH_ROWS

Tables = FactTables | ColumnarTables


def frames(facts: Tables) -> Mapping[str, pl.LazyFrame]:
    """Each table's cells: numbers in units of their step, periods as ordinals, null where empty."""
    if isinstance(facts, FactTables):
        stock, columns = stock_of(facts, date.min)
        return held(columns, stock.cells)
    cells: Mapping[str, Any] = getattr(facts, "cells")  # noqa: B009 - every kind of tables in columns has them
    return {name: frame if isinstance(frame, pl.LazyFrame) else _of_spark(frame) for name, frame in cells.items()}


def _of_spark(frame: Any) -> pl.LazyFrame:
    return pl.DataFrame(pl.from_arrow(frame.toArrow())).lazy()


def group_of(facts: Tables) -> str:
    """The column that keeps organisations apart; empty where there is none."""
    return str(getattr(facts, "group", ""))


def height(facts: Tables) -> int:
    """How many rows there are in all tables."""
    return sum(map(len, facts.rows.values())) if isinstance(facts, FactTables) else facts.rows


def parts(facts: Tables) -> Iterator[Tables]:
    """The facts in batches of whole organisations, where they stay in columns and a column keeps organisations apart."""
    batches = getattr(facts, "batches", None)
    if batches is None:
        yield facts
    else:
        yield from batches(BATCH_ROWS)
