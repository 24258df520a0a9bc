"""What would change a decision, found and put into words: each way in one sentence, and what else bears on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..engines.scalar.axes import Axis
from ..engines.scalar.counterfactual import MOST_CELLS, Search, Turn, Turned, search
from ..engines.scalar.probe import At, Probe, SpentError, Topic
from ..errors import Problem, UsageError
from ..language.periods import PERIODS, Period, parse_period
from ..language.source import nearest
from ..language.text import show
from ..language.values import is_known
from ..model.cells import Cell, read_cell
from ..model.counterfactual import Change, Counterfactual, Direction, Outlook, merit
from ..model.facts import EVERY, ColumnSpec, FactTables
from ..model.policy import Question
from ..model.result import Decision, Finding
from .prospects import Prospects

if TYPE_CHECKING:
    from ..engines.scalar.evaluation import Evaluation
    from ..engines.scalar.waivers import Waivers
    from ..plan import Plan

MOST_WAYS = 12
"""The most ways that are told."""

@dataclass(frozen=True)
class Outlooks:
    """Tells what would change the decisions of one evaluation.

    `computed` are the findings of plugins; `again` evaluates other facts the same way, to confirm
    each way that was found.
    """

    plan: Plan
    evaluation: Evaluation
    waivers: Waivers
    computed: Sequence[Finding]
    decisions: Sequence[Decision]
    again: Callable[[FactTables, list[str]], Sequence[Decision]]

    def of(self, decision: Decision) -> Outlook:
        """What would change a decision."""
        question = self.plan.questions[decision.question]
        verdict = decision.id.rpartition("/")[2] if question.decide == "each" else ""
        return self.on(Topic(question, decision.subject.id, decision.period, verdict, *decision.rules))

    def asked(self, question: str, subject: str, period: str | None) -> Outlook:
        """What would change the decision on a question, or lead to one; `UsageError` for what can't be asked."""
        if question not in self.plan.questions:
            values = {"name": question, "nearest": nearest(question, self.plan.questions)}
            raise UsageError(Problem("CR-UNKNOWN-QUESTION", values=values))
        found = [d for d in self.decisions if (d.question, d.subject.id, d.period) == (question, subject, period)]
        if len(found) > 1:
            values = {"question": question, "subject": subject, "period": period or "-", "count": str(len(found))}
            raise UsageError(Problem("CR-SEVERAL-DECISIONS", values=values))
        return self.of(found[0]) if found else self._without(question, subject, period)

    def still_open(self, question: str, period: str | None, *, asked: str | None) -> bool:
        """Whether it makes sense to tell what would lead to a decision: the period is asked for or isn't over."""
        asked_about = self.plan.questions[question]
        if asked_about.decide == "each_rule":
            return period is not None and period == asked
        kind, known = asked_about.doc.period, _period(period)
        if kind not in PERIODS:
            return period is not None or kind == "none"
        return known is not None and (period == asked or known.last_day() >= self.evaluation.as_of)

    def _without(self, question: str, subject: str, period: str | None) -> Outlook:
        """What would lead to a decision where there is none."""
        asked = self.plan.questions[question]
        kind, known = asked.doc.period, _period(period)
        if kind in PERIODS and (known is None or known.kind != kind):
            raise UsageError(Problem("CR-NOT-AN-OPTION", values={"value": period or "", "option": "period", "allowed": kind}))
        if asked.decide == "each_rule":
            told = Prospects(self.plan, self.evaluation, Topic(asked, subject, period))
            return Outlook(question, subject, period, (), (told.note("note_duty"),))
        verdicts = tuple(asked.verdicts) if asked.decide == "each" else ("",)
        outlooks = [self.on(Topic(asked, subject, period, verdict)) for verdict in verdicts]
        ways = tuple(way for outlook in outlooks for way in outlook.counterfactuals)
        notes = dict.fromkeys(tuple(note.items()) for outlook in outlooks for note in outlook.notes)
        return Outlook(question, subject, period, ways, tuple(dict(note) for note in notes))

    def on(self, topic: Topic) -> Outlook:
        """What would change the answer to a topic, whether there is a decision or not."""
        decision = next((d for d in self.decisions if d.id == topic.id), None)
        fixed = [f for f in self.computed if f.outcome.partition(".")[0] == topic.question.name]
        probe = Probe(self.evaluation, self.waivers, topic, [f for f in fixed if _is_about(f, topic)])
        found = search(probe)
        told = Prospects(self.plan, self.evaluation, topic)
        if found.before.possible != _possible(decision):
            return _outlook(topic, (), [told.note("note_python")])
        ways = self._confirmed(probe, [_way(topic, found, turn, decision) for turn in found.turns[:MOST_WAYS]])
        named = [replace(way, texts=told.texts(way)) for way in ways]
        return _outlook(topic, tuple(named), list(self._notes(probe, found, decision, told, named=bool(named))))

    def _confirmed(self, probe: Probe, ways: list[Counterfactual]) -> list[Counterfactual]:
        """The ways that the whole evaluation of the changed facts confirms."""
        names = list(self.evaluation.runs) if probe.fixed else [run.program.policy.name for run in probe.runs]
        found = []
        for way in ways:
            decisions = self.again(way.apply(self.evaluation.facts), names)
            after = next((d for d in decisions if d.id == probe.topic.id), None)
            if _possible(after) == {way.leads_to}:
                found.append(way)
        return found

    # --- what else bears on it ------------------------------------------------------------------

    def _notes(
        self, probe: Probe, found: Search, decision: Decision | None, told: Prospects, *, named: bool
    ) -> Iterator[Mapping[str, str]]:
        amounts = list(self._amounts(decision, told))
        if not named and not amounts:
            yield self._why_not(found, decision, told)
        yield from amounts
        yield from self._waivers(probe.topic, decision, told)
        yield from _rows_that_count(probe, found, told)
        if decision is not None and decision.parameters:
            yield told.parameters(decision.parameters)
        if named and found.ranked:
            yield told.note("note_others")
        if len(found.turns) > MOST_WAYS:
            yield told.note("note_further", len(found.turns) - MOST_WAYS)
        if found.spent:
            yield told.note("note_limit", probe.most)
        if probe.fixed:
            yield told.note("note_python")

    def _why_not(self, found: Search, decision: Decision | None, told: Prospects) -> Mapping[str, str]:
        if not found.rows:
            return told.note("note_no_rows")
        if found.filtered:
            return told.note("note_none", MOST_CELLS)
        if not found.axes and (decision is None or decision.status == "decided"):
            return told.note("note_over", self.evaluation.as_of)
        return told.open_cells(found.axes) if found.proved else told.note("note_none", MOST_CELLS)

    def _amounts(self, decision: Decision | None, told: Prospects) -> Iterator[Mapping[str, str]]:
        """What is still to be done of an obligation, or that it is too late."""
        period = _period(decision.period) if decision is not None else None
        if decision is None or period is None or decision.status != "decided" or decision.short in (None, "0"):
            return
        late = period.last_day() < self.evaluation.as_of
        yield told.note("note_too_late") if late else told.note("note_more", decision.short, period.last_day())

    def _waivers(self, topic: Topic, decision: Decision | None, told: Prospects) -> Iterator[Mapping[str, str]]:
        if decision is None:
            return
        adverse = [v for v in (decision.verdict, *decision.possible) if v and merit(topic.question, v) < (0, 0)]
        rules = [rule for policy in self.plan.policies.values() for rule in policy.rules if rule.id in decision.because]
        lifted = [rule for rule in rules if rule.waivable and rule.verdict in adverse]
        if lifted and "waivers" in self.plan.tables:
            yield told.waiver(lifted)


def _period(text: str | None) -> Period | None:
    """The period that a text names; None where it names none."""
    try:
        return parse_period(text or "")
    except ValueError:
        return None


def _outlook(topic: Topic, ways: tuple[Counterfactual, ...], notes: list[Mapping[str, str]]) -> Outlook:
    return Outlook(topic.question.name, topic.subject, topic.period, ways, tuple(notes))


def _is_about(finding: Finding, topic: Topic) -> bool:
    return finding.subject.id == topic.subject and finding.period == topic.period


def _possible(decision: Decision | None) -> frozenset[str | None]:
    if decision is None:
        return frozenset({None})
    return frozenset({decision.verdict} if decision.status == "decided" else decision.possible)


def _rows_that_count(probe: Probe, found: Search, told: Prospects) -> Iterator[Mapping[str, str]]:
    """The rows whose mere presence would lead to another verdict, such as an exemption decided now."""
    for name, key in found.asked:
        table = probe.tables[name]
        if not table.counts or key in probe.rows.get(name, {}) or name not in probe.frames:
            continue
        whole = tuple(
            table.columns[n].value(None) if table.columns[n].empty is EVERY else part
            for n, part in zip(table.key, key, strict=True)
        )
        known = key if all(map(is_known, key)) else whole
        probe.refill()
        first = At(name, known, table.counts[0])
        try:
            after = probe.outcome({first: probe.evaluation.as_of}).possible
        except SpentError:
            continue
        if len(after) == 1 and after != found.before.possible:
            yield told.row_that_counts(name, known, next(iter(after)))


# --- ways as data -------------------------------------------------------------------------------


def _way(topic: Topic, found: Search, turn: Turn, before: Decision | None) -> Counterfactual:
    after = turn.outcome.decision
    behind = after if after is not None and turn.leads_to is not None else before
    return Counterfactual(
        tuple(_change(turned) for turned in turn.changes),
        turn.leads_to,
        _direction(topic.question, found, turn),
        behind.because if behind else (),
        behind.clauses if behind else (),
    )


def _direction(question: Question, found: Search, turn: Turn) -> Direction:
    if len(found.before.possible) > 1:
        return "settled"
    (now,) = found.before.possible
    before, after = merit(question, now), merit(question, turn.leads_to)
    return "better" if after > before else "worse" if after < before else "other"


def _change(turned: Turned) -> Change:
    axis = turned.axis
    table = axis.at.table

    def cell(value: Any) -> Cell:
        return None if value is None else to_cell(value, axis.column)

    return Change(
        table,
        tuple(axis.at.key),
        axis.at.column,
        _before(axis),
        axis.standing,
        cell(turned.to),
        cell(turned.least),
        cell(turned.most),
        tuple(map(cell, turned.options)),
    )


def _before(axis: Axis) -> Cell:
    return to_cell(axis.now, axis.column) if axis.standing == "known" and axis.now != axis.column.empty else None


def to_cell(value: Any, column: ColumnSpec) -> Cell:
    """The validated cell that holds a known value."""
    return read_cell(show(value, column.type), column)
