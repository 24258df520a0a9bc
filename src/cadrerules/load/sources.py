"""What may hold tables, and the tables that each kind of source offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from ..errors import DataError, Place, PolicyError, Problem, UsageError
from ..model.cells import kind_of
from ..model.facts import Table
from .csv_files import read_csv
from .files import check_readable
from .frames import frame_kind, from_frame, read_parquet
from .json_files import read_json, read_jsonl
from .problems import Problems, fail
from .raw_tables import RawTable
from .records import from_records
from .workbook import read_sheets
from .yaml import read_yaml

Source = str | Path | Mapping[str, Any]

MAX_YAML_BYTES: Final = 20_000_000

_TABLE_READERS: Final[Mapping[str, Callable[[Path, Table], RawTable]]] = {
    ".csv": read_csv,
    ".jsonl": read_jsonl,
    ".parquet": read_parquet,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be a table: its name as written, its place, and how to read it, as a raw table or frame.

    `aside` if it may be none.
    """

    name: str
    place: Place
    read: Callable[[Table], Any]
    aside: bool = False

    @property
    def label(self) -> str:
        """Its name for an error that compares two of them."""
        return self.place.sheet or self.place.file


def offers(source: Source, problems: Problems) -> Iterator[Offer]:
    """The tables that a folder, file or mapping offers; what in a folder is none is noted."""
    if isinstance(source, Mapping):
        return _in_mapping(source)
    if not isinstance(source, str | Path):
        raise UsageError(Problem("CR-NOT-TABLES", values={"found": type(source).__name__}))
    path = Path(source)
    try:
        if path.is_dir():
            return _in_folder(sorted(path.iterdir()), problems)
        if not path.exists():
            raise UsageError(Problem("CR-NO-SUCH-PATH", Place(file=path.name)))
    except OSError:
        raise UsageError(Problem("CR-UNREADABLE", Place(file=path.name))) from None
    return _in_file(path)


def _in_folder(paths: Iterable[Path], problems: Problems) -> Iterator[Offer]:
    for path in paths:
        place = Place(file=path.name)
        if is_aside(path):
            continue
        if _is_folder(path):
            problems.add("CR-SUBFOLDER", place)
        elif reader := _TABLE_READERS.get(path.suffix.lower()):
            yield Offer(path.stem, place, partial(reader, path))
        else:
            problems.add("CR-UNKNOWN-FILE", place)


def _in_file(path: Path) -> Iterator[Offer]:
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _in_workbook(path)
    if suffix == ".json":
        return _in_object(read_json(path), path.name)
    if suffix in (".yaml", ".yml"):
        return _in_object(_yaml(path), path.name)
    code = "CR-NEEDS-FOLDER" if suffix in _TABLE_READERS else "CR-UNKNOWN-FORMAT"
    raise UsageError(Problem(code, Place(file=path.name)))


def _yaml(path: Path) -> object:
    check_readable(path, Place(file=path.name))
    try:
        return read_yaml(path, path.name, MAX_YAML_BYTES).data
    except PolicyError as error:
        raise DataError(error.problems) from None


def _in_workbook(path: Path) -> Iterator[Offer]:
    for name, hidden, read in read_sheets(path):
        yield Offer(name, Place(file=path.name, sheet=name), read, aside=hidden or _is_readme(name))


def _in_object(data: object, file: str) -> Iterator[Offer]:
    if not isinstance(data, Mapping):
        fail("CR-NOT-AN-OBJECT", Place(file=file), found=kind_of(data))
    for name, rows in data.items():
        place = Place(file=file, sheet=str(name))
        yield Offer(str(name), place, partial(_read_rows, rows, place))


def _in_mapping(tables: Mapping[str, Any]) -> Iterator[Offer]:
    for name, rows in tables.items():
        place = Place(file=str(name))
        yield Offer(str(name), place, partial(_read_rows, rows, place))


def _read_rows(rows: Any, place: Place, table: Table) -> RawTable:
    if kind := frame_kind(rows):
        return from_frame(table, place, rows, kind)
    return read_records(rows, place, table)


def read_records(rows: Any, place: Place, table: Table) -> RawTable:
    """The table of rows given one by one."""
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        fail("CR-NOT-ROWS", place, found=kind_of(rows))
    return from_records(table, place, enumerate(rows, start=1))


def is_aside(path: Path) -> bool:
    """Whether what stands in a folder of tables is none of them: hidden, or to be read by people."""
    return path.name.startswith((".", "~$")) or (_is_readme(path.name) and not _is_folder(path))


def parquet_files(folder: Path) -> list[Path]:
    """The Parquet files within a folder and its folders, without those that are hidden or not finished."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() == ".parquet" and not path.is_dir())
    return sorted(path for path in found if not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_readme(name: str) -> bool:
    return name.casefold().startswith("readme")
