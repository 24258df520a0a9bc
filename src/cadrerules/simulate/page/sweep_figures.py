"""The charts of a sweep: a line for each outcome along one parameter, a heat map for each along two."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...errors import Lang
from ..outcomes import NOTHING
from ..sweep import Sweep
from .charts import MOST_CURVES, Curve, lines
from .colours import outcome_colour, verdict_colours, visible
from .figures import Figure
from .heat_maps import heat
from .names import Names
from .spoken import told_lines

Counts = dict[str, tuple[int, ...]]
"""By outcome, how many decisions have it at each point."""


def figures(of: Sweep, lang: Lang) -> list[Figure]:
    """Charts of the questions on which the values make a difference."""
    make = _curves if len(of.axes) == 1 else _heats
    names = Names(of.base, lang)
    return [figure for question in varying(of) for figure in make(of, question, names)]


def varying(of: Sweep) -> list[str]:
    """The questions whose counts differ from one point to another, in the plan's order."""
    return [name for name in asked(of) if len({tuple(sorted(_at(point.counts, name).items())) for point in of.points}) > 1]


def asked(of: Sweep) -> list[str]:
    """The questions that any point has decisions on, in the plan's order."""
    found = dict.fromkeys(question for point in of.points for question, _ in point.counts)
    return sorted(found, key=[*of.base.questions, *found].index)


def _at(counts: object, question: str) -> dict[str, int]:
    assert hasattr(counts, "items")
    return {outcome: n for (asked, outcome), n in counts.items() if asked == question and n}


def counts_of(of: Sweep, question: str) -> Counts:
    """How many decisions have which outcome, verdicts first and in their order."""
    found = dict.fromkeys(outcome for point in of.points for (asked, outcome) in point.counts if asked == question)
    known = of.base.questions.get(question)
    verdicts = list(known.verdicts) if known else []
    ordered = sorted(found, key=lambda outcome: (verdicts.index(outcome) if outcome in verdicts else len(verdicts), outcome))
    return {outcome: tuple(point.counts.get((question, outcome), 0) for point in of.points) for outcome in ordered}


def _curves(of: Sweep, question: str, names: Names) -> Iterator[Figure]:
    (axis,) = of.axes
    curves = _told_apart(of, question, names)
    title = names.parameter(axis.parameter)
    present = None if axis.present is None else (axis.present, names.say("present", axis.present))
    at = axis.values.index(axis.present) if axis.present in axis.values else None
    yield Figure(
        f"sweep-{question}",
        names.say("sweep_of", names.question(question), title),
        told_lines(curves, axis.values, title, at, names),
        partial(lines, curves, axis.values, title, present),
    )


def _told_apart(of: Sweep, question: str, names: Names) -> list[Curve]:
    """A line for each outcome; where they are too many, or undetermined, several go together."""
    colours = verdict_colours(of.base, question)
    together: dict[tuple[str, str], tuple[int, ...]] = {}
    for outcome, counts in counts_of(of, question).items():
        key = _line(outcome, names, question), outcome_colour(colours, outcome)
        so_far = together.get(key, (0,) * len(counts))
        together[key] = tuple(a + b for a, b in zip(so_far, counts, strict=True))
    curves = [Curve(label, counts, visible(colour)) for (label, colour), counts in together.items()]
    return curves[:MOST_CURVES]


def _line(outcome: str, names: Names, question: str) -> str:
    return names.say("undetermined") if "|" in outcome else names.outcome(question, outcome)


def _heats(of: Sweep, question: str, names: Names) -> Iterator[Figure]:
    first, second = of.axes
    colours = verdict_colours(of.base, question)
    titles = names.parameter(first.parameter), names.parameter(second.parameter)
    present = None if None in (first.present, second.present) else (str(first.present), str(second.present))
    for outcome, counts in counts_of(of, question).items():
        if len(set(counts)) == 1 or outcome == NOTHING:
            continue
        cells = [(point.values[0], point.values[1], n) for point, n in zip(of.points, counts, strict=True)]
        yield Figure(
            f"sweep-{question}-{outcome.replace('|', '-or-').replace('+', '-and-')}",
            names.say("sweep_heat", names.question(question), names.outcome(question, outcome)),
            names.say("alt_heat", columns=titles[0], rows=titles[1], low=f"{min(counts):,}", high=f"{max(counts):,}"),
            partial(heat, cells, titles, visible(outcome_colour(colours, outcome)), present),
        )
