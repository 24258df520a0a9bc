"""Whether a workbook is safe to open, and which of its cells hold no value although they seem to.

The reader lays a sheet out as a full rectangle, so two cells far apart would exhaust the memory; and
it gives an error such as #N/A, or a formula that was never calculated, as an empty cell.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from ..errors import Place, Problem
from .files import MAX_CELLS, refusing
from .problems import MAX_PROBLEMS, fail

MAX_UNPACKED: Final = 500_000_000
MAX_RATIO: Final = 200
_RATIO_FROM: Final = 10_000_000
_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0"

_ATTRIBUTES: Final = rb"""(?:[^>"'/]++|"[^"]*+"|'[^']*+'|/(?!>))*+"""
_ELEMENT: Final = re.compile(rb"<(?:[\w.-]+:)?(c|row)(?=[\s/>])(" + _ATTRIBUTES + rb")(/?)>")
_CELL: Final = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_REFERENCE: Final = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]+)""")
_ERROR: Final = re.compile(rb"""\st\s*=\s*["']e["']""")
_NO_RESULT: Final = re.compile(
    rb"<(?:[\w.-]+:)?f(?=[\s/>])" + _ATTRIBUTES + rb"(?:/>|>[^<]*</(?:[\w.-]+:)?f>)\s*</(?:[\w.-]+:)?c>"
)

Faults = Mapping[str, tuple[Problem, ...]]
"""The cells without a value, per sheet name."""


def check_workbook(path: Path, place: Place) -> Faults:
    """Refuse what isn't a workbook or would be too large; gives the cells that hold no value."""
    with path.open("rb") as file:
        if file.read(4) == _OLD_OR_LOCKED:
            fail("CR-WORKBOOK-LOCKED", place)
    with refusing("CR-NOT-A-WORKBOOK", place), zipfile.ZipFile(path) as archive:
        _check_sizes(archive, place)
        faults = {m.filename: _check_member(archive.read(m), place) for m in archive.infolist()}
        return {name: faults.get(member, ()) for name, member in _sheets(archive)}


def _check_sizes(archive: zipfile.ZipFile, place: Place) -> None:
    members = archive.infolist()
    names = {member.filename.lower() for member in members}
    if "xl/workbook.xml" not in names or len(names) != len(members):
        fail("CR-NOT-A-WORKBOOK", place)
    if any(member.flag_bits & 1 for member in members):
        fail("CR-WORKBOOK-LOCKED", place)
    if sum(member.file_size for member in members) > MAX_UNPACKED or any(map(_is_bomb, members)):
        fail("CR-WORKBOOK-TOO-LARGE", place)


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > _RATIO_FROM and member.file_size > MAX_RATIO * max(1, member.compress_size)


def _check_member(content: bytes, place: Place) -> tuple[Problem, ...]:
    """Refuse a sheet whose cells lie too far apart; gives those without a value."""
    if _is_plain(content):
        return ()
    faults: list[Problem] = []
    rows = columns = 0
    for row, column, element in _cells(content):
        rows, columns = max(rows, row), max(columns, column)
        if len(faults) < MAX_PROBLEMS and (code := _fault(element, content)):
            faults.append(Problem(code, Place(row=row), {"cell": f"{_letters(column)}{row}"}))
    if rows * columns > MAX_CELLS:
        fail("CR-WORKBOOK-TOO-LARGE", place)
    return tuple(faults)


def _is_plain(content: bytes) -> bool:
    """A quick look that spares most sheets the slow one: all cells say where they are, none is at fault."""
    found = _REFERENCE.findall(content)
    columns = {letters for letters, _ in found}
    rows = {digits for _, digits in found}
    every_cell_placed = len(_CELL.findall(content)) <= sum(1 for letters, _ in found if letters)
    small = max(map(_number, rows), default=0) * max(map(_column_number, columns), default=0) <= MAX_CELLS
    return every_cell_placed and small and not _ERROR.search(content) and not _NO_RESULT.search(content)


def _cells(content: bytes) -> Iterator[tuple[int, int, re.Match[bytes]]]:
    """Row, column and element of each cell that isn't blank; one that doesn't say follows the last."""
    row = column = 0
    for element in _ELEMENT.finditer(content):
        found = _REFERENCE.findall(element[2])
        if element[1] == b"row":
            row, column = max((_number(digits) for _, digits in found), default=row + 1), 0
            continue
        row = max((_number(digits) for _, digits in found), default=row)
        column = max((_column_number(letters) for letters, _ in found), default=column + 1)
        if not element[3]:
            yield max(row, 1), column, element


def _fault(element: re.Match[bytes], content: bytes) -> str | None:
    if _ERROR.search(element[2]):
        return "CR-CELL-ERROR"
    return "CR-NOT-CALCULATED" if _NO_RESULT.match(content, element.end()) else None


def _number(digits: bytes) -> int:
    return int(digits[:12])


def _letters(column: int) -> str:
    """The letters of a column, 1 is A."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - 64
    return number


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the member that holds it."""
    links = {
        link.get("Id"): link.get("Target", "") for link in _xml(archive, "xl/_rels/workbook.xml.rels").iter()
    }
    for element in _xml(archive, "xl/workbook.xml").iter():
        if element.tag.rpartition("}")[2] == "sheet":
            linked = next((value for key, value in element.items() if key.endswith("}id")), "")
            yield element.get("name", ""), posixpath.join("xl", links.get(linked, "")).lstrip("/")


def _xml(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(member))  # noqa: S314 - expat bounds the expansion of entities
