"""`cadrerules mutate`: changes rules in one small thing at a time, and tells which changes no case notices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import Lang
from ..reading import load_policies
from . import options
from .output import progress, say, write

if TYPE_CHECKING:
    from ..testing.mutation.report import Report

FORMATS = ("text", "json")


def mutate(
    source: Annotated[str, typer.Argument(help="An installed policy set, or a folder.", metavar="[NAME|PATH]")] = "",
    cases: Annotated[Path | None, typer.Option(help="A case file, or a folder of them; those beside the policies where left out.", metavar="PATH")] = None,
    policy: options.Policy = None,
    rule: Annotated[list[str] | None, typer.Option(help="Only changes that reach this rule; may be given again.", metavar="ID")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only this kind of change, such as threshold; may be given again.", metavar="KIND")] = None,
    sample: Annotated[int | None, typer.Option(help="Only so many changes, drawn at random.", metavar="N", min=1)] = None,
    seed: Annotated[int, typer.Option(help="With --sample: which ones.", metavar="N")] = 0,
    jobs: Annotated[int | None, typer.Option(help="How many processes; one per processor where left out.", metavar="N", min=1)] = None,
    search: Annotated[int, typer.Option(help="How many variations of the cases are tried to kill each survivor; 0 for none.", metavar="N", min=0)] = 400,
    fail_under: Annotated[float | None, typer.Option(help="Leave with 1 where the score is lower.", metavar="SCORE", min=0, max=100)] = None,
    format: Annotated[str, typer.Option("--format", help="text or json.", metavar="FORMAT")] = "text",  # noqa: A002 - the option's name
    lang: options.Language = "",
    out: options.Out = None,
) -> None:
    """Change the rules in one small thing at a time, and tell which changes the cases don't notice."""
    language = options.language(lang)
    options.one_of(format, "--format", FORMATS)
    from ..testing.mutation import mutate as mutated
    from ..testing.mutation.words import word
    from ..testing.run import documents_of

    documents = documents_of([str(cases) if cases else source or load_policies().name])
    plan = load_policies(source or documents[0].policies)
    with progress(language) as tell:
        report = mutated(
            plan, documents, policies=policy or (), rules=rule or (), operators=only or (), sample=sample, seed=seed, jobs=jobs,
            search=search, progress=lambda what, done, of: tell(word(what, language), done, of),
        )  # fmt: skip
    write(_content(report, format, language), out, language)
    say(word("rate", language, rate=f"{report.rate:.1f}"))
    _judge(report, fail_under, language)


def _content(report: Report, format: str, lang: Lang) -> str:  # noqa: A002 - the option's name
    if format == "json":
        return json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n"
    from ..testing.mutation.text import as_text

    return as_text(report, lang)


def _judge(report: Report, fail_under: float | None, lang: Lang) -> None:
    """Leave with 1 where the score is too low."""
    from ..testing.mutation.text import percent
    from ..testing.mutation.words import word

    if fail_under is not None and report.score is not None and report.score < fail_under:
        say(word("under", lang, score=percent(report.score), asked=f"{fail_under:g}"))
        raise typer.Exit(1)
