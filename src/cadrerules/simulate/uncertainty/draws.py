"""Outcomes where facts are uncertain: how probable each is, and how many decisions are expected to have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ...differences.facts import Source
from ...errors import Lang, Problem, UsageError
from ..data import Data, data_of
from ..heading import headed
from ..outcomes import Progress
from ..shown import Shown
from .completed import DIGITS, completions
from .documents import Uncertain, Way, read_uncertain
from .intervals import LEVEL, central, wilson
from .tally import Tally, tally

if TYPE_CHECKING:
    from ...plan import Plan

MOST_DRAWS = 10**DIGITS


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """A column of which cells are drawn: how many, and in which way (`distributions`, `replace` or `noise`)."""

    name: str
    way: Way
    cells: int


@dataclass(frozen=True, slots=True)
class Expected:
    """How many decisions on a question have an outcome: now, on average over the draws, and from draw to draw.

    Between `low` and `high` lie 95 % of the draws, an equal share of the others on either side; between `least` and `most` all.
    """

    question: str
    outcome: str
    now: int
    mean: Fraction
    low: int
    high: int
    least: int
    most: int


@dataclass(frozen=True)
class Uncertainty(Shown):
    """What comes of a plan on facts that are uncertain, over many draws of them.

    `decisions` has a row for each decision and outcome: the decision's keys, its outcome `now` (before anything is drawn:
    undetermined where it waits for a missing fact), the `outcome` and in how many `draws` it came, their `share`, and
    from `low` to `high` a 95 % score interval for its probability. Decisions that come out as now in every draw are only
    counted, as `settled`.
    """

    base: Plan = field(repr=False)
    as_of: date
    data: Data
    draws: int
    seed: int
    columns: tuple[DrawnColumn, ...]
    expected: tuple[Expected, ...]
    decisions: pl.DataFrame = field(repr=False)
    settled: int

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""
        from .text import uncertainty_text

        return uncertainty_text(self, lang)

    def to_frame(self) -> pl.DataFrame:
        """The `decisions`."""
        return self.decisions

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, ready for JSON."""
        return headed(
            "uncertainty", self.base, self.as_of, self.data,
            draws=self.draws,
            seed=self.seed,
            level=str(LEVEL),
            columns=[asdict(one) for one in self.columns],
            expected=[{**asdict(one), "mean": str(one.mean)} for one in self.expected],
            settled=self.settled,
            decisions=[shared(row, self.draws) for row in self.decisions.iter_rows(named=True)],
        )  # fmt: skip


def shared(row: Mapping[str, Any], draws: int) -> dict[str, Any]:
    """A row of a frame of decisions as plain data: its share exact, its interval rounded to six digits."""
    ends = {name: f"{row[name]:.6f}" for name in ("low", "high")}
    return {**row, "share": str(Fraction(row["draws"], draws)), **ends}


def uncertain(
    plan: Plan,
    facts: Source,
    distributions: Uncertain | Mapping[str, Any] | Path | str,
    *,
    draws: int = 200,
    seed: int = 1,
    as_of: date | None = None,
    group_by: str = "",
    engine: str = "auto",
    progress: Progress | None = None,
) -> Uncertainty:
    """What the plan decides where cells are drawn from stated distributions, in so many draws.

    `distributions` is a document (its path, or what stands in it) or what `read_uncertain` gives. Each draw fills in what
    is uncertain, all cells independently, and is evaluated as organisations of its own; what is drawn follows from the seed, the
    column and the draw's number alone. A row that would contradict itself is drawn again. `facts`, `as_of` (default: today),
    `group_by` and `engine` are as `Plan.evaluate` takes them, and so is what is raised, besides `PolicyError` for the
    document and `UsageError` for a number of draws below 1 or above ten million.

    >>> import cadrerules as cr
    >>> rows = [{"quarter": "2024Q3", "unit": f"U{n}", "indicator": "I", "progress": 50 + n if n else None} for n in range(9)]
    >>> known = {"format": 1, "distributions": {"progress.progress": {"uniform": [50, 60]}}}
    >>> found = uncertain(cr.load_policies("market-supervision"), {"progress": rows}, known, draws=50)
    >>> found.draws, [(one.outcome, one.now) for one in found.expected if one.question == "flag"]
    (50, [('red', 6), ('yellow', 1), ('red|yellow', 2)])
    """
    check_draws(draws)
    day, tables = as_of or date.today(), plan.held(facts, group_by)
    known = distributions if isinstance(distributions, Uncertain) else read_uncertain(distributions, plan.tables)
    of = completions(tables, known, plan.tables, day, seed)
    found = tally(plan, tables, of, day, draws, engine, progress)
    columns = tuple(DrawnColumn(one.name, one.way, len(one.at)) for one in of.drawn)
    open_ones, settled = _open(plan, found)
    return Uncertainty(plan, day, data_of(plan, tables), draws, seed, columns, tuple(_expected(plan, found)), open_ones, settled)


def check_draws(draws: int) -> None:
    """Refuse a number of draws that can't be."""
    if not 1 <= draws <= MOST_DRAWS:
        raise UsageError(Problem("CR-DRAWS", values={"draws": draws, "most": MOST_DRAWS}))


def _open(plan: Plan, found: Tally) -> tuple[pl.DataFrame, int]:
    """The decisions that come out otherwise than now in some draw, with intervals; and how many don't."""
    each = found.per_decision()
    always = (pl.col("outcome") == pl.col("now")) & (pl.col("draws") == found.draws)
    settled = len(each.filter(always)) + len(found.now) - len(found.drawn)
    in_order = each.filter(~always).sort("group", question_place(plan), "subject", "period", "rule", pl.col("draws") * -1, "outcome")
    return with_intervals(in_order, found.draws), settled


def question_place(plan: Plan) -> pl.Expr:
    """Where a decision's question stands among the plan's."""
    names = list(plan.questions)
    return pl.col("question").replace_strict(names, list(range(len(names))), return_dtype=pl.Int64)


def with_intervals(frame: pl.DataFrame, draws: int) -> pl.DataFrame:
    """A frame that has `draws` with their share and the interval of the probability."""
    counts = frame["draws"].unique().to_list()
    ends = [wilson(count, draws) for count in counts]
    schema = {"draws": pl.Int64, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    known = pl.DataFrame([(n, n / draws, *end) for n, end in zip(counts, ends, strict=True)], schema, orient="row")
    return frame.join(known, on="draws", how="left", maintain_order="left")


def _expected(plan: Plan, found: Tally) -> Iterator[Expected]:
    """The counts of each outcome that comes up now or in a draw, undetermined ones last."""
    now = {(q, o): n for q, o, n in found.now.group_by("question", "now").len().iter_rows()}
    for question in found.questions:
        drawn = found.counts.filter(pl.col("question") == question)["outcome"].unique()
        outcomes = {*drawn, *(o for q, o in now if q == question)}
        for outcome in sorted(outcomes, key=lambda one: outcome_place(plan, question, one)):
            counts = found.counts_of(question, outcome)
            low, high = central(counts)
            mean = Fraction(sum(counts), len(counts))
            yield Expected(question, outcome, now.get((question, outcome), 0), mean, low, high, min(counts), max(counts))


def outcome_place(plan: Plan, question: str, outcome: str) -> tuple[int, int, str]:
    """Where an outcome stands among those of a question: verdicts in their order, then several together, then what is open."""
    verdicts = list(plan.questions[question].verdicts)
    alone = verdicts.index(outcome) if outcome in verdicts else len(verdicts)
    return "|" in outcome, alone, outcome
