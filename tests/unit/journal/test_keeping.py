"""What a monitor is given back of what it kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import cadrerules as cr
from small_bureau import PLAN

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
from cadrerules.journal.keeping import Keeping

DAY = date(2026, 4, 1)
STYLE = {"quarter": "2026Q1", "unit": "U01", "style": "good"}


def test_the_facts_that_stand_are_given_back(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        kept = Keeping(journal)
        assert list(kept.entries()) == []
        kept.append("advance", "", None, date(2026, 1, 1))
        kept.append("table", "waivers", None, DAY)
        kept.append("post", "style", STYLE, DAY)
        kept.append("post", "units", {"unit": "U01", "name": None}, DAY)
        kept.append("correct", "style", {**STYLE, "style": "ordinary"}, DAY)
        kept.append("retract", "units", {"unit": "U01"}, DAY)
        kept.append("advance", "", None, DAY)
        assert [entry.kind for entry in journal.entries()] == [
            "advance",
            "table",
            "post",
            "post",
            "correct",
            "retract",
            "advance",
        ]
        assert list(kept.entries()) == [
            ("advance", "", None, DAY),
            ("table", "waivers", None, DAY),
            ("table", "style", None, DAY),
            ("post", "style", {**STYLE, "style": "ordinary"}, DAY),
            ("table", "units", None, DAY),
        ]
        assert journal.check() == []


def test_holes_that_erasing_left_are_not_told(tmp_path: Path) -> None:
    lecture = {"activity": "A1", "kind": "lecture", "actor": "P01", "done_on": "2026-01-02"}
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        kept = Keeping(journal)
        kept.append("advance", "", None, DAY)
        kept.append("post", "activities", lecture, DAY)
        kept.append("retract", "activities", {"activity": "A1"}, DAY)
        journal.erase("P01")
        assert list(kept.entries()) == [("advance", "", None, DAY), ("table", "activities", None, DAY)]


def test_a_table_that_is_there_without_rows(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        assert journal.begin("豁免", id="a").table == "waivers"
        assert journal.begin("waivers", id="a").sequence == 1
        assert journal.facts() == {"waivers": []}
        journal.post("units", {"unit": "U01"})
        journal.begin("units")
        assert len(journal.facts()["units"]) == 1
        assert journal.check() == []
