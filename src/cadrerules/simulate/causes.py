"""Which changes make a population's decisions flip: each needed combination evaluated once, flips solved by pattern."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from ..compare import shares as limits
from ..compare.between import Between, Some
from ..compare.patterns import solved
from ..compare.shares import Shares
from .outcomes import KEYS, NOTHING, TOLD
from .transitions import side

if TYPE_CHECKING:
    from ..plan import Plan

Policies = tuple[str, ...] | None
Evaluate = Callable[["Plan", Policies], pl.DataFrame]
"""The outcomes of some policies, or all, under a plan."""


@dataclass(frozen=True, slots=True)
class Solved:
    """The shares of some changes, by number, in the flips that are marked; of none where no change explains them."""

    changes: tuple[int, ...]
    shares: Shares | None
    flips: pl.Series


def taking_part(between: Between, question: str) -> list[int]:
    """The changes between which the flips of a question are shared: those that bear on it, if they make a plan; else all."""
    bear = between.bearing(question)
    return bear if bear and not between.opaque and between.plan(frozenset(bear)) is not None else between.effective


def combinations_of(changes: list[int]) -> Iterator[Some]:
    """The combinations that are all asked for: neither none nor all of few changes. Of many they are drawn."""
    if len(changes) <= limits.EXACT:
        for size in range(1, len(changes)):
            yield from map(frozenset, combinations(changes, size))


def needed(between: Between, questions: list[str]) -> dict[tuple[Some, Policies], list[str]]:
    """What is to be evaluated, each combination once for all the questions that its policies decide."""
    found: dict[tuple[Some, Policies], list[str]] = {}
    for question in questions:
        for some in combinations_of(taking_part(between, question)):
            if (plan := between.plan(some)) is not None:
                found.setdefault((some, between.deciding(plan, question)), []).append(question)
    return found


@dataclass
class Causes:
    """The flips of one part of a population; `flips` has their new outcomes by question, as `joined` makes them."""

    between: Between
    flips: Mapping[str, pl.DataFrame]
    evaluate: Evaluate
    seen: dict[tuple[str, Some], int] = field(default_factory=dict)

    def solved(self) -> Iterator[tuple[str, Solved]]:
        """Each question with flips that have the same causes."""
        for (some, policies), questions in needed(self.between, list(self.flips)).items():
            self._look(some, policies, questions)
        for question, flips in self.flips.items():
            yield from ((question, each) for each in self._of(question, len(flips)))

    def _of(self, question: str, count: int) -> Iterator[Solved]:
        changes, everything = taking_part(self.between, question), (1 << count) - 1
        won = everything if not self.between.opaque else self._brings(question, frozenset(changes))
        if changes and won:
            for shares, flips in solved(len(changes), won, lambda some: self._part(question, changes, some, won)):
                yield Solved(tuple(changes), shares, series(flips, count))
        if left := everything & ~won if changes else everything:
            yield Solved((), None, series(left, count))

    def _part(self, question: str, changes: list[int], some: Some, won: int) -> int:
        if len(some) == len(changes):
            return won
        return self._brings(question, frozenset(changes[number] for number in some))

    def _brings(self, question: str, some: Some) -> int:
        if (question, some) not in self.seen:
            plan = self.between.plan(some) if some else None
            if plan is None:
                self.seen[question, some] = 0
            else:
                self._look(some, self.between.deciding(plan, question), [question])
        return self.seen[question, some]

    def _look(self, some: Some, policies: Policies, questions: list[str]) -> None:
        """Evaluate a combination, and note of each question which flips it brings about."""
        plan = self.between.plan(some)
        assert plan is not None
        found = self.evaluate(plan, policies)
        for question in questions:
            self.seen[question, some] = bits(brought(self.flips[question], side(found, question)))


def brought(flips: pl.DataFrame, found: pl.DataFrame) -> pl.Series:
    """Whether each flip has its new outcome and amounts in what was found."""
    keys = [name for name in KEYS if name != "question"]
    pairs = flips.join(found, on=keys, how="left", maintain_order="left", suffix="_found")
    same = [pl.col(f"{name}_new").eq_missing(pl.col(f"{name}_found")) for name in TOLD]
    return pairs.select(pl.all_horizontal(pl.col("new") == pl.col("outcome_found").fill_null(NOTHING), *same).alias("brought"))["brought"]


def bits(marks: pl.Series) -> int:
    """Truths as the bits of a whole number, the first one lowest."""
    packed = marks.to_arrow().cast("bool")
    raw = packed.buffers()[1]
    return (int.from_bytes(raw, "little") >> packed.offset) & ((1 << len(marks)) - 1) if len(marks) else 0


def series(marks: int, count: int) -> pl.Series:
    """The bits of a whole number as truths."""
    import pyarrow as pa

    raw = pa.py_buffer(marks.to_bytes((count + 7) // 8, "little"))
    return pl.Series(pl.from_arrow(pa.Array.from_buffers(pa.bool_(), count, [None, raw])))
