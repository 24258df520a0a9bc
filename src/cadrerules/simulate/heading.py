"""What stands at the head of every simulation: the policies, the day and the facts that it was run on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ..differences.text import Line
from ..errors import Lang
from ..report.wording import kind_title
from ..words import Words, telling

if TYPE_CHECKING:
    from ..plan import Plan
    from .data import Data

WORDS: Words = {
    "title": ("{name}, version {version}, as of {as_of}", "{name}，版本 {version}，截至 {as_of}"),
    "data": ("Facts: {rows} rows, {subjects}; digest {digest}", "数据：{rows} 行，{subjects}；摘要 {digest}"),
    "no_subjects": ("no subjects", "无对象"),
    "counted": ("{kind} {count}", "{kind} {count}"),
    "comma": (", ", "、"),
}

word = telling(WORDS)


def headed(kind: str, plan: Plan, as_of: date, data: Data, **rest: Any) -> dict[str, Any]:
    """A simulation of a kind as plain data: its head, then the rest."""
    return {
        "schema_version": 1,
        "kind": kind,
        "policies": {"name": plan.name, "hash": plan.hash},
        "as_of": as_of.isoformat(),
        "data": data.to_dict(),
        **rest,
    }


def heading(plan: Plan, as_of: date, data: Data, lang: Lang) -> Iterator[Line]:
    """The head as lines of text."""
    yield Line(word("title", lang, name=plan.name, version=plan.hash[:12], as_of=as_of), "title")
    subjects = counted(plan, data.subjects, lang) or word("no_subjects", lang)
    rows = f"{sum(data.rows.values()):,}"
    yield Line(word("data", lang, rows=rows, subjects=subjects, digest=data.hash[:12]), "faint")


def counted(plan: Plan, counts: Mapping[str, int], lang: Lang) -> str:
    """How many subjects of each kind there are, in words."""
    titles = {kind: kind_title(plan.policy_set.context, kind, lang) for kind in counts}
    return word("comma", lang).join(word("counted", lang, kind=titles[kind], count=f"{n:,}") for kind, n in counts.items())
