"""The coverage of rules as text for a terminal."""

from __future__ import annotations

import io
import os

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...errors import Lang
from ..words import word
from .lines import figure, gap_lines, mark
from .measure import Report

_WIDTH = 120
"""The width where there is no terminal to ask."""


def as_text(report: Report, lang: Lang = "en") -> str:
    """The figure, how much is covered of each kind, rule and clause, and what is not."""
    held = io.StringIO()
    width = None if os.environ.get("COLUMNS") else _WIDTH
    console = Console(file=held, no_color=True, width=width, highlight=False, markup=False, emoji=False)
    console.print(figure(report, lang))
    for kind, (covered, of) in report.by_kind.items():
        if of:
            console.print(f"  {word(f'kind_{kind}', lang)}: {covered}/{of}")
    console.print()
    console.print(_rules(report, lang))
    console.print()
    console.print(_clauses(report, lang))
    console.print()
    console.print(word("gaps" if report.gaps() else "no_gaps", lang))
    for owner, lines in gap_lines(report, lang):
        console.print(f"  {owner}")
        for atom, wants in lines:
            console.print(Text(f"    {atom}: {wants}"), soft_wrap=True)
    return "".join(f"{line.rstrip()}\n" for line in held.getvalue().splitlines())


def _rules(report: Report, lang: Lang) -> Table:
    table = _table("rule", "held", "failed", "undetermined", "covered", lang=lang)
    for rule, (covered, of) in report.by_rule.items():
        seen = [mark(value, lang) for value in report.outcomes(rule).values()]
        table.add_row(rule, *seen, f"{covered}/{of}")
    return table


def _clauses(report: Report, lang: Lang) -> Table:
    table = _table("clauses", "covered", lang=lang)
    for clause, (covered, of) in report.by_clause.items():
        table.add_row(clause, f"{covered}/{of}")
    return table


def _table(*headings: str, lang: Lang) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(Text(word(heading, lang)), overflow="fold")
    return table
