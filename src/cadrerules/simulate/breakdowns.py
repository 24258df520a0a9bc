"""Transitions by a column that stands beside subjects: `staff.role`, `problems.lead_unit`, the grouping column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from .held import Tables, frames, group_of
from .subjects import Beside
from .transitions import WHO, by_subject, counted

Counted = tuple[pl.DataFrame, Mapping[str, pl.DataFrame]]
"""The counts of a question, and those by each column: `value` says of which value."""


@dataclass
class Breaking:
    """The columns by which one part of a population is broken down."""

    columns: Sequence[Beside]
    part: Tables
    made: dict[tuple[str, str], pl.DataFrame] = field(default_factory=dict)

    @cached_property
    def group(self) -> str:
        """The column that keeps organisations apart."""
        return group_of(self.part)

    @cached_property
    def held(self) -> Mapping[str, pl.LazyFrame]:
        """The cells of the part's tables."""
        return frames(self.part)

    def counted(self, question: str, pairs: pl.DataFrame) -> Counted:
        """The counts of a question's pairs of outcomes, in all and by each column."""
        subjects = by_subject(pairs)
        kinds = subjects["kind"].unique().to_list()
        found = {}
        for column in self.columns:
            asked = [kind for kind in kinds if column.table is None or kind in column.anchors]
            if asked:
                found[column.by] = pl.concat([self._by(column, question, kind, subjects, pairs) for kind in asked])
        return counted(subjects, question), found

    def _by(self, column: Beside, question: str, kind: str, subjects: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
        mine = subjects.filter(pl.col("kind") == kind)
        if column.table is None or column.anchors[kind] is None:
            return counted(mine.with_columns(value=pl.col("subject" if column.table else "group")), question, ["value"])
        if column.period:
            mine = by_subject(pairs.filter(pl.col("kind") == kind), ["period"])
        on = ["subject", *(["group"] if self.group else []), *(["period"] if column.period else [])]
        valued = mine.join(self._values(column, kind), on=on, how="left")
        if column.period:
            valued = valued.group_by("old", "new", *WHO, "value").agg(pl.col("decisions", "amounts").sum())
        return counted(valued, question, ["value"])

    def _values(self, column: Beside, kind: str) -> pl.DataFrame:
        if (column.by, kind) not in self.made:
            assert column.table is not None
            self.made[column.by, kind] = column.values(kind, self.held[column.table.name], self.group)
        return self.made[column.by, kind]
