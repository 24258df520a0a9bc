"""Tables that stay in Spark: held as Polars holds them, refused with codes, evaluated as rows are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from populations.nation import write
from populations.shape import Nation

import cadrerules as cr
from cadrerules.cli import main

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from cadrerules.populations.spark_scan import SparkTables

pytestmark = pytest.mark.spark

AS_OF = date(2025, 1, 15)
BY = "bureau"
UNITS = [{BY: "B1", "unit": "U01"}, {BY: "B1", "unit": "U02"}, {BY: "B2", "unit": "U01"}]


@pytest.fixture(scope="module")
def plan() -> cr.Plan:
    return cr.load_policies("market-supervision")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(Nation(organisations=3, holes=0.01), tmp_path_factory.mktemp("nation"))


@pytest.fixture(scope="module")
def tables(spark: SparkSession, plan: cr.Plan, folder: Path) -> SparkTables:
    return cr.scan_tables(folder, plan, group_by=BY, session=spark)  # type: ignore[return-value]


def frames(spark: SparkSession, tables: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {name: spark.createDataFrame(pl.DataFrame(rows, infer_schema_length=None).to_arrow()) for name, rows in tables.items()}


def faults(spark: SparkSession, plan: cr.Plan, tables: Mapping[str, list[dict[str, Any]]]) -> list[tuple[str, str, str]]:
    """The code, the place and the column of each problem."""
    with pytest.raises(cr.DataError) as caught:
        cr.scan_tables(frames(spark, tables), plan, group_by=BY)
    assert caught.value.report("zh")
    return [(p.code, f"{p.place.file} {p.place.path}", p.place.field) for p in caught.value.problems]


def test_cells_are_those_that_polars_holds(tables: SparkTables, plan: cr.Plan, folder: Path) -> None:
    held: Any = cr.scan_tables(folder, plan, group_by=BY)
    assert (tables.rows, tables.holes, tables.extents) == (held.rows, held.holes, held.extents)
    assert {name: {*map(str, rows)} for name, rows in tables.few.rows.items()} == {
        name: {*map(str, rows)} for name, rows in held.few.rows.items()
    }
    for name, frame in tables.cells.items():
        key = [BY, *plan.tables[name].key]
        found = pl.DataFrame(pl.from_arrow(frame.toArrow()))
        assert_frame_equal(found.sort(key), held.cells[name].collect().sort(key))


def test_one_organisation_comes_as_rows(tables: SparkTables, plan: cr.Plan, folder: Path) -> None:
    rows = cr.read_tables(folder, plan, group_by=BY)
    own = tables.facts("B000002")
    assert not own.group
    for name, found in own.rows.items():
        expected = [{c: cell for c, cell in row.items() if c != BY} for row in rows[name] if row[BY] == "B000002"]
        assert sorted(map(repr, found)) == sorted(map(repr, expected))
    assert tables.organisations() == ["B000001", "B000002", "B000003"]
    with pytest.raises(cr.UsageError, match="CR-UNKNOWN-GROUP"):
        tables.only("B000004")


def test_frames_are_evaluated_where_they_are(spark: SparkSession, plan: cr.Plan, folder: Path) -> None:
    given = {path.stem: spark.read.parquet(str(path)) for path in folder.glob("*.parquet")}
    policies = ["rectification", "training"]
    result = plan.evaluate(cr.scan_tables(given, plan, group_by=BY).only("B000003"), as_of=AS_OF, policies=policies)
    found = result.to_frame("decisions")
    assert type(found).__module__.startswith("pyspark.sql")
    rows = cr.read_tables(folder, plan, group_by=BY)
    wanted = plan.evaluate(rows, as_of=AS_OF, policies=policies, engine="scalar").to_frame("decisions").filter(pl.col(BY) == "B000003").drop("missing", "parameters")
    assert wanted.height
    assert_frame_equal(pl.DataFrame(pl.from_arrow(found.toArrow())).select(wanted.columns).sort("id"), wanted.sort("id"), check_dtypes=False)
    decision = result.decision("training", wanted.filter(question="training")["subject"][0])
    assert decision.explain()


def test_the_command_line_writes_a_folder(spark: SparkSession, plan: cr.Plan, folder: Path, tmp_path: Path) -> None:
    assert spark
    out = tmp_path / "out"
    asked = ["--policy", "training", "--engine", "spark", "--group-by", BY, "--as-of", AS_OF.isoformat()]
    statuses = []
    for _ in range(2):
        with pytest.raises(SystemExit) as left:
            main(["evaluate", str(folder), *asked, "--format", "parquet", "--out", str(out)])
        statuses.append(left.value.code)
    assert statuses == [0, 2], "what is there already isn't replaced"
    assert [*tmp_path.iterdir()] == [out]
    rows = plan.evaluate(cr.read_tables(folder, plan, group_by=BY), as_of=AS_OF, policies=["training"], engine="scalar")
    wanted = rows.to_frame("decisions").drop("missing", "parameters")
    found = pl.read_parquet(out / "*.parquet").select(wanted.columns)
    assert_frame_equal(found.sort(BY, "id"), wanted.sort(BY, "id"), check_dtypes=False)


# --- what is refused ----------------------------------------------------------------------------


def test_refused_cells_are_read_as_rows_are(spark: SparkSession, plan: cr.Plan) -> None:
    style = [
        {BY: "B1", "quarter": "2024Q1", "unit": "U01", "style": "good"},
        {BY: "B1", "quarter": "2024Q2", "unit": "U01", "style": "excellent"},
        {BY: "B2", "quarter": "2024年第三季度", "unit": "U01", "style": "好"},
    ]
    progress = [
        {BY: "B1", "quarter": "2024Q1", "unit": "U01", "indicator": "I1", "progress": 80.0},
        {BY: "B1", "quarter": "2024Q1", "unit": "U01", "indicator": "I2", "progress": -1.0},
        {BY: "B1", "quarter": "2024Q1", "unit": None, "indicator": "I3", "progress": 80.0},
    ]
    found = faults(spark, plan, {"units": UNITS, "style": style, "progress": progress})
    assert sorted(found) == [
        ("CR-EMPTY-CELL", "progress bureau=B1", "unit"),
        ("CR-NOT-A-CHOICE", "style bureau=B1", "style"),
        ("CR-OTHER-FORM", "style bureau=B2", "quarter"),
        ("CR-TOO-LOW", "progress bureau=B1", "progress"),
    ]


def test_contradictions_and_repeated_keys(spark: SparkSession, plan: cr.Plan) -> None:
    result = {BY: "B1", "year": 2024, "unit": "U01", "indicator": "I1", "regional_rank": 15, "cities": 14}
    rest = {"deducted": 0.5, "cause": "subjective", "completed": True}
    found = faults(spark, plan, {"units": [*UNITS, UNITS[2]], "results": [{**result, **rest}]})
    assert found == [("CR-KEY-REPEATED", "units bureau=B2", ""), ("CR-CONTRADICTION", "results bureau=B1", "")]


def test_what_names_no_row(spark: SparkSession, plan: cr.Plan) -> None:
    style = [{BY: by, "quarter": "2024Q1", "unit": "U02", "style": "good"} for by in ("B1", "B2")]
    dispute = {BY: "B1", "table": "style", "column": "style", "raised_on": date(2024, 5, 1), "resolved_on": None}
    disputes = [{**dispute, "key": key} for key in ("2024年第1季度/U02", "2024Q1/U01")]
    found = faults(spark, plan, {"units": UNITS, "style": style, "disputes": disputes})
    assert found == [("CR-NO-SUCH-REFERENCE", "style bureau=B2", "unit"), ("CR-DISPUTED-ROW", "disputes ", "key")]


def test_headings_and_names(spark: SparkSession, plan: cr.Plan) -> None:
    extra = [{"unit": "U01", "colour": "red"}]
    found = faults(spark, plan, {"units": extra, "nothing": UNITS})
    assert found == [("CR-GROUP-MISSING", "units ", ""), ("CR-UNKNOWN-HEADING", "units ", ""), ("CR-NO-SUCH-TABLE", "nothing ", "")]


def test_folders_that_are_none(spark: SparkSession, plan: cr.Plan, tmp_path: Path) -> None:
    for path, code in ((tmp_path / "gone", "CR-NO-SUCH-PATH"), (tmp_path / "file", "CR-NEEDS-FOLDER")):
        (tmp_path / "file").write_text("x")
        with pytest.raises(cr.UsageError, match=code):
            cr.scan_tables(path, plan, session=spark)
    (tmp_path / "units.parquet").write_text("no Parquet")
    with pytest.raises(cr.DataError, match="CR-BAD-PARQUET"):
        cr.scan_tables(str(tmp_path), plan, session=spark)
