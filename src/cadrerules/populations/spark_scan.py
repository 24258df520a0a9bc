"""Reads tables that stay in Spark: checked there, whole columns at a time; only refused rows come to the driver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

from ..engines.columnar.population import Extent
from ..errors import Place, Problem, UsageError
from ..load.headings import ExtraColumns
from ..load.problems import Problems
from ..load.tables import grouped, wanted
from ..model.facts import ColumnarTables, Facts, FactTables, Row, Table
from ..model.organisations import only, organisations, unknown
from .spark_checks import counted, laid_out, note_refused, validated
from .spark_links import few_rows, linked, quoted_names
from .spark_tables import session_of, spark_offered

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


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
    extents: Mapping[str, Extent] = field(default_factory=dict)
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
        return validated(frame.sort(*key) if key else frame, table)


def _without(row: Row, name: str) -> Row:
    return {column: cell for column, cell in row.items() if column != name}


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
    group_by = group_by.strip()
    problems, spark = Problems(), session_of(source_of, session)
    specs = {model.spec.name: grouped(model.spec, group_by) for model in models}
    offers = wanted(spark_offered(source_of, spark, problems), specs, problems)
    laid = {name: laid_out(offer, specs[name], extra_columns, problems) for name, offer in offers}
    found = {name: table for name, table in laid.items() if table is not None}
    origin = "" if isinstance(source_of, Mapping) else Path(str(source_of)).name
    if not found and not problems.kept:
        problems.add("CR-NO-TABLE", Place(file=origin), tables=", ".join(specs))
    checked = counted(found)
    for name, counts in checked.items():
        note_refused(found[name], counts, problems)
    few: dict[str, tuple[Row, ...]] = {}
    if not problems.kept:  # else what names a row that is refused would be told as well
        linked(found, group_by, problems)
        few = few_rows(found, group_by, problems)
    if problems.kept:
        problems.hide(quoted_names(found.values(), problems.kept))
    problems.raise_any()
    tables = {model.spec.name: model.spec for model in models}
    cells = {name: table.cells for name, table in found.items()}
    holes = {name: counts.holes for name, counts in checked.items()}
    facts = FactTables(tables, few, origin, group=group_by)
    rows, extents = sum(c.rows for c in checked.values()), {name: counts.extent for name, counts in checked.items()}
    return SparkTables(spark, tables, cells, holes, facts, group_by, origin, rows, extents=extents)
