"""Results as a workbook with typed cells, and never a formula or a link."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from ..errors import Problem, UsageError
from ..model.result import Result
from .tables import TABLES, Column, columns, flat_rows

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767
_NARROW, _WIDE = 14, 36
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
"""An amount that a worksheet keeps exactly; others stay text."""


def to_xlsx(result: Result) -> bytes:
    """A workbook with a sheet each for decisions, findings and what wasn't evaluated: header frozen, filters on.

    The same result gives the same bytes. Raises `UsageError` without xlsxwriter, and for more rows
    than a worksheet holds.
    """
    held = io.BytesIO()
    with workbook(held, result.as_of) as book:
        bold = book.add_format({"bold": True})
        for name in TABLES:
            rows = list(flat_rows(result, name))
            _sheet(book.add_worksheet(name), bold, columns(name, result.group), rows)
    return held.getvalue()


def workbook(held: io.BytesIO, as_of: date) -> Workbook:
    """A new workbook in which text stays text, made on the day; `UsageError` without xlsxwriter."""
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError(Problem("CR-EXTRA-MISSING", values={"what": "xlsxwriter", "extra": "frames"})) from None
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(held, options)
    book.set_properties({"created": datetime.combine(as_of, time(), UTC)})
    return book


def _sheet(sheet: Worksheet, bold: Any, columns: tuple[Column, ...], rows: list[tuple[Any, ...]]) -> None:
    if len(rows) > MOST_ROWS:
        values = {"sheet": sheet.get_name(), "count": len(rows), "limit": MOST_ROWS}
        raise UsageError(Problem("CR-TOO-MANY-ROWS", values=values))
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.name, bold)
        sheet.set_column(at, at, _WIDE if column.kind in ("list", "mapping") else _NARROW)
    for number, row in enumerate(rows, start=1):
        for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, number, at, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _write(sheet: Worksheet, row: int, at: int, column: Column, cell: Any) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, at, cell)
    elif column.kind == "amount" and cell is not None and _NUMBER.fullmatch(cell):
        sheet.write_number(row, at, float(cell))
    elif cell is not None:
        sheet.write_string(row, at, shortened(cell))


def shortened(cell: str) -> str:
    """The text, or its beginning and how much is left out where a worksheet can't hold it."""
    if len(cell) <= MOST_CHARACTERS:
        return cell
    kept = MOST_CHARACTERS - 40
    return f"{cell[:kept]}… (+{len(cell) - kept})"
