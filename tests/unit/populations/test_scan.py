"""Tables that stay in columns: what the property of equality with rows doesn't reach."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from cadrerules.errors import CadreError, DataError, Problem
from cadrerules.load import read_tables
from cadrerules.populations import scan_checks, scan_links
from cadrerules.populations.scan import Scanned, scan_tables
from cadrerules_market_supervision.facts import TABLES

PROGRESS = {"quarter": ["2024Q1", "2024Q2"], "unit": ["U1", "U2"], "indicator": ["I1", "I1"], "progress": [0.5, None]}


def scan(source: Any, **options: Any) -> Scanned:
    return scan_tables(source, TABLES, **options)


def refused(source: Any, read: Callable[..., Any] = scan, **options: Any) -> list[Problem]:
    with pytest.raises(CadreError) as caught:
        read(source, **options)
    assert all(problem.text(lang) for problem in caught.value.problems for lang in ("en", "zh"))
    return list(caught.value.problems)


def codes(source: Any, **options: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.place.file) for problem in refused(source, **options)]


# --- folders of Parquet -------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "year=2024" / "data"  # what stands above isn't of the table
    inside.mkdir(parents=True)
    return inside


def test_a_file_a_folder_of_files_and_what_is_none_of_them(folder: Path) -> None:
    pl.DataFrame({"unit": ["U1", "U2"]}).write_parquet(folder / "units.PARQUET")
    (folder / "progress" / "2024").mkdir(parents=True)
    pl.DataFrame(PROGRESS).head(1).write_parquet(folder / "progress" / "a.parquet")
    pl.DataFrame(PROGRESS).tail(1).write_parquet(folder / "progress" / "2024" / "b.parquet")
    for aside in ("README.md", ".hidden", "~$open.xlsx", "progress/_SUCCESS", "progress/.a.parquet.crc", "progress/_x.parquet"):
        (folder / aside).write_bytes(b"not a table")
    facts = scan(folder).facts()
    assert [row["unit"] for row in facts["units"]] == ["U1", "U2"]
    assert sorted(row["unit"] for row in facts["progress"]) == ["U1", "U2"]
    assert facts.origin == "data"


def test_the_names_of_folders_are_a_column_of_text(folder: Path) -> None:
    for name in ("01", "B%202", "科室"):
        inside = folder / "progress.parquet" / f"bureau={name}"
        inside.mkdir(parents=True)
        pl.DataFrame(PROGRESS).write_parquet(inside / "part-0.parquet")
    found = scan(folder, group_by="bureau")
    assert found.organisations() == ["01", "B 2", "科室"]
    assert [tuple(row.values())[:4] for row in found.facts("01")["progress"]] == [
        tuple(row.values())[:4] for row in read_tables({"progress": pl.DataFrame(PROGRESS)}, TABLES)["progress"]
    ]


def test_what_in_a_folder_is_no_table(folder: Path) -> None:
    assert codes(folder) == [("CR-NO-TABLE", "data")]
    (folder / "notes").mkdir()
    (folder / "x.csv").write_bytes(b"unit\n")
    (folder / "progress.parquet").write_bytes(b"PAR1 nothing PAR1")
    (folder / "style.parquet").write_bytes(b"")
    pl.DataFrame({"unit": ["U1"]}).write_parquet(folder / "units.parquet")
    pl.DataFrame({"unit": ["U1"]}).write_parquet(folder / "科室表.parquet")
    pl.DataFrame({"unit": ["U1"]}).write_parquet(folder / "unitz.parquet")
    assert codes(folder) == [
        ("CR-SUBFOLDER", "notes"),
        ("CR-BAD-PARQUET", "progress.parquet"),
        ("CR-EMPTY-FILE", "style.parquet"),
        ("CR-NO-SUCH-TABLE", "unitz.parquet"),
        ("CR-UNKNOWN-FILE", "x.csv"),
        ("CR-TABLE-TWICE", "科室表.parquet"),
    ]
    assert "`units`" in next(p for p in refused(folder) if p.code == "CR-NO-SUCH-TABLE").text("en")


def test_a_file_that_is_damaged_within_and_files_that_do_not_fit_together(folder: Path) -> None:
    file = folder / "units.parquet"
    pl.DataFrame({"unit": [f"U{n}" for n in range(5_000)]}).write_parquet(file, compression="uncompressed")
    content = bytearray(file.read_bytes())
    content[4:4_000] = b"\xff" * 3_996
    file.write_bytes(content)
    assert codes(folder) == [("CR-BAD-PARQUET", "units.parquet")]
    file.unlink()
    (folder / "units").mkdir()
    pl.DataFrame({"unit": ["U1"]}).write_parquet(folder / "units" / "a.parquet")
    pl.DataFrame({"unit": [1.5], "name": ["x"]}).write_parquet(folder / "units" / "b.parquet")
    assert codes(folder) == [("CR-BAD-PARQUET", "units")]
    (folder / "units" / "b.parquet").write_bytes(b"")
    assert codes(folder) == [("CR-EMPTY-FILE", "units/b.parquet")]


def test_a_large_file_is_no_fault_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pl.DataFrame({"unit": ["U1"]}).write_parquet(folder / "units.parquet")
    monkeypatch.setattr("cadrerules.load.files.MAX_BYTES", 10)
    monkeypatch.setattr("cadrerules.load.frames.MAX_CELLS", 0)
    assert len(scan(folder).facts()["units"]) == 1


def test_sources_that_can_be_none(folder: Path) -> None:
    (folder / "x.parquet").write_bytes(b"x")
    assert codes(folder / "nothing") == [("CR-NO-SUCH-PATH", "nothing")]
    assert codes(folder / "x.parquet") == [("CR-NEEDS-FOLDER", "x.parquet")]
    assert codes(3) == [("CR-NOT-TABLES", "")]
    assert codes({"units": "units.parquet"}) == [("CR-NOT-ROWS", "units")]


# --- frames -------------------------------------------------------------------------------------


def test_a_connection_of_duckdb_offers_its_tables_and_views() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE units AS SELECT 'U1' AS unit")
    connection.execute('CREATE VIEW "科室表" AS SELECT unit FROM units')
    assert codes(connection) == [("CR-TABLE-TWICE", "科室表")]
    connection.execute('DROP VIEW "科室表"')
    assert scan(connection).facts()["units"] == ({"unit": "U1", "name": None},)
    connection.execute("CREATE VIEW style AS SELECT error('stop') AS quarter, 'U1' AS unit, NULL AS style")
    assert codes(connection) == [("CR-BAD-FRAME", "style")]


def test_a_frame_that_fails_has_a_code_also_where_rows_are_read() -> None:
    lazy = pl.LazyFrame({"unit": ["x"]}).with_columns(pl.col("unit").cast(pl.Int64))
    for read in (scan, lambda source: read_tables(source, TABLES)):
        assert [problem.code for problem in refused({"units": lazy}, read)] == ["CR-BAD-FRAME"]


def test_columns_of_pandas_that_hold_objects_of_any_kind() -> None:
    cells = [Decimal("0.5"), 1, "85%", None, 0.25]
    frame = pd.DataFrame({"quarter": ["2024Q1"] * 5, "unit": [1, "U2", 3.0, "4", "5"], "indicator": "I", "progress": cells})
    found = scan({"progress": frame.astype({"progress": object})}).facts()["progress"]
    assert [row["unit"] for row in found] == ["1", "U2", "3", "4", "5"]
    assert [row["progress"] for row in found] == [Decimal("0.5"), 1, Decimal("0.85"), None, Decimal("0.25")]


def test_columns_of_arrow_that_polars_has_no_type_for() -> None:
    wide = pa.array([Decimal("85.5"), None], type=pa.decimal256(60, 2))
    table = {"quarter": pa.array(["2024Q1"] * 2), "unit": pa.array(["U1", "U2"]).dictionary_encode(), "indicator": pa.array(["I"] * 2)}
    found = scan({"progress": pa.table({**table, "progress": wide})}).facts()["progress"]
    assert [row["progress"] for row in found] == [Decimal("85.5"), None]
    assert [row["unit"] for row in found] == ["U1", "U2"]
    span = pa.array([None, None], type=pa.month_day_nano_interval())
    assert scan({"progress": pa.table({**table, "progress": span})}).facts()["progress"][0]["progress"] is None
    nested = pa.table({**table, "progress": pa.array([[1], [2]])})
    assert codes({"progress": nested}) == [("CR-NOT-A-NUMBER", "progress")] * 2


def test_labels_that_stand_twice_and_labels_that_are_no_text() -> None:
    twice = pd.DataFrame([["U1", "U2"]], columns=["unit", "unit"])
    assert codes({"units": twice}) == [("CR-HEADING-TWICE", "units")]
    arrow = pa.table([pa.array(["U1"]), pa.array(["U2"])], names=["unit", "unit"])
    assert codes({"units": arrow}) == [("CR-HEADING-TWICE", "units")]
    assert codes({"units": pd.DataFrame({0: ["U1"]})}) == [("CR-MISSING-COLUMNS", "units")]


def test_frames_without_columns_or_rows() -> None:
    for empty in (pl.DataFrame(), pl.LazyFrame(), pd.DataFrame(), pa.table({})):
        assert codes({"units": empty}) == [("CR-MISSING-COLUMNS", "units")]
    assert scan({"units": pl.DataFrame({"unit": []})}).facts()["units"] == ()


def test_further_columns_are_left_out_also_where_they_are_to_be_kept() -> None:
    frame = pl.DataFrame({"unit": ["U1"], "more": [["x"]]})
    assert codes({"units": frame}) == [("CR-UNKNOWN-HEADING", "units")]
    for extra in ("ignore", "keep"):
        assert scan({"units": frame}, extra_columns=extra).facts()["units"] == ({"unit": "U1", "name": None},)


@pytest.mark.parametrize("dtype", [pl.Decimal(38, 6), pl.Decimal(38, 0), pl.Decimal(38, 20), pl.Int128, pl.UInt64, pl.Float64])
def test_numbers_too_large_for_a_cell_are_refused_and_never_wrap(dtype: Any) -> None:
    for value in (10**12, 2**63, 2**64 - 1, 10**17):
        frame = pl.DataFrame({**PROGRESS, "progress": [1, value]}, schema_overrides={"progress": dtype}, strict=False)
        if frame["progress"].null_count():  # not even the frame can hold it
            continue
        (problem,) = refused({"progress": frame})
        assert (problem.code, problem.place.row) == ("CR-NUMBER-TOO-LARGE", 2)
    frame = pl.DataFrame({**PROGRESS, "progress": [1, 10**12 - 1]}, schema_overrides={"progress": dtype})
    assert scan({"progress": frame}).facts()["progress"][1]["progress"] == 10**12 - 1


# --- many problems ------------------------------------------------------------------------------


def test_of_more_than_a_thousand_refused_rows_the_first_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_checks, "MOST_SHOWN", 3)
    frame = pl.DataFrame({"quarter": ["x"] * 5, "unit": [""] * 5, "indicator": ["I"] * 5, "progress": ["1"] * 5})
    *problems, more = refused({"progress": frame})
    assert [problem.place.row for problem in problems] == [1, 1, 2, 2, 3, 3]
    assert (more.code, more.values["count"]) == ("CR-MORE-PROBLEMS", 2)  # rows, not cells


def test_of_many_keys_that_stand_twice_the_first_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_links, "MOST_SHOWN", 2)
    frame = pl.DataFrame({"unit": ["U1", "U2", "U3", "U4", "U1", "U2", "U3"]})
    first, second, more = refused({"units": frame})
    assert (first.place.row, first.values["first"], second.place.row, second.values["first"]) == (5, 1, 6, 2)
    assert more.values["count"] == 1


def test_of_many_dangling_references_the_first_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_links, "MOST_SHOWN", 2)
    progress = pl.DataFrame({**PROGRESS, "unit": ["U8", "U9"]}).vstack(pl.DataFrame({**PROGRESS, "unit": ["U7", "U1"]}))
    problems = refused({"progress": progress, "units": pl.DataFrame({"unit": ["U1"]})})
    assert [(p.code, p.place.row) for p in problems[:2]] == [("CR-NO-SUCH-REFERENCE", 1), ("CR-NO-SUCH-REFERENCE", 2)]
    assert problems[2].values["count"] == 1


def test_no_problem_quotes_the_name_of_a_person() -> None:
    staff = {"person": ["P001", "P002"], "unit": ["U1", "职工甲乙"], "role": ["职工甲乙", "head"], "name": ["职工甲乙", None]}
    with pytest.raises(DataError) as caught:
        scan({"staff": pl.DataFrame(staff), "units": pl.DataFrame({"unit": ["U1"]})})
    for lang in ("en", "zh"):
        assert "职工甲乙" not in caught.value.report(lang)
    assert [problem.code for problem in caught.value.problems] == ["CR-NOT-A-CHOICE", "CR-NO-SUCH-REFERENCE"]


# --- batches ------------------------------------------------------------------------------------


def test_batches_are_the_whole_in_order() -> None:
    groups = {"bureau": ["B2", "B1", "B3", "B1"], "unit": ["U1", "U1", "U1", "U2"]}
    found = scan({"units": pl.DataFrame(groups)}, group_by="bureau")
    for rows, names in ((1, [["B1"], ["B2"], ["B3"]]), (3, [["B1", "B2"], ["B3"]]), (9, [["B1", "B2", "B3"]])):
        assert [part.organisations() for part in found.batches(rows)] == names
        assert sum(part.rows for part in found.batches(rows)) == 4
    assert found.only("B1").organisations() == ["B1"]
    assert codes_of(lambda: found.only("B9")) == "CR-UNKNOWN-GROUP"
    alone = scan({"units": pl.DataFrame({"unit": ["U1"]})})
    assert list(alone.batches(1)) == [alone]
    assert codes_of(lambda: alone.only("B1")) == "CR-NOT-GROUPED"


def codes_of(act: Callable[[], Any]) -> str:
    with pytest.raises(CadreError) as caught:
        act()
    return caught.value.problems[0].code


def test_one_organisation_has_its_own_waivers_and_disputes() -> None:
    tables = {
        "progress": pl.DataFrame({"bureau": ["B1", "B1", "B2", "B2"], **{k: v * 2 for k, v in PROGRESS.items()}}),
        "disputes": [{"bureau": "B2", "table": "指标进度", "key": "2024Q1|U1|I1", "column": "完成进度", "raised_on": "2024-09-01"}],
    }
    found = scan(tables, group_by="bureau")
    (dispute,) = found.facts("B2")["disputes"]
    assert (dispute["table"], dispute["key"], dispute["column"]) == ("progress", "2024Q1/U1/I1", "progress")
    assert "bureau" not in dispute
    assert found.facts("B1")["disputes"] == ()
    assert found.only("B1").facts()["disputes"] == ()
    tables["disputes"][0]["bureau"] = "B3"
    assert codes(tables, group_by="bureau") == [("CR-DISPUTED-ROW", "disputes")]


def test_floats_are_as_near_to_a_step_as_those_of_rows_must_be() -> None:
    """Each alone, for the product with the step rounds; beyond some millions no float is near enough but those on it."""
    wide = [123456789.123456, 4_194_304.1, 4_194_303.9, 999_999.123456, 2.0**40 + 0.5, 2.0**39 + 1e-4, 99_999_999_999.999]
    edges = [1 + 1e-9, 1 + 1.001e-9, 1 - 0.999e-9, 0.999e-9, 2e-9, -1e-10, 0.1 + 0.2, 1e12, 999_999_999_999.9999, 5e-324, 1e308]
    for value in (*wide, *edges):
        source = {"progress": pl.DataFrame({**PROGRESS, "progress": [1.0, value]})}
        expected: Any
        try:
            expected = read_tables(source, TABLES)["progress"][1]["progress"]
        except DataError as error:
            expected = error.problems
        try:
            assert scan(source).facts()["progress"][1]["progress"] == expected
        except DataError as error:
            assert [(p.code, p.place) for p in error.problems] == [(p.code, p.place) for p in expected]
