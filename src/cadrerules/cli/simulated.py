"""What commands that simulate share: the facts they run on, and how what is found goes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
from ..plan import ENGINES, Plan
from ..reading import read_tables, scan_tables
from . import options, simulation_page
from .output import Progress, progress, write

if TYPE_CHECKING:
    import polars as pl

_Format = Annotated[str, typer.Option("--format", help="table, json or csv.", metavar="FORMAT")]
_PagedFormat = Annotated[str, typer.Option("--format", help="table, json, csv or html.", metavar="FORMAT")]
_Figures = Annotated[Path | None, typer.Option("--figures", help="Also write each chart to a file in this folder.", metavar="FOLDER")]
_FigureFormat = Annotated[str, typer.Option("--figure-format", help="svg or png.", metavar="FORMAT")]


class Told(Protocol):
    """What a simulation gives."""

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""

    def to_frame(self) -> pl.DataFrame:
        """Its main figures, a row each."""


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
    figures: Path | None
    figure_format: simulation_page.PictureFormat

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

    @contextmanager
    def working(self, word: str = "evaluating") -> Iterator[Progress]:
        """Shows how far the work has come; refuses with the name of the extra where polars isn't installed."""
        with needing("polars", "frames"), progress(self.lang, word) as told:
            yield told

    def tell(self, found: Told) -> None:
        """Write what a simulation gives in the format asked for, and its charts."""
        if self.figures is not None:
            simulation_page.write_pictures(cast("simulation_page.Shown", found), self.figures, self.figure_format, self.lang)
        match self.format:
            case "json":
                write(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n", self.out, self.lang)
            case "csv":
                from ..simulate.csv import to_csv

                write(to_csv(found.to_frame()), self.out, self.lang)
            case "html":
                write(simulation_page.page(cast("simulation_page.Shown", found), self.lang), self.out, self.lang)
            case _:
                write(found.to_text(self.lang), self.out, self.lang)


def asked(
    data: options.Data,
    policies: options.Policies = "",
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    engine: options.Engine = "auto",
    format: _PagedFormat = "table",  # noqa: A002 - the option's name
    figures: _Figures = None,
    figure_format: _FigureFormat = "svg",
    lang: options.Language = "",
    out: options.Out = None,
    extra_columns: options.Extra = "error",
    pseudonymise: options.Pseudonymise = None,
    group_by: options.GroupBy = "",
    group: options.Group = "",
) -> Asked:
    """What the options of a simulation say; `UsageError` for what can't be."""
    chosen = options.one_of(format, "--format", ("table", "json", "csv", "html"))
    return Asked(
        options.plan_for(policies, data, settings, readings),
        data,
        options.day(as_of),
        options.language(lang),
        options.one_of(engine, "--engine", ENGINES),
        chosen,
        out,
        options.extras(extra_columns),
        None if pseudonymise is None else options.key_in(pseudonymise),
        options.Grouping(group_by, group),
        figures,
        simulation_page.picture_format(figure_format, wanted=chosen == "html" or figures is not None),
    )


def asked_on_rows(
    data: options.Data,
    policies: options.Policies = "",
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    format: _Format = "table",  # noqa: A002 - the option's name
    lang: options.Language = "",
    out: options.Out = None,
    extra_columns: options.Extra = "error",
    pseudonymise: options.Pseudonymise = None,
    group_by: options.GroupBy = "",
    group: options.Group = "",
) -> Asked:
    """The same of a simulation that only the scalar engine does, and that has no page."""
    options.one_of(format, "--format", ("table", "json", "csv"))
    return asked(
        data, policies, settings, readings, as_of,
        format=format, lang=lang, out=out, extra_columns=extra_columns, pseudonymise=pseudonymise, group_by=group_by, group=group,
    )  # fmt: skip
