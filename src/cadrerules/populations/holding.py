"""Puts validated tables into an engine: the one asked for, or the one that suits them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

from ..engines.columnar.population import Backend, Population
from ..engines.columnar.rows import stock_of
from ..engines.columnar.tables import Cells, source
from ..load.files import needing
from ..model.facts import ColumnarTables, FactTables
from ..model.organisations import by_organisation

if TYPE_CHECKING:
    from ..plan import Plan
    from .scan import Scanned
    from .spark_scan import SparkTables

Frames = Mapping[str, Any]
"""Lazy frames of cells, by table."""
FEW_ROWS = 4_000
"""Up to so many rows the scalar engine is asked by `auto`, for it is faster: see the page of benchmarks."""
BATCH_ROWS = 2_000_000
"""About how many rows are evaluated together where results are written to a file."""
NEEDED: Mapping[str, tuple[str, str]] = {"polars": ("polars", "frames"), "duckdb": ("duckdb", "frames"), "spark": ("pyspark", "spark")}
"""By engine the package that it needs, and the extra that brings it."""


def chosen_engine(facts: FactTables | ColumnarTables, engine: str, plan: Plan) -> str:
    """The engine asked for; `auto` takes scalar for few rows, else that which holds the tables, where it can do all of the plan."""
    if engine != "auto":
        return engine
    if plan.is_opaque or find_spec("polars") is None:
        return "scalar"
    held, rows = ("polars", sum(map(len, facts.rows.values()))) if isinstance(facts, FactTables) else (facts.engine, facts.rows)
    return "scalar" if held == "polars" and rows <= FEW_ROWS else held


def population_of(facts: FactTables | ColumnarTables, engine: str) -> Population:
    """Validated tables in an engine; `UsageError` where the engine isn't installed."""
    with needing(*NEEDED[engine]):
        if isinstance(facts, FactTables):
            return _of_rows(facts, engine)
        return _of_columns(cast("Scanned | SparkTables", facts), engine)


def _of_rows(facts: FactTables, engine: str) -> Population:
    stock, columns = stock_of(facts, date.min)
    few = replace(facts, rows={name: facts[name] for name in ("waivers", "disputes") if name in facts})
    alone = by_organisation(facts) if facts.group else {}

    def organisation(name: str | None) -> FactTables:
        return facts if name is None else alone[name]

    backend = BACKENDS[engine](frames_of(columns, stock.cells))
    return Population(facts.tables, stock.cells, backend, few, organisation, facts.group, lambda: tuple(alone))


def _of_columns(scanned: Scanned | SparkTables, engine: str) -> Population:
    cells = {
        name: Cells(scanned.tables[name], source(scanned.tables[name], scanned.group), holes, scanned.group)
        for name, holes in scanned.holes.items()
    }
    backend = BACKENDS[engine](scanned.cells if engine == "spark" else _lazy(scanned.cells))
    names = lru_cache(maxsize=1)(scanned.organisations)

    parts: Callable[[int], Iterator[Scanned]] = getattr(scanned, "batches", lambda _: iter(()))

    def batches() -> Iterator[Population]:
        return (_of_columns(part, engine) for part in parts(BATCH_ROWS))

    in_parts = batches if hasattr(scanned, "batches") else None  # Spark itself puts to disk what is too much
    return Population(scanned.tables, cells, backend, scanned.few, scanned.facts, scanned.group, names, in_parts, scanned.rows, getattr(scanned, "extents", {}))


def _lazy(frames: Frames) -> Frames:
    """Frames of Spark as lazy ones of Polars; those that are so already as they are."""
    if not any(hasattr(frame, "toArrow") for frame in frames.values()):
        return frames
    import polars as pl

    return {name: pl.DataFrame(pl.from_arrow(frame.toArrow())).lazy() for name, frame in frames.items()}


def frames_of(columns: Mapping[str, Any], cells: Mapping[str, Cells]) -> Mapping[str, Any]:
    """Columns of cells as lazy frames."""
    from ..engines.polars import held

    return held(columns, cells)


def _polars(frames: Frames) -> Backend:
    from ..engines.polars import PolarsBackend

    return PolarsBackend(frames)


def _duckdb(frames: Frames) -> Backend:
    from ..engines.duckdb import connected

    return connected({name: frame.collect(engine="streaming").to_arrow() for name, frame in frames.items()})


def _spark(frames: Frames) -> Backend:
    from ..engines.spark import held_by

    held = {n: f if hasattr(f, "toArrow") else f.collect(engine="streaming").to_arrow() for n, f in frames.items()}
    sessions = [frame.sparkSession for frame in held.values() if hasattr(frame, "sparkSession")]
    return held_by(sessions[0] if sessions else None, held)


BACKENDS: Mapping[str, Callable[[Frames], Backend]] = {"polars": _polars, "duckdb": _duckdb, "spark": _spark}
"""By name, what puts lazy frames of cells into an engine."""
