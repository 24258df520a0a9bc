"""Facts that stay in columns, in an engine that holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ...model.facts import FactTables, Table
from .relations import Relation
from .tables import Cells

Row = Mapping[str, Any]


class Backend(Protocol):
    """An engine that runs relations on the tables it holds."""

    @property
    def name(self) -> str:
        """Its name, as `engine=` takes it."""

    def frame(self, relation: Relation, kind: str) -> Any:
        """The relation's rows as a frame of a kind: polars, pandas, pyarrow, duckdb or spark."""

    def rows(self, relation: Relation) -> Iterator[Row]:
        """The relation's rows, one mapping each."""


@dataclass(frozen=True)
class Extent:
    """How great a table's whole numbers are, by column, and the most rows that rows of one organisation are."""

    sizes: Mapping[str, int]
    rows: int


@dataclass(frozen=True)
class Population:
    """Tables of facts in an engine.

    `few` holds waivers and disputes as rows, for there are few and both name others; `organisation` gives the rows of
    one organisation (of all without a grouping column), for what only the scalar engine does; `names` lists them, and
    `batches` are the same tables a number of organisations at a time. `rows` is how many there are in all,
    `extents` what was measured of them already.
    """

    tables: Mapping[str, Table]
    cells: Mapping[str, Cells]
    backend: Backend
    few: FactTables
    organisation: Callable[[str | None], FactTables] = field(repr=False)
    group: str = ""
    names: Callable[[], Sequence[str]] = field(default=tuple, repr=False)
    batches: Callable[[], Iterator[Population]] | None = field(default=None, repr=False)
    rows: int = 0
    extents: Mapping[str, Extent] = field(default_factory=dict)
    first_year: int | None = None

    def __contains__(self, table: str) -> bool:
        return table in self.cells


