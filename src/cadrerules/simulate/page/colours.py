"""The colours of charts: those that a plan gives its verdicts, else by their polarity; told apart also by the colour-blind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..outcomes import NOTHING

if TYPE_CHECKING:
    from ...plan import Plan

INK, SOFT, GRID = "#1d1b18", "#625d55", "#e6e1d6"
GAIN, LOSS, OTHER = "#0072b2", "#d55e00", "#8a8378"
DIRECTED: Mapping[str, str] = {"gain": GAIN, "loss": LOSS, "other": OTHER}
UNDETERMINED, NONE = "#cc79a7", "#e4e4e4"

_BY_POLARITY: Mapping[str, tuple[str, ...]] = {
    "favourable": ("#0072b2", "#56b4e9", "#003f66"),
    "neutral": ("#f0e442", "#a39f93", "#6a6a8a", "#d8d2c4"),
    "adverse": ("#d55e00", "#8b2f00", "#f0a36b"),
}
"""Okabe and Ito's palette, and shades of it, in the order of a question's verdicts."""


def verdict_colours(plan: Plan, question: str) -> dict[str, str]:
    """A colour for each verdict of a question: the document's, else one of its polarity."""
    known = plan.questions.get(question)
    if known is None:
        return {}
    colours: dict[str, str] = {}
    for name, doc in known.verdicts.items():
        palette = _BY_POLARITY[doc.polarity]
        taken = sum(known.verdicts[other].polarity == doc.polarity for other in colours)
        colours[name] = doc.colour or palette[taken % len(palette)]
    return colours


def outcome_colour(colours: Mapping[str, str], outcome: str) -> str:
    """The colour of an outcome; one that is undetermined, or of several verdicts, has its own."""
    return NONE if outcome == NOTHING else colours.get(outcome, UNDETERMINED)


def visible(colour: str) -> str:
    """A colour of a line or bar on white: what is nearly white is darker."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    if red == green == blue and red > _PALE:
        return OTHER
    return f"#{round(red * 0.81):02x}{round(green * 0.79):02x}00" if min(red, green) > _PALE else colour


_PALE = 190


def ink_on(colour: str) -> str:
    """Black or white, whichever stands out more from a colour."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if luminance < 0.179 else "#000000"


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
