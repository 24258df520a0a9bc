from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.model.result import Decision, NotEvaluated, Result, Subject
from cadrerules.report.csv import neutral, to_csv
from cadrerules.report.tables import TABLES, columns, flat_rows
from cadrerules.report.xlsx import MOST_CHARACTERS, shortened, to_xlsx

DECISION = Decision(
    id="obligation/=A1/2024",
    question="obligation",
    subject=Subject(kind="unit", id="=A1"),
    period="2024",
    status="undetermined",
    possible=("unmet", None),
    because=("a.b", "a.c"),
    missing=("http://x",),
    due="60",
    done="-1.5",
    short="200/3",
)


def result(*decisions: Decision, left: tuple[NotEvaluated, ...] = ()) -> Result:
    return Result(
        policies={"name": "x", "hash": "y"},
        as_of=date(2025, 1, 15),
        findings=(),
        decisions=decisions,
        not_evaluated=left,
    )


HEADER = (
    "id,question,subject_kind,subject,period,status,verdict,possible,because,clauses,overridden,waived_by,"
    "missing,parameters,owed_by,due,done,short"
)


def test_the_columns_are_those_of_the_contract() -> None:
    assert [c.name for c in columns("decisions")] == HEADER.split(",")
    assert " ".join(c.name for c in columns("findings")) == (
        "rule clause outcome waivable subject_kind subject period status missing params interpretations"
    )
    assert " ".join(c.name for c in columns("not_evaluated")) == "policy rule tables reason"
    with pytest.raises(cr.UsageError) as caught:
        columns("findings_")
    assert caught.value.code == "CR-NOT-AN-OPTION"


def test_every_field_of_the_records_has_a_column() -> None:
    for name, model in {"decisions": Decision, "findings": cr.Finding, "not_evaluated": NotEvaluated}.items():
        fields = set(model.model_fields) - {"trace", "group"} | ({"subject_kind"} if "subject" in model.model_fields else set())
        assert {c.name for c in TABLES[name]} == fields


# --- CSV ----------------------------------------------------------------------------------------


def test_csv_byte_for_byte() -> None:
    assert (
        to_csv(result(DECISION))
        == (
            "\ufeff" + HEADER + "\r\n"
            "obligation/=A1/2024,obligation,unit,'=A1,2024,undetermined,,unmet; nothing,a.b; a.c,,,,"
            "http://x,,,60,-1.5,200/3\r\n"
        ).encode()
    )


def test_csv_without_rows_has_its_header() -> None:
    assert to_csv(result()) == ("\ufeff" + HEADER + "\r\n").encode()
    left = NotEvaluated(policy="p", tables=("t", "u"), reason='there is no "t"')
    text = to_csv(result(left=(left,)), "not_evaluated").decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1] == ["p", "", "t; u", 'there is no "t"']


def test_findings_as_csv(bureau: Result) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(bureau, "findings").decode("utf-8-sig"))))
    assert len(rows) == len(bureau.findings)
    red = next(row for row in rows if row["rule"] == "board.red")
    assert red["waivable"] == "false"
    assert red["params"] == '{"board.red_to": 7, "board.yellow_to": 10}'


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-1+2", "'-1+2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1+1", "'＝1+1"),
        ("-2.5", "-2.5"),
        ("+3", "+3"),
        ("-", "'-"),
        ("-1e5", "'-1e5"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_formulas_are_neutralised_and_numbers_stay(cell: str, expected: str) -> None:
    assert neutral(cell) == expected


@given(st.text(alphabet="=+-@\t\r\n＝1.e ab'", max_size=6))
def test_no_written_cell_starts_a_formula(cell: str) -> None:
    written = neutral(cell)
    assert written in (cell, f"'{cell}")
    if written[:1] in tuple("=+-@\t\r\n＝") and written:
        float(written)


# --- XLSX ---------------------------------------------------------------------------------------


def sheets(raw: bytes) -> dict[str, list[list[Any]]]:
    calamine = pytest.importorskip("python_calamine")
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def parts(raw: bytes) -> dict[str, str]:
    from zipfile import ZipFile

    with ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_workbook_has_typed_cells_and_no_formula_or_link() -> None:
    raw = to_xlsx(result(DECISION))
    found = sheets(raw)
    assert list(found) == ["decisions", "findings", "not_evaluated"]
    header, row = found["decisions"]
    cells = dict(zip(header, row, strict=True))
    assert header == HEADER.split(",")
    assert (cells["subject"], cells["missing"], cells["period"]) == ("=A1", "http://x", "2024")
    assert (cells["due"], cells["done"], cells["short"]) == (60.0, -1.5, "200/3")
    sheet = parts(raw)["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:R2"/>' in sheet
    assert len(found["findings"]) == 1


def test_a_workbook_is_the_same_each_time(bureau: Result) -> None:
    assert to_xlsx(bureau) == to_xlsx(bureau)
    assert (
        '<dcterms:created xsi:type="dcterms:W3CDTF">2025-01-15T00:00:00Z' in parts(to_xlsx(bureau))["docProps/core.xml"]
    )


def test_a_workbook_keeps_truths_as_truths(bureau: Result) -> None:
    header, *rows = sheets(to_xlsx(bureau))["findings"]
    assert {row[header.index("waivable")] for row in rows} == {True, False}


def test_what_a_cell_cannot_hold_says_what_is_left_out() -> None:
    assert shortened("x" * MOST_CHARACTERS) == "x" * MOST_CHARACTERS
    assert shortened("x" * 40_000) == "x" * 32_727 + "… (+7273)"
    long = DECISION.model_copy(update={"missing": tuple(f"t[{i}].x" for i in range(9_000))})
    header, row = sheets(to_xlsx(result(long)))["decisions"]
    assert row[header.index("missing")].endswith(")")


def test_more_rows_than_a_worksheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadrerules.report.xlsx.MOST_ROWS", 1)
    with pytest.raises(cr.UsageError) as caught:
        to_xlsx(result(DECISION, DECISION))
    assert caught.value.code == "CR-TOO-MANY-ROWS"


def test_without_xlsxwriter_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(cr.UsageError) as caught:
        to_xlsx(result())
    assert caught.value.code == "CR-EXTRA-MISSING"


# --- frames -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(TABLES))
@pytest.mark.parametrize("kind", ["polars", "pandas", "pyarrow"])
def test_frames_have_one_schema_whatever_the_data(bureau: Result, name: str, kind: str) -> None:
    pytest.importorskip(kind)
    full = bureau.to_frame(name, kind)
    empty = replace(bureau, findings=(), decisions=(), not_evaluated=()).to_frame(name, kind)
    assert len(full) == len(getattr(bureau, name))
    assert len(empty) == 0
    if kind == "pandas":
        assert full.dtypes.to_dict() == empty.dtypes.to_dict()
        assert list(full.columns) == [c.name for c in columns(name)]
    else:
        assert full.schema == empty.schema
        assert list(full.schema.names() if kind == "polars" else full.schema.names) == [c.name for c in columns(name)]


@pytest.mark.parametrize("kind", ["polars", "pyarrow"])
def test_frames_keep_lists_truths_and_nothing(bureau: Result, kind: str) -> None:
    pytest.importorskip(kind)
    frame = replace(bureau, decisions=(DECISION,)).to_frame("decisions", kind)
    row = frame.to_dicts()[0] if kind == "polars" else frame.to_pylist()[0]
    assert row["possible"] == ["unmet", None]
    assert row["clauses"] == []
    assert (row["verdict"], row["done"], row["short"]) == (None, "-1.5", "200/3")


def test_pandas_keeps_lists_truths_and_nothing(bureau: Result) -> None:
    pandas = pytest.importorskip("pandas")
    row = replace(bureau, decisions=(DECISION,)).to_frame("decisions", "pandas").iloc[0]
    assert row["possible"] == ["unmet", None]
    assert pandas.isna(row["verdict"])
    assert bureau.to_frame("findings", "pandas")["waivable"].dtype == "boolean"


@pytest.mark.parametrize(("name", "kind"), [("decisions", "numpy"), ("decision", "polars")])
def test_unknown_tables_and_kinds_are_refused(bureau: Result, name: str, kind: str) -> None:
    with pytest.raises(cr.UsageError) as caught:
        bureau.to_frame(name, kind)
    assert caught.value.code == "CR-NOT-AN-OPTION"


def test_a_missing_library_is_named(bureau: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(cr.UsageError) as caught:
        bureau.to_frame("decisions", "polars")
    assert caught.value.report() == (
        'CR-EXTRA-MISSING: polars must be installed for this\n    pip install "cadrerules[frames]"'
    )


def test_flat_rows_join_lists() -> None:
    (row,) = flat_rows(result(DECISION), "decisions")
    assert row[7:10] == ("unmet; nothing", "a.b; a.c", "")
