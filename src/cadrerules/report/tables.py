"""Results as flat rows with fixed columns, and as CSV and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from ..errors import Problem, UsageError
from ..model.result import Decision, Finding, NotEvaluated, Result

MODELS: Mapping[str, type[BaseModel]] = {"decisions": Decision, "findings": Finding, "not_evaluated": NotEvaluated}
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def columns(name: str) -> tuple[str, ...]:
    """The columns of `decisions`, `findings` or `not_evaluated`, whatever the data."""
    found: list[str] = []
    for field in MODELS[name].model_fields:
        found += ["subject_kind", "subject"] if field == "subject" else [] if field == "trace" else [field]
    return tuple(found)


def rows(result: Result, name: str) -> Iterator[dict[str, Any]]:
    """One flat row per record: lists joined by `; `, mappings as `name=value`, nothing as None."""
    for record in getattr(result, name):
        plain = record.model_dump(mode="json", exclude={"trace"})
        if subject := plain.pop("subject", None):
            plain |= {"subject_kind": subject["kind"], "subject": subject["id"]}
        yield {column: _flat(plain[column]) for column in columns(name)}


def _flat(value: Any) -> Any:
    if isinstance(value, dict):
        return "; ".join(f"{key}={'' if item is None else item}" for key, item in value.items())
    if isinstance(value, list):
        return "; ".join("nothing" if item is None else str(item) for item in value)
    return value


def to_csv(result: Result, name: str = "decisions") -> bytes:
    """A table as CSV: UTF-8 with BOM, formulas neutralised."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns(name))
    for row in rows(result, name):
        writer.writerow([neutral(value) for value in row.values()])
    return text.getvalue().encode("utf-8-sig")


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet runs as a formula."""
    if isinstance(value, str) and value.startswith(_RUN_BY_SPREADSHEETS):
        return f"'{value}"
    return value


def to_xlsx(result: Result) -> bytes:
    """A workbook with a sheet each for decisions, findings and what wasn't evaluated: header frozen, filters on."""
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError(Problem("CR-EXTRA-MISSING", values={"what": "xlsxwriter", "extra": "frames"})) from None
    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, options) as book:
        bold = book.add_format({"bold": True})
        for name in MODELS:
            _sheet(book.add_worksheet(name), bold, columns(name), [list(row.values()) for row in rows(result, name)])
    return held.getvalue()


def _sheet(sheet: Any, bold: Any, header: Sequence[str], body: Sequence[Sequence[Any]]) -> None:
    sheet.write_row(0, 0, header, bold)
    for number, row in enumerate(body, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write(number, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(body), 1), len(header) - 1)
    sheet.set_column(0, len(header) - 1, 18)
