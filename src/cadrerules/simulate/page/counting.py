"""A reform's transitions counted by question: how many decisions change, and how many of them for better or worse."""

from __future__ import annotations

from dataclasses import dataclass

from ..comparison import Compared, Comparison, Transition
from .direction import direction


@dataclass(frozen=True, slots=True)
class Tally:
    """The decisions on a question, and those of them that get better, worse, or change otherwise."""

    decisions: int = 0
    gain: int = 0
    loss: int = 0
    other: int = 0

    @property
    def changed(self) -> int:
        """How many change."""
        return self.gain + self.loss + self.other


def flips(reform: Compared, question: str) -> list[Transition]:
    """The transitions on a question to another outcome."""
    return [t for t in reform.transitions if t.question == question and not t.stays]


def tallies(of: Comparison, reform: Compared) -> dict[str, Tally]:
    """By question, in the plan's order, also those on which nothing changes."""
    found = dict.fromkeys(t.question for t in reform.transitions)
    ordered = sorted(found, key=[*of.base.questions, *found].index)
    return {question: _tally(of, [t for t in reform.transitions if t.question == question]) for question in ordered}


def _tally(of: Comparison, transitions: list[Transition]) -> Tally:
    counts = dict.fromkeys(("gain", "loss", "other"), 0)
    for t in transitions:
        if not t.stays:
            counts[direction(of.base, t.question, t.old, t.new)] += t.decisions
    return Tally(sum(t.decisions for t in transitions), **counts)


def whole(of: Comparison, reform: Compared) -> Tally:
    """All questions together."""
    each = tallies(of, reform).values()
    return Tally(*(sum(getattr(tally, name) for tally in each) for name in ("decisions", "gain", "loss", "other")))
