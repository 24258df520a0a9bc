"""Rules in words: each with its cases, and what it takes from parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..engines.scalar.evaluation import Evaluation
from ..engines.scalar.findings import Candidate
from ..engines.scalar.frames import PRESENT, table_frame
from ..errors import Lang, UsageError
from ..language.values import Value, is_known
from ..model.facts import NEVER
from ..model.result import Finding
from ..model.trace import Trace
from .explained import Case, Line, Reason, Standing, Waived
from .lines import Liner, once
from .wording import Wording, table_title
from .words import join, say

if TYPE_CHECKING:
    from ..model.policy import Rule
    from ..plan import Plan

MOST_CASES = 8


@dataclass
class Reasons:
    """Makes reasons in one language; what several of them share is shown in full only once."""

    plan: Plan
    evaluation: Evaluation
    lang: Lang
    seen: set[Line] = field(default_factory=set)

    def of_finding(self, finding: Finding, standing: Standing) -> Reason:
        """A rule that holds or is open."""
        reason = self._reason(finding.rule, finding.clause, finding.outcome, finding.status, standing)
        try:
            trace = finding.explain()
        except UsageError:
            return replace(reason, note=say("no_trace", self.lang))
        traces = trace.children if trace.kind == "rows" else (trace,)
        more = int(trace.note.split()[0]) - len(traces) if trace.kind == "rows" and trace.note else 0
        return self._with_cases(reason, traces, more, (finding.subject.id, finding.period or ""))

    def failing(self, rule: Rule, candidate: Candidate) -> Reason:
        """A rule that does not hold for a subject and period, with what is not met."""
        run = self.evaluation.runs[rule.id.partition(".")[0]]
        reason = self._reason(rule.id, rule.clauses, rule.outcome, "fails", "fails")
        rows = candidate.rows[:MOST_CASES]
        traces = [run.explainer.application(candidate, row, addressee) for row, addressee, _ in rows]
        return self._with_cases(
            reason, traces, len(candidate.rows) - len(rows), (candidate.subject, str(candidate.period))
        )

    def without_rows(self, rule: Rule, kind: str) -> Reason:
        """A rule that no row bears on."""
        reason = self._reason(rule.id, rule.clauses, rule.outcome, "fails", "no_row")
        return replace(reason, note=say("no_row", self.lang, kind=kind))

    def not_evaluated(self, rule: Rule, tables: Iterable[str]) -> Reason:
        """A rule that was left out for want of a table."""
        titles = [
            f"{name}{say('brackets', self.lang, table_title(self.plan.tables.get(name), name, self.lang))}"
            for name in tables
        ]
        reason = self._reason(rule.id, rule.clauses, rule.outcome, "not_evaluated", "not_evaluated")
        return replace(reason, note=say("not_evaluated", self.lang, join(titles, self.lang)))

    def _reason(self, rule: str, clauses: Sequence[str], outcome: str, status: str, standing: Standing) -> Reason:
        known = self.plan.rules.get(rule)
        title = known.title.text(self.lang) if known else rule
        return Reason(rule, title, tuple(clauses), outcome, self._verdict(outcome), status, standing)

    def _verdict(self, outcome: str) -> str:
        question, _, verdict = outcome.partition(".")
        return self.plan.questions[question].verdicts[verdict].title.text(self.lang)

    # --- cases ----------------------------------------------------------------------------------

    def _with_cases(self, reason: Reason, traces: Sequence[Trace], more: int, known: tuple[str, str]) -> Reason:
        shown = traces[:MOST_CASES]
        cases = tuple(self._case(reason.rule, trace, known) for trace in shown)
        return replace(reason, cases=cases, more=more + len(traces) - len(shown))

    def _case(self, rule: str, trace: Trace, known: tuple[str, str]) -> Case:
        policy = self.plan.policies[rule.partition(".")[0]]
        plain = Wording.of(policy, self.plan.rules[rule], self.plan.policy_set.context, self.lang, {})
        wording = replace(plain, settings=_settings(trace, plain))
        label = wording.label({name: cell for name, cell in trace.row.items() if cell not in known})
        return Case(dict(trace.row), label, once(Liner(wording).lines(trace), self.seen))

    # --- waivers --------------------------------------------------------------------------------

    def waivers(self, finding: Finding) -> tuple[Waived, ...]:
        """The waivers in force that lift a finding."""
        table = self.plan.tables.get("waivers")
        if table is None or table.name not in self.evaluation.facts or not finding.waivable:
            return ()
        key = (finding.rule, finding.subject.id, finding.period or "")
        rows = table_frame(table, self.evaluation.facts, self.evaluation.as_of).rows
        return tuple(
            _waived(row, self.lang)
            for row in rows
            if (row["rule"], row["subject"], str(row["period"])) == key and row.get(PRESENT, True)
        )


def _waived(row: Mapping[str, Value], lang: Lang) -> Waived:
    """What a waiver says; a disputed cell of it as unknown."""
    shown = {
        name: str(row[name]) if is_known(row[name]) else say("unknown", lang)
        for name in ("authority", "reason", "decided_on", "expires_on")
    }
    return Waived(
        shown["authority"],
        shown["reason"],
        shown["decided_on"],
        None if row["expires_on"] == NEVER else shown["expires_on"],
    )


def _settings(trace: Trace, wording: Wording) -> dict[str, str]:
    """The values of the parameters that a trace names; those that aren't set left out."""
    named = (
        part for part in trace.walk() if part.kind == "parameter" and part.text.startswith("param.") and not part.note
    )
    return {part.text.removeprefix("param."): wording.value(part.value) for part in named}


def notes_on_cells(reasons: Iterable[Reason]) -> dict[str, str]:
    """What the lines say is special about cells, by name: disputed, empty."""
    waiting = [line for reason in reasons for case in reason.cases for line in case.lines]
    notes: dict[str, str] = {}
    while waiting:
        line = waiting.pop()
        if line.cell and line.note:
            notes[line.cell] = line.note
        waiting.extend(line.children)
    return notes
