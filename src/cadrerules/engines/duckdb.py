"""Runs relations on DuckDB, one statement each; DuckDB itself goes to disk where memory runs out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from ..model.frames import frame_of
from .columnar.relations import Relation
from .sql.statement import sql_text

SETTINGS = ("memory_limit", "temp_directory", "threads")
"""What may be set of a new connection; else DuckDB's own defaults hold."""

FRAMES: Mapping[str, Callable[[duckdb.DuckDBPyRelation], Any]] = {
    "duckdb": lambda rows: rows,
    "polars": lambda rows: rows.pl(),
    "lazy": lambda rows: rows.pl().lazy(),
    "pandas": lambda rows: rows.df(),
    "pyarrow": lambda rows: rows.to_arrow_table(),
}
"""By kind, what DuckDB makes of its rows itself."""

BATCH = 10_000


@dataclass(frozen=True)
class DuckBackend:
    """DuckDB, on whose connection each table stands under its name, its cells encoded.

    A connection refuses a second call meanwhile, and a statement ends what another still reads; so threads wait for each other.
    """

    connection: duckdb.DuckDBPyConnection
    name: str = "duckdb"
    _turn: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def frame(self, relation: Relation, kind: str) -> Any:
        """The rows as a frame: `duckdb` a relation that hasn't run yet, else of polars, pandas, pyarrow or spark."""
        with self._turn:
            rows = self._rows(relation)
            return FRAMES[kind](rows) if kind in FRAMES else frame_of(rows.pl(), kind)

    def rows(self, relation: Relation) -> Iterator[Mapping[str, Any]]:
        """The rows, one mapping each."""
        with self._turn:
            for batch in self._rows(relation).to_arrow_reader(BATCH):
                yield from batch.to_pylist()

    def _rows(self, relation: Relation) -> duckdb.DuckDBPyRelation:
        return self.connection.sql(sql_text(relation, "duckdb"))


def connected(tables: Mapping[str, Any], **settings: Any) -> DuckBackend:
    """A new DuckDB holding tables of encoded cells: Arrow tables, Polars or pandas frames, or paths of Parquet files.

    `settings` are any of `SETTINGS`.
    """
    connection = duckdb.connect(config={name: settings[name] for name in SETTINGS if name in settings})
    for name, table in tables.items():
        if isinstance(table, str):
            connection.read_parquet(table).create_view(name)
        else:
            connection.register(name, table)
    return DuckBackend(connection)
