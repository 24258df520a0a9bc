"""Tables in data frames of polars, pandas, pyarrow and DuckDB, and in Parquet files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ..errors import Place
from ..model.facts import Table
from .files import MAX_CELLS, check_readable, needing, refusing
from .problems import fail
from .raw_tables import RawTable

Columns = tuple[list[str], list[Iterable[object]]]
"""The headings of a frame and the cells under each."""


def frame_kind(rows: object) -> str | None:
    """The library whose frame this is, told by its class, so that none is imported; `None` for no frame."""
    library = type(rows).__module__.partition(".")[0].removeprefix("_")
    return library if library in _READERS and hasattr(rows, _MARKS[library]) else None


def kind_given(source: object) -> str:
    """The kind of frames that a source holds, `lazy` for lazy ones of Polars; `polars` for several kinds and other sources."""
    frames = list(source.values()) if isinstance(source, Mapping) else [source]
    kinds = {"lazy" if hasattr(frame, "sink_parquet") else kind for frame in frames if (kind := frame_kind(frame))}
    return kinds.pop() if len(kinds) == 1 else "polars"


def from_frame(table: Table, place: Place, frame: Any, kind: str) -> RawTable:
    """The table in a frame; rows are numbered from 1. NaN is an empty cell in pandas alone."""
    with refusing("CR-BAD-FRAME", place):
        headings, columns = _READERS[kind](frame)
    return RawTable(table, place, headings, enumerate(zip(*columns, strict=True), start=1))


def read_parquet(path: Path, table: Table) -> RawTable:
    """The table in a Parquet file."""
    place = Place(file=path.name)
    check_readable(path, place)
    with needing("polars", "frames"):
        import polars as pl
    with refusing("CR-BAD-PARQUET", place):
        lazy = pl.scan_parquet(path, glob=False)
        rows = lazy.select(pl.len()).collect().item()
        if rows * len(lazy.collect_schema()) > MAX_CELLS:
            fail(
                "CR-FILE-TOO-LARGE",
                place,
                limit={"en": f"{MAX_CELLS:,} cells", "zh": f"{MAX_CELLS} 个单元格"},
            )
        return from_frame(table, place, lazy.collect(), "polars")


def _from_polars(frame: Any) -> Columns:
    frame = frame.collect() if hasattr(frame, "collect") else frame
    return list(frame.columns), [column.to_list() for column in frame.get_columns()]


def _from_pandas(frame: Any) -> Columns:
    columns: list[Iterable[object]] = []
    for position in range(frame.shape[1]):  # by position: a label may stand twice
        column = frame.iloc[:, position]
        pairs = zip(column.tolist(), column.isna().tolist(), strict=True)
        columns.append([None if missing else cell for cell, missing in pairs])
    return [str(label) for label in frame.columns], columns


def _from_arrow(frame: Any) -> Columns:
    return list(frame.schema.names), [column.to_pylist() for column in frame.columns]


def _from_duckdb(relation: Any) -> Columns:
    return _from_arrow(relation.to_arrow_table())


_READERS: Final[Mapping[str, Callable[[Any], Columns]]] = {
    "polars": _from_polars,
    "pandas": _from_pandas,
    "pyarrow": _from_arrow,
    "duckdb": _from_duckdb,
}
_MARKS: Final[Mapping[str, str]] = {
    "polars": "collect_schema",
    "pandas": "iterrows",
    "pyarrow": "num_columns",
    "duckdb": "to_arrow_table",
}
