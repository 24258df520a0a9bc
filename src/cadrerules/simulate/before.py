"""The outcomes of those affected most before any reform, also where nothing changes: what a board shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from .outcomes import SCHEMA

if TYPE_CHECKING:
    from ..plan import Plan

MOST_SUBJECTS: Final = 40
"""So many subjects are on a board: those with the most changes."""
_WHO = ("group", "subject")


def boarded(plan: Plan) -> list[str]:
    """The questions of which exactly one verdict applies to a subject in each period."""
    return [name for name, asked in plan.questions.items() if asked.decide == "exactly_one" and asked.doc.period != "none"]


def most_affected(affected: pl.DataFrame, question: str) -> pl.DataFrame:
    """The subjects whose answers to a question change most often, those alike in order of their ids."""
    changed = affected.filter((pl.col("question") == question) & (pl.col("old") != pl.col("new")))
    ranked = changed.group_by(_WHO).len().sort(["len", *_WHO], descending=[True, False, False])
    return ranked.select(_WHO).head(MOST_SUBJECTS)


def before(plan: Plan, outcomes: pl.DataFrame, affected: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The outcomes of those affected most, of all that the plan as it is answers."""
    return pl.concat([pl.DataFrame(schema=SCHEMA), *_kept(plan, outcomes, list(affected))]).unique(maintain_order=True)


def _kept(plan: Plan, outcomes: pl.DataFrame, affected: list[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    for question in boarded(plan):
        asked = outcomes.filter(pl.col("question") == question)
        for each in affected:
            yield asked.join(most_affected(each, question), on=_WHO, how="semi", nulls_equal=True).select(list(SCHEMA))
