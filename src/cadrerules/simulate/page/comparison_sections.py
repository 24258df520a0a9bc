"""The sections of a comparison: what changes, how many, which part does it, and who."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ...differences.attribution import named
from ...differences.changes import Change
from ...differences.telling import SIGNS
from ...errors import Lang
from ...report.grid import Grid
from ..comparison import Compared, Comparison, Transition
from .boards import boards
from .comparison_figures import balances, parts, transitions, weight
from .counting import Tally, tallies, whole
from .direction import direction
from .figures import Figure
from .names import Names
from .sections import MOST_ROWS, Section, table

Row = dict[str, Any]
COUNTS = ("decisions", "changed", "share", "gain", "loss", "other")


def sections(of: Comparison, lang: Lang) -> Iterator[Section]:
    """All about each reform; of several, first side by side."""
    names = Names(of.base, lang)
    several = len(of.reforms) > 1
    if several:
        yield Section(names.say("reforms"), (_side_by_side(of, names),))
    for reform in of.reforms:
        level = 3 if several else 2
        if several:
            yield Section(reform.reform.called(names.lang), notes=_reason(reform, names))
        yield _what(reform, names, level, () if several else _reason(reform, names))
        yield _how_many(of, reform, names, level)
        if reform.parts:
            yield _which_part(reform, names, level)
        yield _who(of, reform, names, level)


def _reason(reform: Compared, names: Names) -> tuple[str, ...]:
    return (why,) if (why := reform.reform.why(names.lang)) else ()


def _side_by_side(of: Comparison, names: Names) -> Grid:
    rows = [(reform.reform.called(names.lang), *counts(whole(of, reform), names)) for reform in of.reforms]
    return table("", [names.say("reform"), *map(names.say, COUNTS)], rows, len(rows), names)


def counts(tally: Tally, names: Names) -> tuple[int | str, ...]:
    """The cells of `COUNTS`."""
    share = names.share(Fraction(tally.changed, tally.decisions)) if tally.decisions else "-"
    return tally.decisions, tally.changed, share, tally.gain, tally.loss, tally.other


# --- what changes -------------------------------------------------------------------------------------


def _what(reform: Compared, names: Names, level: int, notes: tuple[str, ...]) -> Section:
    telling = names.telling(reform.plan, reform.changes)
    rows = [row for policy, changes in telling.policies() for change in changes for row in _changed(names, policy, change)]
    headings = [names.say("policy"), *map(names.say, ("element", "clauses", "field", "before", "after"))]
    summary = telling.summary() if reform.changes else names.say("no_changes")
    grids = (table("", headings, rows, len(rows), names),) if rows else ()
    return Section(names.say("what_changes"), grids, (*notes, summary), level)


def _changed(names: Names, policy: str, change: Change) -> Iterator[tuple[str, ...]]:
    """A row for each field of a change, and of what goes with it."""
    telling = names.telling(names.plan, (change,))
    head = policy, f"{SIGNS[change.action]} {names.change(change)}", names.say("comma").join(change.clauses)
    for field in change.fields:
        yield *head, telling.field(field.name), field.old or "-", field.new or "-"
    if not change.fields:
        yield *head, telling.say(change.action), "", ""
    for part in change.parts:
        yield from _changed(names, policy, part)


# --- how many -----------------------------------------------------------------------------------------


def _how_many(of: Comparison, reform: Compared, names: Names, level: int) -> Section:
    counted = tallies(of, reform)
    by_question = [(names.question(question), *counts(tally, names)) for question, tally in counted.items()]
    headings = [names.say("question"), *map(names.say, COUNTS)]
    all_of_them = _transitions(of, reform.transitions, names)
    told = [names.say(key) for key in ("question", "before", "after", "direction", "kind", "decisions", "subjects", "share")]
    made: list[Figure | Grid] = [table("", headings, by_question, len(by_question), names)]
    made += [*balances(of, reform, names), *transitions(of, reform, names)]
    made.append(table(names.say("all_transitions"), told, all_of_them, len(all_of_them), names))
    notes = () if any(tally.changed for tally in counted.values()) else (names.say("no_flips"),)
    return Section(names.say("how_many"), tuple(made), notes, level)


def _transitions(of: Comparison, all_of_them: tuple[Transition, ...], names: Names) -> list[tuple[str | int, ...]]:
    return [(names.question(t.question), *_transition(of, t, names)) for t in all_of_them]


def _transition(of: Comparison, t: Transition, names: Names) -> tuple[str | int, ...]:
    way = "-" if t.stays else names.say(direction(of.base, t.question, t.old, t.new))
    outcomes = names.outcome(t.question, t.old), names.outcome(t.question, t.new)
    return *outcomes, way, names.kind(t.kind), t.decisions, t.subjects, names.share(t.share)


def _which_part(reform: Compared, names: Names, level: int) -> Section:
    rows = [
        (names.question(p.question), names.change(p.change), names.say("comma").join(p.change.clauses), weight(p.weight), p.decisions)
        for p in reform.parts
    ]
    headings = [names.say(key) for key in ("question", "change", "clauses", "weight", "decisions")]
    drawn = list(parts(reform, names))
    grid = table("", headings, rows, len(rows), names, "" if drawn else names.say("part_note"))
    return Section(names.say("which_part"), (*drawn, grid), (), level)


# --- who ----------------------------------------------------------------------------------------------


def _who(of: Comparison, reform: Compared, names: Names, level: int) -> Section:
    made: list[Figure | Grid] = list(boards(of, reform, names))
    if reform.breakdowns:
        made.append(_breakdown(of, reform, names))
    return Section(names.say("who"), (*made, _affected(of, reform, names)), (), level)


def _breakdown(of: Comparison, reform: Compared, names: Names) -> Grid:
    """Those that change, by the values of columns."""
    rows = [
        (names.column(b.by), names.say("none") if b.value is None else b.value, names.question(t.question), *_transition(of, t, names))
        for b in reform.breakdowns
        for t in b.transitions
        if not t.stays
    ]
    keys = ("column", "value", "question", "before", "after", "direction", "kind", "decisions", "subjects", "share")
    return table(names.say("breakdown"), [names.say(key) for key in keys], rows, len(rows), names)


def _affected(of: Comparison, reform: Compared, names: Names) -> Grid:
    frame = reform.affected
    told = [name for name in ("group", "question", "kind", "subject", "period", "rule") if len(frame[name].drop_nulls())]
    headings = [names.say(key) for key in (*told, "before", "after", "direction", "because")]
    causes = {named(change): names.change(change) for change in reform.changes}
    rows = (_affected_row(of, row, told, causes, names) for row in frame.head(MOST_ROWS).iter_rows(named=True))
    return table(names.say("affected"), headings, rows, len(frame), names)


def _affected_row(of: Comparison, row: Row, told: list[str], causes: Mapping[str, str], names: Names) -> tuple[str, ...]:
    question, old, new = (str(row[name]) for name in ("question", "old", "new"))
    shown = {"question": names.question(question), "kind": names.kind(str(row["kind"]))}
    cells = [shown.get(name, "" if row[name] is None else str(row[name])) for name in told]
    outcomes = [names.outcome(question, outcome) + _amounts(row, when, names) for when, outcome in (("old", old), ("new", new))]
    because = names.say("comma").join(causes.get(name, name) for name in row["because"] or ())
    return *cells, *outcomes, names.say(direction(of.base, question, old, new)), because


def _amounts(row: Row, when: str, names: Names) -> str:
    """What is due and short of an obligation."""
    due, short = row[f"{when}_due"], row[f"{when}_short"]
    return "" if due is None else names.due(due, short)
