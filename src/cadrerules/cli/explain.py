"""`cadrerules explain`: why a subject's decisions are as they are, and why the other rules don't apply."""

from __future__ import annotations

from typing import Annotated

import typer

from ..report.formats import FORMATS
from . import options
from .asked import Asked, asked
from .output import say, write
from .sharing import sharing
from .words import word


@sharing(asked)
def explain(
    asked: Asked,
    subject: Annotated[str, typer.Argument(help="The id of a person, unit or other subject.", metavar="SUBJECT")],
    question: Annotated[str, typer.Option(help="Only this question.", metavar="NAME")] = "",
    period: Annotated[str, typer.Option(help="Only this period, 2024 or 2024Q3.", metavar="PERIOD")] = "",
    counterfactual: Annotated[
        bool, typer.Option("--counterfactual", help="Also say what would change it, of the facts that still can.")
    ] = False,
    policy: options.Policy = None,
    format: options.TextFormat = "text",  # noqa: A002 - the option's name
) -> None:
    """Say why, and why not: the decisions about SUBJECT, and every other rule that could have applied."""
    options.one_of(format, "--format", tuple(FORMATS))
    result = asked.result(policy, most=options.LOOKED_THROUGH)
    one = result.organisation(subject=subject)
    assert one.explain_subject is not None
    text = one.explain_subject(
        one.known_as(subject), question or None, period or None, asked.lang, format, counterfactual=counterfactual
    )
    say(word("as_of", asked.lang, result.as_of))
    write(text, asked.out, asked.lang)
