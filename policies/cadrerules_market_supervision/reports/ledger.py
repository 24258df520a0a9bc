"""The report `ledger`: the problems of a month in the form of the monthly report, as a workbook or a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from cadrerules import Decision, FactTables, Plan, Result
from cadrerules.engines.scalar.frames import table_frame
from cadrerules.errors import Lang
from cadrerules.language.periods import Month
from cadrerules.language.values import is_known
from cadrerules.report import ReportFormat
from cadrerules.report.explained import Basis
from cadrerules.report.explanation import Explainer
from cadrerules.report.grid import Cell, Grid, Heading
from cadrerules.report.page import render
from cadrerules.report.sheets import to_sheets
from cadrerules.report.wording import choice_words
from cadrerules.report.words import proposal

from . import TEMPLATES
from .names import Names
from .words import joined, month_in_words, word

_COLUMNS = (
    "problem:12 aspect:8 goal:30 measures:40 lead_unit:20 responsible_unit:20 "
    "listed_on:12 due_on:12 class:10 state:16 days_left:10"
)


def ledger(
    result: Result,
    *,
    plan: Plan,
    facts: FactTables,
    explainer: Explainer,
    period: str | None,
    lang: Lang,
    format: str,  # noqa: A002 - the contract's name
    **_: object,
) -> str | bytes:
    """The problems listed by the month's end and not closed before the month, the as-of date's month by default."""
    month = period or str(Month.of(result.as_of))
    grid = Ledger(result, plan, facts, explainer, lang, month).grid()
    if format == "xlsx":
        return to_sheets([grid], result.as_of)
    return render(
        "ledger.html.jinja",
        lang,
        folder=TEMPLATES,
        title=word("ledger", lang),
        eyebrow=month_in_words(month, lang),
        footer=[proposal(Basis.of(result), lang)],
        grid=grid,
    )


LEDGER = ReportFormat(
    "ledger",
    "Rectification ledger",
    "问题整改台账",
    ledger,
    formats=("xlsx", "html"),
    period="month",
    subject="none",
    tables=("problems",),
)


@dataclass(frozen=True)
class Ledger:
    """The problems of a month, with what was decided about each."""

    result: Result
    plan: Plan
    facts: FactTables
    explainer: Explainer
    lang: Lang
    month: str

    def _word(self, key: str, *values: object) -> str:
        return word(key, self.lang, *values)

    def grid(self) -> Grid:
        """The problems, those due first at the top; what has no deadline comes last."""
        split = [column.partition(":") for column in _COLUMNS.split()]
        headings = tuple(Heading(self._word(name), int(width)) for name, _, width in split)
        title = f"{self._word('ledger')} {month_in_words(self.month, self.lang)}"
        rows = [self._cells(row) for row in sorted(self._rows(), key=_order)]
        return Grid(title, headings, rows, self._word("ledger_note"), self._word("no_problems"))

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        """The rows of the month: a problem whose dates aren't known may belong to it."""
        month = Month.parse(self.month)
        frame = table_frame(self.plan.tables["problems"], self.facts, self.result.as_of)
        for values in frame.rows:
            row = {name: value if is_known(value) else None for name, value in values.items()}
            listed, closed = row["listed_on"], row["closed_on"]
            if (listed is None or listed <= month.last_day()) and (closed is None or closed >= month.first_day()):
                yield row

    # --- cells ----------------------------------------------------------------------------------

    def _cells(self, row: Mapping[str, Any]) -> tuple[Cell, ...]:
        return (
            row["problem"],
            self._aspects.get(row["aspect"]),
            row["goal"],
            row["measures"],
            self._unit(row["lead_unit"]),
            self._unit(row["responsible_unit"]),
            row["listed_on"],
            row["due_on"],
            self._answer("horizon", row["problem"]) or self._not_judged("horizon"),
            self._state(row),
            None if self._closed(row) or row["due_on"] is None else (row["due_on"] - self.result.as_of).days,
        )

    @cached_property
    def _aspects(self) -> dict[str, str]:
        return choice_words(self.plan.tables["problems"].columns["aspect"], self.lang)

    @cached_property
    def _names(self) -> Names:
        return Names(self.facts, self.lang)

    def _unit(self, unit: str | None) -> str | None:
        return self._names.both(unit) if unit else None

    def _closed(self, row: Mapping[str, Any]) -> bool:
        """Whether it was closed by the day of the evaluation."""
        return row["closed_on"] is not None and row["closed_on"] <= self.result.as_of

    def _state(self, row: Mapping[str, Any]) -> str:
        """What was decided, and whether it is closed; in time where neither is so."""
        found = [self._answer("rectification", row["problem"])]
        found += [self._word("closed")] if self._closed(row) else []
        return joined([part for part in found if part], self.lang) or self._not_judged("rectification") or self._word("in_time")

    def _not_judged(self, question: str) -> str:
        """What to say where no rule was evaluated: the plan has none on it, or its policy was left out."""
        policies = {rule.id.rpartition(".")[0] for rule in self.plan.rules.values() if rule.question == question}
        return "" if policies & set(self.explainer.evaluation.runs) else self._word("not_judged")

    def _answer(self, question: str, problem: str) -> str:
        """The verdict in words, or those still possible; empty where there is no decision."""
        found = self._decisions.get((question, problem), [])
        return joined([self._verdict(decision) for decision in found], self.lang)

    @cached_property
    def _decisions(self) -> dict[tuple[str, str], list[Decision]]:
        found: dict[tuple[str, str], list[Decision]] = {}
        for decision in self.result.decisions:
            if decision.subject.kind == "problem":
                found.setdefault((decision.question, decision.subject.id), []).append(decision)
        return found

    def _verdict(self, decision: Decision) -> str:
        verdicts = self.plan.questions[decision.question].verdicts
        titles = {name: doc.title.text(self.lang) for name, doc in verdicts.items()}
        if decision.status == "undetermined":
            possible = [titles[v] if v else self._word("nothing") for v in decision.possible]
            return self._word("undetermined", self._word("or").join(possible))
        return titles[decision.verdict] if decision.verdict else self._word("set_aside")


def _order(row: Mapping[str, Any]) -> tuple[date, str]:
    return (row["due_on"] or date.max, row["problem"])
