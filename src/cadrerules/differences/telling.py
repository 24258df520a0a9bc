"""A comparison's parts in words, whatever the format: elements, answers, causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from ..errors import Lang
from ..report.wording import kind_title
from .attribution import Attribution, Flip
from .changes import Change, counts
from .decisions import Answer, Answers
from .difference import Difference, PolicyDiff, Witness
from .words import word

SIGNS: Mapping[str, str] = {"added": "+", "removed": "-", "changed": "~"}
_KINDS = {"title": "title_of_column", "clause": "clause_entry"}


@dataclass(frozen=True)
class Telling:
    """A comparison told in one language."""

    of: PolicyDiff
    lang: Lang

    def say(self, key: str, *values: object, **named: object) -> str:
        """A word or sentence."""
        return word(key, self.lang, *values, **named)

    def title(self) -> str:
        """What is compared: names and hashes."""
        old, new = self.of.old, self.of.new
        key = "title" if old.name == new.name else "renamed"
        return self.say(key, was=old.name, name=new.name, old=old.hash[:12], new=new.hash[:12])

    # --- documents --------------------------------------------------------------------------------

    def summary(self) -> str:
        """How many elements were changed, added and removed, and whether that matters."""
        if not self.of.changes:
            return self.say("no_changes")
        return self.say("summary", **counts(self.of.changes))

    def policies(self) -> list[tuple[str, list[Change]]]:
        """The changes under the policy they belong to, by its title; those of the whole set first and last."""
        return [(self._policy(name), list(each)) for name, each in groupby(self.of.changes, key=lambda c: c.policy)]

    def _policy(self, name: str) -> str:
        if not name:
            return self.say("shared")
        policy = self.of.new.policies.get(name) or self.of.old.policies[name]
        return f"{name}{self.say('colon')}{policy.title.text(self.lang)}"

    def element(self, change: Change) -> str:
        """What changed: kind and name of the element."""
        return f"{self.say(_KINDS.get(change.kind, change.kind))} {change.name}"

    def cited(self, change: Change) -> str:
        """The clauses a change is about, where it is about any."""
        return self.say("clause", ", ".join(change.clauses)) if change.clauses else ""

    def field(self, name: str) -> str:
        """The name of a field as documents have it."""
        return self.say("row", name.removeprefix("row ")) if name.startswith("row ") else name

    # --- decisions --------------------------------------------------------------------------------

    def question(self, name: str) -> str:
        """A question's title."""
        question = self.of.new.questions.get(name) or self.of.old.questions.get(name)
        return question.title.text(self.lang) if question else name

    def counted(self) -> str:
        """How many decisions flip, and how many subjects of each kind have one."""
        assert self.of.flips is not None
        if not self.of.flips:
            return self.say("no_flips")
        context = self.of.new.policy_set.context
        kinds = [
            self.say("counted", kind=kind_title(context, kind, self.lang), count=count)
            for kind, count in self.of.subjects.items()
        ]
        key = "one_flip" if len(self.of.flips) == 1 else "flip_count"
        return self.say(key, len(self.of.flips), self.say("comma").join(kinds))

    def answers(self, flip: Flip) -> tuple[str, str]:
        """What was decided, and what is."""
        old, new = self.of.old, self.of.new
        question = flip.asked.question
        return self.answer(old, question, flip.old), self.answer(new, question, flip.new)

    def answer(self, plan: Any, question: str, answers: Answers) -> str:
        """What a plan answers to a question, in words."""
        texts = [self._answer(plan, question, answer) for answer in answers]
        return self.say("comma").join(texts) or self.say("none")

    def _answer(self, plan: Any, question: str, answer: Answer) -> str:
        verdicts = plan.questions[question].verdicts
        if answer.status == "undetermined":
            possible = [verdicts[v].title.text(self.lang) if v else self.say("nothing") for v in answer.possible]
            return self.say("undetermined", self.say("or").join(possible))
        title = verdicts[answer.verdict].title.text(self.lang) if answer.verdict else self.say("waived")
        return title + (self.say("due", due=answer.due, short=answer.short) if answer.due is not None else "")

    def cause(self, why: Attribution) -> str:
        """Why a decision flips, in a line."""
        note = "" if why.exact else self.say("estimated", why.orders)
        return self._cause(why) + note

    def _cause(self, why: Attribution) -> str:
        if not why.causes:
            return self.say("unexplained")
        names = [self.element(cause.change) for cause in why.causes]
        if len(names) == 1:
            return names[0]
        if why.together and len(why.sufficient) == 1:
            return self.say("together", " + ".join(map(self.element, why.sufficient[0])))
        if all(len(some) == 1 for some in why.sufficient) and len(why.sufficient) == len(names):
            return self.say("either", self.say("comma").join(names))
        shares = [self.say("share", name, _percent(c.share)) for name, c in zip(names, why.causes, strict=True)]
        return self.say("comma").join(shares)

    def causes(self) -> list[tuple[str, int]]:
        """Each cause and how many flips it has, the most first."""
        return Counter(self.cause(flip.why) for flip in self.of.flips or ()).most_common()

    def by_question(self) -> list[tuple[str, list[Flip]]]:
        """The flips of each question, by its title."""
        flips = sorted(self.of.flips or (), key=lambda flip: self._place(flip.asked.question))
        return [(self.question(name), list(each)) for name, each in groupby(flips, key=lambda f: f.asked.question)]

    def _place(self, question: str) -> int:
        order = list(dict.fromkeys((*self.of.new.questions, *self.of.old.questions)))
        return order.index(question)

    def asked(self, difference: Difference) -> str:
        """A question that was looked at, with the rules that answer it."""
        rules = self.say("comma").join(difference.rules)
        return self.say("asked", question=self.question(difference.question), rules=rules)

    # --- cases ------------------------------------------------------------------------------------

    def case(self, witness: Witness) -> str:
        """What a witness is."""
        params = "".join(f"{self.say('comma')}{name} = {value}" for name, value in witness.params.items())
        return self.say("case", as_of=witness.as_of, params=params)

    def row(self, row: Mapping[str, Any]) -> str:
        """A row of a witness in a line; empty cells left out."""
        return ", ".join(f"{name}={self.cell(cell)}" for name, cell in row.items() if cell is not None)

    def cell(self, cell: Any) -> str:
        """A cell as a table of facts has it."""
        return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)

    def decided(self, decision: Mapping[str, Any] | None) -> str:
        """A decision given as plain data: whom it is about, and its verdict or those possible."""
        if decision is None:
            return self.say("none")
        subject = decision["subject"]["id"]
        named = f"{subject} {decision['period']}" if decision.get("period") else subject
        answer = Answer(decision["status"], decision["verdict"], tuple(decision.get("possible") or ()))
        known = next((p for p in (self.of.new, self.of.old) if decision["question"] in p.questions), self.of.new)
        return f"{named}{self.say('colon')}{self._answer(known, decision['question'], answer)}"

    def subject(self, flip: Flip) -> str:
        """Whom a flip is about; of several organisations with its own, and of rules decided apart with the rule."""
        parts = [flip.asked.group, flip.asked.subject, flip.asked.rule]
        return " ".join(part for part in parts if part is not None)


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.0f} %"
