"""Erasing what a journal says of a person: it is gone from every file, and the chain still verifies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import cadrerules as cr
from small_bureau import PLAN

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
if TYPE_CHECKING:
    from cadrerules.journal.journal import Journal

HEAD = {"person": "P01", "unit": "U01", "role": "head", "name": "王小明"}
LECTURE = {"activity": "A1", "kind": "lecture", "actor": "P01", "done_on": "2026-01-02"}
PROBLEM = dict.fromkeys(
    ("aspect", "listed_on", "due_on", "measures", "lead_unit", "responsible_unit", "effect_on", "closed_on")
)


@pytest.fixture
def journal(journal_place: str) -> Iterator[Journal]:
    with cr.open_journal(journal_place, PLAN) as opened:
        yield opened


def problem(goal: str) -> dict[str, Any]:
    return {**PROBLEM, "problem": "B1", "goal": goal}


def test_rows_keys_and_receipts_of_a_person_go(journal: Journal) -> None:
    journal.post("units", {"unit": "U01"})
    journal.post("staff", HEAD)
    journal.post("staff", {**HEAD, "person": "P010", "name": "李四"})
    journal.correct("staff", {**HEAD, "cadre": False})
    journal.retract("staff", ["P01", "U01", "head"])
    journal.post("activities", LECTURE)
    journal.receipt({"verdict": "bar"}, key=["board", "P01"])
    journal.receipt({"verdict": "red"}, key="U01")
    assert journal.erase("P01").erased == (2, 4, 5, 6, 7)
    entries = list(journal.entries())
    assert [entry.sequence for entry in entries if entry.erased] == [2, 4, 5, 6, 7]
    assert (entries[1].payload, entries[1].key, entries[1].salt) == (None, None, "")
    assert (entries[-1].kind, entries[-1].payload) == ("erase", {"entries": [2, 4, 5, 6, 7]})
    assert journal.check() == []
    assert [row["person"] for row in journal.facts()["staff"]] == ["P010"]
    assert journal.facts()["activities"] == []
    assert journal.erase("P01").erased == ()
    assert journal.head().sequence == 9
    journal.post("staff", HEAD)  # the row isn't there any more
    assert journal.check() == []


def test_a_row_that_passed_to_somebody_else_stays_theirs(journal: Journal) -> None:
    journal.post("activities", LECTURE)
    journal.correct("activities", {**LECTURE, "actor": "P02"})
    assert journal.erase("P01").erased == (1,)
    assert [row["actor"] for row in journal.facts()["activities"]] == ["P02"]
    assert journal.check() == []


def test_an_erased_correction_does_not_bring_back_what_it_corrected(journal: Journal) -> None:
    journal.post("activities", {**LECTURE, "actor": "P02"})
    journal.correct("activities", LECTURE)
    assert journal.erase("P01").erased == (2,)
    assert journal.facts() == {"activities": []}
    assert journal.check() == []


def test_mentions_are_named_and_go_when_asked(journal: Journal) -> None:
    journal.post("staff", HEAD)
    journal.post("problems", problem("由王小明督办"))
    journal.correct("problems", problem("P01、P012"))
    journal.correct("problems", problem("P012"))
    journal.receipt({"inputs": {"staff/P01": {"name": "王小明"}}}, key="U01")
    found = journal.erase("P01")
    assert (found.erased, found.mentioned) == ((1,), (2, 3, 5))
    assert journal.erase("P01", mentions=True).erased == (3, 5)  # by the id alone, since no row tells the name any more
    assert journal.check() == []


def test_with_mentions_all_goes_at_once(journal: Journal) -> None:
    journal.post("staff", HEAD)
    journal.post("problems", problem("由王小明督办"))
    journal.receipt({"inputs": {"staff/P01": {}}}, key="U01")
    assert journal.erase("P01", mentions=True).erased == (1, 2, 3)


def test_a_repeated_id_of_an_erased_entry_enters_nothing(journal: Journal) -> None:
    posted = journal.post("staff", HEAD, id="a")
    journal.erase("P01")
    assert journal.post("staff", HEAD, id="a") == replace(posted, salt="", content="")
    assert journal.facts() == {"staff": []}


def test_no_byte_of_it_stays_in_the_files(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        journal.post_all("staff", [{**HEAD, "person": f"Q{number:03}"} for number in range(200)])
        entry = journal.post("staff", {**HEAD, "person": "ERASE-ME", "name": "赵无名"})
        assert any(b"ERASE-ME" in path.read_bytes() for path in tmp_path.iterdir())
        journal.erase("ERASE-ME")
        files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert entry.payload_digest.encode() in files
    assert b"ERASE-ME" not in files
    assert "赵无名".encode() not in files
    assert entry.salt.encode() not in files


def test_persons_of_other_organisations_keep_what_is_theirs(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN, group_by="bureau") as journal:
        for bureau in ("B1", "B2"):
            journal.post("staff", {**HEAD, "bureau": bureau})
            journal.receipt({"verdict": "bar"}, key=[bureau, "P01"])
            journal.post("problems", {**problem("王小明"), "bureau": bureau})
        journal.retract("staff", ["B1", "P01", "U01", "head"])
        found = journal.erase("P01", group="B1")
        assert (found.erased, found.mentioned) == ((1, 2, 7), (3,))
        assert journal.erase("P01").erased == (4, 5)
        assert journal.check() == []
