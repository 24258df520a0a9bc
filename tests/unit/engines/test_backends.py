"""DuckDB and Spark hold tables, and give relations as frames of each kind; the whole plan is the same on them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from cadrerules.engines.columnar.expressions import Col, equal, text
from cadrerules.engines.columnar.relations import Keep, Pick, Source, Union
from cadrerules.engines.duckdb import connected
from cadrerules.engines.spark import held_by
from typed_bureau import AS_OF, bureau

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession

UNITS = pa.table({"unit": ["U01", "U02"], "founded": [date(1, 1, 1), None]})
SOURCE = Source("units", {"unit": "text", "founded": "day"})
FIRST = Keep(SOURCE, equal(Col("unit", "text"), text("U01")))
TWICE = Union((FIRST, Pick(FIRST, {"unit": text("all"), "founded": Col("founded", "day")})))
ROWS = [{"unit": "U01", "founded": date(1, 1, 1)}, {"unit": "all", "founded": date(1, 1, 1)}]
KINDS: dict[str, Any] = {"polars": pl.DataFrame, "pandas": pd.DataFrame, "pyarrow": pa.Table, "duckdb": duckdb.DuckDBPyRelation}


@pytest.mark.parametrize("kind", KINDS)
def test_duckdb_gives_frames(kind: str) -> None:
    frame = connected({"units": UNITS}).frame(FIRST, kind)
    assert isinstance(frame, KINDS[kind])
    assert (frame.shape[0] if kind != "duckdb" else len(frame)) == 1


def test_duckdb_gives_rows() -> None:
    assert list(connected({"units": UNITS}).rows(TWICE)) == ROWS


def test_duckdb_reads_parquet_where_it_lies(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(UNITS, tmp_path / "units.parquet")
    assert list(connected({"units": str(tmp_path / "units.parquet")}).rows(TWICE)) == ROWS


def test_duckdb_keeps_to_its_limits(tmp_path: Path) -> None:
    backend = connected({"units": UNITS}, memory_limit="100MB", temp_directory=str(tmp_path), threads=1)
    limits = "select current_setting('threads'), current_setting('temp_directory')"
    assert backend.connection.execute(limits).fetchone() == (1, str(tmp_path))


def test_spark_gives_frames_and_rows_and_leaves_nothing_behind(spark: SparkSession) -> None:
    from pyspark.sql import DataFrame

    backend = held_by(spark, {"units": UNITS})
    assert list(backend.rows(TWICE)) == ROWS
    assert isinstance(backend.frame(TWICE, "spark"), DataFrame)
    assert backend.frame(TWICE, "polars").to_dicts() == ROWS
    assert backend.frame(TWICE, "pyarrow").to_pylist() == ROWS
    assert not [table for table in spark.catalog.listTables() if table.name.startswith("cadrerules_")]


def test_spark_takes_its_own_frames(spark: SparkSession) -> None:
    backend = held_by(spark, {"units": spark.createDataFrame(UNITS)})
    assert list(backend.rows(TWICE)) == ROWS


def _shown(records: Any) -> list[dict[str, Any]]:
    return [record.model_dump() for record in records]


@pytest.mark.parametrize("policies", [["board"], ["training"]])
def test_policies_on_spark(policies: list[str], spark: SparkSession) -> None:
    del spark
    plan, facts = bureau()
    found, wanted = (plan.evaluate(facts, as_of=AS_OF, policies=policies, engine=e) for e in ("spark", "scalar"))
    assert _shown(found.decisions) == _shown(wanted.decisions)
    assert _shown(found.findings) == _shown(wanted.findings)


@pytest.mark.slow
def test_the_whole_plan_on_spark(spark: SparkSession) -> None:
    del spark
    plan, facts = bureau()
    found, wanted = (plan.evaluate(facts, as_of=AS_OF, engine=engine) for engine in ("spark", "scalar"))
    assert _shown(found.findings) == _shown(wanted.findings)
    assert _shown(found.decisions) == _shown(wanted.decisions)


def test_the_whole_plan_on_duckdb() -> None:
    plan, facts = bureau()
    found, wanted = (plan.evaluate(facts, as_of=AS_OF, engine=engine) for engine in ("duckdb", "scalar"))
    assert _shown(found.findings) == _shown(wanted.findings)
    assert _shown(found.decisions) == _shown(wanted.decisions)
