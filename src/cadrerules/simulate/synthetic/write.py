"""Writes a population as a folder of Parquet files, chunk by chunk: there whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from ...errors import Problem, UsageError
from ...language.source import nearest
from ...load.files import needing
from ...load.tables import grouped
from ...whole_files import whole_folder
from .documents import PopulationDoc
from .sources import population_source

if TYPE_CHECKING:
    import polars as pl

    from ...plan import Plan

CHUNK: Final = 8
"""So many blocks of organisations are written together, as a row group of each file."""
README: Final = "README.md"


@dataclass(frozen=True)
class Synthetic:
    """A population that was written: where, of how many organisations, and how many rows each table has."""

    folder: Path
    organisations: int
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Asked:
    """What is asked for: how many organisations, from which seed, and what differs from the description."""

    plan: Plan
    organisations: int
    seed: int
    sizes: Mapping[str, int]
    group: str
    source: Path | str | Mapping[str, Any] | None

    def __post_init__(self) -> None:
        for name, value, least in (("organisations", self.organisations, 1), ("seed", self.seed, 0)):
            if value < least:
                raise UsageError(Problem("CR-TOO-FEW", values={"name": name, "value": value, "least": least}))
        if not self.group and self.organisations > 1:
            raise UsageError(Problem("CR-POPULATION-GROUP", values={"count": self.organisations}))
        for table in self.plan.tables.values():
            grouped(table, self.group)

    def blocks(self) -> Iterator[Mapping[str, pl.DataFrame]]:
        """The tables of a few organisations at a time."""
        with needing("numpy and polars", "frames"):
            from .drawing import blocks
            from .reading import read_population

        population = read_population(population_source(self.plan, self.source), self.plan.tables)
        models, sizes = list(self.plan.models.values()), self._sizes(population.doc)
        return blocks(population, models, self.organisations, seed=self.seed, sizes=sizes, group=self.group)

    def _sizes(self, doc: PopulationDoc) -> Mapping[str, int]:
        for name, size in self.sizes.items():
            if name not in doc.sizes:
                values = {"kind": "size", "name": name, "nearest": nearest(name, doc.sizes)}
                raise UsageError(Problem("CR-UNKNOWN-SETTING", values=values))
            if not 0 <= size <= 1_000_000:
                raise UsageError(Problem("CR-TOO-FEW", values={"name": name, "value": size, "least": 0}))
        return {**doc.sizes, **self.sizes}


def synthesise(
    plan: Plan,
    folder: Path | str,
    *,
    organisations: int = 1000,
    seed: int = 1,
    sizes: Mapping[str, int] | None = None,
    group: str = "organisation",
    population: Path | str | Mapping[str, Any] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Synthetic:
    """Write tables of so many made-up organisations to a new folder, one Parquet file for each table of the plan.

    The population is described in `population`, a document's path or content; else in the `population.yaml`
    beside the plan's documents; else by what the plan's tables declare. `sizes` changes numbers that the description
    names. The column `group` comes first in every table and tells organisations apart: evaluate with
    `group_by=group`. The same seed gives the same rows, and the first organisations are the same however many there
    are. `progress` is told the plan's name, how many organisations are done and of how many. Memory doesn't grow with their number.

    Raises `UsageError` where the folder is there already or can't be made, and for a size that nothing
    names; `PolicyError` for a description that doesn't check, `DataError` for one whose rows would be refused.
    """
    asked = Asked(plan, organisations, seed, sizes or {}, group, population)
    folder, rows = Path(folder), Counter[str]()
    blocks = asked.blocks()
    with whole_folder(folder) as beside:
        beside.mkdir()
        (beside / README).write_text(_about(asked), encoding="utf-8")
        with _Writers(beside) as writers:
            for number, block in enumerate(blocks, start=1):
                writers.add(block)
                rows.update({name: frame.height for name, frame in block.items()})
                if progress:
                    progress(plan.name, min(number * _block(), organisations), organisations)
    return Synthetic(folder, organisations, dict(rows))


def draw_tables(
    plan: Plan,
    *,
    organisations: int = 10,
    seed: int = 1,
    sizes: Mapping[str, int] | None = None,
    group: str = "organisation",
    population: Path | str | Mapping[str, Any] | None = None,
) -> dict[str, pl.DataFrame]:
    """The tables that `synthesise` would write, in memory: for small populations, notebooks and tests."""
    parts = list(Asked(plan, organisations, seed, sizes or {}, group, population).blocks())
    import polars as pl

    return {name: pl.concat([part[name] for part in parts]) for name in parts[0]}


def _block() -> int:
    from .drawing import BLOCK

    return BLOCK


class _Writers:
    """A Parquet writer for each table, opened when the first chunk comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: list[Mapping[str, pl.DataFrame]] = []
        self._open: dict[str, Any] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with self._stack:
            if kind is None:
                self._write()

    def add(self, block: Mapping[str, pl.DataFrame]) -> None:
        """Write the block, together with others."""
        self._waiting.append(block)
        if len(self._waiting) == CHUNK:
            self._write()

    def _write(self) -> None:
        import polars as pl

        with needing("pyarrow", "frames"):
            import pyarrow.parquet as pq

        for name in self._waiting[0] if self._waiting else ():
            frame = pl.concat([block[name] for block in self._waiting])
            table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            if name not in self._open:
                file = self._folder / f"{name}.parquet"
                self._open[name] = self._stack.enter_context(pq.ParquetWriter(file, table.schema, compression="zstd"))
            self._open[name].write_table(table)
        self._waiting.clear()


def _about(asked: Asked) -> str:
    """What the folder is and how to make it again, for whoever finds it."""
    sizes = "".join(f", {name} = {size}" for name, size in asked.sizes.items())
    return (
        "# Synthetic population / 合成数据\n\n"
        "Every row is made up; none is about anyone. 全部数据均为虚构，与任何人无关。\n\n"
        f"- policy set: {asked.plan.name}, {asked.plan.hash[:12]}\n"
        f"- organisations: {asked.organisations}, told apart by `{asked.group}`\n"
        f"- seed: {asked.seed}{sizes}\n"
    )
