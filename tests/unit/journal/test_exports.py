"""A journal as a file of JSON lines, read back and checked."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.journal import read_export
from small_bureau import PLAN

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")


@pytest.fixture
def exported(journal_place: str, tmp_path: Path) -> Path:
    path = tmp_path / "bureau.jsonl"
    with cr.open_journal(journal_place, PLAN) as journal:
        journal.post("units", {"unit": "U01", "name": "一科"})
        journal.post("staff", {"person": "P01", "unit": "U01", "role": "head", "name": "王小明"})
        journal.advance(date(2026, 4, 1))
        journal.erase("P01")
        journal.export(path)
        assert read_export(path).entries == tuple(journal.entries())
        assert read_export(path).head == journal.head()
    return path


def test_a_header_then_an_entry_a_line(exported: Path) -> None:
    header, *entries = map(json.loads, exported.read_text(encoding="utf-8").splitlines())
    assert header["format"] == "cadrerules-journal"
    assert header["version"] == 1
    assert header["policies"] == {"name": "market-supervision", "hash": PLAN.hash}
    assert [entry["sequence"] for entry in entries] == [1, 2, 3, 4]
    assert (
        ["content" in entry for entry in entries] == ["salt" in entry for entry in entries] == [True, False, True, True]
    )
    assert "王小明" not in exported.read_text(encoding="utf-8")
    assert read_export(exported).check() == []


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_an_edit_of_any_field_is_found(number: int, exported: Path) -> None:
    lines = exported.read_text(encoding="utf-8").splitlines()
    entry = json.loads(lines[number])
    for name, value in entry.items():
        changed = {**entry, name: value + 1 if isinstance(value, int) else value + "0"}
        edited = [*lines[:number], json.dumps(changed), *lines[number + 1 :], ""]
        exported.write_text("\n".join(edited), encoding="utf-8")
        assert read_export(exported).check(), name


def test_a_line_that_is_missing_is_found(exported: Path) -> None:
    lines = exported.read_text(encoding="utf-8").splitlines(keepends=True)
    for number in range(1, 5):
        exported.write_text("".join([*lines[:number], *lines[number + 1 :]]), encoding="utf-8")
        assert read_export(exported).check(), number


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "CR-EMPTY-FILE", None),
        ("[]\n", "CR-JOURNAL-LINE", 1),
        ('{"format":"cadrerules-journal","version":1}\n', "CR-JOURNAL-LINE", 1),
        (
            '{"format":"cadrerules-journal","version":2,"head":{"sequence":0,"digest":"","known_at":""}}\n',
            "CR-JOURNAL-FORMAT",
            None,
        ),
        (
            '{"format":"cadrerules-journal","version":1,"head":{"sequence":0,"digest":"","known_at":""}}\n{"sequence":1}\n',
            "CR-JOURNAL-LINE",
            2,
        ),
        (
            '{"format":"cadrerules-journal","version":1,"head":{"sequence":0,"digest":"","known_at":""}}\n'
            + "[" * 100_000
            + "\n",
            "CR-JOURNAL-LINE",
            2,
        ),
        (
            '{"format":"cadrerules-journal","version":1,"head":{"sequence":true,"digest":"","known_at":""}}\n',
            "CR-JOURNAL-LINE",
            1,
        ),
        (
            '{"format":"cadrerules-journal","version":1,"head":{"sequence":0,"digest":"","known_at":""}}',
            "CR-JOURNAL-LINE",
            1,
        ),
    ],
)
def test_what_is_no_export_is_refused(text: str, code: str, line: int | None, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(cr.CadreError) as caught:
        read_export(tmp_path / "a.jsonl")
    assert (caught.value.code, caught.value.problems[0].place.line) == (code, line)


def test_a_torn_last_line_is_refused(exported: Path) -> None:
    raw = exported.read_bytes()
    exported.write_bytes(raw[:-20])
    with pytest.raises(cr.DataError) as caught:
        read_export(exported)
    assert caught.value.problems[0].place.line == 5


def test_where_it_cannot_be_written_it_says_so(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal, pytest.raises(cr.UsageError) as caught:
        journal.export(tmp_path / "missing" / "a.jsonl")
    assert caught.value.code == "CR-CANT-WRITE"


def test_without_a_plan_it_names_no_policies(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db") as journal:
        journal.export(tmp_path / "a.jsonl")
    export = read_export(tmp_path / "a.jsonl")
    assert (export.header["policies"], export.entries, export.check()) == ({}, (), [])
