"""Completed tables: what is uncertain filled in, draw after draw, each draw as organisations of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from ...engines.columnar.rows import stock_of
from ...engines.polars import held
from ...errors import Problem, UsageError
from ...model.facts import ColumnarTables, FactTables, Row, Table
from ...model.remedies import Disputes
from ...model.result import FIELDS
from ...populations.conditions import contradictory
from ...populations.scan import FEW, Scanned
from ..held import frames as frames_of
from ..held import group_of
from ..rows import Rows
from .documents import Uncertain
from .drawn_cells import Drawn, Places, drawn_cells

DIGITS: Final = 7
MOST_TRIES: Final = 100
"""So often a row that contradicts itself is drawn again."""


@dataclass(frozen=True)
class Completions:
    """Tables, and the cells of them that are drawn. `group` keeps draws apart, and the organisations within them.

    Where organisations are kept apart, only those that a drawn cell stands in are in `frames`.
    """

    specs: Mapping[str, Table]
    frames: Mapping[str, pl.DataFrame]
    few: FactTables
    drawn: tuple[Drawn, ...]
    seed: int
    group: str
    grouped: bool
    organisations: pl.Series | None

    @cached_property
    def rows(self) -> int:
        """How many rows one draw has."""
        return sum(len(frame) for frame in self.frames.values()) + sum(map(len, self._few_rows.values()))

    def tables(self, draws: Sequence[int]) -> Scanned:
        """The tables as they come out in some draws, one after the other."""
        cells = {name: self._completed(name, frame, draws) for name, frame in self.frames.items() if name not in FEW}
        few = self._few(draws)
        stock, columns = stock_of(few, date.min)
        frames = {**{name: frame.lazy() for name, frame in cells.items()}, **held(columns, stock.cells)}
        holes = {name: _holes(frame) for name, frame in cells.items()} | {name: one.holes for name, one in stock.cells.items()}
        return Scanned(self.specs, frames, holes, few, self.group, rows=self.rows * len(draws))

    def told_apart(self, found: pl.DataFrame) -> pl.DataFrame:
        """Outcomes with the number of their draw in column `draw`, and the organisation as it was before."""
        group = pl.col("group").str.slice(DIGITS + 1) if self.grouped else pl.lit(None, pl.String)
        return found.with_columns(pl.col("group").str.slice(0, DIGITS).cast(pl.Int64).alias("draw"), group.alias("group"))

    def _labels(self, draws: Sequence[int]) -> pl.DataFrame:
        return pl.DataFrame({_DRAW: [f"{draw:0{DIGITS}}" for draw in draws]}, {_DRAW: pl.String})

    def _completed(self, name: str, frame: pl.DataFrame, draws: Sequence[int]) -> pl.DataFrame:
        """A table's rows, once for each draw."""
        drawn = [one for one in self.drawn if one.table == name and len(one.at)]
        repeated = self._labels(draws).join(frame, how="cross")
        for one in drawn:
            cells = [self._cells(one, repeated, len(frame), at, draw) for at, draw in enumerate(draws)]
            repeated = _put(repeated, one, _places(one.at, len(frame), range(len(draws))), cells)
        if drawn and set(self.specs[name].weighed) & {one.column.name for one in drawn}:
            repeated = self._agreeing(repeated, name, drawn, draws)
        label = pl.concat_str(pl.col(_DRAW), pl.lit("/"), pl.col(self.group)) if self.grouped else pl.col(_DRAW)
        return repeated.with_columns(label.alias(self.group)).drop(_DRAW)

    def _cells(self, one: Drawn, frame: pl.DataFrame, height: int, part: int, draw: int, attempt: int = 0) -> pl.Series:
        """A column's cells in one draw, whose rows are a part of the frame."""
        if not one.reads:
            return one.cells(self.seed, draw, None, attempt)
        rows = frame.select(one.reads)[_places(one.at, height, [part])]
        return one.cells(self.seed, draw, Rows(rows, self.specs[one.table].types), attempt)

    def _agreeing(self, frame: pl.DataFrame, name: str, drawn: list[Drawn], draws: Sequence[int]) -> pl.DataFrame:
        """The rows with those drawn again that contradict themselves, until none does."""
        height = len(frame) // len(draws)
        for attempt in range(1, MOST_TRIES):
            bad = frame.select(contradictory(self.specs[name])).to_series().to_numpy()
            touched = sorted({int(at) // height for at in np.flatnonzero(bad)})
            if not touched:
                return frame
            for one in drawn:
                cells = [self._cells(one, frame, height, n, draws[n], attempt) for n in touched]
                places = _places(one.at, height, touched)
                again = bad[places]
                frame = _put(frame, one, places[again], [pl.concat(cells).filter(pl.Series(again))])
        raise _impossible(name, drawn)

    # --- waivers and disputes -----------------------------------------------------------------------

    @cached_property
    def _few_rows(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of waivers and disputes; cells that are drawn aren't in dispute any more."""
        settled = {one.name for one in self.drawn if one.way != "noise"}
        rows = {name: self.few[name] for name in FEW if name in self.few}
        if disputes := rows.get(Disputes.spec.name):
            rows[Disputes.spec.name] = tuple(row for row in disputes if f"{row['table']}.{row['column']}" not in settled)
        return {name: tuple(row for row in found if self._is_there(row)) for name, found in rows.items()}

    def _is_there(self, row: Row) -> bool:
        return self.organisations is None or row[self.group] in self.organisations

    def _few(self, draws: Sequence[int]) -> FactTables:
        """Waivers and disputes, once for each draw."""
        labels = [f"{draw:0{DIGITS}}" for draw in draws]
        rows = {n: tuple(self._labelled(row, label) for label in labels for row in found) for n, found in self._few_rows.items()}
        return FactTables(self.specs, rows, group=self.group)

    def _labelled(self, row: Row, label: str) -> dict[str, Any]:
        return {**row, self.group: f"{label}/{row[self.group]}" if self.grouped else label}


_DRAW: Final = "(draw)"


def completions(tables: FactTables | ColumnarTables, uncertain: Uncertain, specs: Mapping[str, Table], as_of: date, seed: int) -> Completions:
    """What is drawn of validated tables."""
    group, few = group_of(tables), _few(tables)
    frames = {name: frame.collect(engine="streaming") for name, frame in frames_of(tables).items()}
    drawn = drawn_cells(uncertain, frames, few, specs, as_of)
    found = Completions(specs, frames, few, drawn, seed, group or _free_name(specs), bool(group), None)
    return _only_touched(found, uncertain, as_of) if group else found


def _few(tables: FactTables | ColumnarTables) -> FactTables:
    """Tables as rows; of those that stay in columns waivers and disputes alone are."""
    if isinstance(tables, FactTables):
        return tables
    few: FactTables = getattr(tables, "few")  # noqa: B009 - every kind of tables in columns has them
    return few


def _only_touched(of: Completions, uncertain: Uncertain, as_of: date) -> Completions:
    """The organisations that a drawn cell stands in: the others come out alike in every draw."""
    standing = [of.frames[one.table][of.group].gather(one.at) for one in of.drawn]
    touched = pl.concat(standing).unique() if standing else pl.Series(of.group, [], pl.String)
    frames = {name: frame.filter(pl.col(of.group).is_in(touched.implode())) for name, frame in of.frames.items()}
    shifted = drawn_cells(uncertain, frames, of.few, of.specs, as_of)
    drawn = tuple(replace(one, known=was.known) if one.way != "noise" else one for one, was in zip(shifted, of.drawn, strict=True))
    return replace(of, frames=frames, drawn=drawn, organisations=touched)


def _free_name(specs: Mapping[str, Table]) -> str:
    """A name that no column has."""
    name, taken = "draw", {column for table in specs.values() for column in table.columns} | FIELDS
    while name in taken:
        name += "_"
    return name


def _places(at: Places, height: int, parts: Sequence[int]) -> Places:
    """The rows of a table in some of its repetitions."""
    return (np.asarray(parts, dtype=np.int64)[:, None] * height + at[None, :]).ravel()


def _put(frame: pl.DataFrame, one: Drawn, places: Places, cells: list[pl.Series]) -> pl.DataFrame:
    """The frame with cells put into a column."""
    column = frame[one.column.name]
    put = pl.concat(cells).cast(column.dtype)
    return frame.with_columns(column.scatter(pl.Series(places), put)) if len(places) else frame


def _holes(frame: pl.DataFrame) -> frozenset[str]:
    return frozenset(column.name for column in frame if column.null_count())


def _impossible(table: str, drawn: list[Drawn]) -> UsageError:
    names: Iterator[str] = (one.name for one in drawn)
    return UsageError(Problem("CR-DRAW-CONTRADICTS", values={"table": table, "columns": ", ".join(names), "tries": MOST_TRIES}))
