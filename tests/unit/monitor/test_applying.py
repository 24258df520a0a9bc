"""Facts told as data are applied to monitors and journals alike, and everything else is refused."""

from __future__ import annotations

import doctest
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.monitor import applying
from cadrerules.monitor.applying import LONGEST, apply_fact, read_fact, read_line
from cadrerules.monitor.journal import MemoryJournal
from small_bureau import PLAN

ROW = {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": "80.5"}
KEY = ["2024Q1", "U1", "I1"]
TOLD: list[dict[str, Any]] = [
    {"kind": "table", "table": "style"},
    {"kind": "post", "table": "progress", "row": ROW},
    {"kind": "correct", "table": "progress", "row": {**ROW, "progress": 81}},
    {"kind": "retract", "table": "progress", "key": KEY},
    {"kind": "advance", "day": "2024-10-01"},
]


def test_a_monitor_takes_every_kind() -> None:
    monitor = PLAN.monitor(as_of=date(2024, 7, 1), policies=["board"], engine="scalar")
    found = [[str(change) for change in apply_fact(monitor, read_fact(told))] for told in TOLD]
    assert [bool(changes) for changes in found] == [False, True, False, True, False]
    assert found[1][0] == "decision flag U1 2024Q1 begins: - -> red"
    assert (monitor.facts["style"], monitor.facts["progress"], monitor.as_of) == ((), (), date(2024, 10, 1))


def test_a_journal_takes_every_kind(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        entries = [apply_fact(journal, read_fact(told)) for told in TOLD]
        assert [entry.kind for entry in entries] == [told["kind"] for told in TOLD]
        assert journal.standing().rows == {"style": [], "progress": []}
        assert journal.standing(2).rows["progress"][0]["progress"] == "80.5"
        assert (journal.standing(4).day, journal.standing().day) == (None, date(2024, 10, 1))


def test_the_example_runs() -> None:
    assert doctest.testmod(applying) == (0, 5)


def test_a_table_is_refused_where_its_rows_are_named_already() -> None:
    kept = MemoryJournal()
    monitor = PLAN.monitor(kept, as_of=date(2024, 7, 1), policies=["board"], engine="scalar")
    monitor.post("progress", ROW)
    with pytest.raises(cr.DataError, match="CR-NO-SUCH-REFERENCE"):
        monitor.begin("units")
    with pytest.raises(cr.UsageError, match="CR-NO-SUCH-TABLE"):
        monitor.begin("unit")
    assert (monitor.begin("style"), monitor.begin("style")) == ((), ())
    assert [entry.kind for entry in kept.entries()] == ["advance", "post", "table"]
    assert set(monitor.facts.rows) == {"progress", "style"}
    assert set(cr.Monitor.resume(PLAN, kept, policies=["board"]).facts.rows) == {"progress", "style"}


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        ([], [""]),
        ({}, [""]),
        ({"kind": "erase", "table": "progress"}, [""]),
        ({"kind": "post", "table": "progress"}, ["row"]),
        ({"kind": "post", "row": "王小明"}, ["row", "table"]),
        ({"kind": "retract", "table": "progress", "key": None}, ["key"]),
        ({"kind": "retract", "table": "progress", "key": 1, "王小明": 2}, [""]),
        ({"kind": "advance", "day": 20_000}, ["day"]),
        ({"kind": "advance", "day": "2024-02-30"}, ["day"]),
    ],
)
def test_what_tells_no_fact_is_refused_and_not_quoted(raw: object, fields: list[str]) -> None:
    with pytest.raises(cr.DataError) as caught:
        read_fact(raw)
    assert [(problem.code, problem.place.field) for problem in caught.value.problems] == [("CR-NO-FACT", f) for f in fields]
    assert "王小明" not in caught.value.report() + caught.value.report("zh")


def test_numbers_of_a_line_are_exact() -> None:
    told = read_line('\ufeff{"kind": "post", "table": "progress", "row": {"progress": 0.1}}\r\n'.encode())
    assert told.row == {"progress": Decimal("0.1")}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "CR-BAD-JSON"),
        (b'{"kind": NaN}', "CR-BAD-JSON"),
        (b"[" * 100_000, "CR-BAD-JSON"),
        (b"\xff{}", "CR-BAD-ENCODING"),
        (b'{"kind": "post", "kind": "post"}', "CR-JSON-KEY-TWICE"),
        (b" " * (LONGEST + 1), "CR-LINE-TOO-LONG"),
    ],
)
def test_a_line_that_is_no_json_is_refused(line: bytes, code: str) -> None:
    with pytest.raises(cr.DataError) as caught:
        read_line(line)
    assert caught.value.code == code
