"""How large a nation is and what is drawn at random: the parts that every table is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Nation:
    """How many organisations, how large each is, and the share of cells without a value.

    The same seed gives the same rows with and without holes. `numbers` says how fractions are kept.
    """

    organisations: int
    units: int = 20
    quarters: int = 8
    indicators: int = 2
    years: int = 2
    people: int = 20
    problems: int = 4
    activities: int = 60
    holes: float = 0.0
    seed: int = 2024
    numbers: Literal["decimal", "float"] = "decimal"

    @property
    def unit_names(self) -> pl.Series:
        return _names("U", self.units, 2)

    @property
    def indicator_names(self) -> pl.Series:
        return _names("I", self.units * self.indicators, 2)

    @property
    def people_names(self) -> pl.Series:
        return _names("P", self.people, 3)

    @property
    def leaders(self) -> int:
        return max(1, self.people // 10)

    @property
    def heads(self) -> int:
        """Some head more than one unit, where there are fewer people than units."""
        return max(1, min(self.units, self.people * 3 // 10))

    @property
    def rows(self) -> dict[str, int]:
        """How many rows an organisation has of the two largest tables."""
        indicators = self.units * self.indicators
        return {"progress": self.quarters * indicators, "results": self.years * indicators}

    def decimal(self, hundredths: Any, of: int, kind: pl.Decimal) -> pl.Series:
        """Whole numbers as fractions, exact or as floats."""
        if self.numbers == "float":
            return pl.Series(hundredths / of)
        whole = pl.Series(hundredths).cast(pl.Int64).to_frame("x")
        return whole.select((pl.col("x").cast(pl.Decimal(18, kind.scale)) / of).cast(kind)).to_series()


def _names(letter: str, count: int, width: int) -> pl.Series:
    numbers = pl.Series(range(1, count + 1), dtype=pl.Int64).cast(pl.String)
    return letter + numbers.str.zfill(max(width, len(str(count))))


@dataclass(frozen=True)
class Chunk:
    """A part of the nation for one table, with dice of its own."""

    nation: Nation
    first: int
    count: int
    table: int

    @cached_property
    def random(self) -> np.random.Generator:
        return np.random.default_rng([self.nation.seed, self.first, self.table])

    @cached_property
    def _holes(self) -> np.random.Generator:
        return np.random.default_rng([self.nation.seed, self.first, self.table, 1])

    @cached_property
    def bureaus(self) -> pl.Series:
        numbers = pl.Series(range(self.first + 1, self.first + self.count + 1), dtype=pl.Int64).cast(pl.String)
        return "B" + numbers.str.zfill(6)

    @cached_property
    def all_units(self) -> pl.Series:
        return self.repeated(self.nation.unit_names, np.arange(self.nation.units))

    def frame(self, rows: int, **columns: Any) -> pl.DataFrame:
        """The columns, each organisation's `rows` headed by its id."""
        return pl.DataFrame({"bureau": self.bureaus.gather(np.repeat(np.arange(self.count), rows)), **columns})

    def repeated(self, words: pl.Series, at: Any) -> pl.Series:
        """The same column for every organisation."""
        return words.gather(np.tile(at, self.count))

    def chosen(self, words: pl.Series, rows: int, chances: Sequence[float]) -> pl.Series:
        """A word for each row of each organisation."""
        return words.gather(self.random.choice(len(words), rows * self.count, p=chances))

    def days(self, first: str, span: int, rows: int) -> pl.Series:
        """So many days in a span from the first."""
        drawn = np.datetime64(first, "D") + self.random.integers(0, span, rows)
        return pl.Series(drawn).cast(pl.Date)

    def some(self, column: pl.Series, share: float) -> pl.Series:
        """The column, kept in a share of the rows."""
        return _blanked(column, self.random.random(len(column)) >= share)

    def holed(self, column: pl.Series) -> pl.Series:
        """The column with the nation's share of holes; no die of the facts is thrown for them."""
        return _blanked(column, self._holes.random(len(column)) < self.nation.holes)

    def marks(self, rows: int, share: float) -> pl.Series:
        """True in a share of the rows."""
        return pl.Series(self.random.random(rows) < share)


def _blanked(column: pl.Series, blank: Any) -> pl.Series:
    return column.to_frame("x").select(pl.when(~pl.lit(pl.Series(blank))).then("x")).to_series()
