"""How often decisions turn where the numbers in some columns are a little off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from ...differences.facts import Source
from ...errors import Lang
from ..data import Data, data_of
from ..heading import headed
from ..outcomes import KEYS, Progress
from ..shown import Shown
from .completed import completions
from .documents import Uncertain, noise_of, sizes_of
from .draws import check_draws, question_place, shared, with_intervals
from .intervals import LEVEL, central
from .tally import Tally, tally

if TYPE_CHECKING:
    from ...plan import Plan


@dataclass(frozen=True, slots=True)
class Turned:
    """How many decisions on a question come out otherwise than undisturbed.

    `decisions` there are, undisturbed or in some draw; `ever` turn in one draw at least. `mean` is how many turn in a draw on
    average, and `share` that of the decisions; 95 % of the draws lie between `low` and `high`.
    """

    question: str
    decisions: int
    ever: int
    mean: Fraction
    share: Fraction
    low: int
    high: int


@dataclass(frozen=True)
class Stability(Shown):
    """How firm decisions stand against noise in the numbers that they rest on.

    `decisions` has a row for each that turns in some draw, those first that turn most often: its keys, its outcome `now`
    (undisturbed), in how many `draws` it came out otherwise, their `share` with a 95 % score interval from `low` to `high`,
    and the outcome `mostly` that it turned to most often.
    """

    base: Plan = field(repr=False)
    as_of: date
    data: Data
    draws: int
    seed: int
    noise: Mapping[str, str]
    turned: tuple[Turned, ...]
    decisions: pl.DataFrame = field(repr=False)

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""
        from .text import stability_text

        return stability_text(self, lang)

    def to_frame(self) -> pl.DataFrame:
        """The `decisions`."""
        return self.decisions

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, ready for JSON."""
        return headed(
            "noise", self.base, self.as_of, self.data,
            draws=self.draws,
            seed=self.seed,
            level=str(LEVEL),
            noise=dict(self.noise),
            turned=[{**asdict(one), "mean": str(one.mean), "share": str(one.share)} for one in self.turned],
            decisions=[shared(row, self.draws) for row in self.decisions.iter_rows(named=True)],
        )  # fmt: skip


def noise(
    plan: Plan,
    facts: Source,
    sizes: Mapping[str, Decimal] | Uncertain,
    *,
    draws: int = 200,
    seed: int = 1,
    as_of: date | None = None,
    group_by: str = "",
    engine: str = "auto",
    progress: Progress | None = None,
) -> Stability:
    """How often each decision turns when the known numbers of columns get normal noise of these sizes.

    `sizes` are standard deviations by `table.column`, in the column's own unit; or what `read_uncertain` gives, with noise of
    any distribution. Sums are rounded to the column's step and kept within its bounds; missing cells stay missing. The other
    arguments, and what is raised, are as of `uncertain`.

    >>> import cadrerules as cr
    >>> rows = [{"quarter": "2024Q3", "unit": f"U{n}", "indicator": "I", "progress": 50 + n} for n in range(9)]
    >>> found = noise(cr.load_policies("market-supervision"), {"progress": rows}, {"progress.progress": Decimal(1)}, draws=50)
    >>> {one.question: one.decisions for one in found.turned}
    {'flag': 9, 'commendation': 0, 'interview': 0}
    """
    check_draws(draws)
    day, tables = as_of or date.today(), plan.held(facts, group_by)
    known = sizes if isinstance(sizes, Uncertain) else noise_of(sizes, plan.tables)
    found = tally(plan, tables, completions(tables, known, plan.tables, day, seed), day, draws, engine, progress)
    each = _turning(plan, found)
    return Stability(plan, day, data_of(plan, tables), draws, seed, sizes_of(known), tuple(_turned(found, each)), each)


def _turning(plan: Plan, found: Tally) -> pl.DataFrame:
    """The decisions that turn in some draw."""
    otherwise = found.per_decision().filter(pl.col("outcome") != pl.col("now")).sort(pl.col("draws") * -1, "outcome")
    each = otherwise.group_by(*KEYS, "now", maintain_order=True).agg(pl.col("draws").sum(), pl.col("outcome").first().alias("mostly"))
    return with_intervals(each.sort(pl.col("draws") * -1, "group", question_place(plan), "subject", "period", "rule"), found.draws)


def _turned(found: Tally, each: pl.DataFrame) -> Iterator[Turned]:
    there = pl.concat([found.now.select(KEYS), found.decisions.select(KEYS)]).unique()
    for question in found.questions:
        here = pl.col("question") == question
        counts = found.turned_on(question)
        mean, of = Fraction(sum(counts), len(counts)), len(there.filter(here))
        low, high = central(counts)
        yield Turned(question, of, len(each.filter(here)), mean, mean / of if of else Fraction(0), low, high)
