"""What Spark makes of raw cells is what the row reader makes of them, or the cell is refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest
from pydantic_core import PydanticCustomError

from cadrerules.engines.columnar.rows import plain_cell
from cadrerules.errors import Place
from cadrerules.language.periods import Month, Period, Quarter, Week, Year
from cadrerules.load.problems import Problems
from cadrerules.model.cells import read_cell
from cadrerules.model.facts import NEVER, Column, Facts

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark


class Kinds(Facts, table="kinds"):
    """A column of every type."""

    id: Annotated[str, Column(key=True)]
    note: str | None
    word: Annotated[Literal["good", "bad"] | None, Column(words={"good": ("好",), "bad": ("差",)})]
    truth: bool | None
    day: date | None
    ends: Annotated[date | None, Column(empty=NEVER)]
    year: Year | None
    quarter: Quarter | None
    month: Month | None
    week: Week | None
    period: Period | None
    whole: Annotated[int | None, Column(low=0, high=100)]
    points: Annotated[Decimal | None, Column(low=0, step="0.01")]


TEXTS: dict[str, list[str]] = {
    "note": ["U05", " U05\u3000", "", " \u00a0", "1.2E+15", "职工001", "a\x00b", "x" * 10_000, "x" * 10_001],
    "word": ["good", "好", " 差 ", "excellent", "Good", "ｇｏｏｄ"],
    "truth": ["true", "False", "是", "否", "YES", "0", "1", "2", "perhaps"],
    "day": ["2024-02-29", "2023-02-29", "1899-12-31", "2201-01-01", "2024-13-01", "2024/1/5", "2024年1月5日", "9999-12-31"],
    "ends": ["9999-12-31", "9998-12-31", "2024-01-01"],
    "year": ["2024", "1899", "2201", "2024年", "24", "2024Q1"],
    "quarter": ["2024Q3", "2024Q5", "2024年第三季度", "2024-Q3", "1899Q4", "2024"],
    "month": ["2024-09", "2024-13", "2024-9", "2024年9月", "2024Q3"],
    "week": ["2024-W37", "2024-W53", "2020-W53", "2024-W00", "2024-W54", "2024年第37周", "2024W37"],
    "period": ["2024", "2024Q3", "2024-09", "2024-W37", "2020-W53", "2024-W53", "2024-00", "soon"],
    "whole": ["0", "100", "101", "-1", "+7", "7.0", "7.5", "1e2", "50%", "７", "9" * 30, "many"],
    "points": ["2.5", "0.01", "0.001", "12.340", "-0.5", "1" * 17, "1" * 16, "2,5", ""],
}
OTHER_FORMS = {
    *("ｇｏｏｄ", "2024/1/5", "2024年1月5日", "2024年", "2024年第三季度", "2024-Q3", "2024-9", "2024年9月"),
    *("2024年第37周", "2024W37", "1e2", "50%", "７"),
}
"""What the row reader takes and Spark doesn't, which is told."""


def checked(spark: SparkSession, cells: Iterable[tuple[str, Any]], kind: str) -> list[Any]:
    """A row for each cell, the others of which are empty: the cells as they are held, and what is refused."""
    from cadrerules.populations.spark_checks import laid_out
    from cadrerules.populations.spark_tables import SparkOffered

    cells = list(cells)
    names = list(dict.fromkeys(name for name, _ in cells))
    rows = [(f"R{at:04}", *(raw if name == own else None for own in names)) for at, (name, raw) in enumerate(cells)]
    schema = ", ".join(["id string", *(f"{name} {kind}" for name in names)])
    whole = spark.createDataFrame(rows, schema)
    for name in Kinds.spec.columns:
        if name not in whole.columns:
            whole = whole.selectExpr("*", f"cast(null as string) as {name}")
    table = laid_out(SparkOffered("kinds", Place(), whole), Kinds.spec, "error", Problems())
    assert table is not None
    return sorted(table.checked.collect(), key=lambda row: row["id"])


def check(spark: SparkSession, cells: list[tuple[str, Any]], kind: str) -> None:
    """Each cell is held as the row reader reads it, or refused by both, or one of the other forms."""
    for (name, raw), row in zip(cells, checked(spark, cells, kind), strict=True):
        spec = Kinds.spec.columns[name]
        try:
            wanted, readable = plain_cell(spec.type, read_cell(raw, spec)), raw not in OTHER_FORMS
        except PydanticCustomError:
            wanted, readable = None, False
        assert (row[name], row["(refused)"]) == ((wanted, []) if readable else (None, [name])), (name, raw)


def test_texts(spark: SparkSession) -> None:
    check(spark, [(name, raw) for name, raws in TEXTS.items() for raw in raws], "string")


NUMBERS: dict[str, list[tuple[str, Any]]] = {
    "bigint": [
        *(("note", 5), ("note", 10**15), ("truth", 1), ("truth", 2), ("year", 2024), ("year", 24), ("period", 2024)),
        *(("whole", 100), ("whole", 101), ("points", 3), ("points", 10**16)),
    ],
    "double": [
        *(("whole", 7.0), ("whole", 7.5), ("points", 2.5), ("points", 0.1 + 0.2), ("points", 0.001)),
        *(("points", float("inf")), ("points", float("nan")), ("points", 1e17)),
    ],
    "decimal(20,4)": [("whole", Decimal(7)), ("points", Decimal("2.5000")), ("points", Decimal("2.505")), ("points", Decimal(-1))],
    "boolean": [("truth", True), ("truth", False), ("whole", True), ("day", True), ("word", True)],
    "date": [("day", date(2024, 2, 29)), ("day", date(1899, 1, 1)), ("day", date.max), ("ends", date.max), ("points", date(2024, 1, 1))],
    "timestamp_ntz": [("day", datetime(2024, 2, 29)), ("day", datetime(2024, 2, 29, 8))],
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_what_spark_types_itself(spark: SparkSession, kind: str) -> None:
    check(spark, NUMBERS[kind], kind)
