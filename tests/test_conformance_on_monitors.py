"""The shared suite on what keeps answers up to date: facts posted one by one lead to what the cases expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.engines.incremental.policies import LivePolicy
from cadrerules.engines.scalar.calendar import calendar_frames
from cadrerules.engines.stream.delegate import available
from cadrerules.language.text import show
from cadrerules.model.absent import Absences
from cadrerules.model.facts import FactTables
from cadrerules.model.result import Result
from cadrerules.monitor.answers import LiveTable, fixed
from cadrerules.monitor.engine import MonitorEngine
from cadrerules.monitor.monitor import Monitor
from cadrerules.plan import Plan
from cadrerules.testing.case_documents import Case, CaseFile
from cadrerules.testing.cases import amended_plan, run_case
from conformance_runner import language
from conformance_runner.documents import LanguageCase, LanguageFile
from conformance_runner.reading import language_files, plan_files
from engines import Engine

ENGINES: tuple[MonitorEngine, ...] = ("scalar", "stream") if available() else ("scalar",)
MARKET = cr.load_policies("market-supervision")


def column(plan: Plan, facts: FactTables, as_of: date, policy: str, column: str) -> dict[str, str]:
    """A derived column as the incremental engine has it after the last of the rows was put."""
    bindings = plan.policy_set.bindings(as_of)
    bare = replace(facts, rows=dict.fromkeys(facts.rows, ()))
    live = {name: LiveTable(plan.tables[name], replace(facts, rows={**facts.rows, name: ()}), as_of) for name in facts.rows}
    calendar = {n: fixed(f) for n, f in calendar_frames(plan.policy_set.doc.calendar, facts, bindings).items()}
    relations = {name: table.rows for name, table in live.items()} | calendar
    kept = LivePolicy(plan.policies[policy], bindings, plan.policy_set, relations, Absences(bare.rows))
    kept.start()
    for name, rows in facts.rows.items():
        for row in rows:
            kept.update({name: live[name].put(tuple(row[k] for k in plan.tables[name].key), row)})
    stage = kept.program.stages[-1]
    frame = kept.stages[stage.name].out.frame
    return {"/".join(map(str, frame.key_of(row))): show(row[column], stage.types[column]) for row in frame.rows}


def monitored(plan: Plan, facts: FactTables, as_of: date, policies: Sequence[str], engine: MonitorEngine) -> Result:
    """The result that a monitor stands at, to which every row was posted."""
    empty = FactTables(facts.tables, dict.fromkeys(facts.rows, ()))
    monitor = plan.monitor(facts=empty, as_of=as_of, policies=policies, engine=engine)
    left = [(name, row) for name, rows in facts.rows.items() for row in rows]
    while left:
        again = [(name, row) for name, row in left if not posted(monitor, name, row)]
        assert len(again) < len(left), f"{again[0]} can't be posted"
        left = again
    whole = monitor.result()
    return replace(whole, findings=monitor.findings, decisions=monitor.decisions, not_evaluated=monitor.not_evaluated)


def posted(monitor: Monitor, name: str, row: Mapping[str, Any]) -> bool:
    """Whether a row could be posted: one that names another waits until that one is there."""
    try:
        monitor.post(name, row)
    except cr.DataError as error:
        if {problem.code for problem in error.problems} <= {"CR-NO-SUCH-REFERENCE"}:
            return False
        raise
    return True


@dataclass(frozen=True, repr=False)
class MonitoredPlan(Plan):
    """A plan whose evaluations are a monitor's."""

    by: MonitorEngine = "scalar"

    def evaluate(self, facts: Any, *, as_of: Any = None, policies: Any = None, **_: Any) -> Result:
        return monitored(Plan(self.policy_set, self.plugins), facts, as_of, policies, self.by)


def engine_of(by: MonitorEngine) -> Engine:
    """The monitor as an engine of the shared suite."""
    return Engine(by, column, lambda plan, facts, as_of, policies: monitored(plan, facts, as_of, policies, by))


def right(case: LanguageCase | Case) -> bool:
    """Cases that are refused are refused before any engine is asked."""
    return not case.raises


LANGUAGE = [
    pytest.param(by, file, case, id=f"{name}::{case.name}[{by}]")
    for name, file in language_files().items()
    for case in filter(right, file.cases)
    for by in (ENGINES if case.in_force else ENGINES[:1])  # durable_rules decides rules, and has no columns
]
PLAN = [
    pytest.param(by, file, case, id=f"{name}::{case.name}[{by}]")
    for name, file in plan_files().items()
    for case in filter(right, file.cases)
    for by in ENGINES
]


@pytest.mark.parametrize(("by", "file", "case"), LANGUAGE)
def test_language(by: MonitorEngine, file: LanguageFile, case: LanguageCase) -> None:
    found = language.values(file, case, engine_of(by))
    assert found == language.expected(case, found)


@pytest.mark.parametrize(("by", "file", "case"), PLAN)
def test_plan(by: MonitorEngine, file: CaseFile, case: Case) -> None:
    def amend(plan: Plan, of: Case) -> Plan:
        changed = amended_plan(plan, of)
        return MonitoredPlan(changed.policy_set, changed.plugins, by)

    assert [str(fault) for fault in run_case(MARKET, file, case, amend=amend).faults] == []
