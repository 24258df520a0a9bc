"""Runs relations on Spark, one statement each; every join, window and group has the organisation's column, so data stays apart by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from .columnar.relations import Relation
from .frames import frame_of
from .sql.statement import sql_text

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

FRAMES: Mapping[str, Callable[[Any], Any]] = {
    "spark": lambda rows: rows,
    "pandas": lambda rows: rows.toPandas(),
    "pyarrow": lambda rows: rows.toArrow(),
}
"""By kind, what Spark makes of its rows itself."""


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
        """The statement on views of its own, which Spark has looked up once it has read the statement."""
        views = {name: f"cadrerules_{uuid4().hex}_{name}" for name in self.tables}
        for name, view in views.items():
            self.tables[name].createTempView(view)
        try:
            return self.session.sql(sql_text(relation, "spark", views))
        finally:
            for view in views.values():
                self.session.catalog.dropTempView(view)


def _polars(rows: Any) -> Any:
    import polars as pl

    return pl.from_arrow(rows.toArrow())


def connected(tables: Mapping[str, pa.Table]) -> SparkBackend:
    """The engine holding Arrow tables of encoded cells, in the session that runs or a new one of this machine."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.getOrCreate()
    return SparkBackend(session, {name: session.createDataFrame(table) for name, table in tables.items()})
