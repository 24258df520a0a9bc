"""`cadrerules report`: a report on tables of facts, of those that this library and the plugins offer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import Problem, UsageError
from ..plugins import installed_plugins
from ..report.reports import find_report
from . import options
from .asked import Asked, asked
from .output import say, write
from .sharing import sharing
from .words import word


@sharing(asked)
def report(
    asked: Asked,
    name: Annotated[str, typer.Argument(help="board, dossier, discretion, ...; without one they are listed.", metavar="NAME")] = "",
    data: Annotated[Path | None, typer.Argument(help="A folder of tables, a workbook, or a JSON or YAML file.", metavar="DATA")] = None,
    period: Annotated[str, typer.Option(help="The period it is about, 2024Q3 or 2024-09.", metavar="PERIOD")] = "",
    subject: Annotated[str, typer.Option(help="The id of the person or other subject it is about.", metavar="ID")] = "",
    policy: options.Policy = None,
    format: options.ReportFormat = "",  # noqa: A002 - the option's name
) -> None:
    """Make the report NAME from DATA."""
    offered = find_report(name, installed_plugins())
    if data is None:
        reason = {"en": "it lacks DATA", "zh": "缺少 DATA"}
        raise UsageError(Problem("CR-CALL", values={"reason": reason}))
    options.one_of(format or offered.formats[0], "--format", offered.formats)
    result = asked.result(policy, most=1)
    about = result.organisation().known_as(subject) if subject else None
    content = result.report(name, period=period or None, subject=about, lang=asked.lang, format=format or None)
    if isinstance(content, bytes) and asked.out is None:
        raise UsageError(Problem("CR-NEEDS-OUT", values={"format": format or offered.formats[0]}))
    say(word("as_of", asked.lang, result.as_of))
    write(content, asked.out, asked.lang)
