"""Checks what hangs together between tables that stay in Spark: references, disputes, and names that errors would quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

from ..engines.columnar.expressions import Col
from ..engines.columnar.relations import Extend
from ..engines.columnar.tables import KIND, source, written_key
from ..errors import Problem
from ..load.disputes import readings, settle_disputes
from ..load.names import normal, table_names
from ..load.problems import MAX_PROBLEMS, Problems
from ..load.references import check_references
from ..load.rows import ReadTable
from ..model.facts import Row
from ..model.mentions import person_names, texts_within
from ..model.remedies import Disputes, Waivers
from .spark_checks import SparkTable, run, validated

FEW = (Waivers.spec.name, Disputes.spec.name)
"""Tables that name rows of others; few, and read row by row."""


def linked(found: Mapping[str, SparkTable], group: str, problems: Problems) -> None:
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


def _referring(found: Mapping[str, SparkTable]) -> Iterable[tuple[str, str, str, str]]:
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


def quoted_names(tables: Iterable[SparkTable], problems: Sequence[Problem]) -> Mapping[str, str]:
    """The names of persons in the tables that the problems quote, each with what is shown instead."""
    parts = texts_within(problems)
    found = []
    for table in tables:
        for name in table.spec.personal("name") if parts else ():
            quoted = _written(table, **{"(part)": parts})
            names = table.checked.join(F.broadcast(quoted), F.col(name) == F.col("(part)"), "left_semi").select(name).distinct()
            own = replace(table.spec, columns={name: table.spec.columns[name]})
            found.append((own, [{name: row[0]} for row in names.collect()]))
    return person_names(found)


def _note_missing(table: SparkTable, other: SparkTable, name: str, row: Any, problems: Problems) -> None:
    group = table.spec.group
    own = replace(table.spec, columns={n: c for n, c in table.spec.columns.items() if n in (name, group)})
    cells = {name: row["(names)"], **({group: row[group]} if group else {})}
    place = table.of(row[group] if group else None)
    reads = {table.spec.name: ReadTable(own, place, [cells], [None]), other.spec.name: ReadTable(other.spec, other.place)}
    check_references(reads, group, problems)


def few_rows(found: Mapping[str, SparkTable], group: str, problems: Problems) -> dict[str, tuple[Row, ...]]:
    """The waivers and disputes as rows; what a dispute names is looked up."""
    reads = {name: _read(found[name]) for name in FEW if name in found}
    disputes = reads.get(Disputes.spec.name)
    if disputes is not None:
        specs = {name: table.spec for name, table in found.items()}
        named = {name: _disputed(table, disputes, group) for name, table in found.items()}
        settle_disputes(disputes, specs, named, group, problems)
    return {name: tuple(read.rows) for name, read in reads.items()}


def _written(table: SparkTable, **columns: Sequence[str]) -> DataFrame:
    """A frame of texts; given as Arrow, so that no worker needs Python."""
    import pyarrow as pa

    return table.raw.sparkSession.createDataFrame(pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}))


def _read(table: SparkTable) -> ReadTable:
    rows = validated(table.cells.sort(*table.spec.key), table.spec)
    return ReadTable(table.spec, table.place, rows, [None] * len(rows))


def _disputed(table: SparkTable, disputes: ReadTable, group: str) -> ReadTable:
    """The rows whose key a dispute names, as far as keys go."""
    key = [name for name in table.spec.key if name != group]
    names = table_names([table.spec])
    mine = [row for row in disputes.rows if normal(row["table"]) in names]
    texts = {(row.get(group) or "", text) for row in mine for text in readings(table.spec, key, row["key"])}
    if not texts:
        return ReadTable(table.spec, table.place)
    written = written_key([Col(n, KIND[type(table.spec.columns[n].type)]) for n in key], table.spec)
    cells = run(table.cells, table.spec, Extend(source(table.spec), {"(written)": written}))
    named = _written(table, **{"(of)": [of for of, _ in texts], "(text)": [text for _, text in texts]})
    alike = (F.col("(written)") == F.col("(text)")) & ((F.col(group) == F.col("(of)")) if group else F.lit(True))
    rows = validated(cells.join(F.broadcast(named), alike, "left_semi").select(*table.spec.key), table.spec)
    return ReadTable(table.spec, table.place, rows, [None] * len(rows))
