"""What each ambiguity of the text decides: how many decisions turn on a reading, or on a parameter left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from .data import Data
from .shown import Shown

if TYPE_CHECKING:
    from ..plan import Plan


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """An interpretation, or an unset parameter, and how much turns on it.

    `decisions` counts those that differ between any two of the choices (readings; of an unset parameter, those that
    wait for it), `subjects` the subjects they are about by kind, `questions` the decisions by question. `options` says
    for each choice how many decisions differ from the plan's own. `of` counts the decisions there are.
    """

    kind: Literal["interpretation", "parameter"]
    name: str
    clauses: tuple[str, ...]
    chosen: str | None
    decisions: int
    of: int
    subjects: Mapping[str, int]
    questions: Mapping[str, int]
    options: Mapping[str, int]


@dataclass(frozen=True)
class Ambiguities(Shown):
    """All of them, those first on which the most decisions turn: what a drafter should settle first."""

    base: Plan = field(repr=False)
    as_of: date
    data: Data
    ranked: tuple[Ambiguity, ...]
