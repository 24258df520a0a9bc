"""Tables in the sheets of an .xlsx workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import DataError, Place, Problem
from ..model.facts import Table
from .files import check_readable, needing, refusing
from .raw_tables import RawTable, below_heading
from .workbook_check import check_workbook

Sheet = tuple[str, bool, Callable[[Table], RawTable]]
"""A sheet's name, whether it is hidden, and how to read it as a table."""


def read_sheets(path: Path) -> Iterator[Sheet]:
    """The sheets of a workbook with cells in them, once the file is found safe to open."""
    place = Place(file=path.name)
    check_readable(path, place)
    with needing("python-calamine", "frames"):
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
    faults = check_workbook(path, place)
    with refusing("CR-NOT-A-WORKBOOK", place):
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [s for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    for sheet in sheets:
        reader = _reader(workbook, replace(place, sheet=sheet.name), faults.get(sheet.name, ()))
        yield sheet.name, sheet.visible != SheetVisibleEnum.Visible, reader


def _reader(workbook: Any, place: Place, faults: tuple[Problem, ...]) -> Callable[[Table], RawTable]:
    def read(table: Table) -> RawTable:
        if faults:
            raise DataError(replace(fault, place=replace(place, row=fault.place.row)) for fault in faults)
        with refusing("CR-NOT-A-WORKBOOK", place):
            cells = workbook.get_sheet_by_name(place.sheet).to_python(skip_empty_area=False)
        return below_heading(table, place, enumerate(cells, start=1))

    return read
