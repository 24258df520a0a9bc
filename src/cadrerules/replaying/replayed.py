"""What a replay gives: the decisions that differ, and what they differ for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ..model.result import Decision, Record, Subject

Cause = Literal["fact", "policy", "as_of"]
"""What changed between two answers: a cell or row of the facts, the policies, or the day of evaluation."""


class Answer(Record):
    """How a question was answered: the verdict, or those possible; with an obligation's amounts."""

    status: Literal["decided", "undetermined"]
    verdict: str | None = None
    possible: tuple[str | None, ...] = ()
    due: str | None = None
    done: str | None = None
    short: str | None = None

    @classmethod
    def of(cls, decision: Decision | Mapping[str, Any]) -> Answer:
        """The answer of a decision, as a model or as its JSON."""
        plain = decision.model_dump() if isinstance(decision, Decision) else decision
        return cls.model_validate({name: plain[name] for name in cls.model_fields})


class Why(Record):
    """One thing that changed.

    `what` names it: `progress[2024Q3/U05/I01].progress`, a row, or a place in the policies' documents; `before` and `after` are
    what stood there, None where nothing did; `known_at` is when a fact became known.
    """

    cause: Cause
    what: str
    before: str | None = None
    after: str | None = None
    known_at: str | None = None


class Difference(Record):
    """A decision that isn't the same each time: as it was recorded `decided`, as known `then`, and `now`; None where there is none."""

    id: str
    question: str
    subject: Subject
    period: str | None
    decided: Answer | None
    then: Answer | None
    now: Answer | None
    why: tuple[Why, ...]


@dataclass(frozen=True)
class Replay:
    """The outcome of a replay. `decided`, `then` and `now` say how many decisions there were each time.

    `policies_then` and `policies` are the versions by which it was evaluated, with name, hash and the day from which each is in force.
    """

    as_known: date | None
    as_of: date
    policies_then: Sequence[Mapping[str, str | None]]
    policies: Sequence[Mapping[str, str | None]]
    decided: int
    then: int
    now: int
    differences: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        """The replay as plain data, ready for JSON."""
        return {
            "schema_version": 1,
            "as_known": None if self.as_known is None else self.as_known.isoformat(),
            "as_of": self.as_of.isoformat(),
            "policies_then": [dict(version) for version in self.policies_then],
            "policies": [dict(version) for version in self.policies],
            "decided": self.decided,
            "then": self.then,
            "now": self.now,
            "differences": [difference.model_dump(mode="json") for difference in self.differences],
        }
