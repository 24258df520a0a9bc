from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from cadrerules.errors import UsageError
from cadrerules.language.periods import Quarter
from cadrerules.load import files, read_tables
from cadrerules_market_supervision.facts import TABLES

PROGRESS = {
    "季度": ["2024Q1", "2024Q2"],
    "unit": ["01", "02"],
    "indicator": ["I1", "I1"],
    "progress": [0.5, None],
    "regional_rank": [3, None],
}
ROWS = [
    (Quarter.parse("2024Q1"), "01", "I1", Decimal("0.5"), 3, None),
    (Quarter.parse("2024Q2"), "02", "I1", None, None, None),
]


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame(PROGRESS),
        pl.LazyFrame(PROGRESS),
        pd.DataFrame(PROGRESS),
        pd.DataFrame(PROGRESS).convert_dtypes(),
        pd.DataFrame(PROGRESS, index=[7, 7]),
        pd.DataFrame(PROGRESS).astype({"progress": object, "季度": "category"}),
        pa.table(PROGRESS),
        pa.RecordBatch.from_pydict(PROGRESS),
        pl.DataFrame(PROGRESS, schema_overrides={"progress": pl.Decimal(10, 6), "unit": pl.Categorical}),
    ],
    ids=lambda frame: f"{type(frame).__module__}.{type(frame).__name__}",
)
def test_frames_of_every_library_give_the_same_rows(read: Any, frame: Any) -> None:
    assert [tuple(row.values()) for row in read({"progress": frame})["progress"]] == ROWS


def test_nan_is_an_empty_cell_in_pandas_alone(read: Any, refused: Any) -> None:
    cells = {**PROGRESS, "progress": [0.5, float("nan")]}
    assert read({"progress": pd.DataFrame(cells)})["progress"][1]["progress"] is None
    records = [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]
    for source in (pl.DataFrame(cells), pa.table(cells), records):
        (problem,) = refused({"progress": source})
        assert (problem.code, problem.place.row, problem.place.field) == ("CR-NOT-A-NUMBER", 2, "progress")


def test_infinity_is_refused_in_pandas_too(refused: Any) -> None:
    frame = pd.DataFrame({**PROGRESS, "progress": [0.5, np.inf]})
    assert [p.code for p in refused({"progress": frame})] == ["CR-NOT-A-NUMBER"]


def test_pandas_dates_and_missing_dates(read: Any) -> None:
    frame = pd.DataFrame(
        {
            "person": [1.0, 2.0],
            "unit": [None, pd.NA],
            "role": ["head"] * 2,
            "joined": [pd.Timestamp("2024-09-01"), pd.NaT],
        }
    )
    first, second = read({"staff": frame})["staff"]
    assert (first["person"], first["unit"], first["joined"]) == ("1", None, date(2024, 9, 1))
    assert second["joined"] is None


def test_a_frame_without_rows_is_an_empty_table_and_one_without_columns_is_refused(
    read: Any, refused: Any
) -> None:
    assert read({"units": pl.DataFrame({"unit": []})})["units"] == ()
    for frame in (pl.DataFrame(), pd.DataFrame(), pa.table({})):
        assert [p.code for p in refused({"units": frame})] == ["CR-MISSING-COLUMNS"]


def test_a_label_that_stands_twice(refused: Any) -> None:
    frame = pd.DataFrame([["U1", "U2"]], columns=["unit", "unit"])
    assert [p.code for p in refused({"units": frame})] == ["CR-HEADING-TWICE"]


def test_a_series_is_no_frame(refused: Any) -> None:
    for series in (pl.Series(["U1"]), pd.Series(["U1"]), pa.array(["U1"])):
        assert [p.code for p in refused({"units": series})] == ["CR-NOT-A-ROW"]


def test_parquet(read: Any, folder: Any) -> None:
    data = folder({})
    pl.DataFrame(PROGRESS).write_parquet(data / "progress.parquet")
    assert [tuple(row.values()) for row in read(data)["progress"]] == ROWS


def test_faulty_parquet(refused: Any, folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    data = folder({"progress.parquet": b"PAR1 nothing PAR1", "units.parquet": b""})
    assert [p.code for p in refused(data)] == ["CR-BAD-PARQUET", "CR-EMPTY-FILE"]
    (data / "units.parquet").unlink()
    pl.DataFrame(PROGRESS).write_parquet(data / "progress.parquet")
    monkeypatch.setattr("cadrerules.load.frames.MAX_CELLS", 9)
    assert [p.code for p in refused(data)] == ["CR-FILE-TOO-LARGE"]
    assert files.MAX_CELLS > 9


def test_without_polars_the_error_says_what_to_install(folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(UsageError) as caught:
        read_tables(folder({"units.parquet": b"x"}), TABLES)
    assert caught.value.code == "CR-EXTRA-MISSING"


def test_reading_loads_no_frame_library() -> None:
    extras = {"polars", "pandas", "pyarrow", "numpy", "python_calamine"}
    code = f"import sys, cadrerules.load; print({extras} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
