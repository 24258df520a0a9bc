"""Reads tables that stay in columns: validated as rows are, whole columns at a time; only refused rows become Python's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from ..engines.columnar.expressions import Col
from ..engines.columnar.frames import Frame
from ..engines.columnar.relations import Names
from ..engines.columnar.rows import validated_cell
from ..engines.columnar.tables import KIND, cell_value, source, written_key
from ..engines.polars import DTYPES, expression
from ..errors import DataError, Place, Problem, UsageError
from ..language.types import TEXT
from ..model.facts import ColumnarTables, Facts, FactTables, Row, Table
from ..model.organisations import only, organisations, unknown
from .columns import CellColumn, cell_column
from .disputes import readings, settle_disputes
from .headings import ExtraColumns, lay_out
from .names import normal, table_names
from .problems import Problems
from .raw_tables import RawTable
from .references import check_keys, check_references
from .rows import ReadTable, read_rows
from .scanned import Offered, offered

FEW = ("waivers", "disputes")
"""Tables that name rows of others; few, and read row by row."""
MOST_SHOWN = 1_000
ROW = "(row)"


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
        whole = FactTables(self.tables, {**{name: tuple(self._rows(name, organisation)) for name in self.cells}}, self.origin)
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
    from .tables import grouped

    problems = Problems()
    specs = {model.spec.name: grouped(model.spec, group_by) for model in models}
    names = table_names(specs.values())
    found: dict[str, _Table] = {}
    for one in offered(source_of, problems):
        problems.expect(one.place)
        name = names.get(normal(one.name))
        if name is None:
            problems.add("CR-NO-SUCH-TABLE", one.place, name=one.name, nearest="")
        elif (table := _scan(one, specs[name], extra_columns, problems)) is not None:
            found[name] = table
    if not found and not problems.kept:
        problems.add("CR-NO-TABLE", Place(file=_origin(source_of)), tables=", ".join(specs))
    for table in found.values():
        _check_references(table, found, group_by, problems)
    few = _few(found, group_by, problems)
    problems.raise_any()
    tables = {model.spec.name: model.spec for model in models}
    cells = {name: table.cells for name, table in found.items()}
    holes = {name: table.holes for name, table in found.items()}
    facts = FactTables(tables, few, _origin(source_of), group=group_by)
    return Scanned(tables, cells, holes, facts, group_by, _origin(source_of), sum(t.height for t in found.values()))


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


@dataclass
class _Table:
    """One table while it is read: its raw frame, headings, cells and what was counted of them."""

    spec: Table
    place: Place
    raw: pl.LazyFrame
    columns: list[CellColumn]
    cells: pl.LazyFrame
    holes: frozenset[str] = frozenset()
    height: int = 0
    problems: list[Any] = field(default_factory=list)


def _scan(one: Offered, spec: Table, extra: ExtraColumns, problems: Problems) -> _Table | None:
    """The table's cells; None where its headings are refused."""
    schema = one.frame.collect_schema()
    before = len(problems.kept)
    layout = lay_out(RawTable(spec, one.place, schema.names(), ()), extra, problems)
    if len(problems.kept) > before:
        return None
    columns = []
    absent = {}
    for column, at in layout.columns:
        kind = KIND[type(column.type)]
        if at is None:
            absent[column.name] = pl.lit(None, DTYPES[kind])
            continue
        heading = schema.names()[at]
        columns.append(cell_column(column, heading, schema[heading], lambda h=heading: _distinct(one.frame, h), kind))  # type: ignore[misc]
    cells = one.frame.select(**{c.spec.name: c.cells for c in columns})
    cells = cells.with_columns(**absent).select(list(spec.columns))
    table = _Table(spec, one.place, one.frame, columns, cells)
    _check(table, schema.names(), extra, problems)
    return table


def _distinct(frame: pl.LazyFrame, heading: str) -> pl.Series:
    return frame.select(pl.col(heading).unique()).collect(engine="streaming").to_series()


# --- checks -------------------------------------------------------------------------------------


def _check(table: _Table, headings: list[str], extra: ExtraColumns, problems: Problems) -> None:
    """Count holes and what is refused, in one pass; show the refused rows to those who read rows."""
    empty = {f"{name} empty": pl.col(name).is_null().any() for name in table.spec.columns}
    refused = pl.any_horizontal([c.refused for c in table.columns]) if table.columns else pl.lit(value=False)
    counted = [table.raw.select(pl.len().alias("rows"), refused.any().alias("refused")), table.cells.select(**empty)]
    counted.append(table.cells.select(**_agreement(table)))
    first, holes, agree = (frame.row(0, named=True) for frame in pl.collect_all(counted, engine="streaming"))
    table.height = first["rows"]
    table.holes = frozenset(name for name in table.spec.columns if holes[f"{name} empty"])
    if first["refused"]:
        _show(table, refused, headings, extra, problems)
    elif agree.get("contradiction"):
        _show(table, None, headings, extra, problems)
    elif table.spec.key and not agree["ordered"]:
        _check_keys(table, problems)


def _agreement(table: _Table) -> dict[str, pl.Expr]:
    """Whether each key is greater than that before it (then none stands twice), and whether a row contradicts itself."""
    found = {"contradiction": _contradiction(table.spec).any()} if table.spec.refuse else {}
    after: pl.Expr = pl.lit(value=False)
    for name in reversed(table.spec.key):
        cell, before = pl.col(name), pl.col(name).shift(1)
        after = (cell > before).fill_null(value=False) | ((cell == before).fill_null(value=False) & after)
    return {**found, "ordered": after.slice(1).all()} if table.spec.key else {**found, "ordered": pl.lit(value=True)}


def _contradiction(spec: Table) -> pl.Expr:
    """Whether a row's cells contradict one another."""
    values = {name: cell_value(column, holes=True) for name, column in spec.columns.items()}
    frame = Frame(source(spec), values, spec.key, (), Names())
    conditions = [expression(frame.truth(condition.nodes[-1]).expr) for _, condition in spec.conditions]
    return pl.any_horizontal(conditions)


def _show(table: _Table, refused: pl.Expr | None, headings: list[str], extra: ExtraColumns, problems: Problems) -> None:
    """Have the first refused rows read as rows are, which tells what is wrong with each."""
    if refused is None:
        flagged = pl.concat([table.raw, table.cells.select(_contradiction(table.spec).alias("(bad)"))], how="horizontal")
    else:
        flagged = table.raw.with_columns(refused.alias("(bad)"))
    rows = flagged.with_row_index(ROW, offset=1).filter(pl.col("(bad)")).head(MOST_SHOWN).collect()
    numbers = rows.get_column(ROW).to_list()
    raw = RawTable(table.spec, table.place, headings, zip(numbers, rows.select(headings).iter_rows(), strict=True))
    try:
        read_rows(raw, extra, problems)
    except DataError as error:
        problems.absorb(error)


def _check_keys(table: _Table, problems: Problems) -> None:
    """Note each row whose key stands twice; a table in the order of its keys needs no look."""
    key = list(table.spec.key)
    twice = table.cells.group_by(key).len().filter(pl.col("len") > 1).select(key).collect(engine="streaming")
    if twice.height:
        rows = _numbered(table).join(twice.head(MOST_SHOWN).lazy(), on=key, nulls_equal=True)
        check_keys(_read(table, rows.sort(ROW).collect()), problems)


def _read(table: _Table, rows: pl.DataFrame) -> ReadTable:
    """Rows of cells as rows are read."""
    cells = [
        {name: validated_cell(column.type, row[name]) for name, column in table.spec.columns.items()}
        for row in rows.iter_rows(named=True)
    ]
    return ReadTable(table.spec, table.place, cells, rows.get_column(ROW).to_list())


def _check_references(table: _Table, found: Mapping[str, _Table], group: str, problems: Problems) -> None:
    """Note each cell that names a row which the table it refers to lacks."""
    for name, column in table.spec.columns.items():
        other, _, target = column.about.references.partition(".")
        if other not in found:
            continue
        by = [group] if group else []
        mine = table.cells.select(*by, pl.col(name).alias("(names)")).drop_nulls().unique()
        theirs = found[other].cells.select(*by, pl.col(target).alias("(names)")).unique()
        missing = mine.join(theirs, on=[*by, "(names)"], how="anti").head(MOST_SHOWN).collect(engine="streaming")
        if missing.height:
            rows = _numbered(table).with_columns(pl.col(name).alias("(names)"))
            bad = rows.join(missing.lazy(), on=[*by, "(names)"], how="semi").head(MOST_SHOWN).collect()
            _note_missing(table, found[other], bad, column.name, group, problems)


def _note_missing(table: _Table, other: _Table, bad: pl.DataFrame, name: str, group: str, problems: Problems) -> None:
    own = replace(table.spec, columns={n: c for n, c in table.spec.columns.items() if n in (name, group)})
    reads = {table.spec.name: replace(_read(table, bad), table=own), other.spec.name: ReadTable(other.spec, other.place)}
    check_references(reads, group, problems)


def _few(found: Mapping[str, _Table], group: str, problems: Problems) -> dict[str, tuple[Row, ...]]:
    """The waivers and disputes as rows; what a dispute names is looked up."""
    reads = {name: _read(found[name], _numbered(found[name]).collect(engine="streaming")) for name in FEW if name in found}
    if "disputes" in reads:
        specs = {name: table.spec for name, table in found.items()}
        named = {name: _disputed(table, reads["disputes"], group) for name, table in found.items()}
        settle_disputes(reads["disputes"], specs, named, group, problems)
    return {name: tuple(read.rows) for name, read in reads.items()}


def _numbered(table: _Table) -> pl.LazyFrame:
    return table.cells.with_row_index(ROW, offset=1)


def _disputed(table: _Table, disputes: ReadTable, group: str) -> ReadTable:
    """The rows whose key a dispute may name."""
    key = [name for name in table.spec.key if name != group]
    texts = {text for row in disputes.rows for text in readings(table.spec, key, row["key"])}
    written = expression(written_key([Col(n, KIND[type(table.spec.columns[n].type)]) for n in key], table.spec))
    return _read(table, _numbered(table).filter(written.is_in(list(texts))).collect(engine="streaming"))
