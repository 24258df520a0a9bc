"""A program as users write it: type checkers must know what the public API gives, with nothing ignored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import assert_type

import cadrerules as cr

FOLDER = Path("examples/bureau")


def decide() -> str:
    """Load, read, evaluate, explain."""
    plan = cr.load_policies("market-supervision")
    assert_type(plan, cr.Plan)
    facts = cr.read_tables(FOLDER, plan, group_by="")
    assert_type(facts, cr.FactTables)
    result = plan.evaluate(facts, as_of=date(2025, 1, 15), policies=["assessment"])
    assert_type(result, cr.Result)
    decision = result.decision("promotion", subject="P182", period="2024")
    assert_type(decision, cr.Decision)
    assert_type(decision.verdict, str | None)
    for finding in result.findings:
        assert_type(finding, cr.Finding)
    for left in result.not_evaluated:
        assert_type(left, cr.NotEvaluated)
    return decision.explain(lang="zh")


def amend(plan: cr.Plan) -> cr.Plan:
    """Change numbers and readings."""
    return plan.amend(params={"board.black_quarters": 2}, interpretations={"board.ties": "dense"})


def in_columns(plan: cr.Plan) -> cr.Result:
    """Tables that stay in columns."""
    tables = cr.scan_tables(FOLDER, plan)
    assert_type(tables, cr.ColumnarTables)
    return plan.evaluate(tables, engine="polars")


def watch(plan: cr.Plan) -> Sequence[cr.Change]:
    """Facts one at a time."""
    monitor = plan.monitor(policies=["board"], on_change=lambda changes: print(len(changes)))
    assert_type(monitor, cr.Monitor)
    try:
        return monitor.post("units", {"unit": "U1"})
    except cr.CallbackError as error:
        return error.changes


def keep(place: Path) -> list[str]:
    """Facts kept for ever."""
    with cr.open_journal(place, "market-supervision") as journal:
        journal.post("units", {"unit": "U1"})
        return [entry.kind for entry in journal.entries()]


def simulate(plan: cr.Plan) -> tuple[str, str]:
    """What a reform and other values would do."""
    stricter = plan.amend(params={"board.black_quarters": 2})
    compared = cr.compare(plan, FOLDER, [stricter], as_of=date(2025, 1, 15))
    swept = cr.sweep(plan, FOLDER, ["board.red_to=3,4"], goals=["flag.red <= 30%"])
    return compared.to_text("en"), swept.to_text("zh")


def faults() -> list[str]:
    """What was wrong, by code."""
    try:
        cr.read_tables({"units": [{"unit": None}]})
    except cr.CadreError as error:
        return [problem.code for problem in error.problems]
    return []
