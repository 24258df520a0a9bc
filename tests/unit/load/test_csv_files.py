from __future__ import annotations

import codecs
from typing import Any

import pytest

ROWS = ({"unit": "U1", "name": "办公室"}, {"unit": "U2", "name": None})
TEXT = "unit,name\r\nU1,办公室\r\nU2,\r\n"


@pytest.mark.parametrize("content", [TEXT.encode(), codecs.BOM_UTF8 + TEXT.encode(), TEXT.encode("gb18030")])
def test_encodings(read: Any, folder: Any, content: bytes) -> None:
    assert read(folder({"units.csv": content}))["units"] == ROWS


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(read: Any, folder: Any, end: str, last: bool) -> None:
    text = end.join(["unit,name", "U1,办公室", "U2,"]) + (end if last else "")
    assert read(folder({"units.csv": text}))["units"] == ROWS


def test_quoted_cells_may_hold_commas_quotes_and_lines(read: Any, folder: Any) -> None:
    rows = read(folder({"units.csv": 'unit,name\n"U,1","a ""b""\nc"\n'}))["units"]
    assert rows == ({"unit": "U,1", "name": 'a "b"\nc'},)


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(refused: Any, folder: Any) -> None:
    data = folder({"units.csv": 'unit,name\nU1,"two\nlines"\n\n,,\n,x\nU1,\n'})
    problems = refused(data)
    assert [(p.code, p.place.row) for p in problems] == [
        ("CR-EMPTY-CELL", 5),
        ("CR-DUPLICATE-ROW", 6),
    ]


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b"unit,name\nU1\n", "CR-RAGGED-ROW", 2),
        (b"unit,name\nU1,x\nU2,x,y\n", "CR-RAGGED-ROW", 3),
        (b'unit,name\nU1,x\nU2,"x\n', "CR-UNCLOSED-QUOTE", 3),
        (b'unit,name\nU1,"x"y\n', "CR-BAD-QUOTE", 2),
        (b"unit,name\nU1," + b"x" * 140_000, "CR-CELL-TOO-LONG", 2),
        (b"unit,name\nU1,\0\n", "CR-NUL-BYTE", None),
        (TEXT.encode("utf-16"), "CR-NUL-BYTE", None),
        (b"unit,name\nU1,\xff\xff\n", "CR-BAD-ENCODING", None),
        (b"unit;name\nU1;x\n", "CR-WRONG-DELIMITER", None),
        (b"unit\tname\nU1\tx\n", "CR-WRONG-DELIMITER", None),
        ("unit，name\nU1，x\n".encode(), "CR-WRONG-DELIMITER", None),
        (b"", "CR-EMPTY-FILE", None),
        (codecs.BOM_UTF8, "CR-EMPTY-FILE", None),
    ],
)
def test_faulty_files(refused: Any, folder: Any, content: bytes, code: str, row: int | None) -> None:
    (problem,) = refused(folder({"units.csv": content}))
    assert (problem.code, problem.place.file, problem.place.row) == (code, "units.csv", row)


def test_what_stands_before_a_fault_is_checked_too(refused: Any, folder: Any) -> None:
    problems = refused(folder({"units.csv": 'unit,name\n,x\nU2\nU3,"x'}))
    assert [(p.code, p.place.row) for p in problems] == [
        ("CR-EMPTY-CELL", 2),
        ("CR-RAGGED-ROW", 3),
        ("CR-UNCLOSED-QUOTE", 4),
    ]
