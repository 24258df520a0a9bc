"""Lays an explanation out as headings, paragraphs and nested items, whatever the format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import Lang
from ..model.counterfactual import Outlook
from .explained import Basis, Case, Dossier, Explanation, Line, Reading, Reason, Setting, Standing, Unmet, Wait
from .words import join, proposal, say

_SECTIONS: tuple[Standing, ...] = ("behind", "waived", "overridden", "open")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `strong` where it is what a reader looks for first."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list with the items below it; `cell` names the fact it shows."""

    text: str
    children: tuple[Item, ...] = ()
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Item, ...]


Block = Heading | Paragraph | Items


@dataclass(frozen=True)
class Outliner:
    """Lays out in one language."""

    lang: Lang

    def outline(self, of: Explanation | Dossier) -> list[Block]:
        """The blocks of an explanation or dossier."""
        return list(self._decision(of, 1)) if isinstance(of, Explanation) else list(self._dossier(of))

    def _say(self, key: str, *values: object, **named: object) -> str:
        return say(key, self.lang, *values, **named)

    # --- decisions ------------------------------------------------------------------------------

    def _decision(self, of: Explanation, level: int) -> Iterator[Block]:
        yield Heading(level, self.title(of))
        yield Paragraph(self.verdict(of), strong=True)
        if of.decision["owed_by"] or of.decision["due"]:
            amounts = {name: of.decision[name] or "-" for name in ("due", "done", "short")}
            yield Paragraph(self._say("obligation", by=of.decision["owed_by"] or "-", **amounts))
        if level == 1:
            yield self._basis(of.basis)
        yield from self._section("waits", [self._wait(wait) for wait in of.waits], level + 1)
        for standing in _SECTIONS:
            reasons = [self._reason(reason, of) for reason in of.reasons if reason.standing == standing]
            undecided = standing == "behind" and of.decision["status"] == "undetermined"
            yield from self._section("behind_open" if undecided else standing, reasons, level + 1)
        yield from self._section("changes", self._changes(of.outlook), level + 1)
        yield from self._section("parameters", [self._setting(setting) for setting in of.settings], level + 1)
        yield from self._section("readings", [self._reading(reading) for reading in of.readings], level + 1)

    def _changes(self, outlook: Outlook | None) -> Iterator[Item]:
        """Each way to another verdict, then the notes; nothing where it wasn't asked for."""
        for way in outlook.counterfactuals if outlook else ():
            yield Item(way.text(self.lang))
        for note in outlook.notes if outlook else ():
            yield Item(note[self.lang])

    def title(self, of: Explanation) -> str:
        """What the decision is about: question, subject and period."""
        subject, period = of.decision["subject"]["id"], of.decision["period"]
        key = "heading_period" if period else "heading"
        return self._say(key, question=of.question, kind=of.kind, subject=subject, period=period)

    def verdict(self, of: Explanation) -> str:
        """The verdict in words, or those still possible."""
        if of.decision["status"] == "undetermined":
            return self._say("undetermined", join(list(of.possible), self.lang))
        return self._say("verdict", of.verdict or self._say("verdict_none"))

    def _basis(self, basis: Basis) -> Paragraph:
        return Paragraph(proposal(basis, self.lang))

    def _section(self, key: str, items: Iterable[Item], level: int) -> Iterator[Block]:
        if found := tuple(items):
            yield Heading(level, self._say(key))
            yield Items(found)

    # --- rules ----------------------------------------------------------------------------------

    def _reason(self, reason: Reason, of: Explanation) -> Item:
        facts = [Item(self._say("leads_to", reason.leads_to))] if reason.leads_to != of.verdict else []
        facts += [Item(self._waived(w.authority, w.reason, w.decided_on, w.expires_on)) for w in reason.waivers]
        if reason.standing == "overridden":
            facts.append(Item(self._say("outranked")))
        return Item(self.rule(reason), (*facts, *self._cases(reason)))

    def rule(self, reason: Reason) -> str:
        """A rule's title, id and clauses."""
        clauses = join(list(reason.clauses), self.lang)
        return self._say("rule" if clauses else "rule_plain", title=reason.title, id=reason.rule, clauses=clauses)

    def _waived(self, authority: str, reason: str, on: str, until: str | None) -> str:
        return self._say(
            "waived_until" if until else "waived_by", authority=authority, on=on, until=until, reason=reason
        )

    def _cases(self, reason: Reason) -> Iterator[Item]:
        if reason.note:
            yield Item(reason.note)
        for case in reason.cases:
            yield from self._case(case)
        if reason.more:
            yield Item(self._say("more_cases", reason.more))

    def _case(self, case: Case) -> Iterator[Item]:
        lines = tuple(self._line(line) for line in case.lines)
        if case.label:
            yield Item(case.label, lines)
        else:
            yield from lines

    def _line(self, line: Line) -> Item:
        text = line.text + (self._say("colon") + line.value if line.value else "")
        notes = [line.note, self._say("as_above") if line.repeated else ""]
        text += "".join(self._say("brackets", note) for note in notes if note)
        return Item(text, tuple(self._line(child) for child in line.children), line.cell)

    # --- what it rests on -----------------------------------------------------------------------

    def _named(self, title: str, name: str, clauses: tuple[str, ...], value: str) -> Item:
        key = "named_clause" if clauses else "named"
        return Item(self._say(key, title=title, name=name, clauses=join(list(clauses), self.lang), value=value))

    def _wait(self, wait: Wait) -> Item:
        return Item(wait.text, cell=wait.name)

    def _setting(self, setting: Setting) -> Item:
        unset = self._say("not_set_why", setting.why) if setting.why else self._say("not_set")
        return self._named(
            setting.title, setting.name, setting.clauses, unset if setting.value is None else str(setting.value)
        )

    def _reading(self, reading: Reading) -> Item:
        return self._named(
            reading.title, reading.name, reading.clauses, reading.text + self._say("brackets", self.adoption(reading))
        )

    def adoption(self, reading: Reading) -> str:
        """Who adopted a reading, or that nobody has."""
        if reading.adopted:
            return self._say("adopted", by=reading.adopted_by, on=reading.adopted_on)
        return self._say("default" if reading.default else "chosen")

    # --- subjects -------------------------------------------------------------------------------

    def _dossier(self, of: Dossier) -> Iterator[Block]:
        yield Heading(1, self._say("about", kind=of.kind, subject=of.subject))
        yield self._basis(of.basis)
        if not of.decisions:
            yield Paragraph(self._say("no_decisions"), strong=True)
        for decision in of.decisions:
            yield from self._decision(decision, 2)
        if of.unmet:
            yield Heading(2, self._say("why_not"))
        for unmet in of.unmet:
            yield from self._unmet(unmet)

    def _unmet(self, unmet: Unmet) -> Iterator[Block]:
        title = self._say("why_not_head", question=unmet.title, period=unmet.period) if unmet.period else unmet.title
        yield Heading(3, title)
        changes = tuple(self._changes(unmet.outlook))
        rules = tuple(Item(self.rule(reason), tuple(self._cases(reason))) for reason in unmet.reasons)
        yield Items((*rules, *([Item(self._say("changes"), changes)] if changes else [])))
