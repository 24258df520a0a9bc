"""Tables in CSV files, as spreadsheet programs save them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..errors import Place
from ..model.facts import Table
from .files import decode, read_bytes
from .problems import fail
from .raw_tables import NumberedRow, RawTable, below_heading

_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_DELIMITERS: Final = {
    ";": {"en": "semicolons", "zh": "分号"},
    "\t": {"en": "tabs", "zh": "制表符"},
    "；": {"en": "full-width semicolons", "zh": "全角分号"},
    "，": {"en": "full-width commas", "zh": "全角逗号"},
}


def read_csv(path: Path, table: Table) -> RawTable:
    """The table in a CSV file, UTF-8 or else GB18030, with commas; rows have a spreadsheet's numbers."""
    place = Place(file=path.name)
    raw = read_bytes(path, place)
    if b"\0" in raw:
        fail("CR-NUL-BYTE", place)
    text = decode(raw, place, _ENCODINGS)
    found = below_heading(table, place, _rows(text, place))
    _check_delimiter(found)
    return found


def _rows(text: str, place: Place) -> Iterator[NumberedRow]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            yield number, cells
    except csv.Error as error:
        _fail_at(replace(place, row=number + 1), str(error))


def _fail_at(place: Place, reason: str) -> None:
    if "field limit" in reason:
        fail("CR-CELL-TOO-LONG", place, limit=csv.field_size_limit())
    fail("CR-UNCLOSED-QUOTE" if "end of data" in reason else "CR-BAD-QUOTE", place)


def _check_delimiter(found: RawTable) -> None:
    if len(found.headings) == 1:
        for delimiter, name in _DELIMITERS.items():
            if delimiter in found.headings[0]:
                fail("CR-WRONG-DELIMITER", found.place, found=name)
