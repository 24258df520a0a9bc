"""What commands that simulate share: the facts they run on, and tables of figures as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from ..errors import Lang
from ..load.files import needing
from ..model.facts import ColumnarTables, FactTables
from ..model.pseudonyms import codes_of
from ..plan import Plan, read_tables, scan_tables
from ..report.csv import neutral
from . import options
from .output import write

if TYPE_CHECKING:
    import polars as pl

FORMATS = ("table", "json", "csv")
Format = Annotated[str, typer.Option("--format", help="table, json or csv.", metavar="FORMAT")]


class Told(Protocol):
    """What a simulation gives."""

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""

    def to_frame(self) -> pl.DataFrame:
        """Its main figures, a row each."""


@contextmanager
def frames_needed() -> Iterator[None]:
    """Refuse with the name of the extra where polars isn't installed."""
    with needing("polars", "frames"):
        yield


def held(
    plan: Plan, data: Path, extra_columns: str, engine: str, grouping: options.Grouping, pseudonymise: Path | None
) -> FactTables | ColumnarTables:
    """The facts as `evaluate` has them: in columns where they stay so, else as rows, with pseudonyms where there is a key file."""
    extra = options.extras(extra_columns)
    key = None if pseudonymise is None else options.key_in(pseudonymise)
    if key is None and options.stays_in_columns(data, engine):
        session = options.spark_session() if engine == "spark" else None
        return grouping.in_columns(scan_tables(data, plan, extra_columns=extra, group_by=grouping.by, session=session))
    facts = read_tables(data, plan, extra_columns=extra, group_by=grouping.by)
    if key is not None:
        facts = codes_of(facts, key, plan.policy_set.doc.waivable_by).facts(facts)
    return grouping.chosen(facts)


def tell(found: Told, format: str, lang: Lang, out: Path | None) -> None:  # noqa: A002 - the option's name
    """Write what a simulation gives in the format asked for."""
    match format:
        case "json":
            write(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n", out, lang)
        case "csv":
            write(to_csv(found.to_frame().iter_rows(named=True), found.to_frame().columns), out, lang)
        case _:
            write(found.to_text(lang), out, lang)


def to_csv(rows: Iterator[Mapping[str, Any]], columns: list[str]) -> bytes:
    """Rows as CSV: UTF-8 with BOM, and no cell that a spreadsheet would run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if row[name] is None else neutral(str(row[name])) for name in columns])
    return text.getvalue().encode("utf-8-sig")
