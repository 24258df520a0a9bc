"""Those who stand for others: rows of them, for how many each stands, and what comes of them under a variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ...engines.columnar.decisions import KEYS, Outlook
from ...engines.columnar.expressions import Col, Expr
from ...engines.columnar.relations import Pick, Source
from ...engines.polars import Runner
from ..outcomes import NOTHING
from .split import NotByRowsError
from .variants import Variant, flags

Sources = Mapping[str, pl.LazyFrame]
WEIGHT = "(weight)"
"""The column that says for how many one stands."""


@dataclass(frozen=True)
class Representatives:
    """Rows of those who stand for others, and for how many each stands; by entry the source of its rows, and whose they are."""

    cores: tuple[Source, ...]
    keys: tuple[Mapping[str, Expr], ...]
    rows: Sources
    weights: pl.DataFrame

    @property
    def all(self) -> int:
        """How many they stand for."""
        return int(self.weights[WEIGHT].sum())

    def counts(self, variant: Variant, sources: Sources) -> dict[str, int]:
        """How many have which outcome under a variant; `NotByRowsError` where it looks at more than those it was made for."""
        if not self.fit(variant):
            raise NotByRowsError
        frame = Runner.lazy(variant.on(self.cores), {**sources, **self.rows}).collect()
        weighed = frame.join(self.weights, on=list(KEYS), how="inner", nulls_equal=True)
        return _by_outcome(weighed.group_by(_flags(variant.outlook)).agg(pl.col(WEIGHT).sum()), variant.outlook)

    def fit(self, variant: Variant) -> bool:
        """Whether the variant looks at nothing but what they were made for."""
        if len(variant.entries) != len(self.cores):
            return False
        each = zip(range(len(self.cores)), self.cores, self.keys, strict=True)
        return all(variant.keys(at) == keys and variant.reads(at) <= core.columns.keys() for at, core, keys in each)


def counted(outlook: Outlook, sources: Sources) -> dict[str, int]:
    """How many have which outcome, of all rows."""
    names = _flags(outlook)
    lazy = Runner.lazy(Pick(flags(outlook), {name: Col(name, "truth") for name in names}), sources)
    return _by_outcome(lazy.group_by(names).agg(pl.len().alias(WEIGHT)).collect(engine="streaming"), outlook)


def _flags(outlook: Outlook) -> list[str]:
    return [str(verdict) for verdict in outlook.possible]


def _by_outcome(counted: pl.DataFrame, outlook: Outlook) -> dict[str, int]:
    """Counts by outcome of counts by which verdicts are possible; those to whom nothing applies are left out."""
    verdicts = [verdict or NOTHING for verdict in outlook.possible]
    found: dict[str, int] = {}
    for *may, weight in counted.select(*_flags(outlook), WEIGHT).iter_rows():
        outcome = "|".join(verdict for verdict, flag in zip(verdicts, may, strict=True) if flag)
        if outcome != NOTHING:
            found[outcome] = found.get(outcome, 0) + weight
    return found
