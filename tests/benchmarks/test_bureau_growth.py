"""The example bureau whole, at 1, 10 and 100 times its units: how the scalar engine grows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.model.facts import FactTables

BUREAU = Path(__file__).parents[2] / "examples" / "bureau"
OWN = {"unit", "person", "subject", "indicator", "lead_unit", "responsible_unit", "problem"}
OWN |= {"activity", "actor", "leader", "contact", "target"}
"""The columns with ids that each copy has of its own; what the bureau did stays the bureau's."""


@pytest.fixture(scope="module")
def bureau() -> FactTables:
    return cr.read_tables(BUREAU, "market-supervision")


def enlarged(facts: FactTables, times: int) -> FactTables:
    """The bureau with so many times its units and people, all ranked together."""
    copies = {
        name: tuple(_copy(row, i) for i in range(times) for row in rows)
        for name, rows in facts.rows.items()
        if name != "disputes"
    }
    return FactTables(facts.tables, copies)


def _copy(row: Any, copy: int) -> dict[str, Any]:
    return {name: f"{cell}-{copy}" if name in OWN and cell not in (None, "bureau") else cell for name, cell in row.items()}


@pytest.mark.benchmark(group="bureau growth")
@pytest.mark.parametrize("times", [1, 10, pytest.param(100, marks=pytest.mark.slow)])
def test_whole_bureau(benchmark: Any, bureau: FactTables, times: int) -> None:
    plan = cr.load_policies("market-supervision")
    facts = enlarged(bureau, times)
    result = benchmark.pedantic(plan.evaluate, (facts,), {"as_of": date(2025, 1, 15)}, rounds=3 if times < 100 else 1)
    assert len([d for d in result.decisions if d.question == "flag"]) == 159 * times


@pytest.mark.benchmark(group="reading")
def test_reading_the_bureau(benchmark: Any) -> None:
    plan = cr.load_policies("market-supervision")
    assert (
        len(benchmark.pedantic(cr.read_tables, (BUREAU, plan), rounds=3)["progress"]) == 239
    )  # one row is missing on purpose
