"""Frames of outcomes side by side: which decisions differ between any of them, and how many of what kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from .outcomes import KEYS, TOLD

DIFFERS = "differs"
_NUMBER, _TOLD = "(number)", "(told)"


@dataclass(frozen=True, slots=True)
class Counted:
    """Decisions that differ, of how many, and the subjects and questions they are about."""

    decisions: int
    of: int
    subjects: Mapping[str, int]
    questions: Mapping[str, int]


def on_questions(found: pl.DataFrame, questions: Iterable[str]) -> pl.DataFrame:
    """The outcomes on some questions."""
    return found.filter(pl.col("question").is_in(list(questions)))


def differing(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Each decision that any of the frames has, by its keys, and whether it `differs` between any two of them.

    What an obligation tells beside its verdict counts as part of its outcome; a row that isn't there is one, too.
    """
    told = pl.struct("outcome", *TOLD)
    numbered = [frame.select(*KEYS, told.alias(_TOLD), pl.lit(at).alias(_NUMBER)) for at, frame in enumerate(frames)]
    differs = (pl.col(_NUMBER).n_unique() < len(frames)) | (pl.col(_TOLD).n_unique() > 1)
    return pl.concat(numbered).group_by(KEYS).agg(differs.alias(DIFFERS))


def counted(found: pl.DataFrame) -> Counted:
    """How many of the decisions differ; subjects of different organisations count apart also where their ids are the same."""
    different = found.filter(DIFFERS)
    subjects = different.select("group", "kind", "subject").unique()
    return Counted(len(different), len(found), _counts(subjects, "kind"), _counts(different, "question"))


def _counts(frame: pl.DataFrame, by: str) -> dict[str, int]:
    return dict(frame.group_by(by).len().sort(by).iter_rows())
