"""`cadrerules simulate compare`: who would be decided otherwise under reforms of the plan, and why."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import Lang, Problem, UsageError
from . import options, simulated
from .output import progress, show, write

if TYPE_CHECKING:
    from ..simulate.comparison import Comparison

FORMATS = ("table", "json", "csv", "html")

_REFORM = Annotated[list[Path] | None, typer.Option("--reform", help="A reform document; may be given again.", metavar="FILE")]
_BY = Annotated[
    list[str] | None,
    typer.Option("--by", help="Break down by a column, staff.role, or by the grouping column; may be given again.", metavar="COLUMN"),
]
_FORMAT = Annotated[str, typer.Option("--format", help="table, json, csv (those affected) or html.", metavar="FORMAT")]
_ATTRIBUTE = Annotated[bool, typer.Option("--attribute/--no-attribute", help="Put what changes down to the parts of a reform.")]


def compare(
    data: options.Data,
    reform: _REFORM = None,
    by: _BY = None,
    policies: options.Policies = "",
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    engine: options.Engine = "auto",
    format: _FORMAT = "table",  # noqa: A002 - the option's name
    attribute: _ATTRIBUTE = True,
    lang: options.Language = "",
    out: options.Out = None,
    extra_columns: options.Extra = "error",
    pseudonymise: options.Pseudonymise = None,
    group_by: options.GroupBy = "",
    group: options.Group = "",
) -> None:
    """Who goes from which decision to which under reforms of the plan, and which part of a reform makes it so."""
    options.one_of(format, "--format", FORMATS)
    if not reform:
        raise UsageError(Problem("CR-NO-REFORM"))
    asked = simulated.asked(data, policies, settings, readings, as_of, engine, "table", lang, out, extra_columns, pseudonymise, group_by, group)
    with simulated.frames_needed():
        from ..simulate.comparing import compare as compared
        from ..simulate.reforms import read_reform
    reforms = [read_reform(path) for path in reform]
    for each in reforms:
        each.of(asked.plan)  # what is wrong with one is told before the tables are read
    with progress(asked.lang) as told:
        found = compared(
            asked.plan, asked.facts(), reforms,
            as_of=asked.day, by=by or (), engine=engine, attribute=attribute, progress=told,
        )  # fmt: skip
    _write(found, format, asked.lang, out)


def _write(found: Comparison, format: str, lang: Lang, out: Path | None) -> None:  # noqa: A002
    match format:
        case "json":
            write(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n", out, lang)
        case "csv":
            write(found.to_csv(), out, lang)
        case "html":
            write(import_module("cadrerules.simulate.page").to_html(found, lang), out, lang)
        case _ if out is None and sys.stdout.isatty():
            from ..simulate.comparison_text import lines

            show(lines(found, lang))
        case _:
            write(found.to_text(lang), out, lang)
