"""Outcomes along one or two parameters of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from .data import Data
from .shown import Shown

if TYPE_CHECKING:
    from ..plan import Plan


@dataclass(frozen=True, slots=True)
class Axis:
    """A parameter and the values it takes, as text; `present` is the plan's own, None where it is unset."""

    parameter: str
    values: tuple[str, ...]
    present: str | None


@dataclass(frozen=True, slots=True)
class Point:
    """One value of each axis: how many decisions have which outcome, by question and outcome."""

    values: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Compression:
    """How a question was answered for all values at once: so many decisions stand for so many, or why not."""

    question: str
    decisions: int
    representatives: int | None
    reason: str = ""


@dataclass(frozen=True)
class Sweep(Shown):
    """Outcomes for every value, or pair of values, of the parameters; `points` run through the first axis slowest."""

    base: Plan = field(repr=False)
    as_of: date
    data: Data
    axes: tuple[Axis, ...]
    points: tuple[Point, ...]
    compression: tuple[Compression, ...] = ()
