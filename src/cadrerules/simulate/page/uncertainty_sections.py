"""The sections of uncertain facts: expected counts, decisions that draws change, what noise turns, best and worst case."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import polars as pl

from ...errors import Lang
from ...report.grid import Grid
from ..uncertainty.draws import Uncertainty
from ..uncertainty.extremes import Bounds
from ..uncertainty.stability import Stability
from .names import Names
from .sections import MOST_ROWS, Section, table
from .uncertainty_figures import decimal, figures

_KEYS = ("group", "question", "kind", "subject", "period", "rule")


def uncertainty(of: Uncertainty, lang: Lang) -> Iterator[Section]:
    """How many decisions are expected to have which outcome, and which decisions the draws change."""
    names = Names(of.base, lang)
    drawn = names.say("comma").join(f"{names.column(one.name)} {one.cells:,}" for one in of.columns)
    rows = [
        (names.question(e.question), names.outcome(e.question, e.outcome), e.now, decimal(e.mean), e.low, e.high, e.least, e.most)
        for e in of.expected
    ]
    keys = ("question", "outcome", "now", "expected", "low", "high", "least", "most")
    counts = table(names.say("expected_counts"), [names.say(key) for key in keys], rows, len(rows), names)
    listed = _decisions(of.decisions, of.draws, "outcome", names)
    settled = names.say("settled", settled=of.settled)
    yield Section(names.say("uncertain"), (*figures(of, lang), counts, listed), (names.say("drawn", drawn), settled))


def stability(of: Stability, lang: Lang) -> Iterator[Section]:
    """How many decisions noise turns, and which ones."""
    names = Names(of.base, lang)
    noise = [f"{names.column(name)}{names.say('colon')}{size}" for name, size in of.noise.items()]
    rows = [
        (names.question(t.question), t.decisions, t.ever, decimal(t.mean), names.share(t.share), t.low, t.high) for t in of.turned
    ]
    keys = ("question", "decisions", "ever", "expected", "share", "low", "high")
    counts = table(names.say("turned"), [names.say(key) for key in keys], rows, len(rows), names)
    listed = _decisions(of.decisions, of.draws, "mostly", names)
    yield Section(names.say("noise"), (*figures(of, lang), counts, listed), (names.say("noise_of", names.say("comma").join(noise)),))


def bounds(of: Bounds, lang: Lang) -> Iterator[Section]:
    """Between which counts every completion of the facts lies, and which decisions are open."""
    names = Names(of.base, lang)
    rows = [
        (names.question(b.question), names.verdict(b.question, b.verdict), b.least, b.greatest, b.best, b.worst) for b in of.bounds
    ]
    keys = ("question", "outcome", "least", "most", "best", "worst")
    counts = table(names.say("bounds"), [names.say(key) for key in keys], rows, len(rows), names)
    told = _told(of.open)
    listed = (
        (*_who(row, told, names), names.outcome(str(row["question"]), str(row["possible"])))
        for row in of.open.head(MOST_ROWS).iter_rows(named=True)
    )
    headings = [names.say(key) for key in (*told, "possible")]
    grid = table(names.say("open"), headings, listed, len(of.open), names)
    yield Section(names.say("bounds"), (*figures(of, lang), counts, grid))


def _decisions(frame: pl.DataFrame, draws: int, outcome: str, names: Names) -> Grid:
    """The decisions that draws change, each with how probable that is."""
    told = _told(frame)
    rows = (_decision(row, told, draws, outcome, names) for row in frame.head(MOST_ROWS).iter_rows(named=True))
    headings = [names.say(key) for key in (*told, "now", outcome, "probability", "interval")]
    return table(names.say("changed_by_draws"), headings, rows, len(frame), names)


def _decision(row: dict[str, Any], told: list[str], draws: int, outcome: str, names: Names) -> tuple[str, ...]:
    question = str(row["question"])
    outcomes = (names.outcome(question, str(row[name])) for name in ("now", outcome))
    interval = f"{100 * float(row['low']):.1f} – {100 * float(row['high']):.1f} %"
    return *_who(row, told, names), *outcomes, names.share(Fraction(row["draws"], draws)), interval


def _told(frame: pl.DataFrame) -> list[str]:
    """The keys that any row has."""
    return [name for name in _KEYS if name in frame.columns and len(frame[name].drop_nulls())]


def _who(row: dict[str, Any], told: list[str], names: Names) -> list[str]:
    """Whom a decision is about."""
    shown = {"question": names.question(str(row["question"])), "kind": names.kind(str(row["kind"]))}
    return [shown.get(name, "" if row[name] is None else str(row[name])) for name in told]
