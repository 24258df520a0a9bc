"""A plan and reforms of it, side by side: who goes from which outcome to which, and which part of the reform makes it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from ..compare.changes import Change
from .data import Data
from .reforms import Reform

if TYPE_CHECKING:
    from ..plan import Plan


@dataclass(frozen=True, slots=True)
class Transition:
    """How many go from one outcome to another, those that stay included.

    `decisions` counts subjects once in each period, `subjects` (persons, units, ..) once. `share` is that of all
    decisions on the question under either plan.
    """

    question: str
    kind: str
    old: str
    new: str
    decisions: int
    subjects: int
    share: Fraction

    @property
    def stays(self) -> bool:
        """Whether the outcome is the same."""
        return self.old == self.new


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The transitions of those whose row has a value in a column, `staff.role` or `staff.unit`; None: no row or an empty cell."""

    by: str
    value: str | None
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A change of the reform and its part in what flips on a question: the sum of its Shapley values over the decisions."""

    question: str
    change: Change
    weight: Fraction
    decisions: int
    """How many decisions it has any share in."""


@dataclass(frozen=True)
class Compared:
    """One reform against the plan as it is.

    `affected` has a row for each decision that differs: `group`, `question`, `kind`, `subject`, `period`, `rule`,
    `old`, `new`, and `because`, the changes in which its Shapley value is greatest, by kind and name.
    """

    reform: Reform
    plan: Plan = field(repr=False)
    changes: tuple[Change, ...]
    transitions: tuple[Transition, ...]
    breakdowns: tuple[Breakdown, ...]
    parts: tuple[Part, ...]
    affected: pl.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Comparison:
    """Reforms of a plan compared on one population as of a day. `subjects` counts those affected, by kind, of each reform.

    `before` holds the outcomes of the plan as it is, in the columns of `outcomes.SCHEMA`, where they are kept.
    """

    base: Plan = field(repr=False)
    as_of: date
    data: Data
    reforms: tuple[Compared, ...]
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)
    before: pl.DataFrame | None = field(default=None, repr=False, compare=False)
