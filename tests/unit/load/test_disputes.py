from __future__ import annotations

from typing import Any

import pytest

RESULTS = [
    {
        "year": "2024",
        "unit": unit,
        "indicator": "I03",
        "regional_rank": 1,
        "cities": 14,
        "deducted": 0,
        "cause": "",
        "completed": "",
    }
    for unit in ("U05", "U/6")
]
EXEMPTIONS = [
    {
        "unit": "U05",
        "year": 2024,
        "indicator": "",
        "authority": "局党组",
        "reason": "x",
        "decided_on": "2024-01-01",
    }
]


def tables(**cells: str) -> dict[str, Any]:
    dispute = {
        "table": "results",
        "key": "2024/U05/I03",
        "column": "deducted",
        "raised_on": "2024-12-01",
        **cells,
    }
    return {"results": RESULTS, "exemptions": EXEMPTIONS, "disputes": [dispute]}


@pytest.mark.parametrize(
    "key",
    [
        "2024/U05/I03",
        "2024|U05|I03",
        "2024,U05,I03",
        "2024;U05;I03",
        " 2024 / U05 / I03 ",
        "2024年／U05／I03",
        "２０２４，U05，I03",
    ],
)
def test_a_row_is_named_by_its_key_in_any_separator(read: Any, key: str) -> None:
    assert read(tables(key=key))["disputes"][0]["key"] == "2024/U05/I03"


def test_table_and_column_may_be_named_by_their_titles(read: Any) -> None:
    row = read(tables(table="年终考核结果", column="被扣分数"))["disputes"][0]
    assert (row["table"], row["column"]) == ("results", "deducted")


def test_an_id_may_hold_a_slash_and_a_key_an_empty_cell(read: Any) -> None:
    assert read(tables(key="2024/U/6/I03"))["disputes"][0]["key"] == "2024/U/6/I03"
    assert read(tables(key="2024;U/6;I03"))["disputes"][0]["key"] == "2024/U/6/I03"
    assert (
        read(tables(table="exemptions", key="U05/2024/", column="reason"))["disputes"][0]["key"]
        == "U05/2024/"
    )


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"table": "result"}, "CR-DISPUTED-TABLE", "table"),
        ({"column": "deduct"}, "CR-DISPUTED-COLUMN", "column"),
        ({"column": "unit"}, "CR-DISPUTED-COLUMN", "column"),
        ({"key": "2024/U05"}, "CR-DISPUTED-ROW", "key"),
        ({"key": "2023/U05/I03"}, "CR-DISPUTED-ROW", "key"),
        ({"key": "x/U05/I03"}, "CR-DISPUTED-ROW", "key"),
        ({"key": ""}, "CR-EMPTY-CELL", "key"),
    ],
)
def test_a_dispute_about_no_cell_is_refused(
    refused: Any, cells: dict[str, str], code: str, field: str
) -> None:
    (problem,) = refused(tables(**cells))
    assert (problem.code, problem.place.row, problem.place.field) == (code, 1, field)


def test_the_key_of_an_absent_table_is_not_asked_for(read: Any) -> None:
    data = tables(table="progress", column="progress", key="2024Q1/U1/I1")
    assert read(data)["disputes"][0]["key"] == "2024Q1/U1/I1"


def test_one_cell_written_in_two_ways_is_disputed_twice(refused: Any) -> None:
    data = tables()
    data["disputes"] += tables(key="2024;U05;I03", table="年终考核结果", column="扣分")["disputes"]
    assert [p.code for p in refused(data)] == ["CR-DUPLICATE-ROW"]
