"""Results as CSV: UTF-8 with BOM, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re

from ..model.result import Result
from .tables import columns, flat_rows

_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell that is taken for a formula begins with; Chinese and Japanese ones take the wide forms too."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def to_csv(result: Result, name: str = "decisions") -> bytes:
    """One table of a result; `UsageError` for a name other than those of `tables.TABLES`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([neutral(column.name) for column in columns(name, result.group)])
    for row in flat_rows(result, name):
        writer.writerow([_written(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _written(cell: str | bool | None) -> str:
    if cell is None:
        return ""
    return neutral(cell) if isinstance(cell, str) else str(cell).lower()


def neutral(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run as a formula; numbers stay numbers.

    >>> neutral("=1+1"), neutral("-2.5")
    ("'=1+1", '-2.5')
    """
    if cell.startswith(_RUN_BY_SPREADSHEETS) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
