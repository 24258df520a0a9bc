"""Asks what a question's verdict would be were some cells other than they are, or not known at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...language.nodes import Across
from ...language.scope import CALENDAR
from ...model.deciding import decide
from ...model.facts import Table
from ...model.policy import Question
from ...model.program import BoundRule, Stage
from ...model.result import Decision, Finding, Subject
from .evaluation import Evaluation, PolicyRun
from .findings import Candidate, candidates
from .frames import Frame, Key, Values, cell_name
from .stages import run_stage
from .waivers import Waivers

MOST_EVALUATIONS = 400
"""The most evaluations that the search for one verdict may take."""


@dataclass(frozen=True, slots=True)
class At:
    """A cell: the table, the key of the row as values, and the column."""

    table: str
    key: Key
    column: str

    @property
    def name(self) -> str:
        """Its name, `results[2024/U05/I03].deducted`."""
        return cell_name(self.table, self.key, self.column)


Changes = Mapping[At, Any]
"""Values by cell; partly known ones stand for all that they may be. A row that isn't there is added."""


class SpentError(Exception):
    """So many evaluations are as many as one search may take."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One answer: a question about a subject in a period; `verdict` or `rule` where each of them is decided apart."""

    question: Question
    subject: str
    period: str | None
    verdict: str = ""
    rule: str = ""

    @property
    def id(self) -> str:
        """The id of its decision, if there is one."""
        return "/".join(filter(None, (self.question.name, self.subject, self.period, self.verdict, self.rule.rpartition(".")[2])))

    @property
    def verdicts(self) -> tuple[str | None, ...]:
        """All answers there are, none included."""
        return ((self.verdict,) if self.verdict else tuple(self.question.verdicts)) + (None,)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdicts that are possible: no row may hold such cells where there are none."""

    possible: frozenset[str | None]
    decision: Decision | None = None


@dataclass
class Probe:
    """Evaluates one topic again and again on changed frames; by the same functions as the whole evaluation.

    Sound as those are: a verdict that isn't possible with a cell partly known is reached by none of
    the values it may have. `fixed` are findings that plugins computed, taken as they are.
    """

    evaluation: Evaluation
    waivers: Waivers
    topic: Topic
    fixed: Sequence[Finding] = ()
    most: int = MOST_EVALUATIONS
    left: int = MOST_EVALUATIONS
    known: dict[frozenset[tuple[At, Any]], Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables: Mapping[str, Table] = self.evaluation.policies.tables
        self.runs: list[PolicyRun] = [run for run in self.evaluation.runs.values() if self.rules(run)]
        self.stages = {run.program.policy.name: self._stages(run) for run in self.runs}
        given = {*self.tables, *CALENDAR}
        self.frames = {name: frame for run in self.runs for name, frame in run.frames.items() if name in given}
        self.rows = {name: _places(frame) for name, frame in self.frames.items()}

    def keep(self, rows: Iterable[tuple[str, Key]]) -> None:
        """Leave out, of the tables named, all rows but these: no other takes part."""
        kept: dict[str, set[Key]] = defaultdict(set)
        for name, key in rows:
            kept[name].add(key)
        for name, keys in kept.items():
            frame = self.frames[name]
            fewer = [row for row in frame.rows if frame.key_of(row) in keys]
            self.frames[name] = Frame(name, frame.key, fewer, frame.disputed)
            self.rows[name] = _places(self.frames[name])

    def rules(self, run: PolicyRun) -> list[BoundRule]:
        """The rules of a policy that answer the topic and were evaluated."""
        asked = (bound for bound in run.program.rules if bound.rule.key not in run.skipped)
        named = (bound for bound in asked if bound.rule.question == self.topic.question.name)
        return [bound for bound in named if self.topic.rule in ("", bound.rule.id)]

    def _stages(self, run: PolicyRun) -> list[Stage]:
        """The stages that the rules rest on, in order."""
        needed = {bound.rule.facts for bound in self.rules(run)}
        for stage in reversed(run.program.stages):
            if stage.name in needed:
                needed |= {*stage.sources, *(node.table for node in across(stage))}
        return [stage for stage in run.program.stages if stage.name in needed]

    def outcome(self, changes: Changes) -> Outcome:
        """The verdicts that are possible with the cells changed; `SpentError` where that was asked too often."""
        key = frozenset(changes.items())
        if key not in self.known:
            if not self.left:
                raise SpentError
            self.left -= 1
            self.known[key] = self._outcome(changes)
        return self.known[key]

    def refill(self) -> None:
        """Allow as many evaluations again."""
        self.left = self.most

    def _outcome(self, changes: Changes) -> Outcome:
        frames = {**self.frames, **self.changed(changes)}
        if self._refused(frames, changes):
            return Outcome(frozenset())
        findings = [finding for run in self.runs for finding in self._findings(run, frames)]
        decisions = decide({self.topic.question.name: self.topic.question}, [*findings, *self.fixed], self.waivers)
        decision = next((d for d in decisions if d.id == self.topic.id), None)
        if decision is None:
            return Outcome(frozenset({None}))
        decided = decision.status == "decided"
        return Outcome(frozenset({decision.verdict} if decided else decision.possible), decision)

    # --- frames ---------------------------------------------------------------------------------

    def changed(self, changes: Changes) -> dict[str, Frame]:
        """The frames of the tables that hold changed cells."""
        by_row: dict[str, dict[Key, Values]] = defaultdict(lambda: defaultdict(dict))
        for at, value in changes.items():
            by_row[at.table][at.key][at.column] = value
        return {name: self._frame(name, rows) for name, rows in by_row.items()}

    def _frame(self, name: str, changed: Mapping[Key, Values]) -> Frame:
        frame, places = self.frames[name], self.rows[name]
        rows = list(frame.rows)
        for key, cells in changed.items():
            if key in places:
                rows[places[key]] = {**rows[places[key]], **cells}
            else:
                rows.append({**self.empty_row(name, key), **cells})
        if len(rows) > len(frame.rows):
            rows.sort(key=lambda row: [str(row[column]) for column in frame.key])
        return Frame(name, frame.key, rows, frame.disputed)

    def empty_row(self, name: str, key: Key) -> Values:
        """A row of which only the key is known."""
        table = self.tables[name]
        row = {column: spec.value(None) for column, spec in table.columns.items()}
        return {**row, **dict(zip(table.key, key, strict=True))}

    def _refused(self, frames: Mapping[str, Frame], changes: Changes) -> bool:
        """Whether a changed row surely contradicts itself."""
        changed = {(at.table, at.key) for at in changes}
        rows = ((name, row) for name in {t for t, _ in changed} for row in frames[name].rows)
        return any(
            condition.value(row) is True
            for name, row in rows
            if (name, frames[name].key_of(row)) in changed
            for _, condition in self.tables[name].conditions
        )

    # --- findings -------------------------------------------------------------------------------

    def _findings(self, run: PolicyRun, frames: Mapping[str, Frame]) -> Iterable[Finding]:
        made = dict(frames)
        for stage in self.stages[run.program.policy.name]:
            made[stage.name], _ = run_stage(stage, made, self.tables)
        for bound in self.rules(run):
            for candidate in candidates(bound, made[bound.rule.facts], made, subject=self.topic.subject):
                if candidate.truth is not False and self.concerns(candidate.period):
                    yield _finding(candidate)

    def concerns(self, period: Any) -> bool:
        """Whether a candidate's period is the topic's."""
        return (None if period is None else str(period)) == self.topic.period


def across(stage: Stage) -> list[Across]:
    """The aggregates of other tables that a stage computes."""
    return [step.node for step in (*stage.keeps, *stage.steps) if isinstance(step.node, Across)]


def _places(frame: Frame) -> dict[Key, int]:
    return {frame.key_of(row): i for i, row in enumerate(frame.rows)}


def _finding(candidate: Candidate) -> Finding:
    rule = candidate.rule.rule
    return Finding.model_construct(
        rule=rule.id,
        clause=rule.clauses,
        outcome=rule.outcome,
        waivable=rule.waivable,
        subject=Subject.model_construct(kind=rule.kind, id=candidate.subject),
        period=None if candidate.period is None else str(candidate.period),
        status="undetermined" if candidate.truth is None else "holds",
        missing=(),
        params={},
        interpretations={},
    )
