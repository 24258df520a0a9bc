"""One table in columns, checked whole: what is refused is counted by Polars, and only such rows are read as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any, Final

import polars as pl

from ..engines.columnar.frames import Frame
from ..engines.columnar.relations import Names
from ..engines.columnar.tables import cell_value, source
from ..engines.polars import expression
from ..errors import Place
from ..model.facts import Table
from .columns import SPACE, CellColumn, absent_column, cell_column, different_of, is_mapped
from .headings import ExtraColumns, Layout, lay_out
from .problems import Problems
from .raw_frames import ROW, RawFrame, at
from .raw_tables import RawTable
from .rows import ReadTable, read_rows

MOST_SHOWN: Final = 1_000
"""Of so many rows it is told what is wrong with them, for each kind of fault in a table."""


@dataclass(frozen=True)
class ScannedTable:
    """A table in columns, and what was found in one pass over it.

    `holes` are columns with an empty cell, `bad` those with a refused one, `bare` texts that stand as they are;
    `ordered` is whether each key is greater than that before it.
    """

    spec: Table
    place: Place
    raw: RawFrame
    columns: Mapping[str, CellColumn]
    extra: ExtraColumns
    height: int = 0
    holes: frozenset[str] = frozenset()
    bad: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    ordered: bool = True

    @property
    def cells(self) -> pl.LazyFrame:
        """The validated cells, where none is refused."""
        return self.raw.frame.select(**{name: self._cells(name) for name in self.columns})

    @property
    def marked(self) -> pl.LazyFrame:
        """The cells, with null in place of refused ones, the rows' numbers, and which cells are refused."""
        marks = {_bad(name): self.columns[name].bad for name in self.bad}
        return self.raw.numbered.select(ROW, **{name: self._cells(name) for name in self.columns}, **marks)

    def _cells(self, name: str) -> pl.Expr:
        column = self.columns[name]
        if name in self.bad:
            return pl.when(~column.bad).then(column.cells)
        return column.bare if name in self.bare and column.bare is not None else column.cells

    def any_bad(self, *names: str) -> pl.Expr:
        """Whether any of these cells of a marked row is refused."""
        return _any([pl.col(_bad(name)) for name in names if name in self.bad])

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


def _any(conditions: Sequence[pl.Expr]) -> pl.Expr:
    return reduce(or_, conditions) if conditions else pl.lit(value=False)


# --- one pass -----------------------------------------------------------------------------------


def scanned_table(raw: RawFrame, spec: Table, place: Place, extra: ExtraColumns, problems: Problems) -> ScannedTable:
    """The table in columns; what is wrong with its headings and within its rows is noted."""
    layout = lay_out(RawTable(spec, place, raw.headings, ()), extra, problems)
    table = ScannedTable(spec, place, raw, _columns(raw, layout), "ignore" if extra == "keep" else extra)
    if not raw.headings:
        return table
    marks, counts = _counts(table, layout)
    found = raw.frame.with_columns(**marks).select(**counts).collect(engine="streaming").row(0, named=True)
    if found["(faulty)"]:
        _show(table, raw.numbered.with_columns(**marks), layout, problems)
    return _counted(table, found)


def _columns(raw: RawFrame, layout: Layout) -> dict[str, CellColumn]:
    schema, values = raw.frame.collect_schema(), {at(position): cells for position, cells in raw.values.items()}
    there = [(spec, at(position)) for spec, position in layout.columns if position is not None]
    mapped = [name for spec, name in there if name in values or is_mapped(spec, schema[name])]
    different = different_of(raw.frame, mapped, values)
    found = {spec.name: cell_column(spec, pl.col(name), schema[name], different.get(name)) for spec, name in there}
    return {spec.name: found.get(spec.name) or absent_column(spec) for spec, _ in layout.columns}


def _counts(table: ScannedTable, layout: Layout) -> tuple[dict[str, pl.Expr], dict[str, pl.Expr]]:
    """Columns of cells and of marks on them, and what is counted of these."""
    spec, columns = table.spec, table.columns
    bad = {_bad(name): column.bad for name, column in columns.items()}
    counts = {"(rows)": pl.len(), "(unordered)": _unordered(spec.key)}
    for name, column in columns.items():
        counts[_bad(name)] = pl.col(_bad(name)).any()
        counts[f"(empty) {name}"] = pl.col(name).is_null().any()
        if column.spaced is not None:
            counts[f"(spaced) {name}"] = column.spaced.any()
    marks = {**{name: column.cells for name, column in columns.items()}, **bad}
    counts["(faulty)"] = (_faulty(spec, layout) | _any(list(_untitled(table, layout).values()))).any()
    return marks, counts


def _unordered(key: Sequence[str]) -> pl.Expr:
    """How many rows have a key that isn't greater than that before it; the first is one of them."""
    after: pl.Expr = pl.lit(value=False)
    for name in reversed(key):
        cell, before = pl.col(name), pl.col(name).shift(1)
        after = (cell > before).fill_null(value=False) | ((cell == before).fill_null(value=False) & after)
    return (~after).sum()


def _faulty(spec: Table, layout: Layout) -> pl.Expr:
    """Whether a row has a refused cell, or cells that contradict one another."""
    bad = [pl.col(_bad(column.name)) for column, position in layout.columns if position is not None]
    if not spec.refuse:
        return _any(bad)
    weighed = _any([pl.col(_bad(name)) for name in spec.weighed])
    values = {name: cell_value(column, holes=True) for name, column in spec.columns.items()}
    frame = Frame(source(spec), values, spec.key, (), Names())
    conditions = [expression(frame.truth(condition.nodes[-1]).expr) for _, condition in spec.conditions]
    return _any([*bad, _any(conditions).fill_null(value=False) & ~weighed])


def _untitled(table: ScannedTable, layout: Layout) -> dict[int, pl.Expr]:
    """Whether there is something under a heading that is empty, by its position."""
    schema = table.raw.frame.collect_schema()
    found = {}
    for position in layout.untitled:
        cell, dtype = pl.col(at(position)), schema[at(position)]
        found[position] = cell.str.strip_chars(SPACE).fill_null("") != "" if dtype == pl.String else cell.is_not_null()
    return found


def _show(table: ScannedTable, marked: pl.LazyFrame, layout: Layout, problems: Problems) -> None:
    """Have the first refused rows read as rows are, which tells what is wrong with each."""
    firsts = [pl.col(ROW).filter(filled).min() for filled in _untitled(table, layout).values()]
    faulty = marked.filter(_faulty(table.spec, layout)).select(ROW).collect(engine="streaming").to_series().to_list()
    first = [number for number in (marked.select(firsts).collect().row(0) if firsts else ()) if number is not None]
    table.read(sorted({*faulty[:MOST_SHOWN], *first}), problems)
    problems.more += len(faulty[MOST_SHOWN:])


def _counted(table: ScannedTable, found: Mapping[str, Any]) -> ScannedTable:
    bad = frozenset(name for name in table.columns if found[_bad(name)])
    return replace(
        table,
        height=found["(rows)"],
        holes=frozenset(name for name in table.columns if found[f"(empty) {name}"]),
        bad=bad,
        bare=frozenset(name for name in table.columns if found.get(f"(spaced) {name}") is False),
        ordered=found["(unordered)"] <= 1 and not bad.intersection(table.spec.key),
    )
