"""All that a topic rests on: what its rules read, with the rows that are still to come imagined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from ...language.nodes import Cohort, Lookup
from ...language.periods import Period, parse_period
from ...model.facts import FactTables
from ...model.program import Stage
from .evaluation import Evaluation
from .findings import Candidate
from .frames import Key, Values
from .probe import Probe, across
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
    """The tables in which rows are looked for, so that all of them may take part."""
    found: set[str] = set()
    for run in probe.runs:
        stages = probe.stages[run.program.policy.name]
        found |= {step.node.table for stage in stages for step in stage.steps if isinstance(step.node, Lookup)}
        found |= {bound.rule.to.table for bound in probe.rules(run) if bound.rule.to}
        found |= {node.table for stage in stages for node in across(stage)}
        for stage in reversed(stages):
            found |= {*stage.sources} if stage.name in found else set()
    return found


def _follow(probe: Probe, evaluation: Evaluation) -> Reached:
    reached = Reached()
    for name in evaluation.runs:
        run = evaluation.runs[name]
        for bound in probe.rules(run):
            if probe.topic.verdict in ("", bound.rule.verdict):
                found = run.candidates(bound, probe.topic.subject)
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
    period = _period(probe.topic.period)
    for run in probe.runs if period is not None else ():
        for bound in probe.rules(run):
            stage = run.explainer.stages[bound.rule.facts]
            if stage.source not in probe.tables or _ranks(stage):
                continue
            for row in _latest(run.candidates(bound, probe.topic.subject), stage, period):
                now = {**row, stage.along: period}
                seen.add((stage.source, tuple(now[name] for name in probe.tables[stage.source].key)))
    yield from sorted(seen, key=str)


def _ranks(stage: Stage) -> bool:
    return any(isinstance(step.node, Cohort) and step.node.function == "rank" for step in stage.steps)


def _latest(found: Iterable[Candidate], stage: Stage, period: Any) -> list[Values]:
    """The subject's rows of the last period before the one asked for."""
    earlier = (c for c in found if type(c.period) is type(period) and c.period < period)
    rows = [row for candidate in earlier for row, _, _ in candidate.rows]
    latest = max((row[stage.along] for row in rows), default=None)
    return [row for row in rows if row[stage.along] == latest]


def _period(text: str | None) -> Period | None:
    try:
        return parse_period(text or "")
    except ValueError:
        return None
