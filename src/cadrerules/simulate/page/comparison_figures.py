"""The charts of a comparison: better and worse by question, who goes where, which part does it, the board before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial

from ...errors import Lang
from ..comparison import Compared, Comparison, Transition
from .boards import boards
from .charts import Balance, Bar, balance, bars
from .colours import DIRECTED, OTHER
from .counting import Tally, flips, tallies
from .direction import direction
from .figures import Figure
from .names import Names
from .spoken import told_bars

MOST_BARS = 12
"""So many transitions are drawn; the table has all."""


def figures(of: Comparison, lang: Lang) -> list[Figure]:
    """The charts of every reform, one after the other."""
    if len(of.reforms) == 1:
        return figures_of_reform(of, of.reforms[0], lang)
    colon = Names(of.base, lang).say("colon")
    return [
        replace(figure, name=f"{i}-{figure.name}", title=f"{reform.reform.called(lang)}{colon}{figure.title}")
        for i, reform in enumerate(of.reforms, 1)
        for figure in figures_of_reform(of, reform, lang)
    ]


def figures_of_reform(of: Comparison, reform: Compared, lang: Lang) -> list[Figure]:
    """The charts of one reform."""
    names = Names(of.base, lang)
    return [*balances(of, reform, names), *transitions(of, reform, names), *parts(reform, names), *boards(of, reform, names)]


def balances(of: Comparison, reform: Compared, names: Names) -> Iterator[Figure]:
    """For each question how many decisions get better and worse, where any does."""
    counted = [(question, tally) for question, tally in tallies(of, reform).items() if tally.changed]
    if not any(tally.gain or tally.loss for _, tally in counted):
        return
    rows = [Balance(names.question(question), tally.loss, tally.gain, _neither(tally, names)) for question, tally in counted]
    told = [Bar(row.label, 0, f"{names.say('gain')} {row.right:,}{names.say('comma')}{names.say('loss')} {row.left:,}") for row in rows]
    titles = names.say("loss"), names.say("gain")
    yield Figure("balance", names.say("balance"), told_bars(told, names), partial(balance, rows, titles), names.say("gain_note"))


def _neither(tally: Tally, names: Names) -> str:
    return names.say("brackets", f"{names.say('other')} {tally.other:,}") if tally.other else ""


def transitions(of: Comparison, reform: Compared, names: Names) -> Iterator[Figure]:
    """For each question on which any decision changes, from which outcome to which."""
    for question, tally in tallies(of, reform).items():
        if not tally.changed:
            continue
        rows = [_bar(of, t, names) for t in sorted(flips(reform, question), key=lambda t: -t.decisions)]
        share = names.share(Fraction(tally.changed, tally.decisions))
        note = names.say("transition_note", changed=tally.changed, total=tally.decisions, share=share)
        title = names.say("transitions_of", names.question(question))
        yield Figure(f"transitions-{question}", title, f"{note} {told_bars(rows, names)}", partial(bars, rows[:MOST_BARS]), note)


def _bar(of: Comparison, t: Transition, names: Names) -> Bar:
    way = direction(of.base, t.question, t.old, t.new)
    printed = f"{t.decisions:,}{names.say('dot')}{names.say(way)}"
    return Bar(names.transition(t.question, t.old, t.new), t.decisions, printed, DIRECTED[way], f"{names.kind(t.kind)} {t.subjects:,}")


def parts(reform: Compared, names: Names) -> Iterator[Figure]:
    """What each change of the reform has a share in, where there are several."""
    if len({part.change.key for part in reform.parts}) < 2:
        return
    rows = [
        Bar(f"{names.question(p.question)}{names.say('colon')}{names.change(p.change)}", max(float(p.weight), 0.0), weight(p.weight), OTHER)
        for p in sorted(reform.parts, key=lambda p: -p.weight)
    ]
    yield Figure("parts", names.say("which_part"), told_bars(rows, names), partial(bars, rows[:MOST_BARS]), names.say("part_note"))


def weight(of: Fraction) -> str:
    """A number of flips, with a decimal where it isn't whole."""
    return f"{of.numerator:,}" if of.denominator == 1 else f"{float(of):,.1f}"
