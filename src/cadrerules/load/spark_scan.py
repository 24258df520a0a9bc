"""Reads tables that stay in Spark: checked there, whole columns at a time; only refused rows come to the driver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

from ..engines.columnar.expressions import Col, either, surely
from ..engines.columnar.frames import Frame
from ..engines.columnar.relations import Extend, Names, Relation
from ..engines.columnar.rows import validated_cell
from ..engines.columnar.tables import KIND, cell_value, source, written_key
from ..engines.columnar.typed import typed_cells
from ..engines.spark import SparkBackend
from ..errors import DataError, Place, Problem, UsageError
from ..language import types
from ..language.periods import PERIODS, Quarter
from ..model.cells import shortened
from ..model.facts import ColumnarTables, ColumnSpec, Facts, FactTables, Row, Table, contradictions
from ..model.organisations import only, organisations, unknown
from ..model.remedies import Disputes, Waivers
from .disputes import readings, settle_disputes
from .headings import ExtraColumns, lay_out
from .names import normal, table_names
from .problems import MAX_PROBLEMS, Problems
from .raw_tables import RawTable
from .references import check_references
from .rows import ReadTable, read_rows
from .spark_cells import TypedColumn, absent_column, quoted, read_columns
from .spark_tables import SparkOffered, session_of, spark_offered

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FEW = (Waivers.spec.name, Disputes.spec.name)
"""Tables that name rows of others; few, and read row by row."""
REFUSED, CONTRADICTION = "(refused)", "(contradiction)"


@dataclass(frozen=True)
class SparkTables(ColumnarTables):
    """Tables of cells as Spark's frames: numbers in units of their step, periods as ordinals; `holes` have an empty cell."""

    session: SparkSession
    tables: Mapping[str, Table]
    cells: Mapping[str, DataFrame]
    holes: Mapping[str, frozenset[str]]
    few: FactTables
    group: str = ""
    origin: str = ""
    rows: int = 0
    kind: str = "spark"
    engine = "spark"

    def __contains__(self, table: str) -> bool:
        return table in self.cells

    def only(self, organisation: str) -> SparkTables:
        """One organisation; `UsageError` where no table has it, or nothing keeps organisations apart."""
        if not self.group:
            raise UsageError(Problem("CR-NOT-GROUPED", values={"name": organisation}))
        if organisation not in (known := self.organisations()):
            raise unknown(organisation, known)
        cells = {name: frame.filter(F.col(self.group) == organisation) for name, frame in self.cells.items()}
        few = {n: tuple(row for row in rows if row[self.group] == organisation) for n, rows in self.few.rows.items()}
        return replace(self, cells=cells, few=replace(self.few, rows=few))

    def organisations(self) -> list[str]:
        """The organisations that any table has, in order; none without a grouping column."""
        if not self.group:
            return []
        names = [frame.select(self.group) for frame in self.cells.values()]
        return sorted(row[0] for row in reduce(DataFrame.unionAll, names).distinct().collect())

    def facts(self, organisation: str | None = None) -> FactTables:
        """All rows, or those of one organisation without the grouping column; waivers and disputes as they were settled."""
        found = {name: tuple(self._rows(name, organisation)) for name in self.cells if name not in self.few}
        if organisation is None:
            return FactTables(self.tables, {**found, **self.few.rows}, self.origin, group=self.group)
        own = only(self.few, organisation).rows if organisation in organisations(self.few) else dict.fromkeys(self.few.rows, ())
        few = {name: tuple(_without(row, self.group) for row in rows) for name, rows in own.items()}
        return FactTables(self.tables, {**found, **few}, self.origin)

    def _rows(self, name: str, organisation: str | None) -> Iterable[Row]:
        """Validated rows in the order of their keys."""
        frame, table = self.cells[name], self.tables[name]
        if organisation is not None:
            frame = frame.filter(F.col(self.group) == organisation).drop(self.group)
        key = [c for c in (self.group, *table.key) if c in frame.columns]
        return _validated(frame.sort(*key) if key else frame, table)


def _without(row: Row, name: str) -> Row:
    return {column: cell for column, cell in row.items() if column != name}


def _validated(frame: DataFrame, table: Table) -> list[dict[str, Any]]:
    """Rows of cells as rows are read."""
    of = {name: table.columns[name].type if name in table.columns else types.TEXT for name in frame.columns}
    return [{name: validated_cell(of[name], row[name]) for name in frame.columns} for row in frame.collect()]


def scan_spark(
    source_of: Any,
    models: Sequence[type[Facts]],
    *,
    extra_columns: ExtraColumns = "error",
    group_by: str = "",
    session: SparkSession | None = None,
) -> SparkTables:
    """The tables that a source holds, validated, as Spark's frames of cells.

    Raises `DataError` with what is wrong in all of them, and `UsageError` for a source that can't be one.
    """
    from .tables import grouped

    problems, spark = Problems(), session_of(source_of, session)
    specs = {model.spec.name: grouped(model.spec, group_by) for model in models}
    found = _found(spark_offered(source_of, spark, problems), specs, extra_columns, problems)
    origin = "" if isinstance(source_of, Mapping) else Path(str(source_of)).name
    if not found and not problems.kept:
        problems.add("CR-NO-TABLE", Place(file=origin), tables=", ".join(specs))
    checked = _counted(found)
    for name, counts in checked.items():
        _note_refused(found[name], counts, problems)
    problems.raise_any()
    _check_references(found, group_by, problems)
    few = _few(found, group_by, problems)
    problems.raise_any()
    tables = {model.spec.name: model.spec for model in models}
    cells = {name: table.cells for name, table in found.items()}
    holes = {name: counts.holes for name, counts in checked.items()}
    facts = FactTables(tables, few, origin, group=group_by)
    return SparkTables(spark, tables, cells, holes, facts, group_by, origin, sum(c.rows for c in checked.values()))


def _found(
    offers: Iterable[SparkOffered], specs: Mapping[str, Table], extra: ExtraColumns, problems: Problems
) -> dict[str, _Table]:
    """The tables that are offered under names that are known, and whose headings are right."""
    names, found = table_names(specs.values()), dict[str, _Table]()
    for one in offers:
        problems.expect(one.place)
        name = names.get(normal(one.name))
        if name is None:
            problems.add("CR-NO-SUCH-TABLE", one.place, name=shortened(one.name), nearest="")
        elif name in found:
            values = {"table": name, "first": found[name].place.file, "second": one.place.file}
            problems.add("CR-TABLE-TWICE", one.place, **values)
        elif (table := _laid_out(one, specs[name], extra, problems)) is not None:
            found[name] = table
    return found


@dataclass(frozen=True)
class _Table:
    """One table while it is read: its raw frame and how its columns are read."""

    spec: Table
    place: Place
    raw: DataFrame
    extra: ExtraColumns
    columns: Mapping[str, TypedColumn]
    absent: Mapping[str, ColumnSpec]

    @property
    def read(self) -> DataFrame:
        """The raw frame, each of its columns read."""
        return read_columns(self.raw, self.columns.values())

    @property
    def refused(self) -> Any:
        """The names of the columns whose cells are refused, for each row."""
        return F.array_compact(F.array(*(column.refused for column in self.columns.values())))

    @cached_property
    def checked(self) -> DataFrame:
        """The cells, with what is refused of each row and whether it contradicts itself."""
        typed = {name: c.cells for name, c in self.columns.items()}
        typed |= {name: absent_column(spec) for name, spec in self.absent.items()}
        chosen = [typed[name].alias(name) for name in self.spec.columns]
        frame = self.read.select(*chosen, self.refused.alias(REFUSED))
        cells = typed_cells(self.spec, beside={REFUSED: "list"})
        return _run(frame, self.spec, Extend(cells.source, {CONTRADICTION: _contradiction(self.spec)}))

    @cached_property
    def cells(self) -> DataFrame:
        """The cells."""
        return self.checked.select(*self.spec.columns)

    def of(self, organisation: Any) -> Place:
        """The place of a row: rows have no number in Spark, but the organisation can be told."""
        return replace(self.place, path=f"{self.spec.group}={shortened(str(organisation))}") if self.spec.group else self.place


def _run(frame: DataFrame, spec: Table, relation: Relation) -> DataFrame:
    return SparkBackend(frame.sparkSession, {spec.name: frame}).frame(relation, "spark")  # type: ignore[no-any-return]


def _laid_out(one: SparkOffered, spec: Table, extra: ExtraColumns, problems: Problems) -> _Table | None:
    """The table with its columns; None where its headings are refused."""
    before = len(problems.kept) + problems.more
    layout = lay_out(RawTable(spec, one.place, one.frame.columns, ()), extra, problems)
    if len(problems.kept) + problems.more > before:
        return None
    fields = one.frame.schema.fields
    columns = {c.name: TypedColumn(c, fields[at].name, fields[at].dataType) for c, at in layout.columns if at is not None}
    absent = {column.name: column for column, at in layout.columns if at is None}
    return _Table(spec, one.place, one.frame, extra, columns, absent)


def _contradiction(spec: Table) -> Any:
    """Whether a row's cells contradict one another."""
    values = {name: cell_value(column, holes=True) for name, column in spec.columns.items()}
    frame = Frame(source(spec), values, spec.key, (), Names())
    return either(*(surely(frame.truth(condition.nodes[-1]).expr) for _, condition in spec.conditions))


# --- checks -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Counts:
    """What was counted of one table."""

    rows: int
    holes: frozenset[str]
    refused: bool
    contradicts: bool
    twice: bool


def _counted(found: Mapping[str, _Table]) -> dict[str, _Counts]:
    """What was counted of each table, all in one pass."""
    if not found:
        return {}
    rows = reduce(DataFrame.unionAll, (_counting(table) for table in found.values())).collect()
    return {row[0]: _Counts(row[1], frozenset(row[2]), *row[3:]) for row in rows}


def _counting(table: _Table) -> DataFrame:
    """One row: the table's name, how many rows it has, which columns have holes, and whether a row is refused, contradicts itself or stands twice."""
    empty = {f"{name} empty": F.max(F.col(name).isNull()) for name in table.spec.columns}
    marks = {"refused": F.max(F.size(REFUSED) > 0), "contradicts": F.max(CONTRADICTION), **empty}
    per_key = table.checked.groupBy(*table.spec.key) if table.spec.key else table.checked.groupBy()
    each = per_key.agg(F.count(F.lit(1)).alias("rows"), *(mark.alias(name) for name, mark in marks.items()))
    holes = F.array(*(F.when(F.max(f"{name} empty"), F.lit(name)) for name in table.spec.columns))
    twice = F.max(F.col("rows") > 1) if table.spec.key else F.lit(False)
    told = (F.max("refused"), F.max("contradicts"), twice)
    return each.agg(
        F.lit(table.spec.name).alias("table"),
        F.coalesce(F.sum("rows"), F.lit(0)).alias("rows"),
        F.array_compact(holes).alias("holes"),
        *(F.coalesce(one, F.lit(False)).alias(f"told_{at}") for at, one in enumerate(told)),
    )


def _note_refused(table: _Table, counts: _Counts, problems: Problems) -> None:
    if counts.refused:
        _note_cells(table, problems)
    elif counts.contradicts:
        _note_contradictions(table, problems)
    elif counts.twice:
        _note_keys(table, problems)


def _note_cells(table: _Table, problems: Problems) -> None:
    """Have the first refused rows read as rows are, which tells what is wrong with each."""
    headings = table.raw.columns
    flagged = table.read.select(*map(quoted, headings), table.refused.alias(REFUSED)).filter(F.size(REFUSED) > 0)
    for row in flagged.limit(MAX_PROBLEMS).collect():
        place = table.of(row[_heading(table, table.spec.group)] if table.spec.group else None)
        before = len(problems.kept) + problems.more
        try:
            read_rows(RawTable(table.spec, place, headings, [(None, row[: len(headings)])]), table.extra, problems)
        except DataError as error:
            problems.absorb(error)
        if len(problems.kept) + problems.more == before:
            _note_form(table, place, row, problems)


def _heading(table: _Table, name: str) -> str:
    """What a column is called in the frame."""
    layout = lay_out(RawTable(table.spec, table.place, table.raw.columns, ()), table.extra, Problems())
    return next(table.raw.columns[at] for column, at in layout.columns if column.name == name and at is not None)


def _note_form(table: _Table, place: Place, row: Any, problems: Problems) -> None:
    """Note cells that another reader would take, but that are not in the one form that is read in Spark."""
    for name in row[REFUSED]:
        example = {"en": f"`{_example(table.spec.columns[name])}`", "zh": _example(table.spec.columns[name])}
        value = shortened(str(row[_heading(table, name)]))
        problems.add("CR-OTHER-FORM", replace(place, field=name), value=value, example=example)


def _example(spec: ColumnSpec) -> str:
    """A cell in the form that is read."""
    match spec.type:
        case types.Period(kind=kind):
            return str((PERIODS.get(kind) or Quarter).of(date(2024, 9, 1)))
        case types.Date():
            return "2024-09-01"
        case types.Number(scale=scale):
            return f"{2:.{scale}f}"
        case types.Choice(options=options):
            return options[0]
        case types.Truth():
            return "true"
        case types.Text():
            return "U05"


def _note_contradictions(table: _Table, problems: Problems) -> None:
    bad = table.checked.filter(F.col(CONTRADICTION)).select(*table.spec.columns).limit(MAX_PROBLEMS)
    for row in _validated(bad, table.spec):
        for refusal in contradictions(table.spec, row):
            problems.add("CR-CONTRADICTION", table.of(row.get(table.spec.group)), meaning=refusal.meaning)


def _note_keys(table: _Table, problems: Problems) -> None:
    """Note each key that stands twice."""
    key = [name for name in table.spec.key if name != table.spec.group]
    counted = table.cells.groupBy(*table.spec.key).agg(F.count(F.lit(1)).alias("(rows)")).filter(F.col("(rows)") > 1)
    for row in _validated(counted.limit(MAX_PROBLEMS), table.spec):
        cells = "/".join(_told(row[name]) for name in key)
        values = {"count": row["(rows)"], "key": ", ".join(key), "cells": cells}
        problems.add("CR-KEY-REPEATED", table.of(row.get(table.spec.group)), **values)


def _told(cell: object) -> str:
    """A cell of a key; what has no digit may be a person's name, and those stand in no report."""
    text = shortened(str(cell))
    return text if any(map(str.isdigit, text)) else "…"


# --- what hangs together ------------------------------------------------------------------------


def _check_references(found: Mapping[str, _Table], group: str, problems: Problems) -> None:
    """Note each cell that names a row which the table it refers to lacks; all tables in one pass."""
    asked = list(_referring(found))
    if not asked:
        return
    by = [group] if group else []
    missing = [
        _missing(found[table].cells, name, found[other].cells, target, by).select(F.lit(at).alias("(asked)"), "*")
        for at, (table, name, other, target) in enumerate(asked)
    ]
    for row in reduce(DataFrame.unionAll, missing).limit(MAX_PROBLEMS).collect():
        table, name, other, _ = asked[row["(asked)"]]
        _note_missing(found[table], found[other], name, row, problems)


def _referring(found: Mapping[str, _Table]) -> Iterable[tuple[str, str, str, str]]:
    """Each column that names rows of another table: table, column, and those it refers to."""
    for table in found.values():
        for name, column in table.spec.columns.items():
            other, _, target = column.about.references.partition(".")
            if other in found:
                yield table.spec.name, name, other, target


def _missing(mine: DataFrame, name: str, theirs: DataFrame, target: str, by: list[str]) -> DataFrame:
    named = mine.select(*by, F.col(name).alias("(names)")).filter(F.col("(names)").isNotNull()).distinct()
    there = theirs.select(*by, F.col(target).alias("(names)"))
    return named.join(there, [*by, "(names)"], "left_anti")


def _note_missing(table: _Table, other: _Table, name: str, row: Any, problems: Problems) -> None:
    group = table.spec.group
    own = replace(table.spec, columns={n: c for n, c in table.spec.columns.items() if n in (name, group)})
    cells = {name: row["(names)"], **({group: row[group]} if group else {})}
    place = table.of(row[group] if group else None)
    reads = {table.spec.name: ReadTable(own, place, [cells], [None]), other.spec.name: ReadTable(other.spec, other.place)}
    check_references(reads, group, problems)


def _few(found: Mapping[str, _Table], group: str, problems: Problems) -> dict[str, tuple[Row, ...]]:
    """The waivers and disputes as rows; what a dispute names is looked up."""
    reads = {name: _read(found[name]) for name in FEW if name in found}
    disputes = reads.get(Disputes.spec.name)
    if disputes is not None:
        specs = {name: table.spec for name, table in found.items()}
        named = {name: _disputed(table, disputes, group) for name, table in found.items()}
        settle_disputes(disputes, specs, named, group, problems)
    return {name: tuple(read.rows) for name, read in reads.items()}


def _read(table: _Table) -> ReadTable:
    rows = _validated(table.cells.sort(*table.spec.key), table.spec)
    return ReadTable(table.spec, table.place, rows, [None] * len(rows))


def _disputed(table: _Table, disputes: ReadTable, group: str) -> ReadTable:
    """The rows whose key a dispute names, as far as keys go."""
    key = [name for name in table.spec.key if name != group]
    of_table: Callable[[Row], bool] = lambda row: table_names([table.spec]).get(normal(row["table"])) == table.spec.name  # noqa: E731
    texts = {(row.get(group) or "", text) for row in disputes.rows if of_table(row) for text in readings(table.spec, key, row["key"])}
    if not texts:
        return ReadTable(table.spec, table.place)
    written = written_key([Col(n, KIND[type(table.spec.columns[n].type)]) for n in key], table.spec)
    cells = _run(table.cells, table.spec, Extend(source(table.spec), {"(written)": written}))
    named = cells.sparkSession.createDataFrame(sorted(texts), "`(of)` string, `(text)` string")
    alike = (F.col("(written)") == F.col("(text)")) & ((F.col(group) == F.col("(of)")) if group else F.lit(True))
    rows = _validated(cells.join(F.broadcast(named), alike, "left_semi").select(*table.spec.key), table.spec)
    return ReadTable(table.spec, table.place, rows, [None] * len(rows))
