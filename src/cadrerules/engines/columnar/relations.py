"""Relations: the few operations on whole tables that every columnar engine can run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from .expressions import Aggregate, Col, Expr, Kind


@dataclass(frozen=True, eq=False)
class Source:
    """A table of the engine's own, by name; `least` is below no number of a column, where that is known."""

    name: str
    columns: Mapping[str, Kind]
    least: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows written out."""

    columns: Mapping[str, Kind]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, eq=False)
class Series:
    """The whole numbers from one to another, both included, in one column."""

    name: str
    first: int
    last: int

    @property
    def columns(self) -> Mapping[str, Kind]:
        """All columns and their kinds."""
        return {self.name: "int"}


@dataclass(frozen=True, eq=False)
class Extend:
    """The relation with further columns; each may read those before it. `note` says what they are, for readers of SQL."""

    of: Relation
    added: Mapping[str, Expr]
    note: str = ""

    @cached_property
    def columns(self) -> Mapping[str, Kind]:
        """All columns and their kinds."""
        return {**self.of.columns, **{name: expr.kind for name, expr in self.added.items()}}


@dataclass(frozen=True, eq=False)
class Pick:
    """Some columns of the relation, renamed or computed; `least` as of a `Source`."""

    of: Relation
    chosen: Mapping[str, Expr]
    note: str = ""
    least: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def columns(self) -> Mapping[str, Kind]:
        """All columns and their kinds."""
        return {name: expr.kind for name, expr in self.chosen.items()}


@dataclass(frozen=True, eq=False)
class Keep:
    """The rows for which a condition is true."""

    of: Relation
    condition: Expr

    @property
    def columns(self) -> Mapping[str, Kind]:
        """All columns and their kinds."""
        return self.of.columns


@dataclass(frozen=True, eq=False)
class Join:
    """Pairs of rows with equal values in pairs of columns; without any pair, every combination.

    With `left`, rows of the first without a partner stay, with nulls. Of the second the columns `on` are dropped;
    the others must have names of their own.
    """

    first: Relation
    second: Relation
    on: tuple[tuple[str, str], ...]
    how: Literal["inner", "left"] = "inner"

    @cached_property
    def columns(self) -> Mapping[str, Kind]:
        """All columns and their kinds."""
        dropped = {name for _, name in self.on}
        return {**self.first.columns, **{n: k for n, k in self.second.columns.items() if n not in dropped}}


@dataclass(frozen=True, eq=False)
class Group:
    """One row for each combination of the keys."""

    of: Relation
    by: tuple[str, ...]
    aggregates: Mapping[str, Aggregate]
    note: str = ""

    @cached_property
    def columns(self) -> Mapping[str, Kind]:
        """All columns and their kinds."""
        kept = {name: self.of.columns[name] for name in self.by}
        return {**kept, **{name: aggregate.kind for name, aggregate in self.aggregates.items()}}


@dataclass(frozen=True, eq=False)
class Union:
    """The rows of several relations with the same columns."""

    of: tuple[Relation, ...]

    @property
    def columns(self) -> Mapping[str, Kind]:
        """All columns and their kinds."""
        return self.of[0].columns


Relation: TypeAlias = Source | Rows | Series | Extend | Pick | Keep | Join | Group | Union


def column(relation: Relation, name: str) -> Col:
    """A column of a relation."""
    return Col(name, relation.columns[name])


@dataclass
class Names:
    """Gives names that nothing else has."""

    taken: dict[str, int] = field(default_factory=dict)

    def fresh(self, stem: str) -> str:
        """The stem with a number."""
        self.taken[stem] = self.taken.get(stem, 0) + 1
        return f"{stem}_{self.taken[stem]}"
