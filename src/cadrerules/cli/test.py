"""`cadrerules test`: runs the cases that stand beside policies, and tells what they cover."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import Lang
from ..load.files import needing
from ..testing.cases import plan_of
from ..testing.words import word as told
from . import options
from .output import progress, say, write

if TYPE_CHECKING:
    from ..testing.run import Run

FORMATS = ("text", "json", "html")
ENGINES = ("scalar", "polars", "duckdb", "spark")


def cases(
    targets: Annotated[list[str] | None, typer.Argument(help="Installed policy sets, folders or case files.", metavar="[PATH|NAME]...")] = None,
    policy: options.Policy = None,
    containing: Annotated[str, typer.Option("-k", help="Only cases whose file or name contains this text.", metavar="TEXT")] = "",
    engine: Annotated[str, typer.Option(help="One or more of scalar, polars, duckdb and spark, with commas.", metavar="NAMES")] = "scalar",
    update: Annotated[bool, typer.Option("--update", help="Rewrite the expectations that differ.")] = False,
    coverage: Annotated[bool, typer.Option("--coverage", help="Tell which rules and conditions the cases cover.")] = False,
    missing: Annotated[bool, typer.Option("--missing", help="Write cases for what the cases don't cover, for a person to confirm.")] = False,
    fail_under: Annotated[float | None, typer.Option(help="Leave with 1 where less than this is covered.", metavar="PERCENT", min=0, max=100)] = None,
    format: Annotated[str, typer.Option("--format", help="text, json or html.", metavar="FORMAT")] = "text",  # noqa: A002 - the option's name
    lang: options.Language = "",
    out: options.Out = None,
) -> None:
    """Run the cases that stand beside policies; leave with 1 where one fails, or too little is covered."""
    language = options.language(lang)
    options.one_of(format, "--format", FORMATS)
    engines = [options.one_of(name.strip(), "--engine", ENGINES) for name in engine.split(",")]
    if missing:
        _missing(targets or [], containing, language, out)
        return
    from ..testing.run import documents_of, run_cases

    with progress(language) as tell:
        run = run_cases(
            documents_of(targets or []), engines,
            policies=policy or (), containing=containing, updating=update, covering=coverage or fail_under is not None or format == "html", progress=tell,
        )  # fmt: skip
    write(_content(run, format, language), out, language)
    under = fail_under is not None and run.percent < fail_under
    if under:
        from ..testing.coverage.lines import percent_text

        say(told("under", language, percent=percent_text(run.percent), asked=f"{fail_under:g}"))
    if run.failed or under:
        raise typer.Exit(1)


def _missing(targets: list[str], containing: str, lang: Lang, out: Path | None) -> None:
    """Write cases for what is not covered, as a case file."""
    with needing("z3", "verify"):
        from ..testing.missing import missing_cases
    from ..testing.run import documents_of, run_cases

    documents = documents_of(targets)
    with progress(lang) as tell:
        run = run_cases(documents, containing=containing, covering=True, progress=tell)
        plans = {str(plan.name): plan for plan in (plan_of(document) for document in documents)}
        found = {report.name: missing_cases(plans[report.name], report, tell) for report in run.reports}
    cases = [case for each in found.values() for case in each.cases]
    head = f"format: 1\npolicy_set: {next(iter(found), '')}\nas_of: {cases[0].as_of if cases else date.today()}\ncases:"
    write(head + (" []\n" if not cases else "\n" + "\n".join(case.text(lang) for case in cases)), out, lang)
    say(told("made", lang, made=len(cases), gaps=sum(len(report.lacking) for report in run.reports), left=sum(len(each.left) for each in found.values())))


def _content(run: Run, format: str, lang: Lang) -> str:  # noqa: A002 - the option's name
    if format == "json":
        return json.dumps(run.to_dict(), ensure_ascii=False, indent=2) + "\n"
    if format == "html":
        from ..testing.coverage.page import as_page

        return as_page(run.reports, lang, [run.summary(lang)], [ran.text(lang) for ran in run.failed])
    return "\n".join(_parts(run, lang)) + "\n"


def _parts(run: Run, lang: Lang) -> list[str]:
    """What is said on a terminal: failures, what was rewritten, coverage, and the summary last."""
    from ..testing.coverage.text import as_text
    from ..testing.run import shown_path

    parts = [f"{ran.text(lang)}\n" for ran in run.failed]
    parts += [told("skipped", lang, case=ran.outcome.case.name, reason=ran.skipped) for ran in run.ran if ran.skipped]
    parts += [f"{told('updated', lang)}: {shown_path(d.path)}: {change.text(lang)}" for d, change in run.changes]
    parts += [f"{told('coverage_of', lang, report.name)}\n{as_text(report, lang)}" for report in run.reports]
    return [*parts, run.summary(lang)]
