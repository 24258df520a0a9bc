"""Goals of a sweep: `flag.red <= 30%`, and the values of the parameters that surely or perhaps meet it.

A share is of all decisions on the question at the same values. Decisions that are undetermined make a goal one
that is only perhaps met, wherever it would be missed if they came out otherwise.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..errors import Problem, UsageError
from ..language.source import nearest
from .outcomes import NOTHING
from .sweep import Point

if TYPE_CHECKING:
    from ..plan import Plan

EXAMPLE = "flag.red <= 30%"
_GOAL = re.compile(r"\s*(\w+)\.(\w+)\s*(<=|>=)\s*(\d{1,15}(?:\.\d{1,6})?)\s*(%?)\s*")
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True, slots=True)
class Goal:
    """At most or at least so many decisions with an outcome, or such a share of all decisions on the question."""

    question: str
    outcome: str
    sign: str
    amount: Fraction
    is_share: bool

    def met(self, point: Point) -> bool | None:
        """Whether the goal is met at a point; None where that rests on decisions that are undetermined."""
        least, most = _bounds(point, self.question, self.outcome)
        limit = self.amount * point.of(self.question) if self.is_share else self.amount
        answers = {_SIGNS[self.sign](count, limit) for count in (least, most)}
        return answers.pop() if len(answers) == 1 else None

    def reached(self, points: Iterable[Point]) -> Reached:
        """At which of some points the goal is met."""
        met = [(point.values, self.met(point)) for point in points]
        return Reached(self, tuple(v for v, m in met if m), tuple(v for v, m in met if m is None))

    def __str__(self) -> str:
        number = self.amount * 100 if self.is_share else self.amount
        told = str(number) if number.denominator == 1 else str(float(number))
        return f"{self.question}.{self.outcome} {self.sign} {told}{'%' if self.is_share else ''}"


@dataclass(frozen=True, slots=True)
class Reached:
    """The values at which a goal is met for sure, and those at which that rests on undetermined decisions."""

    goal: Goal
    surely: tuple[tuple[str, ...], ...]
    perhaps: tuple[tuple[str, ...], ...]

    @property
    def smallest(self) -> tuple[str, ...] | None:
        """The first values that surely meet it."""
        return self.surely[0] if self.surely else None

    @property
    def largest(self) -> tuple[str, ...] | None:
        """The last values that surely meet it."""
        return self.surely[-1] if self.surely else None

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {"goal": str(self.goal), "surely": [list(v) for v in self.surely], "perhaps": [list(v) for v in self.perhaps]}


def _bounds(point: Point, question: str, outcome: str) -> tuple[int, int]:
    """How many decisions surely have the outcome, and how many may have it."""
    sure = point.counts.get((question, outcome), 0)
    open_ = sum(n for (q, o), n in point.counts.items() if q == question and "|" in o and outcome in o.split("|"))
    return sure, sure + open_


def read_goal(plan: Plan, text: str) -> Goal:
    """The goal that a text states; `UsageError` for one that can't be read, or names no outcome of the plan.

    >>> import cadrerules as cr
    >>> str(read_goal(cr.load_policies("market-supervision"), "promotion.barred_in_principle<=12"))
    'promotion.barred_in_principle <= 12'
    """
    match = _GOAL.fullmatch(text)
    if match is None:
        raise UsageError(Problem("CR-NOT-A-GOAL", values={"value": text[:80], "example": EXAMPLE}))
    question, outcome, sign, number, percent = match.groups()
    known = [f"{q.name}.{v}" for q in plan.questions.values() for v in (*q.verdicts, NOTHING)]
    if f"{question}.{outcome}" not in known:
        name = f"{question}.{outcome}"
        raise UsageError(Problem("CR-UNKNOWN-SETTING", values={"kind": "outcome", "name": name, "nearest": nearest(name, known)}))
    return Goal(question, outcome, sign, Fraction(number) / (100 if percent else 1), bool(percent))
