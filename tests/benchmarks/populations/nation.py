"""A synthetic nation of bureaus: drawn from a seed, written as a folder of Parquet files sorted by bureau."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from .duties import activities, assessments, contacts, problems, trainings
from .people import exemptions, staff, waivers
from .shape import Chunk, Nation

CHUNK = 500
"""Organisations drawn together, and a row group of each file."""


def quarters(nation: Nation) -> list[str]:
    """The quarters that end with the last of 2024."""
    first = 2025 * 4 - nation.quarters
    return [f"{q // 4}Q{q % 4 + 1}" for q in range(first, 2025 * 4)]


def units(chunk: Chunk) -> pl.DataFrame:
    """Every bureau's units."""
    return chunk.frame(chunk.nation.units, unit=chunk.all_units)


def progress(chunk: Chunk) -> pl.DataFrame:
    """Progress in whole hundredths, so that units tie; better units tend to stay better."""
    nation, size = chunk.nation, (chunk.count, chunk.nation.quarters, chunk.nation.units, chunk.nation.indicators)
    level = chunk.random.normal(75, 12, (size[0], 1, size[2], 1))
    drawn = np.clip(np.rint(level + chunk.random.normal(0, 8, size)), 0, 130).ravel()
    unit, indicator = np.divmod(np.arange(nation.units * nation.indicators), nation.indicators)
    rows = nation.quarters * len(unit)
    return chunk.frame(
        rows,
        quarter=chunk.repeated(pl.Series(quarters(nation)), np.repeat(np.arange(nation.quarters), len(unit))),
        unit=chunk.repeated(nation.unit_names, np.tile(unit, nation.quarters)),
        indicator=chunk.repeated(
            nation.indicator_names, np.tile(unit * nation.indicators + indicator, nation.quarters)
        ),
        progress=chunk.holed(nation.decimal(drawn, 100, pl.Decimal(9, 6))),
    )


def style(chunk: Chunk) -> pl.DataFrame:
    """Half of the judgements good, one in seven with prominent problems."""
    nation = chunk.nation
    at = np.arange(nation.quarters * nation.units)
    words = pl.Series(["good", "ordinary", "prominent_problems"])
    return chunk.frame(
        len(at),
        quarter=chunk.repeated(pl.Series(quarters(nation)), at // nation.units),
        unit=chunk.repeated(nation.unit_names, at % nation.units),
        style=chunk.holed(chunk.chosen(words, len(at), [0.5, 0.36, 0.14])),
    )


def results(chunk: Chunk) -> pl.DataFrame:
    """Ranks that often last from year to year; most lose nothing, the rest up to five points."""
    nation, years = chunk.nation, chunk.nation.years
    of_year = nation.units * nation.indicators
    at, size = np.arange(years * of_year), (chunk.count, years, of_year)
    cities = np.broadcast_to(chunk.random.choice([14, 14, 14, 13], (chunk.count, years, 1)), size)
    lasting = chunk.random.random((chunk.count, 1, of_year))
    luck = np.where(chunk.random.random(size) < 0.6, lasting, chunk.random.random(size))
    lost = np.where(chunk.random.random(size) < 0.6, 0, chunk.random.integers(1, 51, size) * 10)
    rank = np.minimum(luck * cities, cities - 1).astype(np.int32) + 1
    return chunk.frame(
        len(at),
        year=pl.Series(np.tile(2025 - years + at // of_year, chunk.count), dtype=pl.Int32),
        unit=chunk.repeated(nation.unit_names, at % of_year // nation.indicators),
        indicator=chunk.repeated(nation.indicator_names, at % of_year),
        regional_rank=chunk.holed(pl.Series(rank.ravel(), dtype=pl.Int32)),
        cities=chunk.holed(pl.Series(cities.ravel(), dtype=pl.Int32)),
        deducted=chunk.holed(nation.decimal(lost.ravel(), 100, pl.Decimal(5, 2))),
        cause=chunk.holed(chunk.chosen(pl.Series(["subjective", "objective"]), len(at), [0.55, 0.45])),
        completed=chunk.holed(pl.Series(chunk.random.random(size).ravel() < 0.8)),
    )


def disputes(chunk: Chunk) -> pl.DataFrame:
    """One year-end deduction in dispute in about every other bureau, some of them resolved."""
    nation = chunk.nation
    indicator = chunk.random.integers(0, nation.units * nation.indicators, chunk.count)
    drawn = pl.DataFrame(
        {
            "bureau": chunk.bureaus,
            "table": "results",
            "unit": nation.unit_names.gather(indicator // nation.indicators),
            "indicator": nation.indicator_names.gather(indicator),
            "column": "deducted",
            "raised_on": chunk.days("2024-11-01", 60, chunk.count),
            "resolved_on": chunk.some(chunk.days("2025-01-01", 40, chunk.count), 0.3),
        }
    )
    key = pl.format("2024/{}/{}", "unit", "indicator").alias("key")
    kept = drawn.filter(pl.Series(chunk.random.random(chunk.count) < 0.5))
    return kept.select("bureau", "table", key, "column", "raised_on", "resolved_on")


TABLES: Mapping[str, Callable[[Chunk], pl.DataFrame]] = {
    "units": units,
    "staff": staff,
    "progress": progress,
    "style": style,
    "results": results,
    "problems": problems,
    "activities": activities,
    "contacts": contacts,
    "trainings": trainings,
    "assessments": assessments,
    "waivers": waivers,
    "exemptions": exemptions,
    "disputes": disputes,
}


def drawn(nation: Nation, tables: Iterable[str] = TABLES) -> dict[str, pl.DataFrame]:
    """The nation's tables in memory."""
    parts = list(_parts(nation, tuple(tables)))
    return {name: pl.concat([part[name] for part in parts]) for name in parts[0]}


def write(nation: Nation, folder: Path, tables: Iterable[str] = TABLES) -> Path:
    """The folder, with a Parquet file for each table, a few hundred organisations in memory at a time."""
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers: dict[str, Any] = {}
        for part in _parts(nation, tuple(tables)):
            for name, frame in part.items():
                table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
                if name not in writers:
                    writers[name] = stack.enter_context(pq.ParquetWriter(folder / f"{name}.parquet", table.schema))
                writers[name].write_table(table)
    return folder


def _parts(nation: Nation, tables: tuple[str, ...]) -> Iterator[dict[str, pl.DataFrame]]:
    """Each table has its own dice in each chunk, drawn whole: a nation begins like every larger one."""
    numbers = {name: number for number, name in enumerate(TABLES)}
    for first in range(0, nation.organisations, CHUNK):
        chunks = {name: Chunk(nation, first, CHUNK, numbers[name]) for name in tables}
        whole = {name: TABLES[name](chunk) for name, chunk in chunks.items()}
        yield {name: _cut(frame, nation) for name, frame in whole.items()}


def _cut(frame: pl.DataFrame, nation: Nation) -> pl.DataFrame:
    return frame.filter(pl.col("bureau") <= f"B{nation.organisations:06}")


def main(asked: str) -> None:
    """Write the nation that a JSON object describes: `folder`, `tables` and what makes a `Nation`."""
    given = json.loads(asked)
    folder, tables = Path(given.pop("folder")), given.pop("tables")
    write(Nation(**given), folder, tables or TABLES)


if __name__ == "__main__":
    main(sys.argv[1])
