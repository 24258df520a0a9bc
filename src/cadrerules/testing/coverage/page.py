"""The coverage of rules as one self-contained page of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...errors import Lang
from ...report.page import render
from ..words import word
from .lines import figure, gap_lines, mark, percent_text
from .measure import Report

_TEMPLATES = Path(__file__).parent / "templates"


def as_page(reports: Sequence[Report], lang: Lang = "en", notes: Sequence[str] = (), failures: Sequence[str] = ()) -> str:
    """The page; `notes` are sentences on the run, `failures` the texts of cases that failed. Needs jinja2 (extra `report`)."""
    words = {key: word(key, lang) for key in _WORDS}
    return render(
        "coverage.html.jinja",
        lang,
        folder=_TEMPLATES,
        title=word("coverage_title", lang),
        eyebrow=" / ".join(report.name for report in reports),
        words=words,
        parts=[_part(report, lang) for report in reports],
        notes=list(notes),
        failures=list(failures),
        footer=[word("masking", lang)],
    )


_WORDS = ("rule", "clauses", "held", "failed", "undetermined", "covered", "by_rule", "by_clause", "gaps", "no_gaps", "failures")


def _part(report: Report, lang: Lang) -> dict[str, object]:
    """What the template shows of one policy set."""
    return {
        "name": report.name,
        "figure": figure(report, lang),
        "percent": percent_text(report.percent),
        "kinds": [(word(f"kind_{kind}", lang), f"{covered}/{of}") for kind, (covered, of) in report.by_kind.items() if of],
        "rules": [
            {
                "rule": rule,
                "title": report.titles.get(rule, {}).get(lang, ""),
                "clauses": ", ".join(report.clauses_of[rule]),
                "seen": [(name, value, mark(value, lang)) for name, value in report.outcomes(rule).items()],
                "covered": covered,
                "of": of,
            }
            for rule, (covered, of) in report.by_rule.items()
        ],
        "clauses": [(clause, covered, of) for clause, (covered, of) in report.by_clause.items()],
        "gaps": list(gap_lines(report, lang)),
    }
