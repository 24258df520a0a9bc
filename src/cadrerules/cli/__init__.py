"""The command line: every error on standard error, in the chosen language, with a code and exit status 2."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from .. import __version__
from ..errors import CadreError, Lang, Problem, UsageError
from . import journal, policy, simulate
from .calls import remember
from .evaluate import evaluate
from .explain import explain
from .mutate import mutate
from .options import LANGUAGE
from .output import say
from .report import report
from .test import cases
from .verify import verify

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(evaluate)
app.command()(explain)
app.command()(report)
app.command("test")(cases)
app.command()(mutate)
app.command()(verify)
app.add_typer(journal.app, name="journal")
app.add_typer(policy.app, name="policy")
app.add_typer(simulate.app, name="simulate")
app.add_typer(journal.app, name="journal")


def _version(asked: bool) -> None:
    if asked:
        print(__version__)
        raise typer.Exit


_Version = Annotated[bool, typer.Option("--version", is_eager=True, callback=_version, help="Print the version.")]


@app.callback()
def _common(version: _Version = False) -> None:
    """Evaluation rules as code."""


def _language(arguments: Sequence[str]) -> Lang:
    """The language of error reports, even where the arguments themselves are at fault."""
    words = [w.partition("=")[2] for w in arguments if w.startswith("--lang=")]
    words += [after for word, after in itertools.pairwise(arguments) if word == "--lang"]
    chosen = words[-1] if words else os.environ.get(LANGUAGE, "") or os.environ.get("LANG", "")
    return "zh" if chosen.startswith("zh") else "en"


def _misuse(error: Exception) -> str | None:
    """What typer found wrong with the call itself, empty where it printed help; None for any other error."""
    told = getattr(error, "format_message", None)
    return str(told()) if told else None


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and leave with its status: 0, or 2 where the call or its input is at fault.

    `arguments` default to those of the process.
    """
    run(app, "cadrerules", arguments)


def run(app: typer.Typer, name: str, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a program of this name as `main` runs the command line."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    lang = _language(given)
    remember(name, given)
    try:
        status = app(args=given, prog_name=name, standalone_mode=False)
    except CadreError as error:
        say(error.report(lang))
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except Exception as error:
        reason = _misuse(error)
        if reason is not None:
            if reason:
                say(UsageError(Problem("CR-CALL", values={"reason": reason})).report(lang))
            sys.exit(2)
        if os.environ.get("CADRERULES_DEBUG"):
            raise
        say(UsageError(Problem("CR-INTERNAL", values={"what": type(error).__name__})).report(lang))
        sys.exit(2)
    sys.exit(status or 0)
