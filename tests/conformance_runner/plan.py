"""Runs a case of the plan and compares decisions, findings and gaps with what it expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cadrerules.load import read_tables
from cadrerules.model.facts import FactTables
from cadrerules.model.result import Decision, Result
from cadrerules.plan import Plan
from conformance_runner.documents import Cell, Entry, ExpectedDecision, PlanCase, PlanFile, as_text
from conformance_runner.reading import full_tables
from engines import Engine

Tables = dict[str, list[dict[str, Cell]]]


def evaluate(plan: Plan, file: PlanFile, case: PlanCase, engine: Engine) -> Result:
    """What the engine makes of the case's tables, with the case's parameters and readings."""
    amended = amended_plan(plan, case)
    facts = facts_of(amended, file, case)
    return engine.evaluate(amended, facts, case.as_of or file.as_of, policies_of(plan, file, case))


_AMENDED: dict[str, Plan] = {}
"""The plans of cases so far: an amended plan is checked anew, which takes longer than to evaluate a case."""


def amended_plan(plan: Plan, case: PlanCase) -> Plan:
    """The plan with the case's parameters and readings."""
    if not case.params and not case.interpretations:
        return plan
    key = repr((plan.hash, case.params, case.interpretations))
    if key not in _AMENDED:
        _AMENDED[key] = plan.amend(case.params, case.interpretations)
    return _AMENDED[key]


def policies_of(plan: Plan, file: PlanFile, case: PlanCase) -> list[str]:
    """The policies that the case is about: its own, else the file's, else all."""
    return list(case.policies or file.policies or plan.policies)


def facts_of(plan: Plan, file: PlanFile, case: PlanCase) -> FactTables:
    """The file's tables with the case's changes."""
    shared = full_tables(file.given, plan.models, file.fill)
    own = full_tables(case.given, plan.models, file.fill)
    tables = {name: _changed(plan, name, shared.get(name, []), own.get(name, []), case) for name in {**shared, **own}}
    return read_tables({n: rows for n, rows in tables.items() if n not in case.absent}, list(plan.models.values()))


def _changed(
    plan: Plan, table: str, shared: list[dict[str, Cell]], own: list[dict[str, Cell]], case: PlanCase
) -> list[dict[str, Cell]]:
    dropped = case.drop.get(table, [])
    kept = [row for row in shared if not any(_holds(row, cells) for cells in dropped)]
    key = plan.tables[table].key
    changed = {_key(row, key): row for row in own}
    if len(changed) < len(own):
        return kept + own  # a key given twice is the case's point
    return list({**{_key(row, key): row for row in kept}, **changed}.values())


def _holds(row: Mapping[str, Cell], cells: Mapping[str, str]) -> bool:
    return all(as_text(row[name]) == cell for name, cell in cells.items())


def _key(row: Mapping[str, Cell], key: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in key)


# --- comparing ------------------------------------------------------------------------------------


def faults(result: Result, case: PlanCase) -> list[str]:
    """How the result differs from what the case expects, in words."""
    return [*_decisions(result, case), *_absences(result, case), *_findings(result, case), *_gaps(result, case)]


def _decisions(result: Result, case: PlanCase) -> Iterator[str]:
    places = {_place(e) for e in case.expect}
    for place in sorted(places, key=str):
        wanted = [e for e in case.expect if _place(e) == place]
        rules = {rule for e in wanted for rule in e.because} if place[0] in case.by_rule else None
        found = [d for d in result.decisions if (d.question, d.subject.id, d.period) == place]
        found = [d for d in found if rules is None or rules & set(d.because)]
        if len(found) != len(wanted):
            yield f"{place}: {len(found)} decisions instead of {len(wanted)}: {_shown(found)}"
        yield from (
            f"none is {_named(e)} among {_shown(found)}" for e in wanted if not any(_agrees(e, d) for d in found)
        )
    if case.nothing_else:
        yield from (
            f"not expected: {_shown([d])}"
            for d in result.decisions
            if (d.question, d.subject.id, d.period) not in places
        )


def _place(expected: ExpectedDecision) -> tuple[str, str, str | None]:
    return expected.question, expected.subject, expected.period


def _absences(result: Result, case: PlanCase) -> Iterator[str]:
    for expected in case.expect_none:
        yield from (f"should not be: {_shown([d])}" for d in result.decisions if _agrees(expected, d))


def _findings(result: Result, case: PlanCase) -> Iterator[str]:
    for expected in case.expect_findings:
        if not any(_agrees(expected, f) for f in result.findings):
            near = [f.model_dump(mode="json") for f in result.findings if f.rule == expected.rule]
            yield f"no finding is {_named(expected)} among {near}"


def _gaps(result: Result, case: PlanCase) -> Iterator[str]:
    if case.not_evaluated is not None:
        wanted = [(e.policy, e.rule, tuple(e.tables)) for e in case.not_evaluated]
        found = [(n.policy, n.rule, n.tables) for n in result.not_evaluated]
        if found != wanted:
            yield f"not evaluated: {found} instead of {wanted}"
    if case.warnings is not None and len(result.warnings) != case.warnings:
        yield f"{len(result.warnings)} warnings instead of {case.warnings}: {list(result.warnings)}"


def _named(expected: Entry) -> dict[str, Any]:
    return expected.model_dump(mode="json", exclude_unset=True)


def _agrees(expected: Entry, found: Any) -> bool:
    """Whether every field that is named is so; a subject is named by its id alone."""
    plain = found.model_dump(mode="json") | {"subject": found.subject.id}
    return all(plain[name] == value for name, value in _named(expected).items())


def _shown(decisions: Iterable[Decision]) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in d.model_dump(mode="json").items() if value not in (None, [])} for d in decisions
    ]
