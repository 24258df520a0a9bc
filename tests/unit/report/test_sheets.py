from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from cadrerules import UsageError
from cadrerules.report import sheets
from cadrerules.report.grid import Grid, Heading, to_text

GRID = Grid(
    "a/b: [c]",
    (Heading("id", 10), Heading("n", 5), Heading("day", 12)),
    [("=1+1", 3, date(2024, 2, 29)), ("http://x", Decimal("2.5"), None), ("@x", None, date(1899, 1, 1))],
)
DAY = date(2025, 1, 15)


def part(content: bytes, name: str) -> str:
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_cells_keep_their_types_and_text_is_never_run() -> None:
    content = sheets.to_sheets([GRID], DAY)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["a b   c "]
    assert book.get_sheet_by_index(0).to_python() == [
        ["id", "n", "day"],
        ["=1+1", 3, date(2024, 2, 29)],
        ["http://x", 2.5, ""],
        ["@x", "", "1899-01-01"],
    ]
    sheet = part(content, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_the_header_is_frozen_filtered_and_as_wide_as_asked() -> None:
    sheet = part(sheets.to_sheets([GRID], DAY), "xl/worksheets/sheet1.xml")
    assert '<pane xSplit="1" ySplit="1" topLeftCell="B2"' in sheet
    assert '<autoFilter ref="A1:C4"/>' in sheet
    assert '<col min="1" max="1" width="10.7' in sheet


def test_more_rows_than_a_worksheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    with pytest.raises(UsageError) as caught:
        sheets.to_sheets([GRID], DAY)
    assert caught.value.code == "CR-TOO-MANY-ROWS"


def test_the_same_tables_give_the_same_bytes() -> None:
    assert sheets.to_sheets([GRID], DAY) == sheets.to_sheets([GRID], DAY)
    assert str(datetime(2025, 1, 15)).split()[0] in part(sheets.to_sheets([GRID], DAY), "docProps/core.xml")


def test_as_text_each_cell_stands_beside_its_heading() -> None:
    empty = Grid("Empty", (Heading("x"),), [], empty="nothing")
    assert to_text([GRID, empty], "标题", ["end"]) == (
        "标题\n====\n\na/b: [c]\n--------\n"
        "  - =1+1\n      n    3\n      day  2024-02-29\n"
        "  - http://x\n      n    2.5\n"
        "  - @x\n      day  1899-01-01\n"
        "\nEmpty\n-----\nnothing\n\nend\n"
    )
