"""Whatever the bytes, a file is read or refused with a coded error; nothing else escapes."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadrerules.errors import DataError
from cadrerules.load import read_tables
from cadrerules.model.facts import FactTables
from cadrerules_market_supervision.facts import TABLES, Facts

TABLE_NAMES = [model.spec.name for model in TABLES]
HEADINGS = sorted({*TABLE_NAMES, *(c for model in TABLES for c in model.spec.columns), "科室", "进度", "指标"})
CELLS = [
    "",
    "U1",
    "01",
    "2024",
    "2024Q1",
    "-1",
    "0.5",
    "85%",
    "是",
    "2024年9月1日",
    "good",
    "head",
    "张三",
    "1.2E+17",
    "NaN",
]

modest = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def read(source: Any) -> FactTables | None:
    """The tables, if they are accepted; a refusal must be coded and told in both languages."""
    try:
        return read_tables(source, TABLES, extra_columns="ignore")
    except DataError as error:
        refusal = error
    assert refusal.problems
    assert refusal.report("en")
    assert refusal.report("zh")
    return None


def check(facts: FactTables | None) -> None:
    """What was accepted fits the tables it is said to be."""
    for name, rows in facts.rows.items() if facts else ():
        for row in rows:
            assert list(row) == list(facts.tables[name].columns)  # type: ignore[union-attr]
            for column, cell in row.items():
                facts.tables[name].columns[column].value(cell)  # type: ignore[union-attr]


cell_text = st.sampled_from(CELLS) | st.text(max_size=8)
csv_like = st.lists(st.lists(st.sampled_from(HEADINGS) | cell_text, max_size=6).map(",".join), max_size=6).map(
    "\n".join
)
json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | cell_text,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(HEADINGS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@st.composite
def mangled(draw: st.DrawFn, content: bytes) -> bytes:
    """The content with a stretch of it replaced."""
    start = draw(st.integers(0, len(content)))
    end = draw(st.integers(start, min(len(content), start + 40)))
    return content[:start] + draw(st.binary(max_size=20)) + content[end:]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
@given(
    content=st.binary(max_size=200)
    | csv_like.map(str.encode)
    | csv_like.map(lambda text: text.encode("gb18030", "replace"))
)
@modest
def test_any_bytes_as_the_file_of_a_table(tmp_path: Path, suffix: str, content: bytes) -> None:
    (tmp_path / f"units.{suffix}").write_bytes(content)
    check(read(tmp_path))


@pytest.mark.parametrize("suffix", ["json", "yaml", "xlsx"])
@given(
    content=st.binary(max_size=200)
    | json_value.map(lambda value: json.dumps(value).encode())
    | st.text("[]{}:,-\"' \n01eE.&*!").map(str.encode)
)
@modest
def test_any_bytes_as_the_file_of_all_tables(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"data.{suffix}"
    path.write_bytes(content)
    check(read(path))


@given(json_value)
@modest
def test_any_json_line(tmp_path: Path, value: Any) -> None:
    (tmp_path / "progress.jsonl").write_text(json.dumps(value) + "\n" + json.dumps(value))
    check(read(tmp_path))


@given(
    st.sampled_from(TABLE_NAMES),
    st.lists(st.dictionaries(st.sampled_from(HEADINGS), json_value, max_size=6), max_size=4),
)
@modest
def test_any_rows(table: str, rows: list[Mapping[str, Any]]) -> None:
    check(read({table: rows}))


@st.composite
def plausible(draw: st.DrawFn) -> tuple[type[Facts], list[dict[str, str]]]:
    """Rows with the right columns and cells that often fit."""
    model = draw(st.sampled_from(TABLES))
    row = st.fixed_dictionaries(dict.fromkeys(model.spec.columns, cell_text))
    return model, draw(st.lists(row, max_size=4))


@given(plausible())
@modest
def test_a_model_accepts_what_the_loader_accepts(case: tuple[type[Facts], list[dict[str, str]]]) -> None:
    model, rows = case
    facts = read({model.spec.name: rows})
    check(facts)
    for row, raw in zip(facts[model.spec.name] if facts else (), rows, strict=True) if facts else ():
        if model.spec.name != "disputes":  # there the loader also settles how a cell is named
            assert dict(model(**raw)) == row


@cache
def workbook() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("units")
        sheet.write_column(0, 0, ["unit", "U1", 2, "=1+1"])
    return buffer.getvalue()


@cache
def members() -> dict[str, bytes]:
    with ZipFile(io.BytesIO(workbook())) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


@given(mangled(workbook()))
@modest
def test_a_damaged_workbook(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "data.xlsx").write_bytes(content)
    check(read(tmp_path / "data.xlsx"))


@given(st.sampled_from(sorted(members())).flatmap(lambda name: st.tuples(st.just(name), mangled(members()[name]))))
@modest
def test_a_workbook_with_a_damaged_member(tmp_path: Path, change: tuple[str, bytes]) -> None:
    with ZipFile(tmp_path / "data.xlsx", "w", ZIP_DEFLATED) as archive:
        for name, content in {**members(), change[0]: change[1]}.items():
            archive.writestr(name, content)
    check(read(tmp_path / "data.xlsx"))


@cache
def parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"unit": ["U1", "U2"], "name": ["a", None]}).write_parquet(buffer)
    return buffer.getvalue()


@given(mangled(parquet()))
@modest
def test_a_damaged_parquet_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "units.parquet").write_bytes(content)
    check(read(tmp_path))
