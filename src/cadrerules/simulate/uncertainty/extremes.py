"""The best and the worst case: how few and how many decisions of each kind there can be, whatever missing facts turn out to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from ...differences.facts import Source
from ...errors import Lang
from ..data import Data, data_of
from ..heading import headed
from ..outcomes import KEYS, Progress, outcomes
from ..shown import Shown
from .draws import question_place

if TYPE_CHECKING:
    from ...plan import Plan


@dataclass(frozen=True, slots=True)
class Bound:
    """How many decisions on a question have a verdict: surely `least` of them, at most `greatest`.

    `polarity` says for whom that is good (`favourable`, `adverse` or `neutral`).
    """

    question: str
    verdict: str
    polarity: str
    least: int
    greatest: int

    @property
    def best(self) -> int | None:
        """The count in the best case for those concerned; None for a neutral verdict."""
        return {"favourable": self.greatest, "adverse": self.least}.get(self.polarity)

    @property
    def worst(self) -> int | None:
        """The count in the worst case for those concerned; None for a neutral verdict."""
        return {"favourable": self.least, "adverse": self.greatest}.get(self.polarity)


@dataclass(frozen=True)
class Bounds(Shown):
    """Between which counts every completion of the facts, and of unset parameters, lies.

    Each decision's possible verdicts contain all that it can come to, so no completion lies outside. An end need not be
    reached, and different ends hardly ever are together: of two units that may each be red or yellow only one may have the
    place. `open` are the undetermined decisions with what is `possible`.
    """

    base: Plan = field(repr=False)
    as_of: date
    data: Data
    bounds: tuple[Bound, ...]
    open: pl.DataFrame = field(repr=False)

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""
        from .text import bounds_text

        return bounds_text(self, lang)

    def to_frame(self) -> pl.DataFrame:
        """A row for each question and verdict."""
        text, whole = pl.String, pl.Int64
        schema = {"question": text, "verdict": text, "polarity": text, "least": whole, "greatest": whole, "best": whole, "worst": whole}
        return pl.DataFrame([_row(one) for one in self.bounds], schema)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, ready for JSON."""
        return headed(
            "bounds", self.base, self.as_of, self.data,
            bounds=[_row(one) for one in self.bounds],
            open=[{**row, "possible": row["possible"].split("|")} for row in self.open.iter_rows(named=True)],
        )  # fmt: skip


def _row(one: Bound) -> dict[str, Any]:
    return {**asdict(one), "best": one.best, "worst": one.worst}


def bounds(
    plan: Plan,
    facts: Source,
    *,
    as_of: date | None = None,
    group_by: str = "",
    engine: str = "auto",
    progress: Progress | None = None,
) -> Bounds:
    """The least and the greatest number of decisions with each verdict, over all that missing facts and unset parameters may be.

    Needs no distribution, and one evaluation. Arguments, and what is raised, are as of `Plan.evaluate`.

    >>> import cadrerules as cr
    >>> rows = [{"quarter": "2024Q3", "unit": f"U{n}", "indicator": "I", "progress": 50 + n if n else None} for n in range(9)]
    >>> found = bounds(cr.load_policies("market-supervision"), {"progress": rows})
    >>> [(one.verdict, one.least, one.greatest) for one in found.bounds if one.question == "flag"]
    [('red', 6, 8), ('yellow', 1, 3), ('black', 0, 0)]
    """
    day, tables = as_of or date.today(), plan.held(facts, group_by)
    found = outcomes(plan, tables, day, None, engine, progress)
    return Bounds(plan, day, data_of(plan, tables), tuple(_bounds(plan, apart(found))), _open(plan, found))


def apart(found: pl.DataFrame) -> pl.DataFrame:
    """Outcomes with one row for each verdict that a decision may have: whether it `surely` has it."""
    each = found.select("question", pl.col("outcome").str.split("+")).explode("outcome")
    options = each.select("question", pl.col("outcome").str.split("|"))
    return options.with_columns((pl.col("outcome").list.len() == 1).alias("surely")).explode("outcome")


def _bounds(plan: Plan, verdicts: pl.DataFrame) -> Iterator[Bound]:
    counts = verdicts.group_by("question", "outcome").agg(pl.col("surely").sum(), pl.len()).iter_rows()
    known = {(question, verdict): (least, greatest) for question, verdict, least, greatest in counts}
    asked = {question for question, _ in known}
    for name, question in plan.questions.items():
        for verdict, doc in question.verdicts.items() if name in asked else ():
            least, greatest = known.get((name, verdict), (0, 0))
            yield Bound(name, verdict, doc.polarity, least, greatest)


def _open(plan: Plan, found: pl.DataFrame) -> pl.DataFrame:
    undetermined = found.filter(pl.col("outcome").str.contains("|", literal=True))
    return undetermined.select(*KEYS, pl.col("outcome").alias("possible")).sort("group", question_place(plan), "subject", "period", "rule")

