"""How often each decision has each outcome over many draws, and how many have it in each draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from ...differences.reach import deciding
from ...errors import UsageError
from ...model.facts import ColumnarTables, FactTables
from ...populations.holding import FEW_ROWS
from ..differing import on_questions
from ..outcomes import KEYS, NOTHING, Progress, outcomes
from .completed import Completions
from .reach import questions_reading

if TYPE_CHECKING:
    from ...plan import Plan

AT_ONCE: Final = 500_000
"""About so many rows of draws are evaluated together in columns."""
_AT_ONCE_IN_PYTHON: Final = 20_000


@dataclass(frozen=True)
class Tally:
    """Outcomes of draws, on the questions that rest on what is drawn.

    `now` are all outcomes before anything is drawn, `drawn` those of them that draws may change: with organisations,
    of those in which a cell is drawn. `decisions` counts draws by decision and outcome, `counts` decisions by draw, question and
    outcome, `turned` by draw and question those that are `new` and those that have the `same` outcome as now.
    """

    draws: int
    questions: tuple[str, ...]
    now: pl.DataFrame
    drawn: pl.DataFrame
    decisions: pl.DataFrame
    counts: pl.DataFrame
    turned: pl.DataFrame

    def per_decision(self) -> pl.DataFrame:
        """Each decision that is drawn with its outcome `now`, an `outcome` and in how many `draws` it has that; none is `nothing`."""
        found = self.decisions.select(*KEYS, "outcome", "draws")
        keys = pl.concat([found.select(KEYS), self.drawn.select(KEYS)]).unique()
        there = keys.join(found.group_by(KEYS).agg(pl.col("draws").sum()), on=KEYS, how="left", nulls_equal=True)
        lacking = there.select(*KEYS, pl.lit(NOTHING).alias("outcome"), (self.draws - pl.col("draws").fill_null(0)).alias("draws"))
        whole = pl.concat([found, lacking.filter(pl.col("draws") > 0)])
        now = whole.join(self.drawn, on=KEYS, how="left", nulls_equal=True)
        return now.select(*KEYS, pl.col("now").fill_null(NOTHING), "outcome", "draws")

    def counts_of(self, question: str, outcome: str) -> list[int]:
        """How many decisions on a question have an outcome, draw by draw."""
        fixed = self.now.join(self.drawn, on=KEYS, how="anti", nulls_equal=True)
        always = len(fixed.filter((pl.col("question") == question) & (pl.col("now") == outcome)))
        here = self.counts.filter((pl.col("question") == question) & (pl.col("outcome") == outcome))
        by_draw = dict(here.select("draw", "decisions").iter_rows())
        return [always + by_draw.get(draw, 0) for draw in range(self.draws)]

    def turned_on(self, question: str) -> list[int]:
        """How many decisions on a question have another outcome than now, draw by draw."""
        present = len(self.drawn.filter(pl.col("question") == question))
        here = self.turned.filter(pl.col("question") == question)
        by_draw = {draw: new - same for draw, new, same in here.select("draw", "new", "same").iter_rows()}
        return [present + by_draw.get(draw, 0) for draw in range(self.draws)] if present or by_draw else [0] * self.draws


@dataclass
class _Evaluating:
    """Evaluates draws, as many at once as there is room for, and counts what they come to."""

    plan: Plan
    of: Completions
    as_of: date
    policies: list[str] | None
    engine: str
    progress: Progress
    questions: Sequence[str]
    now: pl.DataFrame
    decisions: list[pl.DataFrame] = field(default_factory=list)
    counts: list[pl.DataFrame] = field(default_factory=list)
    turned: list[pl.DataFrame] = field(default_factory=list)

    def run(self, draws: int) -> None:
        """Evaluate so many draws."""
        done = 0
        while done < draws:
            self.progress(self.plan.name, done, draws)
            at_once = max(1, (_AT_ONCE_IN_PYTHON if self.engine == "scalar" else AT_ONCE) // max(1, self.of.rows))
            part = range(done, min(draws, done + at_once))
            if (found := self._outcomes(part)) is not None:
                self._count(on_questions(self.of.told_apart(found), self.questions))
                done = part.stop
        self.progress(self.plan.name, draws, draws)

    def _outcomes(self, part: range) -> pl.DataFrame | None:
        """The outcomes of some draws; None where columns can't do it and the scalar engine is to be asked from now on."""
        tables = self.of.tables(part)
        engine = "polars" if self.engine == "auto" and tables.rows > FEW_ROWS else self.engine
        try:
            return outcomes(self.plan, tables, self.as_of, self.policies, engine)
        except UsageError as error:
            if self.engine != "auto" or error.code != "CR-ENGINE-CANNOT":
                raise
        self.engine = "scalar"
        return None

    def _count(self, found: pl.DataFrame) -> None:
        by_decision = [*KEYS, "outcome"]
        counted = found.group_by(by_decision).agg(pl.len().cast(pl.Int64).alias("draws"))
        self.decisions = [pl.concat([*self.decisions, counted]).group_by(by_decision).agg(pl.col("draws").sum())]
        self.counts.append(found.group_by("draw", "question", "outcome").agg(pl.len().cast(pl.Int64).alias("decisions")))
        there = found.join(self.now, on=KEYS, how="left", nulls_equal=True)
        new, same = pl.col("now").is_null().sum(), (pl.col("now") == pl.col("outcome")).sum()
        self.turned.append(there.group_by("draw", "question").agg(new.cast(pl.Int64).alias("new"), same.cast(pl.Int64).alias("same")))


def tally(
    plan: Plan,
    tables: FactTables | ColumnarTables,
    of: Completions,
    as_of: date,
    draws: int,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Tally:
    """The outcomes of so many draws."""
    columns = [(one.table, one.column.name) for one in of.drawn]
    questions = list(plan.questions) if plan.is_opaque else questions_reading(plan.policy_set, columns)
    policies = None if plan.is_opaque else list(dict.fromkeys(n for q in questions for n in deciding(plan.policy_set, q)))
    now = on_questions(outcomes(plan, tables, as_of, policies, engine), questions).rename({"outcome": "now"}).select(*KEYS, "now")
    drawn = now if of.organisations is None else now.filter(pl.col("group").is_in(of.organisations.implode()))
    running = _Evaluating(plan, of, as_of, policies, engine, progress or (lambda *_: None), questions, drawn)
    if questions and any(len(one.at) for one in of.drawn):
        running.run(draws)
    else:
        drawn = drawn.clear()
    return Tally(draws, tuple(questions), now, drawn, *_joined(running))


def _joined(running: _Evaluating) -> Iterator[pl.DataFrame]:
    text, whole = pl.String, pl.Int64
    decisions = pl.DataFrame(schema={**dict.fromkeys((*KEYS, "outcome"), text), "draws": whole})
    yield pl.concat([decisions, *running.decisions])
    yield pl.concat([pl.DataFrame(schema={"draw": whole, "question": text, "outcome": text, "decisions": whole}), *running.counts])
    yield pl.concat([pl.DataFrame(schema={"draw": whole, "question": text, "new": whole, "same": whole}), *running.turned])
