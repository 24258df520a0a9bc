"""A journal as a file of JSON lines: a header, then an entry a line, with payload and salt where they aren't erased."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from ..errors import Place, Problem
from ..load.files import decode, read_bytes
from ..load.problems import fail
from ..whole_files import whole_file
from .canonical import canonical
from .checking import Chain
from .entries import FORMAT, Entry, Head

NAME: Final = "cadrerules-journal"
_NUMBERS: Final = ("sequence", "of")


@dataclass(frozen=True)
class Export:
    """An exported journal: its header, which names format, policies and head, and its entries."""

    header: Mapping[str, Any]
    entries: tuple[Entry, ...]
    file: str = ""

    @property
    def head(self) -> Head:
        """How far the journal had come."""
        return Head(**self.header["head"])

    def check(self, anchor: Head | None = None) -> list[Problem]:
        """What is wrong in it; nothing where it is as it was written."""
        return list(Chain(self.file).problems(self.entries, self.head, anchor))


def write_export(path: Path, head: Head, entries: Iterable[Entry], policies: Mapping[str, str]) -> None:
    """Write the file whole or not at all; `UsageError` where it can't be written."""
    header = {"format": NAME, "version": FORMAT, "policies": policies, "head": asdict(head)}
    with whole_file(path) as beside, beside.open("wb") as file:
        file.write(canonical(header) + b"\n")
        for entry in entries:
            shown = {
                name: value for name, value in asdict(entry).items() if value != "" or name not in ("salt", "content")
            }
            file.write(canonical(shown) + b"\n")


def read_export(path: str | Path) -> Export:
    """The journal in an exported file, not yet checked; `DataError` for a file that is none, with the line."""
    place = Place(file=Path(path).name)
    lines = decode(read_bytes(Path(path), place), place, ("utf-8",)).split("\n")
    header = _line(lines[0], place, 1)
    head = header.get("head")
    if header.get("format") != NAME or not _fits(head, Head):
        fail("CR-JOURNAL-LINE", Place(file=place.file, line=1))
    if header.get("version") != FORMAT:
        fail("CR-JOURNAL-FORMAT", place, found=str(header.get("version")), known=FORMAT)
    if lines[-1]:
        fail("CR-JOURNAL-LINE", Place(file=place.file, line=len(lines)))  # a torn last line
    return Export(header, tuple(_entry(line, place, at) for at, line in enumerate(lines[1:-1], start=2)), place.file)


def _line(text: str, place: Place, number: int) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        fail("CR-JOURNAL-LINE", Place(file=place.file, line=number))
    return found


def _entry(text: str, place: Place, number: int) -> Entry:
    found = {"salt": "", "content": "", **_line(text, place, number)}
    if not _fits(found, Entry):
        fail("CR-JOURNAL-LINE", Place(file=place.file, line=number))
    return Entry(**found)


def _fits(found: object, form: type[Entry | Head]) -> bool:
    """Whether an object has the fields of an entry or head, each of its type."""
    names = {field.name for field in fields(form)}
    return (
        isinstance(found, dict)
        and found.keys() == names
        and all(type(value) is (int if name in _NUMBERS else str) for name, value in found.items())
    )
