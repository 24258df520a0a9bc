"""What has been found of one reform so far, part by part of the population, and the whole of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from ..differences.attribution import named
from ..differences.between import Between
from .breakdowns import Counted
from .causes import Asked, Causes, Evaluate, Policies, Solved
from .comparison import Breakdown, Compared, Part
from .outcomes import TOLD
from .reforms import Reform
from .transitions import COUNTS, ordered, summed, transitions

if TYPE_CHECKING:
    from ..plan import Plan

AFFECTED: Mapping[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("group", "question", "kind", "subject", "period", "rule", "old", "new"), pl.String),
    **{f"{when}_{name}": pl.String for name in TOLD for when in ("old", "new")},
    "because": pl.List(pl.String),
}
"""The columns of the frame of those affected."""


@dataclass
class Reformed:
    """A reform, its plan, and what was found of it."""

    reform: Reform
    plan: Plan
    between: Between
    questions: tuple[str, ...]
    counts: list[pl.DataFrame] = field(default_factory=list)
    by: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    affected: list[pl.DataFrame] = field(default_factory=list)
    weights: dict[tuple[str, int], Fraction] = field(default_factory=dict)
    shared: Counter[tuple[str, int]] = field(default_factory=Counter)
    estimated: set[str] = field(default_factory=set)
    flips: dict[Asked, pl.DataFrame] = field(default_factory=dict)
    latest: list[pl.DataFrame] = field(default_factory=list)
    """Those affected in the part that was settled last."""

    @property
    def name(self) -> str:
        """What progress calls it."""
        return self.reform.called("en")

    @cached_property
    def borne(self) -> list[str]:
        """The questions on which decisions may differ; where plugins compute findings that may be any."""
        if self.between.opaque:
            return list(self.questions)
        return [question for question in self.questions if self.between.bearing(question)]

    @cached_property
    def policies(self) -> Policies:
        """The policies that decide these questions; None for all."""
        if self.between.opaque:
            return None
        deciding = (self.between.deciding(self.plan, question) or () for question in self.borne)
        return tuple(dict.fromkeys(name for names in deciding for name in names))

    # --- part by part -----------------------------------------------------------------------------

    def keep(self, found: Counted) -> None:
        """A question on which nothing differs."""
        counts, by = found
        self.counts.append(counts)
        for name, each in by.items():
            self.by[name].append(each)

    def take(self, question: str, pairs: pl.DataFrame, found: Counted) -> None:
        """A question on which something may differ."""
        self.keep(found)
        flips = pairs.filter("differs").with_columns(because=pl.lit(None, pl.List(pl.String)))
        for (rule,), own in flips.partition_by("rule", as_dict=True, maintain_order=False).items():
            self.flips[question, rule or None] = own

    @cached_property
    def asked(self) -> list[Asked]:
        """All that may have flips."""
        rules = {(rule.question, rule.id) for plan in (self.between.old, self.plan) for p in plan.policies.values() for rule in p.rules}
        apart = {q for plan in (self.between.old, self.plan) for q, one in plan.questions.items() if one.decide == "each_rule"}
        alone: list[Asked] = [(question, None) for question in self.borne if question not in apart]
        return [*alone, *((q, rule) for q, rule in sorted(rules) if q in apart and self.between.bearing(q, rule))]

    def explain(self, evaluate: Evaluate) -> None:
        """Put this part's flips down to changes."""
        classes: dict[Asked, list[Solved]] = {}
        for asked, each in Causes(self.between, self.flips, evaluate).solved():
            classes.setdefault(asked, []).append(each)
            self._weigh(asked[0], each)
        for asked, several in classes.items():
            self.flips[asked] = self.flips[asked].with_columns(because=self._because(several))

    def _weigh(self, question: str, each: Solved) -> None:
        count = int(each.flips.sum())
        if each.shares is None or not count:
            return
        if not each.shares.exact:
            self.estimated.add(question)
        for number, share in zip(each.changes, each.shares.values, strict=True):
            if share:
                at = question, number
                self.weights[at] = self.weights.get(at, Fraction()) + share * count
                self.shared[at] += count

    def _because(self, classes: Sequence[Solved]) -> pl.Series:
        names = pl.Series([self._greatest(each) for each in classes], dtype=pl.List(pl.String))
        at = pl.zeros(len(classes[0].flips), pl.UInt32, eager=True)
        for number, each in enumerate(classes):
            at = at.set(each.flips, number)
        return names.gather(at)

    def _greatest(self, each: Solved) -> list[str]:
        """The changes with the greatest share, by kind and name, in the order of the documents."""
        if each.shares is None:
            return []
        most = max(each.shares.values)
        pairs = zip(each.changes, each.shares.values, strict=True)
        return [named(self.between.changes[number]) for number, share in pairs if share == most]

    def settle(self) -> None:
        """Keep this part's flips as those affected."""
        self.latest = [_affected(question, flips) for (question, _), flips in self.flips.items()]
        self.affected += self.latest
        self.flips = {}

    # --- the whole ----------------------------------------------------------------------------------

    def compared(self) -> Compared:
        """All that was found."""
        affected = pl.concat([pl.DataFrame(schema=AFFECTED), *self.affected])
        places = pl.col("question").replace_strict(list(self.questions), list(range(len(self.questions))), return_dtype=pl.Int64)
        affected = affected.sort([places, "group", "subject", "period", "rule", "kind"], nulls_last=False)
        counts = summed(self.counts)
        self.counts = [counts]
        found = transitions(counts, self.questions)
        told = tuple(self.between.changes)
        return Compared(self.reform, self.plan, told, found, tuple(self._breakdowns()), tuple(self._parts()), affected, _subjects(affected))

    def _breakdowns(self) -> Iterator[Breakdown]:
        for by, counts in self.by.items():
            values: dict[str | None, list[tuple[object, ...]]] = {}
            for *row, value in summed(counts, ["value"]).select(*COUNTS, "value").iter_rows():
                values.setdefault(value, []).append(tuple(row))
            for value in sorted(values, key=lambda value: (value is None, value or "")):
                yield Breakdown(by, value, ordered(values[value], self.questions))

    def _parts(self) -> Iterator[Part]:
        for question in self.questions:
            own = [(number, weight) for (of, number), weight in self.weights.items() if of == question]
            for number, weight in sorted(own, key=lambda each: (-each[1], each[0])):
                change = self.between.changes[number]
                yield Part(question, change, weight, self.shared[question, number], question not in self.estimated)


def _affected(question: str, flips: pl.DataFrame) -> pl.DataFrame:
    """Flips in the columns of those affected."""
    keys = {name: pl.col(name).replace("", None) for name in ("group", "period", "rule")}
    told = {f"{when}_{name}": pl.col(name + ("_new" if when == "new" else "")) for name in TOLD for when in ("old", "new")}
    return flips.select(question=pl.lit(question), kind="kind", subject="subject", old="old", new="new", because="because", **keys, **told).select(list(AFFECTED))


def _subjects(affected: pl.DataFrame) -> Mapping[str, int]:
    """How many subjects of each kind there are."""
    return dict(affected.select("kind", "group", "subject").unique().group_by("kind").len().sort("kind").rows())
