"""The digest of facts is the same for the same facts, and no other's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.simulate import data
from cadrerules.simulate.data import Data, data_of
from cadrerules.simulate.subjects import homes, id_columns

PLAN = cr.load_policies("market-supervision")
ROWS = [{"quarter": "2024Q3", "unit": f"U{n:02}", "indicator": "I1", "progress": n} for n in range(1, 12)]


def of(rows: list[dict[str, Any]], **more: Any) -> Data:
    return data_of(PLAN, cr.read_tables({"progress": rows, **more}, PLAN))


def test_rows_subjects_and_a_digest() -> None:
    found = of(ROWS)
    assert (found.rows, found.subjects) == ({"progress": 11}, {"unit": 11})
    assert len(found.hash) == 64
    assert found.to_dict() == {"hash": found.hash, "rows": {"progress": 11}, "subjects": {"unit": 11}}


def test_the_same_rows_in_any_order_have_one_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    found = of(ROWS).hash
    assert of(ROWS[::-1]).hash == found
    monkeypatch.setattr(data, "_SLICE", 3)
    assert of(ROWS).hash == found
    assert of([*ROWS[6:], *ROWS[:6]]).hash == found
    assert of([*ROWS[3:], *ROWS[:3]]).hash == found


@pytest.mark.parametrize(("column", "cell"), [("progress", 1.000001), ("progress", None), ("unit", "U99"), ("quarter", "2024Q4")])
def test_another_cell_is_another_digest(column: str, cell: Any) -> None:
    assert of([{**ROWS[0], column: cell}, *ROWS[1:]]).hash != of(ROWS).hash


def test_a_table_that_is_empty_is_not_one_that_is_not_there() -> None:
    assert of(ROWS, style=[]).hash != of(ROWS).hash


def test_columns_have_the_digest_of_rows(tmp_path: Path) -> None:
    bureau = Path(__file__).parents[3] / "examples" / "bureau"
    rows = cr.read_tables(bureau, PLAN)
    for name in rows.rows:
        pl.read_csv(bureau / f"{name}.csv", infer_schema=False).write_parquet(tmp_path / f"{name}.parquet")
    columns = data_of(PLAN, cr.scan_tables(tmp_path, PLAN))
    assert columns == data_of(PLAN, rows)
    assert columns.subjects == {"person": 182, "problem": 12, "unit": 20}


def test_ids_of_a_kind_are_found_by_rules_references_and_names() -> None:
    ids = id_columns(PLAN)
    assert ids["person"] == {("assessments", "person"), ("contacts", "leader"), ("staff", "person"), ("trainings", "person")}
    assert ("problems", "lead_unit") in ids["unit"]
    assert ("activities", "actor") not in ids["person"]
    assert ids["bureau"] == frozenset()
    assert homes(PLAN, "person", PLAN.tables) == [("staff", "person")]
    assert homes(PLAN, "person", {"trainings": (), "contacts": ()}) == [("contacts", "leader"), ("trainings", "person")]
