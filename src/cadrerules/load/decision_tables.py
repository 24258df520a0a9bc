"""Decision tables that stand in a CSV or a sheet beside their policy document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import DataError, Place, PolicyError, Problem
from ..language.source import Source
from ..model.documents import PolicyDoc, RuleDoc, TableRuleDoc
from ..model.facts import Table
from ..model.texts import Texts
from ..model.written import Locate
from .csv_files import read_csv
from .raw_tables import NumberedRow, RawTable
from .workbook import read_sheets

Places = Mapping[tuple[int, int], Place]
"""Where a row of a table stands, by the rule's and the row's number in the document."""

_ANY = Table("table", Texts(en="decision table", zh="决策表"), {})


def with_rows(doc: PolicyDoc, folder: Path) -> tuple[PolicyDoc, Places]:
    """The document with the rows of every table that stands in a file, and where each row does.

    Raises `PolicyError` for a file that isn't there or can't be read, and for headings or rows that
    don't fit the columns the table tests.
    """
    places: dict[tuple[int, int], Place] = {}
    rules: list[RuleDoc] = []
    for index, rule in enumerate(doc.rules):
        if rule.table is not None and rule.table.file:
            table, found = _filled(rule.table, folder)
            rule = rule.model_copy(update={"table": table})
            places |= {(index, n): place for n, place in enumerate(found)}
        rules.append(rule)
    return doc.model_copy(update={"rules": rules}), places


def _filled(table: TableRuleDoc, folder: Path) -> tuple[TableRuleDoc, list[Place]]:
    try:
        raw = _read(table, folder)
        rows = list(raw.rows)
    except DataError as error:
        raise PolicyError(error.problems) from None
    _check(table, raw, rows)
    cells = [[_cell(cell) for cell in row] for _, row in rows]
    filled = table.model_copy(update={"rows": cells, "file": None, "sheet": None})
    return filled, [replace(raw.place, row=number) for number, _ in rows]


def _read(table: TableRuleDoc, folder: Path) -> RawTable:
    path = folder / (table.file or "")
    if table.sheet is None:
        return read_csv(path, _ANY)
    for name, _, read in read_sheets(path):
        if name == table.sheet:
            return read(_ANY)
    raise PolicyError(Problem("CR-NO-SUCH-SHEET", Place(file=path.name), {"sheet": table.sheet}))


def _check(table: TableRuleDoc, raw: RawTable, rows: list[NumberedRow]) -> None:
    wanted = [" ".join(text.split()) for text in table.on]
    if raw.headings[:-1] != wanted:
        values = {"found": ", ".join(raw.headings[:-1]) or "-", "wanted": ", ".join(wanted)}
        raise PolicyError(Problem("CR-TABLE-HEADINGS", raw.place, values))
    count = len(raw.headings)
    if odd := [number for number, cells in rows if len(cells) != count]:
        problems = (Problem("CR-TABLE-ROW", replace(raw.place, row=number), {"count": count}) for number in odd)
        raise PolicyError(problems)


def _cell(cell: object) -> Any:
    """A cell as a document would have it: a number of a sheet as its exact decimal."""
    if isinstance(cell, float):
        number = Decimal(repr(cell))
        return int(number) if number == number.to_integral_value() else number
    return cell if isinstance(cell, bool | int) or cell is None else str(cell).strip()


def located(locate: Locate, places: Places) -> Locate:
    """The locator of a document that points into the files of its tables too."""
    if not places:
        return locate

    def find(path: tuple[str | int, ...], text: str) -> Source:
        match path:
            case ("rules", int(rule), "table", "rows", int(row), *_) if (rule, row) in places:
                place = places[rule, row]
                return Source(text, place.file, place.row, path=place.sheet or "")
            case _:
                return locate(path, text)

    return find
