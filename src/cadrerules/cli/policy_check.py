"""`cadrerules policy check`: whether a policy set can be used, and what is missing in it."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import PolicyError
from . import options
from .output import say, write
from .words import word

FORMATS = ("text", "json", "github")

_SOURCE = Annotated[str, typer.Argument(help="An installed policy set, or a folder.", metavar="[NAME|PATH]")]
_FORMAT = Annotated[str, typer.Option("--format", help="text, json, or github for annotations in GitHub Actions.", metavar="FORMAT")]


def check(
    source: _SOURCE = "",
    format: _FORMAT = "text",  # noqa: A002 - the option's name
    lang: options.Language = "",
    out: options.Out = None,
) -> None:
    """Report every problem of a policy set and of the documents beside it; the exit status is 2 where there is an error.

    Beside it are its cases, its accepted findings and its population. Warnings tell rules that the register of clauses expects
    and that aren't there, doesn't list, or that cite no clause.

    For example:

        cadrerules policy check src/canteen_rules

        cadrerules policy check src/canteen_rules --format github
    """
    from ..authoring.annotations import as_github, as_json
    from ..authoring.checking import check as checked

    language = options.language(lang)
    options.one_of(format, "--format", FORMATS)
    found = checked(source or None)
    if format != "text":
        write((as_json if format == "json" else as_github)(found, language), out, language)
    else:
        for warning in found.warnings:
            say(word("warning", language, warning.text(language)))
        if found.errors:
            raise PolicyError(found.errors)
        fine = word("warnings_only", language, len(found.warnings)) if found.warnings else word("fine", language)
        write(f"{found.name}{word('colon', language)}{fine}\n", out, language)
    if found.errors:
        raise typer.Exit(2)
