"""What commands that simulate share: the facts they run on, and tables of figures as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, cast

import typer

from ..errors import Lang
from ..load.files import needing
from ..load.headings import ExtraColumns
from ..model.facts import ColumnarTables, FactTables
from ..model.pseudonyms import codes_of
from ..plan import ENGINES, Plan, read_tables, scan_tables
from ..report.csv import neutral
from . import options, simulation_page
from .output import write

if TYPE_CHECKING:
    import polars as pl

FORMATS = ("table", "json", "csv")
PAGED = (*FORMATS, "html")
"""The formats of what also has a page."""
Format = Annotated[str, typer.Option("--format", help="table, json or csv.", metavar="FORMAT")]
PagedFormat = Annotated[str, typer.Option("--format", help="table, json, csv or html.", metavar="FORMAT")]


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


@dataclass(frozen=True)
class Asked:
    """What every such command is asked for: the plan, the facts and how they are read, the day, and where the answer goes."""

    plan: Plan
    data: Path
    day: date
    lang: Lang
    engine: str
    format: str
    out: Path | None
    extra: ExtraColumns
    key: bytes | None
    grouping: options.Grouping

    def facts(self, data: Path | None = None) -> FactTables | ColumnarTables:
        """The facts, or others, as `evaluate` has them: in columns where they stay so, else as rows; with a key, under pseudonyms."""
        source = self.data if data is None else data
        if self.key is None and options.stays_in_columns(source, self.engine):
            session = options.spark_session() if self.engine == "spark" else None
            tables = scan_tables(source, self.plan, extra_columns=self.extra, group_by=self.grouping.by, session=session)
            return self.grouping.in_columns(tables)
        facts = read_tables(source, self.plan, extra_columns=self.extra, group_by=self.grouping.by)
        if self.key is not None:
            facts = codes_of(facts, self.key, self.plan.policy_set.doc.waivable_by).facts(facts)
        return self.grouping.chosen(facts)

    def tell(self, found: Told) -> None:
        """Write what a simulation gives in the format asked for."""
        match self.format:
            case "json":
                write(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n", self.out, self.lang)
            case "csv":
                frame = found.to_frame()
                write(to_csv(frame.iter_rows(named=True), frame.columns), self.out, self.lang)
            case "html":
                write(simulation_page.page(cast("simulation_page.Shown", found), self.lang), self.out, self.lang)
            case _:
                write(found.to_text(self.lang), self.out, self.lang)


def asked(
    data: Path,
    policies: str,
    settings: list[str] | None,
    readings: list[str] | None,
    as_of: str,
    engine: str,
    format: str,  # noqa: A002 - the option's name
    lang: str,
    out: Path | None,
    extra_columns: str,
    pseudonymise: Path | None,
    group_by: str,
    group: str,
    formats: tuple[str, ...] = FORMATS,
) -> Asked:
    """What the options of a command say; `UsageError` for what can't be."""
    return Asked(
        options.plan_for(policies, data, settings, readings),
        data,
        options.day(as_of),
        options.language(lang),
        options.one_of(engine, "--engine", ENGINES),
        options.one_of(format, "--format", formats),
        out,
        options.extras(extra_columns),
        None if pseudonymise is None else options.key_in(pseudonymise),
        options.Grouping(group_by, group),
    )


def to_csv(rows: Iterator[Mapping[str, Any]], columns: list[str]) -> bytes:
    """Rows as CSV: UTF-8 with BOM, and no cell that a spreadsheet would run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if row[name] is None else neutral(str(row[name])) for name in columns])
    return text.getvalue().encode("utf-8-sig")
