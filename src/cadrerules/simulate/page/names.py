"""What is shown of a plan, by the titles that its documents give: questions, outcomes, parameters, changes, subjects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ...differences.changes import Change
from ...differences.difference import PolicyDiff
from ...differences.telling import Telling
from ...differences.words import word as compared
from ...errors import Lang
from ...report.wording import interpretation_title, kind_title, parameter_title, table_title
from ..outcomes import NOTHING
from .words import word

if TYPE_CHECKING:
    from ...plan import Plan


@dataclass(frozen=True)
class Names:
    """The names of one plan in one language; what the plan doesn't know goes by its own name."""

    plan: Plan
    lang: Lang

    def say(self, key: str, *values: object, **named: object) -> str:
        """A word or sentence of the page."""
        return word(key, self.lang, *values, **named)

    def question(self, name: str) -> str:
        """A question's title."""
        known = self.plan.questions.get(name)
        return known.title.text(self.lang) if known else name

    def outcome(self, question: str, outcome: str) -> str:
        """An outcome as outcomes are written, `red`, `red|yellow`, `a+b` or `nothing`, in words."""
        if outcome == NOTHING:
            return compared("none", self.lang)
        return self.say("and").join(self._one(question, part) for part in outcome.split("+"))

    def _one(self, question: str, outcome: str) -> str:
        possible = outcome.split("|")
        if len(possible) == 1:
            return self.verdict(question, outcome)
        told = [self.verdict(question, each) for each in possible]
        return compared("undetermined", self.lang, compared("or", self.lang).join(told))

    def verdict(self, question: str, verdict: str) -> str:
        """A verdict's title."""
        if verdict == NOTHING:
            return compared("nothing", self.lang)
        known = self.plan.questions.get(question)
        doc = known.verdicts.get(verdict) if known else None
        return doc.title.text(self.lang) if doc else verdict

    def transition(self, question: str, old: str, new: str) -> str:
        """From which outcome to which."""
        return self.outcome(question, old) + self.say("arrow") + self.outcome(question, new)

    def due(self, due: str, short: str | None) -> str:
        """What is due of an obligation, and short."""
        return compared("due", self.lang, due=due, short=short or "-")

    def parameter(self, name: str) -> str:
        """A parameter's title."""
        known = self.plan.parameters.get(name)
        return parameter_title(known, self.lang) if known else name

    def interpretation(self, name: str) -> str:
        """An interpretation's title."""
        return interpretation_title(self.plan.policy_set.context, name, self.lang)

    def reading(self, name: str, option: str) -> str:
        """A reading of the text in words."""
        known = self.plan.interpretations.get(name)
        options = known.doc.options if known else None
        return options[option].text(self.lang) if isinstance(options, Mapping) and option in options else option

    def table(self, name: str) -> str:
        """A table's title."""
        return table_title(self.plan.tables.get(name), name, self.lang)

    def kind(self, kind: str) -> str:
        """What subjects of a kind are called."""
        return kind_title(self.plan.policy_set.context, kind, self.lang)

    def kinds(self, counts: Mapping[str, int]) -> str:
        """How many subjects of each kind."""
        return self.say("comma").join(f"{self.kind(kind)} {count:,}" for kind, count in counts.items())

    def column(self, name: str) -> str:
        """The title of a table's column, `staff.role`."""
        table, _, column = name.partition(".")
        known = self.plan.tables.get(table)
        if known is None or column not in known.columns:
            return name
        return f"{self.table(table)}{self.say('colon')}{known.columns[column].title.text(self.lang)}"

    def change(self, change: Change) -> str:
        """What a change of the documents is of: its kind, name and title."""
        element, title = self.telling(self.plan, (change,)).element(change), self._title(change)
        return f"{element}{self.say('brackets', title)}" if title else element

    def _title(self, change: Change) -> str:
        """The title of a parameter, reading or rule; empty for others, and where it has none."""
        named = {"parameter": self.parameter, "interpretation": self.interpretation, "rule": self._rule}.get(change.kind)
        title = named(change.name) if named else change.name
        return "" if title == change.name else title

    def _rule(self, name: str) -> str:
        known = self.plan.rules.get(name)
        return known.title.text(self.lang) if known else name

    def telling(self, new: Plan, changes: tuple[Change, ...]) -> Telling:
        """The words for changes of the documents."""
        return Telling(PolicyDiff(self.plan, new, changes), self.lang)

    def share(self, share: Fraction) -> str:
        """A share in percent, with one decimal; what is above none is never shown as none."""
        if 0 < share < Fraction(1, 1000):
            return self.say("below_share")
        return f"{float(share * 100):.1f} %"
