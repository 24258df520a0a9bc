"""Tables as a workbook with typed cells, and never a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..errors import Problem, UsageError
from .grid import Cell, Grid
from .xlsx import MOST_ROWS, shortened, workbook

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_NAME = 31
_EARLIEST = date(1900, 3, 1)
"""Before it a spreadsheet counts a day that never was."""


def to_sheets(grids: Sequence[Grid], as_of: date) -> bytes:
    """A workbook with a sheet per table: header frozen, filters on, dates and numbers typed.

    The same tables give the same bytes. Raises `UsageError` without xlsxwriter, and for more rows
    than a worksheet holds.
    """
    held = io.BytesIO()
    with workbook(held, as_of) as book:
        formats = _formats(book)
        for grid in grids:
            _sheet(book.add_worksheet(grid.title.translate(_FORBIDDEN)[:_LONGEST_NAME]), grid, formats)
    return held.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    cell = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#B8B8B8"}
    return {
        "head": book.add_format({**cell, "bold": True, "bg_color": "#EDEDED", "valign": "vcenter"}),
        "text": book.add_format(cell),
        "number": book.add_format({**cell, "align": "right"}),
        "date": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "left"}),
    }


def _sheet(sheet: Worksheet, grid: Grid, formats: dict[str, Any]) -> None:
    if len(grid.rows) > MOST_ROWS:
        values = {"sheet": grid.title, "count": len(grid.rows), "limit": MOST_ROWS}
        raise UsageError(Problem("CR-TOO-MANY-ROWS", values=values))
    for at, heading in enumerate(grid.headings):
        sheet.write_string(0, at, heading.text, formats["head"])
        sheet.set_column(at, at, heading.width)
    for number, row in enumerate(grid.rows, start=1):
        for at, cell in enumerate(row):
            _write(sheet, number, at, cell, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(grid.rows), len(grid.headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(sheet: Worksheet, row: int, at: int, cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case int() | Decimal():
            sheet.write_number(row, at, float(cell), formats["number"])
        case date() if cell >= _EARLIEST:
            sheet.write_datetime(row, at, datetime.combine(cell, time()), formats["date"])
        case None:
            sheet.write_blank(row, at, None, formats["text"])
        case _:
            sheet.write_string(row, at, shortened(str(cell)), formats["text"])
