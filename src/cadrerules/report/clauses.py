"""Writes a plan's register of clauses as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ..errors import Lang, Problem, UsageError
from ..model.clauses import Entry, Register, Status
from ..model.policy import Parameter, Rule
from .explanation import reading
from .formats import markdown_of, text_of
from .outline import Block, Heading, Item, Items, Outliner, Paragraph
from .wording import parameter_title, parameter_value, why_unset
from .words import join, say

if TYPE_CHECKING:
    from ..plan import Plan


def to_text(plan: Plan, lang: Lang) -> str:
    """Plain text for a terminal; `UsageError` for a plan without a register."""
    return text_of(_Written(plan, lang).blocks(_register(plan)))


def to_markdown(plan: Plan, lang: Lang) -> str:
    """Markdown; `UsageError` for a plan without a register."""
    return markdown_of(_Written(plan, lang).blocks(_register(plan)))


def to_json(plan: Plan, lang: Lang) -> str:
    """Structured data, titles in the language; `UsageError` for a plan without a register."""
    return json.dumps(_Written(plan, lang).plain(_register(plan)), ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Plan, Lang], str]] = {"text": to_text, "markdown": to_markdown, "json": to_json}


def _register(plan: Plan) -> Register:
    if not plan.clauses.entries:
        raise UsageError(Problem("CR-NO-REGISTER", values={"name": plan.name}))
    return plan.clauses


def status_word(status: Status, lang: Lang) -> str:
    """A status in words."""
    return say("open_status" if status == "open" else status, lang)


def value_text(parameter: Parameter, lang: Lang) -> str:
    """The value of a parameter, or that it is not set and why."""
    value, why = parameter_value(parameter, lang), why_unset(parameter, lang)
    return value if value is not None else say("not_set_why", lang, why) if why else say("not_set", lang)


@dataclass(frozen=True)
class _Written:
    """The register of a plan in one language."""

    plan: Plan
    lang: Lang

    def _say(self, key: str, *values: object, **named: object) -> str:
        return say(key, self.lang, *values, **named)

    # --- for people -----------------------------------------------------------------------------

    def blocks(self, of: Register) -> Iterator[Block]:
        """Headings by clause with the entries of each."""
        yield Heading(1, self._say("register", self.plan.policy_set.doc.title.text(self.lang)))
        yield Paragraph(self._say("register_basis", name=self.plan.name, version=self.plan.hash[:12]))
        yield Paragraph(self.summary(of), strong=True)
        yield Paragraph(self._say("register_several"))
        for clause, entries in groupby(of.entries, key=lambda entry: entry.clause):
            yield Heading(2, self._say("clause_heading", clause))
            yield Items(tuple(self._entry(entry) for entry in entries))
        if outside := tuple(self._outside(of)):
            yield Heading(2, self._say("outside"))
            yield Items(outside)

    def summary(self, of: Register) -> str:
        """How many entries there are, and how many of each status."""
        counts = [
            self._say("status_count", count=count, status=status_word(status, self.lang))
            for status, count in of.counts.items()
        ]
        return self._say("register_counts", total=len(of.entries), counts=join(counts, self.lang, "comma"))

    def _entry(self, entry: Entry) -> Item:
        statuses = join([status_word(status, self.lang) for status in entry.statuses], self.lang)
        text = entry.title.text(self.lang) + self._say("brackets", statuses)
        return Item(text, tuple(Item(line) for line in self._lines(entry)))

    def _lines(self, entry: Entry) -> Iterator[str]:
        yield from self._each("by_rule", map(self._rule, entry.rules))
        yield from self._each("through_rule", map(self._rule, entry.through))
        yield from self._each("missing_rule", entry.missing)
        yield from self._each("parameter", map(self._parameter, entry.parameters))
        yield from self._each("reading", (self._reading(known.name) for known in entry.interpretations))
        if entry.note:
            yield self._say("note", entry.note.text(self.lang))

    def _each(self, key: str, texts: Iterable[str]) -> Iterator[str]:
        return (self._say(key, text) for text in texts)

    def _rule(self, rule: Rule) -> str:
        return self._say("rule_plain", title=rule.title.text(self.lang), id=rule.id)

    def _parameter(self, of: Parameter) -> str:
        title, value = parameter_title(of, self.lang), value_text(of, self.lang)
        return self._say("named", title=title, name=of.name, value=value)

    def _reading(self, name: str) -> str:
        found = reading(self.plan, name, self.lang)
        adoption = self._say("brackets", Outliner(self.lang).adoption(found))
        return self._say("named", title=found.title, name=name, value=found.text + adoption)

    def _outside(self, of: Register) -> Iterator[Item]:
        yield from (Item(self._say("unlisted", self._rule(self.plan.rules[name]))) for name in of.unlisted)
        yield from (Item(self._say("uncited", self._rule(self.plan.rules[name]))) for name in of.uncited)

    # --- for programs ---------------------------------------------------------------------------

    def plain(self, of: Register) -> dict[str, Any]:
        """The register as plain data."""
        return {
            "schema_version": 1,
            "policies": {"name": self.plan.name, "hash": self.plan.hash},
            "counts": {"total": len(of.entries), **of.counts},
            "entries": [self._plain(entry) for entry in of.entries],
            "missing": list(of.missing),
            "unlisted": list(of.unlisted),
            "uncited": list(of.uncited),
        }

    def _plain(self, entry: Entry) -> dict[str, Any]:
        return {
            "clause": entry.clause,
            "title": entry.title.text(self.lang),
            "statuses": list(entry.statuses),
            "rules": [self._plain_rule(rule) for rule in entry.rules],
            "through": [self._plain_rule(rule) for rule in entry.through],
            "missing": list(entry.missing),
            "parameters": [self._plain_parameter(parameter) for parameter in entry.parameters],
            "interpretations": [asdict(reading(self.plan, i.name, self.lang)) for i in entry.interpretations],
            "note": entry.note and entry.note.text(self.lang),
        }

    def _plain_rule(self, rule: Rule) -> dict[str, Any]:
        return {"id": rule.id, "title": rule.title.text(self.lang)}

    def _plain_parameter(self, of: Parameter) -> dict[str, Any]:
        doc = of.doc
        return {
            "name": of.name,
            "title": parameter_title(of, self.lang),
            "value": None if doc.value is None else str(doc.value),
            "values": {day.isoformat(): str(value) for day, value in sorted((doc.values or {}).items())},
            "unset": None if of.is_set else why_unset(of, self.lang),
        }
