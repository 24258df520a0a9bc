"""The sections of a sweep and of what the text leaves open, and those on what all of it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ... import __version__
from ...errors import Lang
from ...report.grid import Grid
from ..ambiguities import Ambiguities, Ambiguity
from ..comparison import Comparison
from ..goals import Reached
from ..sweep import Sweep
from . import ambiguity_figures, sweep_figures
from .figures import Simulation
from .names import Names
from .reforms import document
from .sections import Code, Section, table
from .sweep_figures import asked, counts_of, varying


def sweep(of: Sweep, lang: Lang) -> Iterator[Section]:
    """Curves or heat maps, every value in a table, and how they were answered."""
    names = Names(of.base, lang)
    notes = [_present(names, axis.parameter, axis.present) for axis in of.axes]
    if still := [names.question(name) for name in asked(of) if name not in varying(of)]:
        notes.append(names.say("no_effect", names.say("comma").join(still)))
    reached = of.goals
    grids = [*([_goals(reached, names)] if reached else []), _points(of, names), *([_compression(of, names)] if of.compression else [])]
    title = names.say("title_sweep", names.say("comma").join(names.parameter(axis.parameter) for axis in of.axes))
    yield Section(title, (*sweep_figures.figures(of, lang), *grids), tuple(notes))


def _present(names: Names, parameter: str, present: str | None) -> str:
    key = "present_unset" if present is None else "present_note"
    return names.say(key, title=names.parameter(parameter), value=present)


def _points(of: Sweep, names: Names) -> Grid:
    axes = [names.parameter(axis.parameter) for axis in of.axes]
    counts = {(question, outcome): numbers for question in varying(of) or asked(of) for outcome, numbers in counts_of(of, question).items()}
    rows = [
        (*map(_number, point.values), names.question(question), names.outcome(question, outcome), numbers[i])
        for i, point in enumerate(of.points)
        for (question, outcome), numbers in counts.items()
    ]
    headings = [*axes, names.say("question"), names.say("outcome"), names.say("decisions")]
    return table(names.say("every_value"), headings, rows, len(rows), names)


def _goals(reached: Sequence[Reached], names: Names) -> Grid:
    """At which values goals are met."""
    rows = [(str(one.goal), _values(one.surely, names), _values(one.perhaps, names)) for one in reached]
    return table(names.say("goals"), [names.say(key) for key in ("goal", "met", "perhaps")], rows, len(rows), names)


def _values(values: Sequence[tuple[str, ...]], names: Names) -> str:
    return names.say("comma").join(" / ".join(each) for each in values) or "-"


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() and len(text) < 16 else text


def _compression(of: Sweep, names: Names) -> Grid:
    rows = [(names.question(c.question), c.decisions, c.representatives, names.say(f"reason_{c.reason}")) for c in of.compression]
    headings = [names.say(key) for key in ("question", "decisions", "represented", "reason")]
    return table(names.say("compression"), headings, rows, len(rows), names)


def ambiguities(of: Ambiguities, lang: Lang) -> Iterator[Section]:
    """All of them ranked, and what each other reading would change."""
    names = Names(of.base, lang)
    grids = [_ranked(of, names)]
    if any(one.options for one in of.ranked):
        grids.append(_options(of, names))
    yield Section(names.say("ranked"), (*ambiguity_figures.figures(of, lang), *grids), (names.say("ranked_note"),))


def _ranked(of: Ambiguities, names: Names) -> Grid:
    rows = [
        (title(names, one), names.say(one.kind), names.say("comma").join(one.clauses), _chosen(names, one), one.decisions, one.of, names.kinds(one.subjects), _questions(names, one))
        for one in of.ranked
    ]
    keys = ("ambiguity", "kind", "clauses", "chosen", "turns", "of", "subjects", "question")
    return table("", [names.say(key) for key in keys], rows, len(rows), names)


def title(names: Names, one: Ambiguity) -> str:
    """What an ambiguity is of, with its name."""
    known = names.interpretation(one.name) if one.kind == "interpretation" else names.parameter(one.name)
    return known if known == one.name else f"{known}{names.say('brackets', one.name)}"


def _chosen(names: Names, one: Ambiguity) -> str:
    if one.chosen is None:
        return "-"
    return names.reading(one.name, one.chosen) if one.kind == "interpretation" else one.chosen


def _questions(names: Names, one: Ambiguity) -> str:
    return names.say("comma").join(f"{names.question(question)} {n:,}" for question, n in one.questions.items())


def _options(of: Ambiguities, names: Names) -> Grid:
    rows = [
        (title(names, one), names.reading(one.name, option) if one.kind == "interpretation" else option, n)
        for one in of.ranked
        for option, n in one.options.items()
    ]
    return table(names.say("options"), [names.say(key) for key in ("ambiguity", "reading", "differ")], rows, len(rows), names)


# --- what it rests on -----------------------------------------------------------------------------------


def basis(results: Sequence[Simulation], lang: Lang, command: str) -> Section:
    """Hashes of policies and data, the engine's version, the command, and the reforms as documents."""
    names = Names(results[0].base, lang)
    rows = list(dict.fromkeys(row for one in results for row in _facts_of(one, names)))
    made: list[Grid | Code] = [Code(names.say("command"), command)] if command else []
    made.append(table(names.say("basis"), [names.say("what"), names.say("value")], rows, len(rows), names))
    reforms = {reform.reform.called(lang): reform.reform for one in results if isinstance(one, Comparison) for reform in one.reforms}
    made += [Code(f"{names.say('reform_document')}{names.say('colon')}{name}", document(reform)) for name, reform in reforms.items()]
    return Section(names.say("reproduce"), tuple(made))


def _facts_of(of: Simulation, names: Names) -> Iterable[tuple[str, str]]:
    yield names.say("policies"), f"{of.base.name} {of.base.hash}"
    for reform in of.reforms if isinstance(of, Comparison) else ():
        yield names.say("policies_after", reform.reform.called(names.lang)), reform.plan.hash
    yield names.say("data"), of.data.hash
    yield names.say("as_of"), of.as_of.isoformat()
    for name, rows in of.data.rows.items():
        yield names.say("rows", names.table(name)), f"{rows:,}"
    for kind, count in of.data.subjects.items():
        yield names.say("subjects_of", names.kind(kind)), f"{count:,}"
    yield names.say("engine"), f"cadrerules {__version__}"
