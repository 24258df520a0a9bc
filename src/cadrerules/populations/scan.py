"""Reads tables that stay in columns: validated as rows are, whole columns at a time; only refused rows become Python's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from ..engines.columnar.population import Extent
from ..engines.columnar.rows import stock_of, validated_cell
from ..engines.columnar.tables import KIND
from ..engines.polars import held
from ..errors import DataError, Place, Problem, UsageError
from ..language.types import TEXT
from ..load.disputes import settle_disputes
from ..load.files import refusing
from ..load.frames import kind_given
from ..load.headings import ExtraColumns
from ..load.problems import Problems
from ..load.references import check_keys
from ..load.rows import ReadTable, read_rows
from ..load.sources import Offer
from ..load.tables import grouped, wanted
from ..model.facts import ColumnarTables, Facts, FactTables, Row, Table
from ..model.organisations import only, organisations, unknown
from ..model.remedies import Disputes, Waivers
from .raw_frames import ROW, RawFrame
from .scan_checks import ScannedTable, scanned_table
from .scan_links import check_all_references, check_own_keys, disputed_rows, quoted_names
from .scanned import offered

FEW: Final = (Waivers.spec.name, Disputes.spec.name)
"""Tables that name rows of others: they are read row by row."""


@dataclass(frozen=True)
class Scanned(ColumnarTables):
    """Tables of cells as lazy frames: numbers in units of their step, periods as ordinals; `holes` have an empty cell."""

    tables: Mapping[str, Table]
    cells: Mapping[str, pl.LazyFrame]
    holes: Mapping[str, frozenset[str]]
    few: FactTables
    group: str = ""
    origin: str = ""
    rows: int = 0
    kind: str = "polars"
    extents: Mapping[str, Extent] = field(default_factory=dict)

    def __contains__(self, table: str) -> bool:
        return table in self.cells

    def batches(self, rows: int) -> Iterator[Scanned]:
        """The organisations in batches of about so many rows, in order; all at once where nothing keeps them apart.

        Files sorted by the grouping column are read only where a batch's organisations stand.
        """
        if not self.group:
            yield self
            return
        for names, count in _batches(self._sizes(), rows):
            yield self._between(names[0], names[-1], count)

    def _sizes(self) -> list[tuple[str, int]]:
        """Each organisation and the number of its rows in all tables, in order."""
        counts = [f.group_by(self.group).agg(pl.len().cast(pl.Int64).alias(ROW)) for f in self.cells.values()]
        whole = pl.concat(counts).group_by(self.group).agg(pl.col(ROW).sum()).sort(self.group)
        return whole.collect(engine="streaming").rows()

    def _between(self, first: str, last: str, rows: int) -> Scanned:
        within = pl.col(self.group).is_between(pl.lit(first), pl.lit(last))
        cells = {name: frame.filter(within) for name, frame in self.cells.items()}
        few = {n: tuple(row for row in found if first <= row[self.group] <= last) for n, found in self.few.rows.items()}
        return replace(self, cells=cells, few=replace(self.few, rows=few), rows=rows)

    def only(self, organisation: str) -> Scanned:
        """One organisation; `UsageError` where no table has it, or nothing keeps organisations apart."""
        if not self.group:
            raise UsageError(Problem("CR-NOT-GROUPED", values={"name": organisation}))
        if organisation not in (known := self.organisations()):
            raise unknown(organisation, known)
        return self._between(organisation, organisation, self.rows)

    def organisations(self) -> list[str]:
        """The organisations that any table has, in order; none without a grouping column."""
        if not self.group:
            return []
        names = pl.concat([frame.select(pl.col(self.group)) for frame in self.cells.values()]).unique()
        return sorted(names.collect(engine="streaming").to_series().to_list())

    def facts(self, organisation: str | None = None) -> FactTables:
        """All rows, or those of one organisation without the grouping column; waivers and disputes as they were settled."""
        whole = FactTables(self.tables, {name: tuple(self._rows(name, organisation)) for name in self.cells}, self.origin)
        few = replace(self.few, rows=dict(self.few.rows))
        if organisation is None:
            return replace(whole, rows={**whole.rows, **few.rows}, group=self.group)
        settled = only(few, organisation).rows if organisation in organisations(few) else dict.fromkeys(few.rows, ())
        own = {name: tuple(_without(row, self.group) for row in rows) for name, rows in settled.items()}
        return replace(whole, rows={**whole.rows, **own})

    def _rows(self, name: str, organisation: str | None) -> Iterable[Row]:
        frame, types = self.cells[name], {n: spec.type for n, spec in self.tables[name].columns.items()}
        if organisation is not None:
            frame = frame.filter(pl.col(self.group) == organisation).drop(self.group)
        for row in frame.collect(engine="streaming").iter_rows(named=True):
            yield {column: validated_cell(types.get(column, TEXT), cell) for column, cell in row.items()}


def scan_tables(
    source_of: Any, models: Sequence[type[Facts]], *, extra_columns: ExtraColumns = "error", group_by: str = ""
) -> Scanned:
    """The tables that a source holds, validated, as columns of cells.

    Raises `DataError` with what is wrong in all of them, and `UsageError` for a source that can't be one.
    """
    group_by = group_by.strip()
    problems, found = Problems(), _Found()
    specs = {model.spec.name: grouped(model.spec, group_by) for model in models}
    for name, offer in wanted(offered(source_of, problems), specs, problems):
        found.take(offer, specs[name], extra_columns, problems)
    if not found.tables and not found.few and not problems.kept:
        problems.add("CR-NO-TABLE", Place(file=_origin(source_of)), tables=", ".join(specs))
    found.check(specs, group_by, problems)
    if problems.kept:
        problems.hide(quoted_names(list(found.tables.values()), problems.kept))
    problems.raise_any()
    tables = {model.spec.name: model.spec for model in models}
    few = FactTables(tables, {name: tuple(read.rows) for name, read in found.few.items()}, _origin(source_of), group=group_by)
    return _scanned(found, few, kind_given(source_of))


@dataclass
class _Found:
    """What a source has been found to hold so far: tables in columns, and the few rows that name rows of others."""

    tables: dict[str, ScannedTable] = field(default_factory=dict)
    few: dict[str, ReadTable] = field(default_factory=dict)
    lost: dict[str, ReadTable] = field(default_factory=dict)

    def take(self, offer: Offer, spec: Table, extra: ExtraColumns, problems: Problems) -> None:
        """Read and check a table by itself."""
        try:
            raw: RawFrame = offer.read(spec)
            with refusing(raw.fault, offer.place):
                if spec.name in FEW:
                    self.few[spec.name] = read_rows(raw.whole(spec, offer.place), "ignore" if extra == "keep" else extra, problems)
                else:
                    self.tables[spec.name] = scanned_table(raw, spec, offer.place, extra, problems)
        except DataError as error:
            problems.absorb(error)
            self.lost[spec.name] = ReadTable(spec, offer.place, whole=False)

    def check(self, specs: Mapping[str, Table], group: str, problems: Problems) -> None:
        """What no table shows by itself: disputed cells, keys and references."""
        if (disputes := self.few.get(Disputes.spec.name)) is not None:
            named = {name: disputed_rows(table, disputes, group) for name, table in self.tables.items()}
            settle_disputes(disputes, specs, {**named, **self.few, **self.lost}, group, problems)
        for read in self.few.values():
            check_keys(read, problems)
        for table in self.tables.values():
            check_own_keys(table, problems)
        check_all_references(self.tables, group, problems)


def _scanned(found: _Found, few: FactTables, kind: str) -> Scanned:
    stock, columns = stock_of(few, date.min)
    cells = {**{name: table.cells for name, table in found.tables.items()}, **held(columns, stock.cells)}
    holes = {**{name: table.holes for name, table in found.tables.items()}, **{name: one.holes for name, one in stock.cells.items()}}
    rows = sum(table.height for table in found.tables.values()) + sum(map(len, few.rows.values()))
    extents = _extents(few.tables, cells, few.group)
    return Scanned(few.tables, cells, holes, few, few.group, few.origin, rows, kind, extents)


def _extents(tables: Mapping[str, Table], cells: Mapping[str, pl.LazyFrame], group: str) -> dict[str, Extent]:
    """How great each table's numbers are, and how many rows the largest organisation has in it."""
    asked = []
    for name, frame in cells.items():
        whole = [column for column, spec in tables[name].columns.items() if KIND[type(spec.type)] == "int"]
        greatest = [pl.col(column).abs().max().fill_null(0) for column in whole]
        most = frame.group_by(group).len().select(pl.col("len").max()) if group else frame.select(pl.len())
        asked += [frame.select(*greatest, pl.lit(0).alias(ROW)), most]
    found = pl.collect_all(asked, engine="streaming")
    return {
        name: Extent({c: n for c, n in sizes.row(0, named=True).items() if c != ROW}, most.item() or 0 if most.height else 0)
        for name, sizes, most in zip(cells, found[::2], found[1::2], strict=True)
    }


def _origin(source_of: Any) -> str:
    return Path(source_of).name if isinstance(source_of, str | Path) else ""


def _batches(sizes: Sequence[tuple[str, int]], rows: int) -> Iterator[tuple[list[str], int]]:
    """Neighbouring organisations with about so many rows between them."""
    names: list[str] = []
    count = 0
    for name, size in sizes:
        names.append(name)
        count += size
        if count >= rows:
            yield names, count
            names, count = [], 0
    if names:
        yield names, count


def _without(row: Row, name: str) -> Row:
    return {column: cell for column, cell in row.items() if column != name}
