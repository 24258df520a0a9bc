"""One table in columns, checked whole: what is refused is counted by Polars, and only such rows are read as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from ..errors import Place
from ..load.headings import ExtraColumns, Layout, lay_out
from ..load.problems import Problems
from ..load.raw_tables import RawTable
from ..load.rows import ReadTable, read_rows
from ..model.facts import Table
from .columns import SPACE, CellColumn, absent_column, cell_column, different_of, is_mapped
from .conditions import any_of, contradictory
from .raw_frames import ROW, RawFrame, at

MOST_SHOWN: Final = 1_000
"""Of so many rows it is told what is wrong with them, for each kind of fault in a table."""


@dataclass(frozen=True)
class ScannedTable:
    """A table in columns, and what was found in one pass over it.

    `holes` are columns with an empty cell, `bad` those with a refused one.
    """

    spec: Table
    place: Place
    raw: RawFrame
    columns: Mapping[str, CellColumn]
    extra: ExtraColumns
    height: int = 0
    holes: frozenset[str] = frozenset()
    bad: frozenset[str] = frozenset()

    @property
    def cells(self) -> pl.LazyFrame:
        """The validated cells, where none is refused."""
        cells = {name: self._cells(name) for name in self.columns}
        return self.raw.frame.with_columns(**cells).select(list(cells))  # a constant column is as long as the others

    @property
    def marked(self) -> pl.LazyFrame:
        """The cells, with null in place of refused ones, the rows' numbers, and which cells are refused."""
        marks = {_bad(name): self.columns[name].bad for name in self.bad}
        return self.raw.numbered.select(ROW, **{name: self._cells(name) for name in self.columns}, **marks)

    def _cells(self, name: str) -> pl.Expr:
        column = self.columns[name]
        return pl.when(~column.bad).then(column.cells) if name in self.bad else column.cells

    def any_bad(self, *names: str) -> pl.Expr:
        """Whether any of these cells of a marked row is refused."""
        return any_of([pl.col(_bad(name)) for name in names if name in self.bad])

    def read(self, numbers: Sequence[int], problems: Problems) -> ReadTable:
        """Rows as one that reads rows has them; what is wrong within them is noted."""
        own = Problems()
        table = RawTable(self.spec, self.place, self.raw.headings, self.raw.rows(numbers))
        read = read_rows(table, self.extra, own)
        problems.note([problem for problem in own.kept if problem.place.row])  # those of headings have been noted
        problems.more += own.more
        return read


def _bad(name: str) -> str:
    return f"(bad) {name}"


# --- one pass -----------------------------------------------------------------------------------


def scanned_table(raw: RawFrame, spec: Table, place: Place, extra: ExtraColumns, problems: Problems) -> ScannedTable:
    """The table in columns; what is wrong with its headings and within its rows is noted."""
    layout = lay_out(RawTable(spec, place, raw.headings, ()), extra, problems)
    table = ScannedTable(spec, place, raw, _columns(raw, layout), "ignore" if extra == "keep" else extra)
    if not raw.headings:
        return table
    found = _count(table, layout)
    if odd := {name: column.careful for name, column in table.columns.items() if column.careful and found[_bad(name)]}:
        table = replace(table, columns={**table.columns, **odd})
        found = _count(table, layout)
    if found["(faulty)"] or any(found[_bad(column.name)] for column, position in layout.columns if position is not None):
        _show(table, layout, problems)
    return _counted(table, found)


def _columns(raw: RawFrame, layout: Layout) -> dict[str, CellColumn]:
    schema, values = raw.frame.collect_schema(), {at(position): cells for position, cells in raw.values.items()}
    there = [(spec, at(position)) for spec, position in layout.columns if position is not None]
    mapped = [name for spec, name in there if name in values or is_mapped(spec, schema[name])]
    different = different_of(raw.frame, mapped, values)
    found = {spec.name: cell_column(spec, pl.col(name), schema[name], different.get(name)) for spec, name in there}
    return {spec.name: found.get(spec.name) or absent_column(spec) for spec, _ in layout.columns}


def _count(table: ScannedTable, layout: Layout) -> Mapping[str, Any]:
    """What one pass over the table counts."""
    counts = {"(rows)": pl.len()}
    for name in table.columns:
        counts[_bad(name)] = pl.col(_bad(name)).any()
        counts[f"(empty) {name}"] = pl.col(name).is_null().any()
    untitled = list(_untitled(table, layout).values())
    counts["(faulty)"] = any_of([*([_contradictory(table.spec)] if table.spec.refuse else []), *untitled]).any()
    marked = table.raw.frame.with_columns(**_marks(table))
    return marked.select(**counts).collect(engine="streaming").row(0, named=True)


def _marks(table: ScannedTable) -> dict[str, pl.Expr]:
    cells = {name: column.cells for name, column in table.columns.items()}
    return {**cells, **{_bad(name): column.bad for name, column in table.columns.items()}}


def _contradictory(spec: Table) -> pl.Expr:
    """Whether a row's cells contradict one another, none of them being refused."""
    return contradictory(spec) & ~any_of(pl.col(_bad(name)) for name in spec.weighed)


def _untitled(table: ScannedTable, layout: Layout) -> dict[int, pl.Expr]:
    """Whether there is something under a heading that is empty, by its position."""
    schema = table.raw.frame.collect_schema()
    found = {}
    for position in layout.untitled:
        cell, dtype = pl.col(at(position)), schema[at(position)]
        found[position] = cell.str.strip_chars(SPACE).fill_null("") != "" if dtype == pl.String else cell.is_not_null()
    return found


def _show(table: ScannedTable, layout: Layout, problems: Problems) -> None:
    """Have the first refused rows read as rows are, which tells what is wrong with each."""
    marked = table.raw.numbered.with_columns(**_marks(table))
    faults = [pl.col(_bad(column.name)) for column, position in layout.columns if position is not None]
    faults += [_contradictory(table.spec)] if table.spec.refuse else []
    numbers = marked.filter(any_of(faults)).select(ROW).collect(engine="streaming").to_series().sort().to_list()
    filled = [marked.filter(one).select(pl.col(ROW).min()) for one in _untitled(table, layout).values()]
    firsts = [frame.collect(engine="streaming").item() for frame in filled]
    table.read(sorted({*numbers[:MOST_SHOWN], *firsts} - {None}), problems)
    problems.more += len(numbers[MOST_SHOWN:])


def _counted(table: ScannedTable, found: Mapping[str, Any]) -> ScannedTable:
    bad = frozenset(name for name in table.columns if found[_bad(name)])
    return replace(
        table,
        height=found["(rows)"],
        holes=frozenset(name for name in table.columns if found[f"(empty) {name}"]),
        bad=bad,
    )
