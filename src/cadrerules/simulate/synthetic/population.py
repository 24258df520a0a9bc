"""A population ready to be drawn: every table, part and column with its type, distributions and conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from ...model.facts import ColumnSpec, Table
from ..distribution import Distribution
from .documents import ColumnDoc, PopulationDoc


@dataclass(frozen=True)
class Case:
    """What is drawn where a condition holds; without a condition, in all other rows."""

    when: pl.Expr | None
    draw: Drawn


@dataclass(frozen=True)
class Drawn:
    """How a column's cells come about; without a document it stays empty.

    `distribution` is what they, or the distance of `after`, are drawn from; `names` are the columns of the row that it needs.
    """

    spec: ColumnSpec
    doc: ColumnDoc | None = None
    distribution: Distribution | None = None
    cases: Sequence[Case] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pick:
    """Random rows of another table: here the names of columns, and whence they are taken."""

    table: str
    where: pl.Expr | None
    take: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """Rows of a table: `carried` are the columns that they have from the row of `each`."""

    number: int
    rows: int | str | Distribution
    each: str = ""
    where: pl.Expr | None = None
    carried: Sequence[str] = ()
    across: Mapping[str, pl.Series] = field(default_factory=dict)
    share: float | None = None
    picks: Sequence[Pick] = ()
    columns: Mapping[str, Drawn] = field(default_factory=dict)


@dataclass(frozen=True)
class TableOf:
    """A table of the population: `table` is its declaration with the columns that only help to draw others.

    `written` are the columns of the plan that it has, none of a table that is aside; `numbered` tells
    whether its keys differ whatever is drawn.
    """

    table: Table
    parts: Sequence[Part]
    written: Sequence[str] = ()
    numbered: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return self.table.name


@dataclass(frozen=True)
class Population:
    """The tables in the order in which they are drawn."""

    doc: PopulationDoc
    tables: Sequence[TableOf]
