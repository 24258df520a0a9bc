"""The chart of what the text leaves open: how much turns on each, the most first."""

from __future__ import annotations

from functools import partial

from ...errors import Lang
from ..ambiguities import Ambiguities
from .charts import Bar, bars
from .colours import GAIN, OTHER
from .figures import Figure
from .names import Names
from .spoken import told_bars

MOST_BARS = 20


def figures(of: Ambiguities, lang: Lang) -> list[Figure]:
    """Bars, for those on which anything turns."""
    names = Names(of.base, lang)
    rows = [
        Bar(_label(names, one.kind, one.name), one.decisions, f"{one.decisions:,} / {one.of:,}", GAIN if one.kind == "interpretation" else OTHER, names.kinds(one.subjects))
        for one in of.ranked
        if one.decisions
    ]
    if not rows:
        return []
    title = names.say("ranked")
    return [Figure("ambiguities", title, told_bars(rows, names), partial(bars, rows[:MOST_BARS]))]


def _label(names: Names, kind: str, name: str) -> str:
    title = names.interpretation(name) if kind == "interpretation" else names.parameter(name)
    return f"{names.say(kind)}{names.say('colon')}{title}"
