"""The options that mean the same in every command, and how their texts are read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ..errors import Lang, Place, Problem, UsageError
from ..load.files import needing
from ..load.headings import ExtraColumns
from ..load.sources import is_aside, parquet_files
from ..model.facts import ColumnarTables, FactTables
from ..model.organisations import only, organisations, several
from ..model.pseudonyms import MOST_KEY, checked_key
from ..plan import Plan
from ..reading import load_policies
from ..report.notebook import LANGUAGE as LANGUAGE

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOOKED_THROUGH = 1_000
"""In how many organisations a subject is looked for where none is named."""

Data = Annotated[Path, typer.Argument(help="A folder of tables, a workbook, or a JSON or YAML file.", metavar="DATA")]
Policies = Annotated[str, typer.Option(help="An installed policy set, or a folder of documents.", metavar="NAME|PATH")]
Policy = Annotated[list[str] | None, typer.Option(help="Only this policy; may be given again.", metavar="NAME")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="A parameter, board.black_quarters=3; empty unsets it.", metavar="NAME=VALUE"),
]
Readings = Annotated[
    list[str] | None,
    typer.Option("--interpret", help="A reading of the text, board.ties=dense.", metavar="NAME=OPTION"),
]
AsOf = Annotated[str, typer.Option(help="The day of the evaluation, 2025-01-15; today where left out.", metavar="DATE")]
Engine = Annotated[str, typer.Option(help="auto, scalar, polars, duckdb or spark.", metavar="NAME")]
ResultFormat = Annotated[str, typer.Option("--format", help="table, json, csv, xlsx or parquet.", metavar="FORMAT")]
TextFormat = Annotated[str, typer.Option("--format", help="text, markdown, html or json.", metavar="FORMAT")]
RegisterFormat = Annotated[str, typer.Option("--format", help="text, markdown or json.", metavar="FORMAT")]
ReportFormat = Annotated[
    str, typer.Option("--format", help="One of those the report offers; its first where left out.", metavar="FORMAT")
]
Trace = Annotated[bool, typer.Option("--trace", help="With json: every finding's condition with its values.")]
Language = Annotated[str, typer.Option(help="en or zh.", envvar=LANGUAGE, metavar="LANG")]
Out = Annotated[Path | None, typer.Option(help="Write to this file.", metavar="FILE")]
Receipts = Annotated[Path | None, typer.Option(help="Also write every decision's receipt to this file.", metavar="FILE")]
Pseudonymise = Annotated[
    Path | None,
    typer.Option(help="Replace persons' ids and names by codes made with the key in this file.", metavar="KEYFILE"),
]
GroupBy = Annotated[
    str, typer.Option(help="A further column of every table that keeps organisations apart.", metavar="COLUMN")
]
Group = Annotated[str, typer.Option(help="Only this organisation, of those that --group-by keeps apart.", metavar="VALUE")]
Extra = Annotated[str, typer.Option(help="Columns nobody knows: error, ignore or keep.", metavar="WHAT")]


def language(text: str) -> Lang:
    """The language asked for; without one, Chinese where the system's is, else English."""
    found = text or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en")
    return cast("Lang", one_of(found, "--lang", ("en", "zh")))


def one_of(value: str, option: str, allowed: tuple[str, ...]) -> str:
    """The value if it is allowed; `UsageError` where it isn't."""
    if value not in allowed:
        values = {"value": value, "option": option, "allowed": ", ".join(allowed)}
        raise UsageError(Problem("CR-NOT-AN-OPTION", values=values))
    return value


def day(text: str, option: str = "--as-of") -> date:
    """The day that an option names; today where none is given."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise UsageError(Problem("CR-NOT-A-DAY", values={"value": text, "option": option})) from None


def existing(path: Path) -> Path:
    """The path of a file that is there; `UsageError` where there is none."""
    if not path.is_file():
        raise UsageError(Problem("CR-NO-SUCH-PATH", Place(file=path.name)))
    return path


def plan_for(policies: str, data: Path | None, settings: Sequence[str] | None, readings: Sequence[str] | None) -> Plan:
    """The plan asked for, amended as asked for."""
    plan = load_policies(policies or None, data=data)
    params = {name: value or None for name, value in pairs(settings, "--set", "board.black_quarters=3").items()}
    return plan.amend(params, pairs(readings, "--interpret", "board.ties=dense"))


def extras(text: str) -> ExtraColumns:
    """What to do with columns nobody knows."""
    return cast("ExtraColumns", one_of(text, "--extra-columns", ("error", "ignore", "keep")))


@dataclass(frozen=True, slots=True)
class Grouping:
    """The column that keeps organisations apart, and the only one of them to evaluate.

    `most` is of how many at once the command may be asked: a report is of one, an explanation looks through a few.
    """

    by: str = ""
    of: str = ""
    most: int | None = None

    def at_most(self, most: int | None) -> Grouping:
        """The same where so many may be asked for at once."""
        return replace(self, most=most)

    def chosen(self, facts: FactTables) -> FactTables:
        """The facts of the organisations asked for; `UsageError` where there is no such, or more than one may be."""
        if self.of:
            return only(facts, self.of)
        if self.most and facts.group:
            self._check(organisations(facts))
        return facts

    def in_columns(self, tables: ColumnarTables) -> ColumnarTables:
        """The same of tables that stay in columns."""
        if self.of:
            return tables.only(self.of)
        if self.most and self.by:
            self._check(tables.organisations())
        return tables

    def _check(self, known: list[str]) -> None:
        if self.most is not None and not 0 < len(known) <= self.most:
            raise several(known)


def spark_session() -> SparkSession:
    """The session of Spark that runs, or a new one as Spark's own settings want it."""
    with needing("pyspark", "spark"):
        from pyspark.sql import SparkSession

    return SparkSession.builder.appName("cadrerules").getOrCreate()


def stays_in_columns(data: Path, engine: str) -> bool:
    """Whether DATA is a folder of nothing but Parquet that an engine for columns is asked for, or may be chosen for.

    Tables that are folders of files can be read in no other way, whatever the engine.
    """
    if not data.is_dir():
        return False
    tables = [path for path in data.iterdir() if not is_aside(path)]
    files = {path: parquet_files(path) for path in tables if path.is_dir()}
    if not tables or not all(files.get(path, path.suffix.lower() == ".parquet") for path in tables):
        return False
    return bool(files) or engine not in ("auto", "scalar") or (engine == "auto" and _are_many(tables))


def _are_many(files: list[Path]) -> bool:
    """Whether Parquet files hold more rows than the scalar engine is asked for; where one can't be read, its reader says so."""
    with needing("polars", "frames"):
        import polars as pl
    from ..populations.holding import FEW_ROWS

    with suppress(pl.exceptions.PolarsError, OSError):
        return sum(int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()) for path in files) > FEW_ROWS
    return False


def key_in(file: Path) -> bytes:
    """The key that a file holds, all its bytes; `UsageError` where it isn't there, can't be read or is no key."""
    place = Place(file=file.name)
    try:
        if not file.exists():
            raise UsageError(Problem("CR-NO-SUCH-PATH", place))
        if not file.is_file():  # opening a pipe or a device could wait for ever
            raise UsageError(Problem("CR-UNREADABLE", place))
        with file.open("rb") as opened:
            return checked_key(opened.read(MOST_KEY + 1), place)
    except OSError:
        raise UsageError(Problem("CR-UNREADABLE", place)) from None


def pairs(texts: Sequence[str] | None, option: str, example: str) -> dict[str, str]:
    """The values of an option that may be given again, by name; `UsageError` for one without a name, or given twice."""
    found: dict[str, str] = {}
    for text in texts or ():
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not name:
            values = {"value": text, "option": option, "example": example}
            raise UsageError(Problem("CR-NOT-A-SETTING", values=values))
        if name in found:
            raise UsageError(Problem("CR-GIVEN-TWICE", values={"name": name, "option": option}))
        found[name] = value
    return found
