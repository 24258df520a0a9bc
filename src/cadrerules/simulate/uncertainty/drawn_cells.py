"""Which cells of a population are drawn, and what each draw makes of them: the same for a seed whatever else is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from ...engines.columnar.expressions import Col
from ...engines.columnar.rows import open_disputes
from ...engines.columnar.tables import KIND, written_key
from ...engines.polars import expression
from ...errors import Problem, UsageError
from ...language.types import Number
from ...model.facts import ColumnSpec, FactTables, Table
from ..dice import dice
from ..distribution import Distribution, listed
from ..rows import Rows
from .documents import Uncertain, Way

_DISPUTED: Final = "(disputed)"
Places = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Drawn:
    """Cells of a column that are drawn: the rows they stand in, and what they are drawn from.

    `known` are the column's cells of which something is known: of noise those that it is added to, in the order of `at`.
    """

    way: Way
    table: str
    distribution: Distribution
    at: Places
    known: pl.Series

    @property
    def column(self) -> ColumnSpec:
        """The column."""
        return self.distribution.column

    @property
    def name(self) -> str:
        """The column's full name, `table.column`."""
        return f"{self.table}.{self.column.name}"

    @property
    def reads(self) -> list[str]:
        """The columns of the same row that it is drawn from."""
        return sorted(self.distribution.names)

    def cells(self, seed: int, draw: int, rows: Rows | None, attempt: int = 0) -> pl.Series:
        """The cells in one draw; `rows` are those they stand in, where the distribution names other columns of theirs.

        Further attempts are for rows that can't be as they were drawn.
        """
        random = dice(seed, self.way, self.name, draw, attempt)
        if self.way != "noise":
            return self.distribution.cells(len(self.at), random, rows, self.known)
        added = self.distribution.in_units(self.distribution.numbers(len(self.at), random, rows))
        low, high = _bounds(self.column)
        return pl.Series(self.column.name, np.clip(self.known.to_numpy() + added, low, high))


def _bounds(column: ColumnSpec) -> tuple[float, float]:
    assert isinstance(column.type, Number)
    return column.type.low, column.type.high


def drawn_cells(
    uncertain: Uncertain, frames: Mapping[str, pl.DataFrame], few: FactTables, tables: Mapping[str, Table], as_of: date
) -> tuple[Drawn, ...]:
    """The cells to draw in frames of cells; columns of absent tables have none.

    Missing is what is empty or in dispute as of the day. Raises `UsageError` for a value that the table it names lacks.
    """
    disputes = _Disputes(few, tables, as_of)
    found = []
    for way, name, distribution in uncertain.items():
        table, _, column = name.partition(".")
        if table in frames:
            _check_references(distribution, frames)
            found.append(_drawn(way, table, distribution, frames[table][column], disputes.of(table, column, frames[table])))
    return tuple(found)


def _drawn(way: Way, table: str, distribution: Distribution, cells: pl.Series, disputed: pl.Series) -> Drawn:
    missing = cells.is_null() | disputed
    known = cells.filter(~missing)
    match way:
        case "distributions":
            at = missing.arg_true()
        case "noise":
            at = (~missing).arg_true()
        case "replace":
            at = pl.Series(range(len(cells)), dtype=pl.Int64)
    return Drawn(way, table, distribution, at.cast(pl.Int64).to_numpy(), known)


@dataclass(frozen=True)
class _Disputes:
    few: FactTables
    tables: Mapping[str, Table]
    as_of: date

    def of(self, table: str, column: str, frame: pl.DataFrame) -> pl.Series:
        """Which rows' cell in the column is in dispute."""
        open_ones = [d for d in open_disputes(self.few, self.as_of).get(table, ()) if d.column == column]
        if not open_ones:
            return pl.Series(_DISPUTED, [False], dtype=pl.Boolean).new_from_index(0, len(frame))
        spec, group = self.tables[table], self.few.group
        written = expression(written_key([Col(name, KIND[type(spec.types[name])]) for name in spec.key], spec))
        named = pl.struct(*([pl.col(group).alias("group")] if group else []), written.alias("key"))
        keys = [{**({"group": d.group} if group else {}), "key": d.key} for d in open_ones]
        return frame.select(named.is_in(keys).alias(_DISPUTED)).to_series()


def _check_references(distribution: Distribution, frames: Mapping[str, pl.DataFrame]) -> None:
    """Refuse values that the table which a column refers to hasn't."""
    table, _, target = distribution.column.about.references.partition(".")
    if table not in frames:
        return
    known = set(frames[table][target])
    for value, weight in listed(distribution.doc):
        if weight and str(value) not in known:
            values = {"value": f"`{value}`", "table": table, "column": target}
            raise UsageError(Problem("CR-NO-SUCH-REFERENCE", values=values))
