"""Better and worse are the verdicts' merits; what is undetermined is either only where all that is possible is."""

from __future__ import annotations

import pytest

import cadrerules as cr
from cadrerules.simulate.page.direction import direction


@pytest.mark.parametrize(
    ("question", "old", "new", "way"),
    [
        ("flag", "red", "yellow", "loss"),
        ("flag", "black", "yellow", "gain"),
        ("flag", "yellow", "nothing", "other"),
        ("flag", "nothing", "red", "gain"),
        ("flag", "red", "yellow|black", "loss"),
        ("flag", "red", "red|yellow", "other"),
        ("flag", "black", "red|yellow", "gain"),
        ("flag", "yellow|black", "red", "gain"),
        ("flag", "red", "red", "other"),
        ("rectification", "overdue", "incomplete", "gain"),
        ("rectification", "incomplete", "effect_overdue", "loss"),
        ("promotion", "preferred|nothing", "barred_in_principle", "loss"),
        ("promotion", "preferred", "preferred+conflict", "other"),
        ("unknown", "a", "b", "other"),
    ],
)
def test_direction(plan: cr.Plan, question: str, old: str, new: str, way: str) -> None:
    assert direction(plan, question, old, new) == way
