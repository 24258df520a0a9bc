"""A sweep as plain text: a table for each question on which the values make a difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..differences.text import aligned
from ..errors import Lang
from ..report.wording import kind_title, parameter_title
from .goals import Reached
from .outcomes import NOTHING
from .sweep import Sweep

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("{name}, version {version}, as of {as_of}", "{name}，版本 {version}，截至 {as_of}"),
    "data": ("Facts: {rows} rows, {subjects}; digest {digest}", "数据：{rows} 行，{subjects}；摘要 {digest}"),
    "axis": ("{title} ({name})", "{title}（{name}）"),
    "present": (", at present {0}", "，现值 {0}"),
    "unset": (", not set at present", "，目前未设定"),
    "same": ("No value makes a difference to: {0}", "取值不影响：{0}"),
    "nothing": ("nothing", "不适用"),
    "or": (" or ", "或"),
    "comma": (", ", "、"),
    "goal": ("Goal {0}: ", "目标 {0}："),
    "surely": ("met from {0} to {1} ({2} of {3} values)", "取 {0} 至 {1} 时达到（{3} 个取值中的 {2} 个）"),
    "never": ("no value surely meets it", "没有取值必定达到"),
    "perhaps": ("; {0} more rest on undetermined decisions", "；另有 {0} 个取值取决于尚未确定的结论"),
}


def word(key: str, lang: Lang, *values: object, **named: object) -> str:
    """A word or sentence of the table, filled in."""
    return WORDS[key][lang == "zh"].format(*values, **named)


def to_text(of: Sweep, lang: Lang) -> str:
    """The sweep as plain text; the present value is marked with a star."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(of, lang))


def goal_text(of: Sweep, reached: Reached, lang: Lang) -> str:
    """One line that says where a goal is met."""
    told = word("goal", lang, reached.goal)
    if reached.smallest and reached.largest:
        ends = (", ".join(end) for end in (reached.smallest, reached.largest))
        told += word("surely", lang, *ends, len(reached.surely), len(of.points))
    else:
        told += word("never", lang)
    if reached.perhaps:
        told += word("perhaps", lang, len(reached.perhaps))
    return told + ("。" if lang == "zh" else ".")


def _lines(of: Sweep, lang: Lang) -> Iterator[str]:
    yield word("title", lang, name=of.base.name, version=of.base.hash[:12], as_of=of.as_of)
    kinds = of.data.subjects.items()
    subjects = word("comma", lang).join(f"{kind_title(of.base.policy_set.context, kind, lang)} {n:,}" for kind, n in kinds)
    yield word("data", lang, rows=f"{sum(of.data.rows.values()):,}", subjects=subjects, digest=of.data.hash[:12])
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


def _counts(of: Sweep, at: int, question: str) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((outcome, n) for (asked, outcome), n in of.points[at].counts.items() if asked == question and n))


def _table(of: Sweep, question: str, lang: Lang) -> Iterator[str]:
    verdicts = of.base.questions[question].verdicts
    found = {outcome for point in of.points for (asked, outcome) in point.counts if asked == question}
    outcomes = [*(v for v in verdicts if v in found), *sorted(found - verdicts.keys())]
    heads = [axis.parameter for axis in of.axes]
    yield of.base.questions[question].title.text(lang)
    rows = [[*heads, *(_told(of, question, outcome, lang) for outcome in outcomes)]]
    for point in of.points:
        now = all(value == axis.present for value, axis in zip(point.values, of.axes, strict=True))
        values = [*point.values[:-1], point.values[-1] + ("*" if now else "")]
        rows.append([*values, *(f"{point.counts.get((question, outcome), 0):,}" for outcome in outcomes)])
    yield from aligned(rows)


def _told(of: Sweep, question: str, outcome: str, lang: Lang) -> str:
    verdicts = of.base.questions[question].verdicts
    names = [word("nothing", lang) if v == NOTHING else verdicts[v].title.text(lang) if v in verdicts else v for v in outcome.split("|")]
    return word("or", lang).join(names)
