"""Decisions of two versions side by side: which answers differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from ..model.result import Decision


class Asked(NamedTuple):
    """What a decision answers: a question about a subject in a period; the rule where each is decided apart."""

    question: str
    kind: str
    subject: str
    period: str | None = None
    rule: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision says: its verdict, or those possible, and of an obligation who owes, what is due and short."""

    status: str
    verdict: str | None
    possible: tuple[str | None, ...] = ()
    owed_by: str | None = None
    due: str | None = None
    short: str | None = None

    @classmethod
    def of(cls, decision: Decision) -> Answer:
        """The answer that a decision gives."""
        return cls(
            decision.status, decision.verdict, decision.possible, decision.owed_by, decision.due, decision.short
        )

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data."""
        return {**asdict(self), "possible": list(self.possible)}


Answers = tuple[Answer, ...]
"""The answers to what was asked: none, one, or several where a question is decided for each."""


def asked(decision: Decision) -> Asked:
    """What a decision answers."""
    subject = decision.subject
    rule = decision.rules[0] if decision.rules else None
    return Asked(decision.question, subject.kind, subject.id, decision.period, rule, decision.group)


def answers(decisions: Iterable[Decision]) -> dict[Asked, Answers]:
    """The answers of an evaluation, by what was asked, in order."""
    found: dict[Asked, list[Answer]] = {}
    for decision in decisions:
        found.setdefault(asked(decision), []).append(Answer.of(decision))
    return {key: tuple(sorted(each, key=repr)) for key, each in found.items()}


def flipped(old: Mapping[Asked, Answers], new: Mapping[Asked, Answers]) -> list[Asked]:
    """What is answered otherwise, in the order of the new decisions and then of those that are gone."""
    return [key for key in dict.fromkeys((*new, *old)) if old.get(key, ()) != new.get(key, ())]


def subjects(of: Iterable[Asked]) -> Mapping[str, int]:
    """How many subjects of each kind, by kind; one id of two organisations counts twice."""
    return Counter(kind for kind, _, _ in sorted({(one.kind, one.group or "", one.subject) for one in of}))
