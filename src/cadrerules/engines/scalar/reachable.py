"""All that a topic rests on: what its rules read, with the rows that are still to come imagined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from ...language.nodes import Cohort, Lookup
from ...language.periods import parse_period
from ...model.facts import FactTables
from ...model.program import Program
from .evaluation import Evaluation, PolicyRun
from .findings import candidates
from .frames import Key, Values
from .probe import Probe
from .reach import Reached, follow

Place: TypeAlias = tuple[str, Key]
"""A row: its table and key."""


def reach(probe: Probe) -> tuple[Reached, frozenset[Place]]:
    """What the topic's rules read, and of that the rows that aren't there: in time they may be."""
    reached = _follow(probe, probe.evaluation)
    missing = [place for place in reached.absent if place[0] in probe.frames]
    missing += [] if reached.cells else list(_to_come(probe))
    if missing:
        reached = _follow(probe, _imagining(probe, missing))
    if reached.split:
        elsewhere = _looked_up(probe)
        probe.keep((table, key) for table, key in reached.rows if table not in elsewhere)
    return reached, frozenset(missing)


def _looked_up(probe: Probe) -> set[str]:
    """The tables in which rows are looked up, so that all of them may take part."""
    steps = (step.node for run in probe.runs for stage in run.program.stages for step in stage.steps)
    addressed = {bound.rule.to.table for run in probe.runs for bound in probe.rules(run) if bound.rule.to}
    return {node.table for node in steps if isinstance(node, Lookup)} | addressed


def _follow(probe: Probe, evaluation: Evaluation) -> Reached:
    reached = Reached()
    for name in evaluation.runs:
        run = evaluation.runs[name]
        frame = run.frames[run.program.stages[-1].name]
        for bound in probe.rules(run):
            if probe.topic.verdict in ("", bound.rule.verdict):
                found = candidates(bound, frame, run.frames, subject=probe.topic.subject)
                follow(run, bound, [c for c in found if probe.concerns(c.period)], reached)
    return reached


def _imagining(probe: Probe, missing: Iterable[Place]) -> Evaluation:
    """The evaluation of the topic's policies with rows added of which only the key is known."""
    facts, tables = probe.evaluation.facts, probe.tables
    rows = dict(facts.rows)
    for name, key in missing:
        cells: dict[str, Any] = dict.fromkeys(tables[name].columns)
        rows[name] = (*rows[name], {**cells, **dict(zip(tables[name].key, key, strict=True))})
    evaluation = Evaluation(probe.evaluation.policies, FactTables(facts.tables, rows), probe.evaluation.as_of)
    evaluation.run([run.program.policy.name for run in probe.runs])
    return evaluation


# --- rows to come -------------------------------------------------------------------------------


def _to_come(probe: Probe) -> Iterator[Place]:
    """The rows of the topic's period that earlier ones lead to expect; none where places among others count."""
    seen: set[Place] = set()
    for run in probe.runs:
        if _ranks(run.program):
            continue
        for table, row in _earlier(probe, run):
            along = run.program.stages[0].along
            now = {**row, along: parse_period(probe.topic.period or "")}
            place = table, tuple(now[name] for name in probe.tables[table].key)
            if place not in seen:
                seen.add(place)
                yield place


def _ranks(program: Program) -> bool:
    steps = (step.node for stage in program.stages for step in stage.steps)
    return any(isinstance(node, Cohort) and node.function == "rank" for node in steps)


def _earlier(probe: Probe, run: PolicyRun) -> list[tuple[str, Values]]:
    """The subject's rows of the last period before the topic's."""
    if probe.topic.period is None:
        return []
    last, table = run.program.stages[-1], run.program.stages[0].source
    period = parse_period(probe.topic.period)
    if last.source != table or not last.along:
        return []
    found = [
        row
        for bound in probe.rules(run)
        for c in candidates(bound, run.frames[last.name], run.frames, subject=probe.topic.subject)
        if type(c.period) is type(period) and c.period < period
        for row, _, _ in c.rows
    ]
    latest = max((row[last.along] for row in found), default=None)
    return [(table, row) for row in found if row[last.along] == latest]
