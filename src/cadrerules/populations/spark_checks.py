"""Checks one table that stays in Spark by itself: Spark counts, and refused rows are read on the driver, which says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

from ..engines.columnar.expressions import either, surely
from ..engines.columnar.frames import Frame
from ..engines.columnar.population import Extent
from ..engines.columnar.relations import Extend, Names, Relation
from ..engines.columnar.rows import validated_cell
from ..engines.columnar.tables import KIND, cell_value, source
from ..engines.columnar.typed import typed_cells
from ..engines.spark import SparkBackend
from ..errors import DataError, Place
from ..language import types
from ..language.periods import PERIODS, Quarter
from ..load.headings import ExtraColumns, lay_out
from ..load.problems import MAX_PROBLEMS, Problems
from ..load.raw_tables import RawTable
from ..load.rows import read_rows
from ..model.cells import shortened
from ..model.facts import ColumnSpec, Table, contradictions
from .spark_cells import TypedColumn, absent_column, quoted, read_columns
from .spark_tables import SparkOffered

REFUSED, CONTRADICTION = "(refused)", "(contradiction)"


@dataclass(frozen=True)
class SparkTable:
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
        return run(frame, self.spec, Extend(cells.source, {CONTRADICTION: _contradiction(self.spec)}))

    @cached_property
    def cells(self) -> DataFrame:
        """The cells."""
        return self.checked.select(*self.spec.columns)

    def of(self, organisation: Any) -> Place:
        """The place of a row: rows have no number in Spark, but the organisation can be told."""
        return replace(self.place, path=f"{self.spec.group}={shortened(str(organisation))}") if self.spec.group else self.place


def run(frame: DataFrame, spec: Table, relation: Relation) -> DataFrame:
    """The rows of a relation on one table."""
    return SparkBackend(frame.sparkSession, {spec.name: frame}).frame(relation, "spark")  # type: ignore[no-any-return]


def laid_out(one: SparkOffered, spec: Table, extra: ExtraColumns, problems: Problems) -> SparkTable | None:
    """The table with its columns; None where its headings are refused."""
    before = len(problems.kept) + problems.more
    layout = lay_out(RawTable(spec, one.place, one.frame.columns, ()), extra, problems)
    if len(problems.kept) + problems.more > before:
        return None
    fields = one.frame.schema.fields
    columns = {c.name: TypedColumn(c, fields[at].name, fields[at].dataType) for c, at in layout.columns if at is not None}
    absent = {column.name: column for column, at in layout.columns if at is None}
    return SparkTable(spec, one.place, one.frame, extra, columns, absent)


def _contradiction(spec: Table) -> Any:
    """Whether a row's cells contradict one another."""
    values = {name: cell_value(column, holes=True) for name, column in spec.columns.items()}
    frame = Frame(source(spec), values, spec.key, (), Names())
    return either(*(surely(frame.truth(condition.nodes[-1]).expr) for _, condition in spec.conditions))


def validated(frame: DataFrame, table: Table) -> list[dict[str, Any]]:
    """Rows of cells as rows are read."""
    of = {name: table.columns[name].type if name in table.columns else types.TEXT for name in frame.columns}
    return [{name: validated_cell(of[name], row[name]) for name in frame.columns} for row in frame.collect()]


# --- what is counted ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """What was counted of one table."""

    rows: int
    holes: frozenset[str]
    extent: Extent
    refused: bool
    contradicts: bool
    twice: bool


def counted(found: Mapping[str, SparkTable]) -> dict[str, Counts]:
    """What was counted of each table, all in one pass."""
    if not found:
        return {}
    rows = reduce(DataFrame.unionAll, (_counting(table) for table in found.values())).collect()
    return {row["table"]: _counts(found[row["table"]], row) for row in rows}


def _counts(table: SparkTable, row: Any) -> Counts:
    sizes = dict(zip(_whole(table.spec), row["sizes"], strict=True))
    told = (row["refused"], row["contradicts"], row["twice"])
    return Counts(row["rows"], frozenset(row["holes"]), Extent(sizes, row["most"]), *told)


def _whole(spec: Table) -> list[str]:
    """The columns whose cells are whole numbers."""
    return [name for name, column in spec.columns.items() if KIND[type(column.type)] == "int"]


def _counting(table: SparkTable) -> DataFrame:
    """One row about the table: rows with one key are put together, then those of one organisation, then all."""
    key, by = table.spec.key, [table.spec.group] if table.spec.group else []
    marks = {"refused": F.size(REFUSED) > 0, "contradicts": F.col(CONTRADICTION)}
    marks |= {f"{name} empty": F.col(name).isNull() for name in table.spec.columns}
    marks |= {f"{name} size": F.abs(name) for name in _whole(table.spec)}
    twice = (F.count(F.lit(1)) > 1) if key else F.lit(False)
    greatest = [F.max(mark).alias(name) for name, mark in marks.items()]
    each = table.checked.groupBy(*key).agg(F.count(F.lit(1)).alias("rows"), twice.alias("twice"), *greatest)
    again = [F.max(name).alias(name) for name in ("twice", *marks)]
    return _told(table, each.groupBy(*by).agg(F.sum("rows").alias("rows"), *again))


def _told(table: SparkTable, each: DataFrame) -> DataFrame:
    """The one row, alike for every table, of what was counted of each organisation."""
    holes = [F.when(F.max(f"{name} empty"), F.lit(name)) for name in table.spec.columns]
    sizes = [F.coalesce(F.max(f"{name} size"), F.lit(0)) for name in _whole(table.spec)]
    return each.agg(
        F.lit(table.spec.name).alias("table"),
        F.coalesce(F.sum("rows"), F.lit(0)).alias("rows"),
        F.coalesce(F.max("rows"), F.lit(0)).alias("most"),
        F.array_compact(F.array(*holes)).alias("holes"),
        F.array(*sizes).cast("array<bigint>").alias("sizes"),
        *(F.coalesce(F.max(name), F.lit(False)).alias(name) for name in ("refused", "contradicts", "twice")),
    )


def note_refused(table: SparkTable, counts: Counts, problems: Problems) -> None:
    """Note what is wrong with the first rows that are refused."""
    if counts.refused:
        _note_cells(table, problems)
    elif counts.contradicts:
        _note_contradictions(table, problems)
    elif counts.twice:
        _note_keys(table, problems)


def _note_cells(table: SparkTable, problems: Problems) -> None:
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


def _heading(table: SparkTable, name: str) -> str:
    """What a column is called in the frame."""
    layout = lay_out(RawTable(table.spec, table.place, table.raw.columns, ()), table.extra, Problems())
    return next(table.raw.columns[at] for column, at in layout.columns if column.name == name and at is not None)


def _note_form(table: SparkTable, place: Place, row: Any, problems: Problems) -> None:
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


def _note_contradictions(table: SparkTable, problems: Problems) -> None:
    bad = table.checked.filter(F.col(CONTRADICTION)).select(*table.spec.columns).limit(MAX_PROBLEMS)
    for row in validated(bad, table.spec):
        for refusal in contradictions(table.spec, row):
            problems.add("CR-CONTRADICTION", table.of(row.get(table.spec.group)), meaning=refusal.meaning)


def _note_keys(table: SparkTable, problems: Problems) -> None:
    """Note each key that stands twice."""
    key = [name for name in table.spec.key if name != table.spec.group]
    counted = table.cells.groupBy(*table.spec.key).agg(F.count(F.lit(1)).alias("(rows)")).filter(F.col("(rows)") > 1)
    for row in validated(counted.limit(MAX_PROBLEMS), table.spec):
        cells = "/".join(_shown(row[name]) for name in key)
        values = {"count": row["(rows)"], "key": ", ".join(key), "cells": cells}
        problems.add("CR-KEY-REPEATED", table.of(row.get(table.spec.group)), **values)


def _shown(cell: object) -> str:
    """A cell of a key; what has no digit may be a person's name, and those stand in no report."""
    text = shortened(str(cell))
    return text if any(map(str.isdigit, text)) else "…"
