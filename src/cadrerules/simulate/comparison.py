"""A plan and reforms of it, side by side: who goes from which outcome to which, and which part of the reform makes it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from ..differences.attribution import named
from ..differences.changes import Change
from ..errors import Lang
from .data import Data
from .heading import headed
from .reforms import Reform
from .shown import Shown

if TYPE_CHECKING:
    from ..plan import Plan


@dataclass(frozen=True, slots=True)
class Transition:
    """How many go from one outcome to another, those that stay included.

    `decisions` counts subjects once in each period, `subjects` (persons, units, ..) once. `share` is that of all
    decisions on the question under either plan. `amounts` are the decisions that keep their outcome with another
    amount due or short, or owed by another: they stay, and are among those affected.
    """

    question: str
    kind: str
    old: str
    new: str
    decisions: int
    subjects: int
    share: Fraction
    amounts: int = 0

    @property
    def stays(self) -> bool:
        """Whether the outcome is the same."""
        return self.old == self.new

    def to_dict(self) -> dict[str, Any]:
        """The transition as plain data."""
        return {
            "question": self.question,
            "kind": self.kind,
            "old": self.old,
            "new": self.new,
            "decisions": self.decisions,
            "subjects": self.subjects,
            "share": str(self.share),
            "amounts": self.amounts,
        }


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The transitions of those whose row has a value in a column, `staff.role` or `staff.unit`; None: no row or an empty cell.

    A subject of several rows counts under the value of each. Only questions about subjects beside whom the column
    stands are told; a share is of the decisions with the value.
    """

    by: str
    value: str | None
    transitions: tuple[Transition, ...]

    def to_dict(self) -> dict[str, Any]:
        """The breakdown as plain data."""
        return {"by": self.by, "value": self.value, "transitions": [each.to_dict() for each in self.transitions]}


@dataclass(frozen=True, slots=True)
class Part:
    """A change of the reform and its part in what flips on a question: the sum of its Shapley values over the decisions.

    `decisions` is in how many it has any share, `exact` whether every combination of the changes was tried.
    """

    question: str
    change: Change
    weight: Fraction
    decisions: int
    exact: bool = True

    def to_dict(self) -> dict[str, Any]:
        """The part as plain data; the change is named by kind and name."""
        told = {"question": self.question, "change": named(self.change), "weight": str(self.weight)}
        return {**told, "decisions": self.decisions, "exact": self.exact}


@dataclass(frozen=True)
class Compared:
    """One reform against the plan as it is.

    `affected` has a row for each decision that differs: `group`, `question`, `kind`, `subject`, `period`, `rule`,
    `old`, `new`, the amounts of an obligation before and after (`old_due`, `new_due`, ..), and `because`, the changes in
    which its Shapley value is greatest, by kind and name. `subjects` counts those affected, by kind.
    """

    reform: Reform
    plan: Plan = field(repr=False)
    changes: tuple[Change, ...]
    transitions: tuple[Transition, ...]
    breakdowns: tuple[Breakdown, ...]
    parts: tuple[Part, ...]
    affected: pl.DataFrame = field(repr=False)
    subjects: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The comparison with one reform as plain data; those affected row by row."""
        return {
            "reform": self.reform.to_dict(),
            "policies": {"name": self.plan.name, "hash": self.plan.hash},
            "changes": [change.to_dict() for change in self.changes],
            "subjects": dict(self.subjects),
            "transitions": [each.to_dict() for each in self.transitions],
            "breakdowns": [each.to_dict() for each in self.breakdowns],
            "parts": [each.to_dict() for each in self.parts],
            "affected": self.affected.to_dicts(),
        }


@dataclass(frozen=True)
class Comparison(Shown):
    """Reforms of a plan compared on one population as of a day. `seconds` says how long each step took.

    `before` holds outcomes of the plan as it is, for boards: of those affected most, also where nothing changes.
    """

    base: Plan = field(repr=False)
    as_of: date
    data: Data
    reforms: tuple[Compared, ...]
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)
    before: pl.DataFrame | None = field(default=None, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data, ready for JSON; fractions are texts."""
        return headed(
            "comparison", self.base, self.as_of, self.data,
            reforms=[each.to_dict() for each in self.reforms],
        )  # fmt: skip

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""
        from .comparison_text import to_text

        return to_text(self, lang)

    def to_frame(self) -> pl.DataFrame:
        """A row for each decision that a reform changes: the reform's title, and the columns of `affected`."""
        return pl.concat([each.affected.select(pl.lit(each.reform.called("en")).alias("reform"), pl.all()) for each in self.reforms])

    def to_csv(self) -> bytes:
        """Those affected by any of the reforms as CSV: UTF-8 with BOM, and no cell that a spreadsheet would run."""
        from .csv import to_csv

        return to_csv(self.to_frame())
