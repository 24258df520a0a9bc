from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from cadrerules.errors import UsageError
from cadrerules.language.periods import Quarter, Year
from cadrerules.load import read_tables, workbook_check
from cadrerules_market_supervision.facts import TABLES

Fill = Callable[[xlsxwriter.Workbook], None]
SHEET = "xl/worksheets/sheet1.xml"
BEGIN = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[Fill], Path]:
    def write(fill: Fill) -> Path:
        path = tmp_path / "data.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            fill(book)
        return path

    return write


@pytest.fixture
def units(workbook: Any) -> Path:
    return workbook(lambda book: book.add_worksheet("units").write_column(0, 0, ["unit", "U1"]))


def rewrite(path: Path, change: dict[str, bytes]) -> Path:
    """The workbook with some of its members replaced."""
    with ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in {**members, **change}.items():
            archive.writestr(name, content)
    return path


def sheet(path: Path, rows: str) -> Path:
    return rewrite(path, {SHEET: f"{BEGIN}{rows}</sheetData></worksheet>".encode()})


def test_typed_cells_on_sheets_by_name_or_title(read: Any, workbook: Any) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        progress = book.add_worksheet("指标进度")
        progress.write_row(0, 0, ["季度", "科室", "指标", "进度", "全区排名"])
        progress.write_row(1, 0, ["2024年第三季度", 101, "I1", 0.1 + 0.2, 3])
        staff = book.add_worksheet("staff")
        staff.write_row(0, 0, ["person", "unit", "role", "joined", "cadre"])
        staff.write_row(1, 0, ["P1", "101", "科长", "", True])
        staff.write_datetime(1, 3, datetime(2024, 9, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        results = book.add_worksheet("results")
        results.write_row(
            0, 0, ["year", "unit", "indicator", "regional_rank", "cities", "deducted", "cause", "completed"]
        )
        results.write_row(1, 0, [2024, "101", "I1", "", "", 2.5, "主观", "否"])
        book.add_worksheet("README")
        book.add_worksheet("lists").hide()

    facts = read(workbook(fill))
    assert set(facts.rows) == {"progress", "staff", "results"}
    assert list(facts["progress"][0].values())[:5] == [
        Quarter.parse("2024Q3"),
        "101",
        "I1",
        Decimal("0.3"),
        3,
    ]
    assert facts["staff"][0]["joined"] == date(2024, 9, 1)
    assert facts["staff"][0]["cadre"] is True
    assert facts["results"][0]["year"] == Year(2024)
    assert facts["results"][0]["completed"] is False


def test_places_are_those_the_spreadsheet_shows(refused: Any, workbook: Any) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        progress = book.add_worksheet("progress")
        progress.write_row(2, 1, ["quarter", "unit", "indicator", "progress"])
        progress.write_row(3, 1, ["2024Q1", 123456789012345678, "I1", 0.5])
        progress.write_row(5, 1, ["2024Q1", "U1", "I1", -0.5])

    problems = refused(workbook(fill))
    assert [(p.code, p.place.file, p.place.sheet, p.place.row, p.place.field) for p in problems] == [
        ("CR-ID-BECAME-NUMBER", "data.xlsx", "progress", 4, "unit"),
        ("CR-TOO-LOW", "data.xlsx", "progress", 6, "progress"),
    ]


def test_a_sheet_that_is_no_table_and_one_without_heading(refused: Any, workbook: Any) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Sheet1")
        book.add_worksheet("units")

    problems = refused(workbook(fill))
    assert [(p.code, p.place.sheet) for p in problems] == [
        ("CR-NO-SUCH-TABLE", "Sheet1"),
        ("CR-EMPTY-FILE", "units"),
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<c r="AB2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "CR-CELL-ERROR"),
        ("<c r=\"AB2\" t='e'><v>#N/A</v></c>", "CR-CELL-ERROR"),
        ('<c r="AB2"><f>A1&amp;1</f></c>', "CR-NOT-CALCULATED"),
        ('<c r="AB2"><f t="shared" si="0"/></c>', "CR-NOT-CALCULATED"),
    ],
)
def test_an_error_or_a_formula_without_result_is_not_an_empty_cell(
    refused: Any, units: Path, cell: str, code: str
) -> None:
    fine = '<c r="A3"><f>1</f><v>2</v></c>'
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2">{cell}</row><row r="3">{fine}</row>'
    (problem,) = refused(sheet(units, rows))
    assert (problem.code, problem.place.sheet, problem.place.row) == (code, "units", 2)
    assert problem.values["cell"] == "AB2"


FAR = [
    '<row r="1"><c r="A1"><v>1</v></c>'
    + "<c><v>1</v></c>" * 20
    + '</row><row r="1048576"><c><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c s="1" r = \'xfd1048576\' ><v>1</v></c></row>',
    '<row r="1"><c r="XFD1"><v>1</v></c></row><row\nr="1048576"><c><v>1</v></c></row>',
    '<row r="1"><c x=" r=\'A1\'" r="XFD1"><v>1</v></c></row><row x=">" r="1048576"><c><v>1</v></c></row>',
    '<row r="1"><c r="XFC1"><v>1</v></c><c><v>2</v></c></row><row r="1048576"/><row><c><v>1</v></c></row>',
    '<x:row r="1"><x:c r="XFD1"><x:v>1</x:v></x:c></x:row><x:row r="1048576"><x:c><x:v>1</x:v></x:c></x:row>',
]


@pytest.mark.parametrize("rows", FAR)
def test_cells_far_apart_do_not_exhaust_the_memory(refused: Any, units: Path, rows: str) -> None:
    assert [p.code for p in refused(sheet(units, rows))] == ["CR-WORKBOOK-TOO-LARGE"]


def test_a_blank_cell_far_off_does_no_harm(read: Any, units: Path) -> None:
    heading = '<row r="1"><c r="A1" t="inlineStr"><is><t>unit</t></is></c></row>'
    rows = f'{heading}<row r="2"><c r="A2"><v>1</v></c></row>'
    assert (
        read(sheet(units, rows + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'))["units"][0]["unit"]
        == "1"
    )


def test_bombs_are_not_unpacked(refused: Any, units: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = b" " * 11_000_000
    assert [p.code for p in refused(rewrite(units, {"xl/media/x": bomb}))] == ["CR-WORKBOOK-TOO-LARGE"]
    monkeypatch.setattr(workbook_check, "MAX_RATIO", 10**9)
    monkeypatch.setattr(workbook_check, "MAX_UNPACKED", 10_000_000)
    assert [p.code for p in refused(units)] == ["CR-WORKBOOK-TOO-LARGE"]


def test_what_is_no_workbook(refused: Any, tmp_path: Path, units: Path) -> None:
    locked = bytearray(units.read_bytes())
    for at in range(len(locked)):
        if locked[at : at + 4] == b"PK\x01\x02":
            locked[at + 8] |= 1
    for content, code in (
        (b"", "CR-EMPTY-FILE"),
        (b"hello", "CR-NOT-A-WORKBOOK"),
        (b"PK\x03\x04 hello", "CR-NOT-A-WORKBOOK"),
        (units.read_bytes()[:-30], "CR-NOT-A-WORKBOOK"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "CR-WORKBOOK-LOCKED"),
        (bytes(locked), "CR-WORKBOOK-LOCKED"),
    ):
        path = tmp_path / "other.xlsx"
        path.write_bytes(content)
        assert [(p.code, p.place.file) for p in refused(path)] == [(code, "other.xlsx")]
    with ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert [p.code for p in refused(path)] == ["CR-NOT-A-WORKBOOK"]


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET])
@pytest.mark.parametrize("content", [b"", b"<", b"<a><b></a>", b"\0" * 50])
def test_a_damaged_member(refused: Any, units: Path, member: str, content: bytes) -> None:
    assert refused(rewrite(units, {member: content}))[0].code in {
        "CR-NOT-A-WORKBOOK",
        "CR-EMPTY-FILE",
        "CR-NO-TABLE",
    }


def test_a_suffix_in_capitals(read: Any, units: Path) -> None:
    assert read(units.rename(units.with_suffix(".XLSX")))["units"][0]["unit"] == "U1"


def test_without_the_extra_the_error_says_what_to_install(
    units: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(UsageError) as caught:
        read_tables(units, TABLES)
    assert caught.value.code == "CR-EXTRA-MISSING"
    assert 'pip install "cadrerules[frames]"' in caught.value.report("zh")
