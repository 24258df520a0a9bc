"""What mutation testing found, for a terminal: the score, survivors with their clause, and the case that would kill each."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import Lang
from .report import Report, Trial, by_operator
from .survivors import NO_RULE
from .words import word


def as_text(report: Report, lang: Lang) -> str:
    """The whole report; the score stands last."""
    lines = [word("broken", lang, case=name) for name in report.broken]
    lines += _operators(report, lang)
    for key, fate in (("equivalents", "equivalent"), ("survivors", "survived")):
        trials = [trial for trial in report.trials if trial.fate == fate]
        lines += ["", word(key, lang)] if trials else []
        lines += [line for trial in trials for line in _trial(trial, lang)]
    return "\n".join([*lines, "", summary(report, lang)]).lstrip("\n") + "\n"


def summary(report: Report, lang: Lang) -> str:
    """One line: how many mutants, what became of them, and the score."""
    counts = {fate: len(report.of(fate)) for fate in ("killed", "survived", "equivalent")}
    score = word("no_score", lang) if report.score is None else word("score", lang, score=percent(report.score))
    return word("summary", lang, plan=report.plan, mutants=len(report.trials), **counts, score=score)


def percent(score: float) -> str:
    """A score with one place; never rounded up to a hundred."""
    return "100" if score == 100 else f"{int(score * 10) / 10:g}"


def _operators(report: Report, lang: Lang) -> Iterator[str]:
    for operator, (killed, survived) in by_operator(report.trials).items():
        if killed + survived:
            yield word("operator", lang, kind=word(operator, lang), killed=killed, of=killed + survived)


def _trial(trial: Trial, lang: Lang) -> Iterator[str]:
    mutant, edit = trial.mutant, trial.mutant.edit
    rules = ", ".join(mutant.rules) or "-"
    clauses = word("clauses", lang, clauses=", ".join(mutant.clauses)) if mutant.clauses else ""
    yield f"{mutant.id} {rules}{clauses}"
    yield f"  {edit.place}: {mutant.text(lang)}"
    if edit.was and edit.becomes:
        yield from (f"  - {edit.was}", f"  + {edit.becomes}")
    if trial.fate == "equivalent":
        domain = word("no_rule", lang) if trial.domain == NO_RULE else trial.domain
        yield f"  {word('domain', lang, domain=domain)}"
    elif trial.proposal is None:
        yield f"  {word('none', lang)}"
    else:
        yield f"  {word('mutant_decides', lang, decided='; '.join(trial.proposal.mutant))}"
        yield f"  {word('paste', lang, file=trial.proposal.file)}"
        yield trial.proposal.text.rstrip("\n")
