"""Ambiguities for people: as text for a terminal, and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import polars as pl

from ..differences.text import aligned
from ..errors import Lang
from ..report.wording import interpretation_title, kind_title, parameter_title
from .words import word

if TYPE_CHECKING:
    from .ambiguities import Ambiguities, Ambiguity


def to_text(of: Ambiguities, lang: Lang) -> str:
    """All of them, those first on which the most decisions turn."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(of, lang))


def _lines(of: Ambiguities, lang: Lang) -> Iterator[str]:
    yield word("ambiguities", lang, name=of.base.name, version=of.base.hash[:12], as_of=of.as_of)
    yield ""
    turning = [one for one in of.ranked if one.decisions]
    for place, one in enumerate(turning, 1):
        yield f"{place}. {_headline(of, one, lang)}"
        yield from (f"   {line}" for line in _about(of, one, lang))
    if not turning:
        yield word("nothing_turns", lang)
    idle = [one.name for one in of.ranked if not one.decisions]
    if idle:
        yield ""
        yield word("idle", lang, word("list", lang).join(idle))


def _headline(of: Ambiguities, one: Ambiguity, lang: Lang) -> str:
    context = of.base.policy_set.context
    reading = one.kind == "interpretation"
    title = interpretation_title(context, one.name, lang) if reading else parameter_title(of.base.parameters[one.name], lang)
    clauses = word("list", lang).join(one.clauses)
    return word("ambiguity", lang, title=title, name=one.name, clauses=clauses) if clauses else f"{title} ({one.name})"


def _about(of: Ambiguities, one: Ambiguity, lang: Lang) -> Iterator[str]:
    context, colon, listed = of.base.policy_set.context, word("colon", lang), word("list", lang)
    kinds = [word("counted", lang, kind=kind_title(context, kind, lang), count=n) for kind, n in one.subjects.items()]
    yield word("turn" if one.kind == "interpretation" else "wait", lang, one.decisions, one.of, listed.join(kinds))
    questions = [f"{of.base.questions[name].title.text(lang)} {n}" for name, n in one.questions.items()]
    yield word("by_question", lang) + colon + listed.join(questions)
    if one.kind == "interpretation":
        meanings = of.base.interpretations[one.name].doc.options
        told = {name: text.text(lang) for name, text in meanings.items()} if isinstance(meanings, dict) else {}
        rows = [(option, _turning(one, option, lang), told.get(option, "")) for option in one.options]
        yield from (f"  {line}" for line in aligned(rows))
        yield from (word("skipped", lang, option, why[lang].strip()) for option, why in one.skipped.items())


def _turning(one: Ambiguity, option: str, lang: Lang) -> str:
    if option == one.chosen:
        return word("adopted" if one.adopted else "in_force", lang)
    return word("otherwise", lang, one.options[option])


def to_frame(of: Ambiguities) -> pl.DataFrame:
    """One row for each, in order; what it has several of as text, `dense 12; ordinal 3`."""
    rows = [
        {
            "kind": one.kind,
            "name": one.name,
            "clauses": ", ".join(one.clauses),
            "chosen": one.chosen,
            "decisions": one.decisions,
            "of": one.of,
            "options": _joined(one.options),
            "questions": _joined(one.questions),
            "subjects": _joined(one.subjects),
        }
        for one in of.ranked
    ]
    text, whole = pl.String, pl.Int64
    schema = {"kind": text, "name": text, "clauses": text, "chosen": text, "decisions": whole, "of": whole}
    return pl.DataFrame(rows, {**schema, "options": text, "questions": text, "subjects": text})


def _joined(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{name} {count}" for name, count in counts.items())
