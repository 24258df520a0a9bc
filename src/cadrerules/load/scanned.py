"""What may hold tables that stay in columns: folders of Parquet, and frames of polars, pandas, pyarrow and DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ..errors import Place, Problem, UsageError
from ..model.cells import kind_of
from .files import check_readable
from .problems import Problems, fail


@dataclass(frozen=True)
class Offered:
    """What may be a table: its name as written, its place and its rows as a lazy frame."""

    name: str
    place: Place
    frame: pl.LazyFrame


def offered(source: Any, problems: Problems) -> Iterator[Offered]:
    """The tables of a folder of Parquet files, of a mapping of frames, or of a DuckDB connection."""
    if isinstance(source, str | Path):
        yield from _in_folder(Path(source), problems)
    elif isinstance(source, Mapping):
        for name, frame in source.items():
            yield Offered(str(name), Place(file=str(name)), lazy(frame, Place(file=str(name))))
    elif hasattr(source, "execute") and hasattr(source, "table"):
        for (name,) in source.execute("SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1").fetchall():
            yield Offered(name, Place(file=name), lazy(source.table(name), Place(file=name)))
    else:
        raise UsageError(Problem("CR-NOT-TABLES", values={"found": type(source).__name__}))


def _in_folder(folder: Path, problems: Problems) -> Iterator[Offered]:
    """Each `NAME.parquet`, and each folder `NAME` of Parquet files."""
    if not folder.is_dir():
        raise UsageError(Problem("CR-NO-SUCH-PATH" if not folder.exists() else "CR-NEEDS-FOLDER", Place(file=folder.name)))
    for path in sorted(folder.iterdir()):
        place = Place(file=path.name)
        if path.name.startswith((".", "~$", "_")) or path.name.casefold().startswith("readme"):
            continue
        if path.is_dir():
            yield Offered(path.name, place, pl.scan_parquet(path / "**/*.parquet", hive_partitioning=True))
        elif path.suffix.lower() == ".parquet":
            check_readable(path, place)
            yield Offered(path.stem, place, pl.scan_parquet(path, glob=False))
        else:
            problems.add("CR-UNKNOWN-FILE", place)


def lazy(frame: Any, place: Place) -> pl.LazyFrame:
    """A frame of any of the libraries as a lazy one of Polars; none passes through Python rows."""
    if isinstance(frame, pl.LazyFrame):
        return frame
    if isinstance(frame, pl.DataFrame):
        return frame.lazy()
    if isinstance(frame, str | Path):
        return pl.scan_parquet(frame)
    library = type(frame).__module__.partition(".")[0]
    if library == "pandas":
        return pl.DataFrame(pl.from_pandas(frame, nan_to_null=True)).lazy()
    if library == "pyarrow":
        return pl.DataFrame(pl.from_arrow(frame)).lazy()
    if library in ("duckdb", "_duckdb"):
        return pl.DataFrame(frame.pl()).lazy()
    fail("CR-NOT-ROWS", place, found=kind_of(frame))
