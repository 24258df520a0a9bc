"""Runs a relation without tables on each engine that there is, for tests that all give the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from cadrerules.engines.columnar.relations import Relation
from cadrerules.engines.polars import PolarsBackend
from cadrerules.engines.sql.emit import planned
from cadrerules.engines.sql.functions import Dialect
from cadrerules.engines.sql.statement import sql_text, statement

Row = tuple[Any, ...]
Run = Callable[[Relation], list[Row]]
ENGINES = ("polars", "duckdb", "postgres", "spark")


def written(relation: Relation, dialect: Dialect) -> str:
    """The statement on one line, with single blanks."""
    return statement(planned(relation), dialect).sql(dialect, comments=False)


def runner(engine: str, request: pytest.FixtureRequest) -> Run:
    """What gives a relation's rows on an engine; a server starts when a test first asks for it."""
    match engine:
        case "polars":
            return lambda relation: [tuple(row.values()) for row in PolarsBackend({}).rows(relation)]
        case "duckdb":
            return lambda relation: duckdb.connect().execute(sql_text(relation, "duckdb")).fetchall()
        case "postgres":
            server = request.getfixturevalue("postgres")
            return lambda relation: server.query(sql_text(relation, "postgres"), database="localised")
        case _:
            session = request.getfixturevalue("spark")
            return lambda relation: [tuple(row) for row in session.sql(sql_text(relation, "spark")).collect()]


def listed(rows: list[Row]) -> Iterator[Row]:
    """The rows, lists as tuples."""
    return (tuple(tuple(cell) if isinstance(cell, list) else cell for cell in row) for row in rows)
