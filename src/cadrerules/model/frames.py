"""A Polars frame as one of another library's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Problem, UsageError

if TYPE_CHECKING:
    import polars as pl


def frame_of(frame: pl.DataFrame, kind: str) -> Any:
    """The frame as one of `polars`, `pandas`, `pyarrow`, `duckdb` or `spark`; `UsageError` for another kind."""
    if kind not in KINDS:
        values = {"value": kind, "option": "frame", "allowed": ", ".join(KINDS)}
        raise UsageError(Problem("CR-NOT-AN-OPTION", values=values))
    return KINDS[kind](frame)


def _duckdb(frame: pl.DataFrame) -> Any:
    import duckdb

    return duckdb.from_arrow(frame.to_arrow())


def _spark(frame: pl.DataFrame) -> Any:
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate().createDataFrame(frame.to_arrow())


KINDS: Mapping[str, Callable[[Any], Any]] = {
    "polars": lambda frame: frame,
    "lazy": lambda frame: frame.lazy(),
    "pandas": lambda frame: frame.to_pandas(use_pyarrow_extension_array=False),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": _duckdb,
    "spark": _spark,
}
"""By kind, how a frame is made of one of Polars."""
