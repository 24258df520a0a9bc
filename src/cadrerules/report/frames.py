"""Results as data frames with one schema whatever the data, also for no rows at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import Problem, UsageError
from ..model.result import Result
from .tables import Column, columns, rows

Cells = dict[str, list[Any]]


def to_frame(result: Result, name: str, kind: str) -> Any:
    """The table `name` of a result (see `tables.TABLES`) as a frame of polars, pandas or pyarrow.

    Lists are list columns of text, mappings JSON text, amounts exact numbers as text. Raises
    `UsageError` for an unknown table or kind, and where the library isn't installed.
    """
    if kind not in _MAKERS:
        values = {"value": kind, "option": "frame", "allowed": ", ".join(_MAKERS)}
        raise UsageError(Problem("CR-NOT-AN-OPTION", values=values))
    shown = columns(name, result.group)
    cells: Cells = {column.name: [] for column in shown}
    for row in rows(result, name):
        for column, cell in zip(shown, row, strict=True):
            cells[column.name].append(cell)
    try:
        return _MAKERS[kind](shown, cells)
    except ImportError:
        extra = "dev" if kind == "pandas" else "frames"
        raise UsageError(Problem("CR-EXTRA-MISSING", values={"what": kind, "extra": extra})) from None


def _polars(shown: tuple[Column, ...], cells: Cells) -> Any:
    import polars as pl

    types: dict[str, Any] = {"truth": pl.Boolean, "list": pl.List(pl.String)}
    return pl.DataFrame(cells, schema={column.name: types.get(column.kind, pl.String) for column in shown})


def _pyarrow(shown: tuple[Column, ...], cells: Cells) -> Any:
    import pyarrow as pa

    types = {"truth": pa.bool_(), "list": pa.list_(pa.string())}
    schema = pa.schema([(column.name, types.get(column.kind, pa.string())) for column in shown])
    return pa.table(cells, schema=schema)


def _pandas(shown: tuple[Column, ...], cells: Cells) -> Any:
    import pandas as pd

    types: dict[str, Any] = {"truth": "boolean", "list": object}
    return pd.DataFrame(
        {c.name: pd.Series(cells[c.name], dtype=types.get(c.kind, pd.StringDtype("python"))) for c in shown}
    )


_MAKERS: Mapping[str, Callable[[tuple[Column, ...], Cells], Any]] = {
    "polars": _polars,
    "pandas": _pandas,
    "pyarrow": _pyarrow,
}
