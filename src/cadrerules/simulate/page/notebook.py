"""What a notebook shows of simulations: how many decisions change, or turn on what; small and without scripts."""

from __future__ import annotations

from ...report.grid import Grid
from ...report.notebook import fragment, language
from ..ambiguities import Ambiguities
from ..comparison import Comparison
from ..sweep import Sweep
from ..uncertainty.draws import Uncertainty
from ..uncertainty.extremes import Bounds
from ..uncertainty.stability import Stability
from .comparison_sections import COUNTS, counts
from .counting import tallies
from .figures import Simulation
from .names import Names
from .other_sections import title
from .report import sections_of
from .sweep_figures import counts_of, varying


def shown(of: Simulation) -> str:
    """A part of a page in the language of notebooks."""
    names = Names(of.base, language())
    notes = [names.say("eyebrow", name=f"{of.base.name} {of.base.hash[:12]}", as_of=of.as_of)]
    match of:
        case Comparison():
            return _comparison(of, names, notes)
        case Sweep():
            return _sweep(of, names, notes)
        case Ambiguities():
            return _ambiguities(of, names, notes)
        case Uncertainty() | Stability() | Bounds():
            return _uncertain(of, names, notes)


def _comparison(of: Comparison, names: Names, notes: list[str]) -> str:
    rows = [
        (reform.reform.called(names.lang), names.question(question), *counts(tally, names))
        for reform in of.reforms
        for question, tally in tallies(of, reform).items()
        if tally.changed
    ]
    if not rows:
        notes = [*notes, names.say("no_flips")]
    headings = [names.say(key) for key in ("reform", "question", *COUNTS)]
    return fragment(names.say("reforms"), headings, rows, notes)


def _sweep(of: Sweep, names: Names, notes: list[str]) -> str:
    """The outcomes of the questions on which the values bear: a row for each, a column for each value."""
    values = [", ".join(point.values) for point in of.points][:_MOST_VALUES]
    rows = [
        (names.question(question), names.outcome(question, outcome), *numbers[:_MOST_VALUES])
        for question in varying(of)
        for outcome, numbers in counts_of(of, question).items()
    ]
    named = names.say("comma").join(names.parameter(axis.parameter) for axis in of.axes)
    return fragment(names.say("title_sweep", named), [names.say("question"), names.say("outcome"), *values], rows, notes)


_MOST_VALUES = 12


def _ambiguities(of: Ambiguities, names: Names, notes: list[str]) -> str:
    rows = [(title(names, one), names.say(one.kind), one.decisions, one.of) for one in of.ranked]
    return fragment(names.say("ranked"), [names.say(key) for key in ("ambiguity", "kind", "turns", "of")], rows, notes)


def _uncertain(of: Uncertainty | Stability | Bounds, names: Names, notes: list[str]) -> str:
    """The counts that the page has."""
    (section,) = sections_of(of, names.lang)
    counts = next(part for part in section.parts if isinstance(part, Grid))
    rows = [["-" if cell is None else cell for cell in row] for row in counts.rows]
    return fragment(section.title, [heading.text for heading in counts.headings], rows, [*notes, *section.notes])
