"""Which changes make a population's decisions flip: each needed combination evaluated once, flips solved by pattern."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from ..differences import shares as limits
from ..differences.between import Between, Some
from ..differences.patterns import solved
from ..differences.shares import Shares
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


Asked = tuple[str, str | None]
"""A question, and the rule where each is decided apart: what flips have in common that the same changes bear on."""


def taking_part(between: Between, asked: Asked) -> list[int]:
    """The changes between which flips are shared: those that bear on what is asked, if they make a plan; else all."""
    bear = between.bearing(*asked)
    return bear if bear and not between.opaque and between.plan(frozenset(bear)) is not None else between.effective


def combinations_of(changes: list[int]) -> Iterator[Some]:
    """The combinations that are all asked for: neither none nor all of few changes. Of many they are drawn."""
    if len(changes) <= limits.EXACT:
        for size in range(1, len(changes)):
            yield from map(frozenset, combinations(changes, size))


def needed(between: Between, several: Iterable[Asked]) -> dict[tuple[Some, Policies], list[Asked]]:
    """What is to be evaluated, each combination once for all that its policies decide."""
    found: dict[tuple[Some, Policies], list[Asked]] = {}
    for asked in several:
        for some in combinations_of(taking_part(between, asked)):
            if (plan := between.plan(some)) is not None:
                found.setdefault((some, between.deciding(plan, asked[0])), []).append(asked)
    return found


@dataclass
class Causes:
    """The flips of one part of a population: their new outcomes, as `joined` makes them, by what is asked."""

    between: Between
    flips: Mapping[Asked, pl.DataFrame]
    evaluate: Evaluate
    seen: dict[tuple[Asked, Some], int] = field(default_factory=dict)

    def solved(self) -> Iterator[tuple[Asked, Solved]]:
        """All that is asked, with flips that have the same causes."""
        for (some, policies), several in needed(self.between, self.flips).items():
            self._look(some, policies, several)
        for asked, flips in self.flips.items():
            yield from ((asked, each) for each in self._of(asked, len(flips)))

    def _of(self, asked: Asked, count: int) -> Iterator[Solved]:
        changes, everything = taking_part(self.between, asked), (1 << count) - 1
        won = everything if changes and not self.between.opaque else self._brings(asked, frozenset(changes))
        if won:
            for shares, flips in solved(len(changes), won, lambda some: self._part(asked, changes, some, won)):
                yield Solved(tuple(changes), shares, series(flips, count))
        if left := everything & ~won:
            yield Solved((), None, series(left, count))

    def _part(self, asked: Asked, changes: list[int], some: Some, won: int) -> int:
        if len(some) == len(changes):
            return won
        return self._brings(asked, frozenset(changes[number] for number in some))

    def _brings(self, asked: Asked, some: Some) -> int:
        if (asked, some) not in self.seen:
            plan = self.between.plan(some) if some else None
            if plan is None:
                self.seen[asked, some] = 0
            else:
                self._look(some, self.between.deciding(plan, asked[0]), [asked])
        return self.seen[asked, some]

    def _look(self, some: Some, policies: Policies, several: Sequence[Asked]) -> None:
        """Evaluate a combination, and note which of the flips it brings about."""
        plan = self.between.plan(some)
        assert plan is not None
        found = self.evaluate(plan, policies)
        for asked in several:
            self.seen[asked, some] = bits(brought(self.flips[asked], side(found, asked[0])))


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
