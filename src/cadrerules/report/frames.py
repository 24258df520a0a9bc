"""Results as data frames with one schema whatever the data and the engine, also for no rows at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ..errors import Problem, UsageError
from ..model.frames import KINDS
from ..model.result import Result
from .tables import Column, columns, rows

if TYPE_CHECKING:
    import polars as pl

Cells = Callable[[str], Sequence[Any]]
"""Gives the cells of a column."""


def to_frame(result: Result, name: str, kind: str) -> Any:
    """The table `name` of a result (see `tables.TABLES`) as a frame of polars, pandas, pyarrow or another of `KINDS`.

    Lists are list columns of text, mappings JSON text, amounts exact numbers as text. Raises
    `UsageError` for an unknown table or kind, and where the library isn't installed.
    """
    check_kind(kind)
    shown = columns(name, result.group)
    cells: dict[str, list[Any]] = {column.name: [] for column in shown}
    for row in rows(result, name):
        for column, cell in zip(shown, row, strict=True):
            cells[column.name].append(cell)
    with _installed(kind):
        return _MAKERS[kind](shown, cells.__getitem__) if kind in _MAKERS else KINDS[kind](_polars(shown, cells.__getitem__))


def as_kind(frame: pl.DataFrame, shown: Sequence[Column], kind: str) -> Any:
    """A frame that an engine made as one of a kind, in the columns and types of `to_frame`."""
    check_kind(kind)
    with _installed(kind):
        types: Any = polars_types(shown)
        fixed = frame.select(list(types)).cast(types)
        if kind == "pandas":
            return _pandas(shown, lambda name: fixed[name].to_list())
        return fixed.to_arrow().cast(arrow_schema(shown)) if kind == "pyarrow" else KINDS[kind](fixed)


def check_kind(kind: str) -> None:
    """Refuse a kind of frame that there isn't."""
    if kind not in KINDS:
        values = {"value": kind, "option": "frame", "allowed": ", ".join(KINDS)}
        raise UsageError(Problem("CR-NOT-AN-OPTION", values=values))


@contextmanager
def _installed(kind: str) -> Iterator[None]:
    try:
        yield
    except ImportError:
        values = {"what": "polars" if kind == "lazy" else kind, "extra": _EXTRAS.get(kind, "frames")}
        raise UsageError(Problem("CR-EXTRA-MISSING", values=values)) from None


_EXTRAS: Final = {"pandas": "dev", "spark": "spark"}


def polars_types(shown: Sequence[Column]) -> dict[str, Any]:
    """The type of each column in Polars."""
    import polars as pl

    types: dict[str, Any] = {"truth": pl.Boolean, "list": pl.List(pl.String)}
    return {column.name: types.get(column.kind, pl.String) for column in shown}


def arrow_schema(shown: Sequence[Column]) -> Any:
    """The columns in pyarrow, as files of Parquet have them too."""
    import pyarrow as pa

    types = {"truth": pa.bool_(), "list": pa.list_(pa.string())}
    return pa.schema([(column.name, types.get(column.kind, pa.string())) for column in shown])


def _polars(shown: Sequence[Column], cells: Cells) -> Any:
    import polars as pl

    return pl.DataFrame({column.name: cells(column.name) for column in shown}, polars_types(shown))


def _pyarrow(shown: Sequence[Column], cells: Cells) -> Any:
    import pyarrow as pa

    return pa.table({column.name: cells(column.name) for column in shown}, schema=arrow_schema(shown))


def _pandas(shown: Sequence[Column], cells: Cells) -> Any:
    import pandas as pd

    types: dict[str, Any] = {"truth": "boolean", "list": object}
    return pd.DataFrame(
        {c.name: pd.Series(cells(c.name), dtype=types.get(c.kind, pd.StringDtype("python"))) for c in shown}
    )


_MAKERS: Mapping[str, Callable[[Sequence[Column], Cells], Any]] = {
    "polars": _polars,
    "pandas": _pandas,
    "pyarrow": _pyarrow,
}
