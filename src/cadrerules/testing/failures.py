"""What is told of a case that failed: its place, what differs field by field, why, and how to run it again."""

from __future__ import annotations

from ..errors import Lang
from .cases import CaseDocument, Outcome
from .comparison import Fault
from .words import word

MOST_EXPLAINED = 2
"""Of how many decisions the explanation is shown in full."""


def failure(document: CaseDocument, outcome: Outcome, lang: Lang, again: str, path: str) -> str:
    """The text for one failed case; `path` is that of its file, `again` the command that runs it alone."""
    lines = [f"{path}:{document.place(outcome.case).line}: {outcome.case.name}"]
    if outcome.case.clause:
        lines[0] += word("brackets", lang, word("clause", lang, outcome.case.clause))
    lines += [fault.text(lang) for fault in outcome.faults]
    lines += _explanations(outcome.faults, lang)
    return "\n".join([*lines, word("again", lang, again)])


def _explanations(faults: tuple[Fault, ...], lang: Lang) -> list[str]:
    """Why the decisions that differ are as they are."""
    decisions = list({d.id: d for fault in faults for d in fault.decisions}.values())[:MOST_EXPLAINED]
    return [part for d in decisions for part in (word("why", lang), _indented(d.explain(lang).strip()))]


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
