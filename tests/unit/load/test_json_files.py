from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

PROGRESS = '{"quarter": "2024Q1", "unit": "01", "indicator": 7, "progress": 0.100000}'


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(content: str | bytes, name: str = "data.json") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_an_object_of_lists(read: Any, file: Any) -> None:
    facts = read(file(f'\ufeff{{"units": [{{"unit": "01"}}], "指标进度": [{PROGRESS}], "style": []}}'))
    assert [row["unit"] for row in facts["units"]] == ["01"]
    assert facts["progress"][0]["progress"] == Decimal("0.1")
    assert facts["progress"][0]["indicator"] == "7"
    assert facts["style"] == ()


def test_numbers_are_exact(refused: Any, file: Any) -> None:
    row = PROGRESS.replace("0.100000", "0.30000000000000004")
    (problem,) = refused(file(f'{{"progress": [{row}]}}'))
    assert (problem.code, problem.values["value"]) == ("CR-OFF-STEP", "0.30000000000000004")
    assert (problem.place.sheet, problem.place.row, problem.place.field) == ("progress", 1, "progress")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "CR-EMPTY-FILE"),
        ("{", "CR-BAD-JSON"),
        ('{"units": [{"unit": NaN}]}', "CR-BAD-JSON"),
        ('{"units": [{"unit": -Infinity}]}', "CR-BAD-JSON"),
        ('{"units": [{"unit": 1e99999999999999999999}]}', "CR-BAD-JSON"),
        ('{"units": [{"unit": ' + "1" * 5000 + "}]}", "CR-BAD-JSON"),
        ("[" * 100_000, "CR-BAD-JSON"),
        ('{"units": ' + "[" * 100_000 + "]" * 100_000 + "}", "CR-BAD-JSON"),
        ('{"units": [], "units": []}', "CR-JSON-KEY-TWICE"),
        ('{"units": [{"unit": "a", "unit": "b"}]}', "CR-JSON-KEY-TWICE"),
        (b'{"units": "\xff"}', "CR-BAD-ENCODING"),
        ("[]", "CR-NOT-AN-OBJECT"),
        ("5", "CR-NOT-AN-OBJECT"),
        ("{}", "CR-NO-TABLE"),
        ('{"units": {}}', "CR-NOT-ROWS"),
        ('{"units": "x"}', "CR-NOT-ROWS"),
        ('{"units": [5]}', "CR-NOT-A-ROW"),
        ('{"units": [{"unit": "\\ud800"}]}', "CR-BAD-CHARACTER"),
    ],
)
def test_faulty_objects(refused: Any, file: Any, content: str | bytes, code: str) -> None:
    (problem,) = refused(file(content))
    assert (problem.code, problem.place.file) == (code, "data.json")


def test_a_fault_is_placed_by_line_and_character(refused: Any, file: Any) -> None:
    (problem,) = refused(file('{"units": [\n  {"unit" "U1"}\n]}'))
    assert (problem.place.line, problem.place.column) == (2, 11)


def test_one_object_a_line(read: Any, refused: Any, folder: Any) -> None:
    data = folder({"progress.jsonl": f"{PROGRESS}\r\n\n{PROGRESS.replace('7', '8')}"})
    assert [row["indicator"] for row in read(data)["progress"]] == ["7", "8"]
    (data / "progress.jsonl").write_text('{"quarter": \n[]\n{"a": 1, "a": 2}\n')
    assert [(p.code, p.place.row) for p in refused(data)] == [("CR-BAD-JSON", 1), ("CR-JSON-KEY-TWICE", 3)]
    (data / "progress.jsonl").write_text(f"\n{PROGRESS}\n[]\n")
    assert [(p.code, p.place.row) for p in refused(data)] == [("CR-NOT-A-ROW", 3)]
    (data / "progress.jsonl").write_text(f"{PROGRESS}\n{PROGRESS.replace('7', '8').replace('01', '')}\n")
    assert [(p.code, p.place.row, p.place.field) for p in refused(data)] == [("CR-EMPTY-CELL", 2, "unit")]


def test_an_object_may_leave_out_what_it_does_not_know(read: Any, refused: Any) -> None:
    rows = [{"unit": "U1"}, {"unit": "U2", "name": "x"}]
    assert [row["name"] for row in read({"units": rows})["units"]] == [None, "x"]
    assert [(p.code, p.place.row) for p in refused({"units": [*rows, {"name": "y"}]})] == [
        ("CR-EMPTY-CELL", 3)
    ]


def test_yaml(read: Any, refused: Any, file: Any) -> None:
    text = "units:\n  - {unit: 01, name: 办公室}\n  - {unit: 2}\n"
    for name in ("data.yaml", "data.yml"):
        assert [row["unit"] for row in read(file(text, name))["units"]] == ["01", "2"]
    assert [p.code for p in refused(file("units:\n  - {unit: U1, unit: U2}\n", "data.yaml"))] == [
        "CR-YAML-DUPLICATE-KEY"
    ]
    assert [p.code for p in refused(file("- 1\n", "data.yaml"))] == ["CR-NOT-AN-OBJECT"]
    assert [p.code for p in refused(file("", "data.yaml"))] == ["CR-EMPTY-FILE"]
