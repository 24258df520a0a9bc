"""Outcomes under two plans joined, decision by decision, and counted: who goes from which outcome to which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from .comparison import Transition
from .outcomes import KEYS, NOTHING, TOLD

WHO = ("group", "kind", "subject")
"""What tells subjects apart."""
_TURN = ("question", "kind", "old", "new")
COUNTS: Mapping[str, type[pl.DataType]] = {
    **dict.fromkeys(_TURN, pl.String), "decisions": pl.Int64, "subjects": pl.Int64, "amounts": pl.Int64,
}  # fmt: skip
"""The columns of a frame of counts."""


def side(outcomes: pl.DataFrame, question: str) -> pl.DataFrame:
    """One plan's outcomes on a question, without nulls in what decisions are told apart by."""
    keys = [pl.col(name).fill_null("") for name in KEYS if name != "question"]
    return outcomes.filter(pl.col("question") == question).select(*keys, "outcome", *TOLD)


def joined(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """A row for each decision of either side: `old` and `new` outcome, amounts, and whether it `differs` in any of them."""
    unused = {name for name in ("group", "period", "rule") if _empty(before, name) and _empty(after, name)}
    keys = [name for name in KEYS if name != "question" and name not in unused]
    told = {name: f"{name}_new" for name in TOLD}
    pairs = before.join(after.select(*keys, "outcome", *TOLD).rename(told), on=keys, how="full", coalesce=True, suffix="_new")
    same = [pl.col(name).eq_missing(pl.col(new)) for name, new in told.items()]
    found = pairs.with_columns(old=pl.col("outcome").fill_null(NOTHING), new=pl.col("outcome_new").fill_null(NOTHING))
    return found.with_columns(pl.col(name).fill_null("") for name in KEYS if name != "question").with_columns(
        differs=~((pl.col("old") == pl.col("new")) & pl.all_horizontal(same))
    )


def _empty(frame: pl.DataFrame, name: str) -> bool:
    return bool((frame[name] == "").all())


def staying(before: pl.DataFrame) -> pl.DataFrame:
    """The same of a question on which nothing can differ."""
    return before.with_columns(old=pl.col("outcome"), new=pl.col("outcome"), differs=pl.lit(value=False))


def by_subject(pairs: pl.DataFrame, also: Sequence[str] = ()) -> pl.DataFrame:
    """How many decisions each subject has of each turn: the step from which all counts are made."""
    kept = (pl.col("differs") & (pl.col("old") == pl.col("new"))).sum().cast(pl.Int64)
    return pairs.group_by("old", "new", *WHO, *also).agg(pl.len().cast(pl.Int64).alias("decisions"), kept.alias("amounts"))


def counted(subjects: pl.DataFrame, question: str, also: Sequence[str] = ()) -> pl.DataFrame:
    """Decisions and subjects of each turn, in the columns of `COUNTS` and perhaps others."""
    amounts = [pl.col("decisions").sum(), pl.len().cast(pl.Int64).alias("subjects"), pl.col("amounts").sum()]
    found = subjects.group_by("kind", "old", "new", *also).agg(amounts)
    return found.with_columns(question=pl.lit(question)).select(*COUNTS, *also)


def summed(counts: Iterable[pl.DataFrame], also: Sequence[str] = ()) -> pl.DataFrame:
    """The counts of several populations that share no subject, as one."""
    schema: dict[str, type[pl.DataType]] = {**COUNTS, **dict.fromkeys(also, pl.String)}
    whole = pl.concat([pl.DataFrame(schema=schema), *counts])
    return whole.group_by(*_TURN, *also).agg(pl.col("decisions", "subjects", "amounts").sum()).select(list(schema))


def transitions(counts: pl.DataFrame, questions: Sequence[str]) -> tuple[Transition, ...]:
    """Counts as transitions, in the order of the questions, those that stay first, then the most first."""
    return ordered(counts.select(list(COUNTS)).rows(), questions)


def ordered(rows: Iterable[tuple[Any, ...]], questions: Sequence[str]) -> tuple[Transition, ...]:
    """The same of rows of counts."""
    rows, of = list(rows), Counter[str]()
    for question, _, _, _, decisions, *_ in rows:
        of[question] += decisions
    places = {name: place for place, name in enumerate(questions)}
    found = [
        Transition(question, kind, old, new, decisions, subjects, Fraction(decisions, of[question]), amounts)
        for question, kind, old, new, decisions, subjects, amounts in rows
    ]
    return tuple(sorted(found, key=lambda t: (places[t.question], t.kind, not t.stays, -t.decisions, t.old, t.new)))
