"""The servers of the tests: each answers, orders texts by code point and windows alike, and Spark takes a script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import servers

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ORDERED = """
    select word from (values ('B'), ('a'), ('职工'), ('Z'), ('é'), ('单位')) as t(word) order by word
"""
BY_CODE_POINT = ["B", "Z", "a", "é", "单位", "职工"]
RUNNING = """
    select unit, month,
        sum(points) over (partition by unit order by month),
        lag(points, 1) over (partition by unit order by month)
    from (values ('A', 1, 2), ('A', 2, 3), ('A', 3, 5), ('B', 1, 7)) as t(unit, month, points)
    order by unit, month
"""
RUNNING_ROWS = [("A", 1, 2, None), ("A", 2, 5, 2), ("A", 3, 10, 3), ("B", 1, 7, None)]
SCRIPT = """
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
print("rows:", spark.range(10).where("id % 2 = 0").count(), spark.sparkContext.master)
spark.stop()
"""


def test_postgres_answers(postgres: servers.Postgres) -> None:
    assert postgres.query("select 1, true, null") == [(1, True, None)]
    assert postgres.query(RUNNING) == RUNNING_ROWS


def test_postgres_keeps_nothing(postgres: servers.Postgres) -> None:
    made = ["create table facts (n int)", "insert into facts values (1), (2)"]
    assert postgres.query("select sum(n) from facts", setup=made) == [(3,)]
    assert postgres.query("select to_regclass('facts')") == [(None,)]


def test_postgres_orders_by_code_point_only_where_told(postgres: servers.Postgres) -> None:
    """One database orders so by itself; in the other a query must say so, as it must anywhere it doesn't know."""
    assert [word for (word,) in postgres.query(ORDERED)] == BY_CODE_POINT
    localised = [word for (word,) in postgres.query(ORDERED, database=servers.LOCALISED)]
    assert localised.index("a") < localised.index("B")
    told = postgres.query(ORDERED + 'collate "C"', database=servers.LOCALISED)
    assert [word for (word,) in told] == BY_CODE_POINT


@pytest.mark.spark
def test_spark_answers(spark: SparkSession) -> None:
    assert spark.sql("select 1, true, null").collect() == [(1, True, None)]
    assert [tuple(row) for row in spark.sql(RUNNING).collect()] == RUNNING_ROWS
    assert [row.word for row in spark.sql(ORDERED).collect()] == BY_CODE_POINT


@pytest.mark.spark
def test_spark_takes_and_gives_arrow(spark: SparkSession) -> None:
    import pyarrow as pa

    table = pa.table({"id": ["P001", "职工001", None], "points": pa.array([1, None, 3], pa.int64())})
    assert spark.createDataFrame(table).toArrow().to_pylist() == table.to_pylist()


@pytest.mark.spark
def test_spark_submit_runs_a_script(tmp_path: Path) -> None:
    if missing := servers.missing_for_spark():
        pytest.skip(missing)
    script = tmp_path / "count.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = servers.spark_submit(script)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["rows: 5 local[2]"]
    assert list(tmp_path.iterdir()) == [script]
