"""Decisions as tables for a terminal: one per question, and how often each verdict was given."""

from __future__ import annotations

import io
import os
import sys
from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..errors import Lang
from ..model.result import Decision, Result
from ..plan import Plan
from .words import word

_COLOURS = {"favourable": "green", "adverse": "red", "neutral": ""}
_UNDETERMINED = "yellow"
_MOST_WAITS = 3
_WIDEST_RULE = 30
_WIDTH = 140
"""The width where there is no terminal to ask."""


def decision_table(plan: Plan, result: Result, lang: Lang, *, terminal: bool) -> str:
    """All decisions and their summary as text, with colours where it goes to a terminal."""
    colour = terminal and sys.stdout.isatty()
    width = None if colour or os.environ.get("COLUMNS") else _WIDTH
    held = io.StringIO()
    console = Console(
        file=held, force_terminal=colour, no_color=not colour, width=width, highlight=False, markup=False, emoji=False
    )
    for name in plan.questions:
        if decisions := [d for d in result.decisions if d.question == name]:
            console.print(Text(plan.questions[name].title.text(lang), style="bold"))
            console.print(_decisions(plan, decisions, result.group, lang))
            console.print()
    if result.decisions:
        console.print(Text(word("summary", lang), style="bold"))
        console.print(_summary(plan, result, lang))
    console.print(word("total", lang, len(result.decisions)))
    return "".join(f"{line.rstrip()}\n" for line in held.getvalue().splitlines())


def _decisions(plan: Plan, decisions: list[Decision], group: str, lang: Lang) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    longest = max(len(part) for decision in decisions for part in (*_rules(decision, lang).split(), ""))
    if group:
        table.add_column(Text(group, style="dim"), overflow="fold")
    for name in ("subject", "period", "verdict", "rules", "waits"):
        least = min(longest, _WIDEST_RULE) if name == "rules" else None
        table.add_column(Text(word(name, lang), style="dim"), overflow="fold", min_width=least)
    for decision in decisions:
        verdict = Text(verdict_text(plan, decision, lang), style=_style(plan, decision))
        of = (decision.group or "",) if group else ()
        cells = (*of, decision.subject.id, decision.period or "", verdict, _rules(decision, lang), _waits(decision, lang))
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))
    return table


def verdict_text(plan: Plan, decision: Decision, lang: Lang) -> str:
    """The verdict in words; of an undetermined decision those still possible."""
    verdicts = plan.questions[decision.question].verdicts
    if decision.status == "undetermined":
        possible = [verdicts[v].title.text(lang) if v else word("nothing", lang) for v in decision.possible]
        return word("undetermined_of", lang, word("or", lang).join(possible))
    return verdicts[decision.verdict].title.text(lang) if decision.verdict else word("waived", lang)


def _style(plan: Plan, decision: Decision) -> str:
    if decision.status == "undetermined":
        return _UNDETERMINED
    return _COLOURS[plan.questions[decision.question].verdicts[decision.verdict].polarity] if decision.verdict else ""


def _rules(decision: Decision, lang: Lang) -> str:
    """The rules behind it, and those that it doesn't follow with the reason."""
    waived = word("waived_by", lang, ", ".join(decision.waived_by)) if decision.waived_by else word("outranked", lang)
    others = [rule + word("brackets", lang, waived) for rule in decision.overridden]
    return ", ".join((*decision.because, *others))


def _waits(decision: Decision, lang: Lang) -> str:
    names = (*decision.parameters, *decision.missing)
    more = [word("more", lang, len(names) - _MOST_WAITS)] if len(names) > _MOST_WAITS else []
    return ", ".join((*names[:_MOST_WAITS], *more))


def _summary(plan: Plan, result: Result, lang: Lang) -> Table:
    """How many decisions each verdict has, in the questions' order."""
    counts = Counter((d.question, d.status == "undetermined", d.verdict) for d in result.decisions)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for name, question in plan.questions.items():
        for verdict, doc in question.verdicts.items():
            _count(table, question.title.text(lang), doc.title.text(lang), counts[name, False, verdict])
        _count(table, question.title.text(lang), word("waived", lang), counts[name, False, None])
        _count(table, question.title.text(lang), word("undetermined", lang), counts[name, True, None])
    return table


def _count(table: Table, question: str, verdict: str, count: int) -> None:
    if count:
        table.add_row(Text(question), Text(verdict), Text(str(count), justify="right"))
