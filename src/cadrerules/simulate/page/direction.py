"""Whether a transition is better or worse for the one concerned, by what the plan says of its verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ...model.counterfactual import merit
from ..outcomes import NOTHING

if TYPE_CHECKING:
    from ...plan import Plan

Direction = Literal["gain", "loss", "other"]
DIRECTIONS: tuple[Direction, ...] = ("gain", "loss", "other")


def direction(plan: Plan, question: str, old: str, new: str) -> Direction:
    """Gain where every verdict that is possible after is better than every one before, loss where each is worse; else neither."""
    if question not in plan.questions or old == new:
        return "other"
    before, after = _merits(plan, question, old), _merits(plan, question, new)
    if min(after) > max(before):
        return "gain"
    return "loss" if max(after) < min(before) else "other"


def _merits(plan: Plan, question: str, outcome: str) -> set[tuple[int, int]]:
    """The merits of all verdicts that apply or may."""
    known = plan.questions[question]
    names = [name for part in outcome.split("+") for name in part.split("|")]
    return {merit(known, name if name != NOTHING and name in known.verdicts else None) for name in names}
