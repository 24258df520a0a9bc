"""Runs relations on Spark; every join, window and group has the organisation's column, so data can lie apart by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ..model.frames import frame_of
from .columnar.relations import Relation
from .sql.emit import in_parts, planned
from .sql.statement import statement

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FRAMES: Mapping[str, Callable[[Any], Any]] = {
    "spark": lambda rows: rows,
    "pandas": lambda rows: rows.toPandas(),
    "pyarrow": lambda rows: rows.toArrow(),
}
"""By kind, what Spark makes of its rows itself."""

MOST_REPEATED = 16
"""So much may be in a plan twice before it is computed apart, which costs a job of its own."""


@dataclass(frozen=True)
class SparkBackend:
    """Spark, with the tables as data frames, their cells encoded."""

    session: SparkSession
    tables: Mapping[str, DataFrame] = field(repr=False)
    name: str = "spark"

    def frame(self, relation: Relation, kind: str) -> Any:
        """The rows as a frame: `spark` one that hasn't run yet, else of polars, pandas, pyarrow or duckdb."""
        rows = self._rows(relation)
        return FRAMES[kind](rows) if kind in FRAMES else frame_of(_polars(rows), kind)

    def rows(self, relation: Relation) -> Iterator[Mapping[str, Any]]:
        """The rows, one mapping each."""
        for batch in self._rows(relation).toArrow().to_batches():
            yield from batch.to_pylist()

    def _rows(self, relation: Relation) -> DataFrame:
        """The last of the statements, each on views of its own, which Spark has looked up once it has read it.

        Spark would write what is read twice into the plan twice, and what that reads four times; so it stands apart,
        computed once when the first action needs it.
        """
        views = dict(self._views(self.tables))
        try:
            for name, part in in_parts(planned(relation), MOST_REPEATED):
                rows = self.session.sql(statement(part, "spark", views).sql("spark", comments=False))
                if not name:
                    return rows
                views |= self._views({name: rows.localCheckpoint(eager=False)})
            raise AssertionError  # the last part has no name
        finally:
            for view in views.values():
                self.session.catalog.dropTempView(view)

    def _views(self, frames: Mapping[str, DataFrame]) -> dict[str, str]:
        """Frames as views, whose names nobody else has."""
        views = {name: f"cadrerules_{uuid4().hex}_{name}" for name in frames}
        for name, view in views.items():
            frames[name].createTempView(view)
        return views


def write_rows(rows: DataFrame, path: str, group: str = "") -> int:
    """Write rows as a folder of Parquet files; how many there are.

    With a grouping column, the rows of one organisation lie together in one file. The folder must not be there yet.
    """
    apart = rows.repartition(group).sortWithinPartitions(group, "subject") if group else rows
    apart.write.parquet(path)
    return rows.sparkSession.read.parquet(path).count()


def _polars(rows: Any) -> Any:
    import polars as pl

    return pl.from_arrow(rows.toArrow())


def held_by(session: SparkSession | None, tables: Mapping[str, Any]) -> SparkBackend:
    """Spark holding tables of encoded cells, Arrow tables or frames of its own; without a session the one that runs, or a new one."""
    from pyspark.sql import DataFrame, SparkSession

    spark = session or SparkSession.builder.getOrCreate()
    frames = {n: t if isinstance(t, DataFrame) else spark.createDataFrame(t) for n, t in tables.items()}
    return SparkBackend(spark, frames)
