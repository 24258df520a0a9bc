"""What plugins compute in Python is looked at again with every fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.hookspecs import hookimpl
from cadrerules.model.result import Finding, Subject

ROW = {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": 80}


class Python:
    """Each unit is commended in the quarter of its only row."""

    @hookimpl
    def cadrerules_findings(self, policies: Any, facts: cr.FactTables, as_of: date) -> list[Finding]:
        return list(found(facts))


def found(facts: cr.FactTables) -> Iterator[Finding]:
    for row in facts.rows.get("progress", ()):
        if row["progress"] == 13:
            raise RuntimeError("unlucky")
        yield Finding(
            rule="python.only",
            clause=("1",),
            outcome="commendation.commended",
            waivable=False,
            subject=Subject(kind="unit", id=row["unit"]),
            period=str(row["quarter"]),
            status="holds",
        )


def test_findings_of_plugins_begin_and_end() -> None:
    plan = cr.load_policies("market-supervision", plugins=cr.plugin_manager(Python()))
    monitor = plan.monitor(as_of=date(2024, 4, 1))
    told = [str(change) for change in monitor.post("progress", ROW)]
    assert "decision commendation U1 2024Q1 begins: - -> commended" in told
    assert "finding python.only U1 2024Q1 begins: - -> holds" in told
    before = monitor.facts
    with pytest.raises((cr.PolicyError, RuntimeError)):
        monitor.correct("progress", {**ROW, "progress": 13})
    assert monitor.facts == before
    told = [str(change) for change in monitor.retract("progress", ("2024Q1", "U1", "I1"))]
    assert "decision commendation U1 2024Q1 ends: commended -> -" in told
