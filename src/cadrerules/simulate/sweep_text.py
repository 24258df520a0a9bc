"""A sweep as plain text: a table for each question on which the values make a difference."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ..differences.text import aligned
from ..errors import Lang
from ..report.wording import parameter_title
from ..words import Words, telling
from .goals import Reached
from .heading import heading
from .outcomes import NOTHING
from .sweep import Point, Sweep

WORDS: Words = {
    "axis": ("{title} ({name})", "{title}（{name}）"),
    "present": (", at present {0}", "，现值 {0}"),
    "unset": (", not set at present", "，目前未设定"),
    "same": ("No value makes a difference to: {0}", "取值不影响：{0}"),
    "nothing": ("nothing", "不适用"),
    "or": (" or ", "或"),
    "comma": (", ", "、"),
    "goal": ("Goal {0}: ", "目标 {0}："),
    "surely": ("met at {0} ({1} of {2} values)", "取 {0} 时达到（{2} 个取值中的 {1} 个）"),
    "several": ("met at {1} of {2} values", "{2} 个取值中有 {1} 个达到"),
    "from_to": ("{0} to {1}", "{0} 至 {1}"),
    "never": ("no value surely meets it", "没有取值必定达到"),
    "perhaps": ("; {0} more rest on undetermined decisions", "；另有 {0} 个取值取决于尚未确定的结论"),
}

word = telling(WORDS)


def to_text(of: Sweep, lang: Lang) -> str:
    """The sweep as plain text; the present value is marked with a star."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(of, lang))


def _goal(of: Sweep, reached: Reached, lang: Lang) -> str:
    """One line that says where a goal is met."""
    told = word("goal", lang, reached.goal)
    if reached.surely:
        where = _runs(of, reached, lang) if len(of.axes) == 1 else ""
        told += word("surely" if where else "several", lang, where, len(reached.surely), len(of.points))
    else:
        told += word("never", lang)
    if reached.perhaps:
        told += word("perhaps", lang, len(reached.perhaps))
    return told + ("。" if lang == "zh" else ".")


def _runs(of: Sweep, reached: Reached, lang: Lang) -> str:
    """The values of one axis that meet a goal, those that follow each other as one."""
    values = of.axes[0].values
    points = [values.index(value) for (value,) in reached.surely]
    runs = [[at for _, at in run] for _, run in groupby(enumerate(points), key=lambda pair: pair[1] - pair[0])]
    return word("comma", lang).join(_run(values[run[0]], values[run[-1]], lang) for run in runs)


def _run(first: str, last: str, lang: Lang) -> str:
    return first if first == last else word("from_to", lang, first, last)


def _lines(of: Sweep, lang: Lang) -> Iterator[str]:
    yield from (line.text for line in heading(of.base, of.as_of, of.data, lang))
    for axis in of.axes:
        title = parameter_title(of.base.parameters[axis.parameter], lang)
        now = word("unset", lang) if axis.present is None else word("present", lang, axis.present)
        yield word("axis", lang, title=title, name=axis.parameter) + now
    questions = dict.fromkeys(question for point in of.points for question, _ in point.counts)
    moved = [q for q in of.base.questions if q in questions and len({_counts(of, at, q) for at in range(len(of.points))}) > 1]
    for question in moved:
        yield ""
        yield from _table(of, question, lang)
    if still := [of.base.questions[q].title.text(lang) for q in of.base.questions if q in questions and q not in moved]:
        yield ""
        yield word("same", lang, word("comma", lang).join(still))
    if of.goals:
        yield ""
        yield from (_goal(of, reached, lang) for reached in of.goals)


def _counts(of: Sweep, at: int, question: str) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((outcome, n) for (asked, outcome), n in of.points[at].counts.items() if asked == question and n))


def _table(of: Sweep, question: str, lang: Lang) -> Iterator[str]:
    verdicts = of.base.questions[question].verdicts
    found = {outcome for point in of.points for (asked, outcome) in point.counts if asked == question}
    outcomes = [*(v for v in verdicts if v in found), *sorted(found - verdicts.keys())]
    heads = [axis.parameter for axis in of.axes]
    yield of.base.questions[question].title.text(lang)
    rows = [[*heads, *(_told(of, question, outcome, lang) for outcome in outcomes)]]
    for alike in _alike(of, question):
        first, last = alike[0].values, alike[-1].values
        now = any(all(v == axis.present for v, axis in zip(point.values, of.axes, strict=True)) for point in alike)
        values = [*first[:-1], _run(first[-1], last[-1], lang) + ("*" if now else "")]
        rows.append([*values, *(f"{alike[0].counts.get((question, outcome), 0):,}" for outcome in outcomes)])
    yield from aligned(rows)


def _alike(of: Sweep, question: str) -> Iterator[list[Point]]:
    """The points in order, together where the last parameter alone differs and nothing comes of it."""
    numbered = ((point.values[:-1], _counts(of, at, question), point) for at, point in enumerate(of.points))
    for _, alike in groupby(numbered, key=lambda found: found[:2]):
        yield [point for *_, point in alike]


def _told(of: Sweep, question: str, outcome: str, lang: Lang) -> str:
    verdicts = of.base.questions[question].verdicts
    names = [word("nothing", lang) if v == NOTHING else verdicts[v].title.text(lang) if v in verdicts else v for v in outcome.split("|")]
    return word("or", lang).join(names)
