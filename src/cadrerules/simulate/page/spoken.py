"""Charts in words, for those who can't see them."""

from __future__ import annotations

from collections.abc import Sequence

from .charts import Bar, Curve
from .names import Names

MOST = 8
"""So many numbers are told; the tables have all."""


def told_bars(rows: Sequence[Bar], names: Names) -> str:
    """What each bar is of and how long it is."""
    return names.say("alt_bars", _listed([f"{row.label}{names.say('colon')}{row.printed}" for row in rows], names))


def told_lines(curves: Sequence[Curve], along: Sequence[str], title: str, present: int | None, names: Names) -> str:
    """Between which numbers each line runs, and where it is at the present value."""
    told = [
        names.say("alt_line_unset", curve.label, f"{min(curve.values):,}", f"{max(curve.values):,}")
        if present is None
        else names.say("alt_line", curve.label, f"{min(curve.values):,}", f"{max(curve.values):,}", f"{curve.values[present]:,}")
        for curve in curves
    ]
    return names.say("alt_lines", _listed(told, names), title=title, first=along[0], last=along[-1])


def _listed(texts: Sequence[str], names: Names) -> str:
    shown = list(texts[:MOST])
    if more := len(texts) - MOST:
        shown += [names.say("alt_more", more)] if more > 0 else []
    return ("；" if names.lang == "zh" else "; ").join(shown)
