"""The charts of uncertain facts: between which counts each outcome lies, and how many decisions noise turns."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from ...errors import Lang
from ..uncertainty.draws import Expected, Uncertainty
from ..uncertainty.extremes import Bound, Bounds
from ..uncertainty.stability import Stability, Turned
from .charts import Bar
from .colours import OTHER, outcome_colour, verdict_colours, visible
from .figures import Figure
from .names import Names
from .range_charts import Range, ranges
from .spoken import told_bars

MOST_RANGES = 12
"""So many outcomes of a question are drawn; the table has all."""


def figures(of: Uncertainty | Stability | Bounds, lang: Lang) -> list[Figure]:
    """The charts of what isn't certain; of what is there are none."""
    names = Names(of.base, lang)
    match of:
        case Uncertainty():
            return list(_expected(of, names))
        case Bounds():
            return list(_bounds(of, names))
        case Stability():
            return _turned(of, names)


def _expected(of: Uncertainty, names: Names) -> Iterator[Figure]:
    note = names.say("expected_note", draws=of.draws, seed=of.seed)
    for question in dict.fromkeys(one.question for one in of.expected):
        own = [one for one in of.expected if one.question == question]
        if any((one.least, one.most) != (one.now, one.now) for one in own):
            rows = [_range(of, one, names) for one in own]
            yield _figure(f"expected-{question}", names.say("expected_of", names.question(question)), rows, names, note)


def _range(of: Uncertainty, one: Expected, names: Names) -> Range:
    colour = visible(outcome_colour(verdict_colours(of.base, one.question), one.outcome))
    printed = names.say("expected_range", mean=decimal(one.mean), low=one.low, high=one.high, now=one.now)
    ends = float(one.least), float(one.most), float(one.low), float(one.high)
    return Range(names.outcome(one.question, one.outcome), *ends, colour, printed, float(one.mean), float(one.now))


def _bounds(of: Bounds, names: Names) -> Iterator[Figure]:
    for question in dict.fromkeys(one.question for one in of.bounds):
        own = [one for one in of.bounds if one.question == question]
        if any(one.least != one.greatest for one in own):
            rows = [_bound(of, one, names) for one in own]
            yield _figure(f"bounds-{question}", names.say("bounds_of", names.question(question)), rows, names, names.say("bounds_note"))


def _bound(of: Bounds, one: Bound, names: Names) -> Range:
    colour = visible(outcome_colour(verdict_colours(of.base, one.question), one.verdict))
    ends = (float(one.least), float(one.greatest)) * 2
    return Range(names.verdict(one.question, one.verdict), *ends, colour, names.say("bound_range", least=one.least, greatest=one.greatest))


def _turned(of: Stability, names: Names) -> list[Figure]:
    rows = [_turn(one, names) for one in of.turned if one.ever]
    note = names.say("turned_note", draws=of.draws, seed=of.seed)
    return [_figure("turned", names.say("turned"), rows, names, note)] if rows else []


def _turn(one: Turned, names: Names) -> Range:
    printed = names.say("turned_range", mean=decimal(one.mean), low=one.low, high=one.high, of=one.decisions)
    ends = float(one.low), float(one.high)
    return Range(names.question(one.question), *ends, *ends, OTHER, printed, float(one.mean))


def _figure(name: str, title: str, rows: list[Range], names: Names, note: str) -> Figure:
    told = told_bars([Bar(row.label, 0, row.printed) for row in rows], names)
    return Figure(name, title, told, partial(ranges, rows[:MOST_RANGES]), note)


def decimal(of: Fraction) -> str:
    """A mean, with a decimal where it isn't whole."""
    return f"{of.numerator:,}" if of.denominator == 1 else f"{float(of):,.1f}"
