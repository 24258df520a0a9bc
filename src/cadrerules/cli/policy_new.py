"""`cadrerules policy new`: a policy package to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import options
from .output import say, write
from .words import word

_NAME = Annotated[str, typer.Argument(help="The package's name, and that of its policy set: letters, digits and hyphens.", metavar="NAME")]
_DIR = Annotated[Path, typer.Option("--dir", help="The folder in which to make it.", metavar="DIR")]


def new(name: _NAME, folder: _DIR = Path(), lang: options.Language = "") -> None:
    """Make a policy package: documents, cases, tests, a plugin and checks for GitHub Actions, all of which pass, for you to change.

    For example:

        cadrerules policy new canteen-rules

        cadrerules policy new canteen-rules --dir ~/policies
    """
    from ..authoring.scaffold import new_package

    language = options.language(lang)
    path = new_package(name, folder)
    say(word("written", language, path))
    write(word("next_steps", language, path=path, name=name), None, language)
