"""A change of a decision or finding as a line, for people and as JSON."""

from __future__ import annotations

from typing import Any

from ..errors import Lang
from ..model.result import Decision, Finding
from ..monitor.changes import Change
from ..plan import Plan
from .decision_table import verdict_text
from .words import word


def change_text(plan: Plan, number: int, change: Change, lang: Lang) -> str:
    """The change in one line, after the number of the entry or line that led to it."""
    about = change.about
    named = _named(plan, about, lang)
    parts = [part for part in (named, about.subject.id, about.period) if part]
    where = word("comma", lang).join(parts)
    if change.old is None or change.new is None:
        return word(change.what, lang, number, where, _said(plan, about, lang))
    before, after = _said(plan, change.old, lang), _said(plan, change.new, lang)
    if before == after:
        return word("becomes", lang, number, where, *_differing(change.old, change.new))
    return word("becomes", lang, number, where, before, after)


def change_dict(change: Change) -> dict[str, Any]:
    """The change as plain data, ready for JSON; its records are those of `evaluate`."""
    old, new = (record and record.model_dump(mode="json") for record in (change.old, change.new))
    return {"of": change.of, "what": change.what, "old": old, "new": new}


def _named(plan: Plan, about: Decision | Finding, lang: Lang) -> str:
    """The question of a decision, with the rule where each is decided apart, or what a rule is called."""
    if isinstance(about, Decision):
        title = plan.questions[about.question].title.text(lang)
        return word("of_rule", lang, title, ", ".join(about.rules)) if about.rules else title
    policy = plan.policies.get(about.rule.partition(".")[0])
    title = next((rule.title.text(lang) for rule in policy.rules if rule.key == about.rule), "") if policy else ""
    return word("of_rule", lang, title, about.rule) if title else about.rule


def _said(plan: Plan, record: Decision | Finding, lang: Lang) -> str:
    if isinstance(record, Decision):
        return verdict_text(plan, record, lang)
    return word("holds" if record.status == "holds" else "undetermined", lang)


def _differing(old: Decision | Finding, new: Decision | Finding) -> tuple[str, str]:
    """What differs between two that say the same, by the names of the fields."""
    names = [name for name in type(old).model_fields if getattr(old, name) != getattr(new, name)]
    before, after = (", ".join(f"{name}={_shown(getattr(one, name))}" for name in names) for one in (old, new))
    return before, after


def _shown(value: object) -> str:
    return "/".join(map(str, value)) or "-" if isinstance(value, tuple) else str(value)
