"""What a sweep gives: how many decisions have which outcome along one or two parameters of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from ..errors import Lang
from .data import Data
from .heading import headed
from .shown import Shown

if TYPE_CHECKING:
    from ..plan import Plan
    from .goals import Reached

Counts = Mapping[tuple[str, str], int]
"""How many decisions, by question and outcome."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A parameter and the values it takes, as text in ascending order; `present` is the plan's own, None where unset."""

    parameter: str
    values: tuple[str, ...]
    present: str | None


@dataclass(frozen=True, slots=True)
class Point:
    """One value of each axis: how many decisions have which outcome, by question and outcome."""

    values: tuple[str, ...]
    counts: Counts

    def of(self, question: str) -> int:
        """How many decisions there are on a question."""
        return sum(count for (asked, _), count in self.counts.items() if asked == question)


@dataclass(frozen=True, slots=True)
class Compression:
    """How a decision was counted at all points: so many `decisions` by so few `representatives`.

    None where each point was evaluated on all rows; `reason` then says why: `joined` where the parameters bear
    on what several rows make together (a run, a rank), `distinct` where too few are alike, `few` where it is the
    same at all points but a few.
    """

    question: str
    decisions: int
    representatives: int | None
    reason: Literal["", "joined", "distinct", "few"] = ""


@dataclass(frozen=True)
class Sweep(Shown):
    """Outcomes for every value, or pair of values, of the parameters; `points` run through the first axis slowest."""

    base: Plan = field(repr=False)
    as_of: date
    data: Data
    axes: tuple[Axis, ...]
    points: tuple[Point, ...]
    compression: tuple[Compression, ...] = ()
    goals: tuple[Reached, ...] = ()

    def goal(self, text: str) -> Reached:
        """At which points a goal such as `flag.red <= 30%` is met (see `goals`); `UsageError` for what is none.

        >>> import cadrerules as cr
        >>> from datetime import date
        >>> plan = cr.load_policies("market-supervision")
        >>> found = cr.sweep(plan, "examples/bureau", ["board.red_to=3..12"], as_of=date(2025, 1, 15))
        >>> found.goal("flag.red <= 30%").largest
        ('5',)
        """
        from .goals import read_goal

        return read_goal(self.base, text).reached(self.points)

    def to_frame(self) -> pl.DataFrame:
        """A row for each point, question and outcome: the parameters' values as text, `decisions` and their `share`."""
        names = [axis.parameter for axis in self.axes]
        rows = [
            (*point.values, question, outcome, count, float(Fraction(count, point.of(question))))
            for point in self.points
            for (question, outcome), count in sorted(point.counts.items())
        ]
        texts = dict.fromkeys((*names, "question", "outcome"), pl.String)
        return pl.DataFrame(rows, {**texts, "decisions": pl.Int64, "share": pl.Float64}, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """The sweep as plain data, ready for JSON; shares are fractions as text."""
        return headed(
            "sweep", self.base, self.as_of, self.data,
            axes=[{"parameter": a.parameter, "values": list(a.values), "present": a.present} for a in self.axes],
            points=[{"values": list(point.values), "counts": _plain(point)} for point in self.points],
            compression=[
                {"question": c.question, "decisions": c.decisions, "representatives": c.representatives, "reason": c.reason}
                for c in self.compression
            ],
            goals=[reached.to_dict() for reached in self.goals],
        )  # fmt: skip

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""
        from .sweep_text import to_text

        return to_text(self, lang)


def _plain(point: Point) -> list[dict[str, Any]]:
    return [
        {"question": q, "outcome": o, "decisions": n, "share": str(Fraction(n, point.of(q)))}
        for (q, o), n in sorted(point.counts.items())
    ]
