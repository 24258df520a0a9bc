"""What may hold tables that stay in columns: folders of Parquet, mappings of frames, and DuckDB's connections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from ..errors import Place, Problem, UsageError
from ..load.files import check_readable, refusing
from ..load.frames import frame_kind
from ..load.problems import Problems
from ..load.sources import Offer, is_aside, parquet_files, read_records
from ..model.facts import Table
from .raw_frames import RawFrame, of_duckdb, of_polars, of_rows, raw_frame

_TABLES = """
SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = current_schema()
UNION SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1
"""


def offered(source: Any, problems: Problems) -> Iterator[Offer]:
    """The tables of a folder of Parquet files, of a mapping of frames, or of a DuckDB connection."""
    if isinstance(source, Mapping):
        return _in_mapping(source)
    if hasattr(source, "execute") and hasattr(source, "table"):
        return _in_database(source)
    if not isinstance(source, str | Path):
        raise UsageError(Problem("CR-NOT-TABLES", values={"found": type(source).__name__}))
    folder, place = Path(source), Place(file=Path(source).name)
    try:
        if folder.is_dir():
            return _in_folder(sorted(folder.iterdir()), problems)
        raise UsageError(Problem("CR-NEEDS-FOLDER" if folder.exists() else "CR-NO-SUCH-PATH", place))
    except OSError:
        raise UsageError(Problem("CR-UNREADABLE", place)) from None


def _in_mapping(frames: Mapping[str, Any]) -> Iterator[Offer]:
    for name, frame in frames.items():
        place = Place(file=str(name))
        kind = frame_kind(frame)
        yield Offer(str(name), place, partial(_rows, frame, place) if kind is None else partial(_frame, frame, place, kind))


def _frame(frame: Any, place: Place, kind: str, _: Table) -> RawFrame:
    return raw_frame(frame, place, kind)


def _rows(rows: Any, place: Place, table: Table) -> RawFrame:
    return of_rows(read_records(rows, place, table))


def _in_database(connection: Any) -> Iterator[Offer]:
    for (name,) in connection.execute(_TABLES).fetchall():
        place = Place(file=name)
        yield Offer(name, place, partial(_relation, connection, name, place))


def _relation(connection: Any, name: str, place: Place, _: Table) -> RawFrame:
    with refusing("CR-BAD-FRAME", place):
        return of_duckdb(connection.table(f'"{name}"'))


# --- Parquet ------------------------------------------------------------------------------------


def _in_folder(paths: list[Path], problems: Problems) -> Iterator[Offer]:
    """Each `NAME.parquet`, and each folder `NAME` (or `NAME.parquet`) of Parquet files."""
    for path in paths:
        place = Place(file=path.name)
        if is_aside(path):
            continue
        is_parquet = path.suffix.lower() == ".parquet"
        if path.is_dir():
            if files := parquet_files(path):
                yield Offer(path.stem if is_parquet else path.name, place, partial(_parts, path, files, place))
            else:
                problems.add("CR-SUBFOLDER", place)
        elif is_parquet:
            yield Offer(path.stem, place, partial(_file, path, place))
        else:
            problems.add("CR-UNKNOWN-FILE", place)


def _file(path: Path, place: Place, _: Table) -> RawFrame:
    check_readable(path, place, large=True)  # it isn't read at once, so it may be of any size
    with refusing("CR-BAD-PARQUET", place):
        return of_polars(pl.scan_parquet(path, glob=False, hive_partitioning=False), "CR-BAD-PARQUET")


def _parts(folder: Path, files: list[Path], place: Place, _: Table) -> RawFrame:
    """The files as one table; what the folders' names say (`bureau=B01`) is a column of text."""
    for path in files:
        check_readable(path, Place(file=f"{folder.name}/{path.relative_to(folder).as_posix()}"), large=True)
    above = _named(folder.parts)
    names = {name: None for path in files for name in _named(path.relative_to(folder).parts[:-1])}
    with refusing("CR-BAD-PARQUET", place):
        schema = dict.fromkeys([*above, *names], pl.String)
        frame = pl.scan_parquet(files, glob=False, hive_partitioning=bool(schema), hive_schema=schema or None)
        return of_polars(frame.drop(name for name in above if name not in names), "CR-BAD-PARQUET")


def _named(parts: tuple[str, ...]) -> list[str]:
    """The columns that folders' names give a value."""
    return [name for part in parts for name, sign, _ in [part.partition("=")] if sign]
