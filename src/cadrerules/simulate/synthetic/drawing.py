"""Draws a population block by block: a few dozen organisations at a time, all their tables, from dice of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import prod
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ...engines.columnar.tables import KIND
from ...engines.polars import DTYPES
from ...errors import Problem, UsageError
from ...model.facts import Facts
from ...populations.conditions import contradictory
from ...populations.scan import scan_tables
from ..dice import dice
from ..distribution import Distribution, as_in_a_frame
from ..rows import Rows
from .cells import NUMBER, ORGANISATION, cells
from .population import Part, Pick, Population, TableOf

BLOCK: Final = 64
"""So many organisations are drawn together, whole, whatever is asked for: a population begins like every larger one."""
MOST_ROWS: Final = 10_000_000
"""So many rows a part of a table may have in a block."""
_CHECKED: Final = 8
"""The rows of so many organisations are read as facts are, before any is handed out: what is refused is a fault of the description."""
_MOST_ROUNDS: Final = 50
"""So often rows that contradict themselves are drawn again; those that still do are left out."""


def blocks(
    population: Population, models: Sequence[type[Facts]], organisations: int, *, seed: int, sizes: Mapping[str, int], group: str
) -> Iterator[Mapping[str, pl.DataFrame]]:
    """The tables of the plan, whose models are given, block by block, as frames of facts.

    The organisation's id stands first, in the column `group` if there is one. Raises `DataError` where what is
    described isn't accepted as facts, `UsageError` where a part has too many rows or nothing can be drawn for a row.
    """
    for number in range(-(-organisations // BLOCK)):
        block = Block(population, seed, number, sizes)
        count = min(BLOCK, organisations - number * BLOCK)
        if not number:
            scan_tables(_tables(block, group or "(group)", min(count, _CHECKED)), models, group_by=group or "(group)")
        yield _tables(block, group, count)


def _tables(block: Block, group: str, count: int) -> dict[str, pl.DataFrame]:
    written = [table for table in block.population.tables if table.written]
    return {table.name: _shown(block.drawn[table.name], table, block.names(), group, count) for table in written}


def _shown(frame: pl.DataFrame, table: TableOf, names: pl.Series, group: str, count: int) -> pl.DataFrame:
    """The columns of the plan, of the first organisations only."""
    kept = frame.filter(pl.col(ORGANISATION) < count) if count < BLOCK else frame
    own = [as_in_a_frame(kept[name], table.table.columns[name]).alias(name) for name in table.written]
    return pl.DataFrame([names.gather(kept[ORGANISATION]).alias(group), *own] if group else own)


@dataclass
class Block:
    """The organisations of one block; `drawn` are all its tables, as the columnar engines hold them, sorted by organisation."""

    population: Population
    seed: int
    number: int
    sizes: Mapping[str, int]
    drawn: dict[str, pl.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in self.population.tables:
            self.drawn[table.name] = self._table(table)

    def names(self) -> pl.Series:
        """The ids of the organisations."""
        pattern = self.population.doc.organisations
        width, first = pattern.count("#"), self.number * BLOCK + 1
        return pl.Series([pattern.replace("#" * width, f"{n:0{width}}") for n in range(first, first + BLOCK)])

    def _dice(self, *names: str | int) -> np.random.Generator:
        return dice(self.seed, "population", self.number, *names)

    # --- tables -----------------------------------------------------------------------------------

    def _table(self, table: TableOf) -> pl.DataFrame:
        """A table's rows: all parts, each numbered on from the one before, without a key twice."""
        so_far = np.zeros(BLOCK, dtype=np.int64)
        found: list[pl.DataFrame] = []
        for part in table.parts:
            frame = self._numbered(self._skeleton(part, table), so_far)
            found.append(self._filled(frame, part, table))
        frame = pl.concat(found, how="vertical")
        if len(found) > 1:
            frame = frame.sort(ORGANISATION, maintain_order=True)
        if table.written and table.table.key and not table.numbered:
            frame = frame.unique([ORGANISATION, *table.table.key], keep="first", maintain_order=True)
        return frame

    def _numbered(self, frame: pl.DataFrame, so_far: NDArray[np.int64]) -> pl.DataFrame:
        """The rows, which are sorted by organisation, with their numbers within it."""
        of = frame[ORGANISATION].to_numpy()
        count = np.bincount(of, minlength=BLOCK)
        first = np.cumsum(count) - count
        numbers = np.arange(len(of)) - first[of] + 1 + so_far[of]
        so_far += count
        return frame.with_columns(pl.Series(NUMBER, numbers))

    # --- which rows there are ---------------------------------------------------------------------

    def _skeleton(self, part: Part, table: TableOf) -> pl.DataFrame:
        """The rows with what they have from elsewhere: from the row of `each`, across values, from picked rows."""
        at = partial(self._dice, table.name, part.number)
        parent = self._parent(part)
        values = [*part.across.values()]
        combined = prod(len(of) for of in values)
        times = self._counts(part, parent, table, at("rows"))
        if (total := float(np.sum(np.broadcast_to(times, parent.height), dtype=float)) * combined) > MOST_ROWS:
            raise UsageError(Problem("CR-POPULATION-ROWS", values={"table": table.name, "count": round(total / BLOCK), "most": MOST_ROWS // BLOCK}))
        frame = parent.select(ORGANISATION, *part.carried)
        if combined != 1 or not (np.ndim(times) == 0 and times == 1):
            frame = frame[np.repeat(np.arange(parent.height), times * combined)]
        frame = frame.with_columns(_across(part.across, frame.height, combined))
        if part.share is not None:
            frame = frame.filter(pl.Series(at("share").random(frame.height) < part.share))
        for number, pick in enumerate(part.picks):
            frame = self._picked(frame, pick, at("pick", number))
        return frame

    def _parent(self, part: Part) -> pl.DataFrame:
        if not part.each:
            return pl.DataFrame({ORGANISATION: np.arange(BLOCK)})
        frame = self.drawn[part.each]
        return frame if part.where is None else frame.filter(part.where)

    def _counts(self, part: Part, parent: pl.DataFrame, table: TableOf, random: np.random.Generator) -> Any:
        """How many rows there are for each of the parent's, the same for all or of each."""
        rows = part.rows
        if isinstance(rows, Distribution):
            names = sorted(rows.names)
            given = Rows(parent.select(names), {name: table.table.columns[name].type for name in names}) if names else None
            return rows.cells(parent.height, random, given).fill_null(0).to_numpy()
        return self.sizes[rows] if isinstance(rows, str) else rows

    def _picked(self, frame: pl.DataFrame, pick: Pick, random: np.random.Generator) -> pl.DataFrame:
        """The rows with what they take from a random row of their organisation; those of one that has none are left out."""
        other = self.drawn[pick.table] if pick.where is None else self.drawn[pick.table].filter(pick.where)
        count = np.bincount(other[ORGANISATION].to_numpy(), minlength=BLOCK)
        first = np.cumsum(count) - count
        drawn, of = random.random(frame.height), frame[ORGANISATION].to_numpy()
        there = count[of] > 0
        frame, of, drawn = frame.filter(pl.Series(there)), of[there], drawn[there]
        at = first[of] + np.minimum((drawn * count[of]).astype(np.int64), count[of] - 1)
        return frame.with_columns(other[taken].gather(at).alias(name) for name, taken in pick.take.items())

    # --- what they hold ---------------------------------------------------------------------------

    def _filled(self, frame: pl.DataFrame, part: Part, table: TableOf) -> pl.DataFrame:
        """The rows with all their columns; those that contradict themselves are drawn again."""
        whole = self._with_cells(frame, part, table, 0)
        if not table.table.refuse:
            return whole
        against = contradictory(table.table)
        place = "(place)"
        whole = whole.with_row_index(place)
        for number in range(1, _MOST_ROUNDS + 1):
            bad = whole.filter(against)[place]
            if bad.is_empty():
                break
            again = self._with_cells(frame[bad.to_numpy()], part, table, number).with_columns(bad)
            whole = pl.concat([whole.filter(~against), again.select(whole.columns)]).sort(place)
        return whole.filter(~against).drop(place)

    def _with_cells(self, frame: pl.DataFrame, part: Part, table: TableOf, again: int) -> pl.DataFrame:
        for name, drawn in part.columns.items():
            at = partial(self._dice, table.name, part.number, name, *([again] if again else []))
            frame = frame.with_columns(cells(drawn, frame, table.table, at).alias(name))
        return frame.select(ORGANISATION, *(self._column(frame, name, table) for name in table.table.columns))

    def _column(self, frame: pl.DataFrame, name: str, table: TableOf) -> pl.Expr:
        dtype = DTYPES[KIND[type(table.table.columns[name].type)]]
        return pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype).alias(name)


def _across(across: Mapping[str, pl.Series], height: int, combined: int) -> list[pl.Series]:
    """The values of a product, the last varying fastest, again and again."""
    found, rest = [], combined
    for name, values in across.items():
        rest //= len(values)
        found.append(values.gather(np.arange(height) // rest % len(values)).alias(name))
    return found
