"""`cadrerules policy format`: writes documents in their one form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..load.yaml import MAX_BYTES
from . import options
from .output import say, write
from .words import word

if TYPE_CHECKING:
    from ..authoring.formatting import Formatted

_PATHS = Annotated[
    list[str],
    typer.Argument(help="Documents, folders with policy sets, or - for standard input.", metavar="PATH"),
]
_CHECK = Annotated[bool, typer.Option("--check", help="Write nothing; list what has another form, and exit with 1 where something has.")]
_DIFF = Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")]


def format_(
    paths: _PATHS,
    check: _CHECK = False,
    diff: _DIFF = False,
    lang: options.Language = "",
) -> None:
    """Write policy documents, case files and the like in one form, which keeps every comment and what they say.

    Entries come in one order, expressions as the language prints them, and indentation, spaces and quotes are the same everywhere.
    Where any of the documents can't be loaded, all problems are reported and nothing is written.

    For example:

        cadrerules policy format src

        cadrerules policy format src reforms/fewer_flags.yaml --check --diff

        cadrerules policy format - < review.yaml
    """
    language = options.language(lang)
    if paths == ["-"]:
        _through(check=check, diff=diff)
        return
    from ..authoring.files import documents_of, formatted_all, rewrite

    found = formatted_all(documents_of([Path(path) for path in paths]))
    changed = {path: document for path, document in found.items() if document.changed}
    for path, document in changed.items():
        if diff:
            write(document.diff(), None, language)
        elif check:
            write(f"{path}\n", None, language)
        else:
            rewrite(path, document)
            say(word("formatted", language, path))
    say(word("would_format" if check or diff else "formatted_of", language, len(changed), len(found)))
    if check and changed:
        raise typer.Exit(1)


def _through(*, check: bool, diff: bool) -> None:
    """Format standard input to standard output."""
    from ..authoring.formatting import formatted

    raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    document: Formatted = formatted(raw.decode("utf-8", "surrogateescape"), "stdin")
    if not check or diff:
        write(document.diff() if diff else document.after, None, "en")
    if check and document.changed:
        raise typer.Exit(1)
