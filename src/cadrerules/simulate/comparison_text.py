"""A comparison with reforms as lines for a terminal, each with what kind of line it is, so that it may be coloured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

from ..differences.decisions import Answer
from ..differences.difference import PolicyDiff
from ..differences.telling import Telling
from ..differences.text import Line, aligned, change_lines
from ..errors import Lang
from ..plan import Plan
from ..report.wording import kind_title
from .comparison import Compared, Comparison, Part, Transition
from .comparison_words import word
from .heading import counted, heading
from .outcomes import NOTHING

MOST: Final = 20
"""So many rows of a list are shown; CSV and JSON have all."""


def to_text(of: Comparison, lang: Lang) -> str:
    """The comparison as plain text."""
    return "".join(f"{line.text.rstrip()}\n" for line in lines(of, lang))


def lines(of: Comparison, lang: Lang) -> Iterator[Line]:
    """The comparison line by line."""
    yield from heading(of.base, of.as_of, of.data, lang)
    for each in of.reforms:
        yield Line("")
        yield from _Told(of.base, each, lang).lines()


@dataclass(frozen=True)
class _Told:
    base: Plan
    of: Compared
    lang: Lang

    def say(self, key: str, *values: object, **named: object) -> str:
        return word(key, self.lang, *values, **named)

    @property
    def telling(self) -> Telling:
        return Telling(PolicyDiff(self.base, self.of.plan, self.of.changes), self.lang)

    def lines(self) -> Iterator[Line]:
        title = self.say("reform", title=self.of.reform.called(self.lang), version=self.of.plan.hash[:12])
        yield Line(title, "title")
        if why := self.of.reform.why(self.lang):
            yield Line(f"  {why}", "faint")
        for change in self.of.changes:
            yield from change_lines(self.telling, change, 2)
        if not self.of.changes:
            yield Line(f"  {self.say('unchanged')}", "faint")
        yield Line("")
        yield Line(f"  {self._affected()}", "heading")
        yield from self._transitions()
        yield from self._breakdowns()
        yield from self._parts()
        yield from self._list()

    def _affected(self) -> str:
        if not len(self.of.affected):
            return self.say("none_affected")
        count = len(self.of.affected)
        return self.say("one_affected" if count == 1 else "affected", count=f"{count:,}", subjects=counted(self.base, self.of.subjects, self.lang))

    # --- tables -----------------------------------------------------------------------------------

    def _transitions(self) -> Iterator[Line]:
        """A table for each question and kind of subject of which any decision differs; the others by name."""
        quiet: list[str] = []
        for (question, kind), found in groupby(self.of.transitions, key=lambda t: (t.question, t.kind)):
            each = list(found)
            if all(t.stays and not t.amounts for t in each):
                quiet.append(self.telling.question(question))
                continue
            count = f"{sum(t.decisions for t in each):,}"
            known_as = kind_title(self.base.policy_set.context, kind, self.lang)
            yield Line(f"  {self.say('question', title=self.telling.question(question), kind=known_as, count=count)}", "title")
            yield from self._table([(self.say("before"), self.say("after"), *self._figures())], each)
        if quiet:
            yield Line(f"  {self.say('no_change', self.say('comma').join(dict.fromkeys(quiet)))}", "faint")

    def _figures(self) -> tuple[str, ...]:
        return tuple(self.say(name) for name in ("decisions", "subjects", "share"))

    def _table(self, head: list[tuple[str, ...]], found: list[Transition]) -> Iterator[Line]:
        rows = [(self.outcome(self.base, t.question, t.old), self._after(t), *_numbers(t)) for t in found]
        first, *rest = aligned([*head, *rows])
        yield Line(f"    {first}", "faint")
        yield from (Line(f"    {row}", "plain" if t.stays else "changed") for row, t in zip(rest, found, strict=True))

    def _after(self, of: Transition) -> str:
        if not of.stays:
            return self.outcome(self.of.plan, of.question, of.new)
        return self.say("stays_amounts", f"{of.amounts:,}") if of.amounts else self.say("stays")

    def _breakdowns(self) -> Iterator[Line]:
        """By each column the values with the most changes."""
        for by, several in groupby(self.of.breakdowns, key=lambda each: each.by):
            yield Line(f"  {self.say('by', by)}", "title")
            moves = [(each.value, t) for each in several for t in each.transitions if not t.stays]
            rows = [
                (self.say("no_value") if value is None else value, self.telling.question(t.question), self._move(t), *_numbers(t))
                for value, t in moves
            ]
            yield from self._shown(rows)

    def _move(self, of: Transition) -> str:
        return f"{self.outcome(self.base, of.question, of.old)} -> {self.outcome(self.of.plan, of.question, of.new)}"

    def _shown(self, rows: list[tuple[str, ...]], more: int = 0) -> Iterator[Line]:
        if not rows:
            yield Line(f"    {self.say('nobody')}", "faint")
            return
        yield from (Line(f"    {row}") for row in aligned(rows[:MOST]))
        if (left := len(rows[MOST:]) + more) > 0:
            yield Line(f"    {self.say('more', f'{left:,}')}", "faint")

    # --- causes and those affected ------------------------------------------------------------------

    def _parts(self) -> Iterator[Line]:
        if self.of.parts:
            yield Line(f"  {self.say('parts')}", "title")
            head, *rows = aligned([self._headings(), *(self._part(part) for part in self.of.parts)])
            yield Line(f"    {head}", "faint")
            yield from (Line(f"    {row}") for row in rows)

    def _headings(self) -> tuple[str, ...]:
        return tuple(self.say(name) for name in ("asked", "change", "weight", "takes_part"))

    def _part(self, part: Part) -> tuple[str, ...]:
        weight = _weight(part.weight) if part.exact else self.say("estimated", _weight(part.weight))
        return self.telling.question(part.question), self.telling.element(part.change), weight, f"{part.decisions:,}"

    def _list(self) -> Iterator[Line]:
        if not len(self.of.affected):
            return
        yield Line(f"  {self.say('list')}", "title")
        several = len({part.change.key for part in self.of.parts}) > 1
        shown = [self._row(row, several=several) for row in self.of.affected.head(MOST).iter_rows(named=True)]
        yield from self._shown(shown, len(self.of.affected) - len(shown))

    def _row(self, row: Mapping[str, Any], *, several: bool) -> tuple[str, ...]:
        """One that changes; why only where there is more than one change that it may be put down to."""
        question = row["question"]
        old = self.outcome(self.base, question, row["old"], row["old_due"], row["old_short"])
        new = self.outcome(self.of.plan, question, row["new"], row["new_due"], row["new_short"])
        who = " ".join(row[name] for name in ("group", "subject", "rule") if row[name] is not None)
        why = (self.say("comma").join(row["because"] or [self.say("unexplained")]),) if several and row["because"] is not None else ()
        return who, row["period"] or "", self.telling.question(question), f"{old} -> {new}", *why

    def outcome(self, plan: Plan, question: str, outcome: str, due: str | None = None, short: str | None = None) -> str:
        """An outcome in words: `red`, `red|yellow`, `a+b` or `nothing`."""
        if question not in plan.questions:
            plan = self.base if plan is self.of.plan else self.of.plan
        answers = () if outcome == NOTHING else tuple(_answer(part, due, short) for part in outcome.split("+"))
        return self.telling.answer(plan, question, answers)


def _answer(outcome: str, due: str | None, short: str | None) -> Answer:
    possible = tuple(None if part == NOTHING else part for part in outcome.split("|"))
    if len(possible) == 1:
        return Answer("decided", possible[0], due=due, short=short)
    return Answer("undetermined", None, possible)


def _numbers(of: Transition) -> tuple[str, ...]:
    return f"{of.decisions:,}", f"{of.subjects:,}", f"{float(of.share * 100):.1f} %"


def _weight(of: Fraction) -> str:
    return f"{of.numerator:,}" if of.denominator == 1 else f"{float(of):,.1f}"
