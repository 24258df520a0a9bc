"""Tables and numbers in the prose of pages are those of the code."""

from __future__ import annotations

import re

from cadrerules.populations import holding, scan_checks
from cadrerules.simulate.distribution_documents import KINDS
from cadrerules.simulate.synthetic import drawing
from cadrerules.simulate.synthetic.documents import ColumnDoc, PartDoc, TableDoc
from cadrerules.simulate.uncertainty.intervals import LEVEL
from cadrerules.simulate.waiting import FAR

from .page import ROOT


def page(name: str) -> str:
    return (ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8")


def test_every_entry_of_a_population_stands_in_the_tables() -> None:
    text = page("synthetic-populations")
    told = {*re.findall(r"^\| `(\w+)", text, re.MULTILINE), *re.findall(r"^\| `\w+: \w+`, `(\w+)`", text, re.MULTILINE)}
    assert {*KINDS, *ColumnDoc.kinds, *PartDoc.model_fields, *TableDoc.model_fields} <= told
    assert f"{drawing.BLOCK}\norganisations" in text


def test_numbers_of_populations() -> None:
    text = page("populations")
    assert f"more than {holding.FEW_ROWS:,} rows" in text
    assert f"first {scan_checks.MOST_SHOWN:,} rows" in text
    assert "about two million rows" in text
    assert holding.BATCH_ROWS == 2_000_000


def test_numbers_of_uncertain_facts() -> None:
    assert (LEVEL, FAR) == (0.95, 1_000_000)
    assert "a million steps away" in page("what-the-text-leaves-open")
    assert "score interval at 95 %" in page("uncertain-facts")
