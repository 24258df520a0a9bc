"""`cadrerules evaluate`: decisions on tables of facts."""

from __future__ import annotations

import json
from pathlib import Path

from ..errors import Lang, Problem, UsageError
from ..load.files import needing
from ..model.result import Result
from ..plan import Plan
from ..report.csv import to_csv
from ..report.xlsx import to_xlsx
from ..whole_files import whole_file, whole_folder
from . import options
from .asked import Asked, asked
from .decision_table import decision_table
from .output import progress, say, write
from .sharing import sharing
from .words import word

FORMATS = ("table", "json", "csv", "xlsx", "parquet")


@sharing(asked)
def evaluate(
    asked: Asked,
    policy: options.Policy = None,
    format: options.ResultFormat = "table",  # noqa: A002 - the option's name
    trace: options.Trace = False,
) -> None:
    """Decide every question about every subject in DATA."""
    out, language = asked.out, asked.lang
    options.one_of(format, "--format", FORMATS)
    if format in ("xlsx", "parquet") and out is None:
        raise UsageError(Problem("CR-NEEDS-OUT", values={"format": format}))
    if trace and format != "json":
        raise UsageError(Problem("CR-TRACE-NEEDS-JSON"))
    result = asked.result(policy)
    if format == "parquet" and out is not None:
        _write_parquet(result, out, language, folder=asked.engine == "spark")
        return
    content = _content(asked.plan, result, format, language, trace=trace, terminal=out is None)
    tell(result, language)
    write(content, out, language)


def _write_parquet(result: Result, out: Path, lang: Lang, *, folder: bool) -> None:
    """The decisions as a Parquet file, batch by batch where they are many; of Spark a folder of files."""
    tell(result, lang)
    whole = whole_folder if folder else whole_file
    with needing("pyarrow", "frames"), progress(lang) as told, whole(out) as beside:
        result.write_parquet(beside, progress=told)
    say(word("written", lang, out))


def tell(result: Result, lang: Lang) -> None:
    """Say as of which day it was evaluated, what does nothing and what was left out."""
    say(word("as_of", lang, result.as_of))
    for warning in result.warnings:
        say(word("warning", lang, warning[lang]))
    for left in result.not_evaluated:
        say(word("left_out", lang, left.rule or left.policy, ", ".join(left.tables)))


def _content(plan: Plan, result: Result, format: str, lang: Lang, *, trace: bool, terminal: bool) -> str | bytes:  # noqa: A002
    match format:
        case "json":
            return json.dumps(result.to_dict(trace=trace), ensure_ascii=False, indent=2) + "\n"
        case "csv":
            return to_csv(result)
        case "xlsx":
            return to_xlsx(result)
        case _:
            return decision_table(plan, result, lang, terminal=terminal)
