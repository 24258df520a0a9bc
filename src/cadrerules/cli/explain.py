"""`cadrerules explain`: why a subject's decisions are as they are, and why the other rules don't apply."""

from __future__ import annotations

from typing import Annotated

import typer

from ..report.formats import FORMATS
from . import options
from .output import say, write
from .words import word


def explain(
    data: options.Data,
    subject: Annotated[str, typer.Argument(help="The id of a person, unit or other subject.", metavar="SUBJECT")],
    question: Annotated[str, typer.Option(help="Only this question.", metavar="NAME")] = "",
    period: Annotated[str, typer.Option(help="Only this period, 2024 or 2024Q3.", metavar="PERIOD")] = "",
    counterfactual: Annotated[
        bool, typer.Option("--counterfactual", help="Also say what would change it, of the facts that still can.")
    ] = False,
    policies: options.Policies = "",
    policy: options.Policy = None,
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    engine: options.Engine = "auto",
    format: options.TextFormat = "text",  # noqa: A002 - the option's name
    lang: options.Language = "",
    out: options.Out = None,
    extra_columns: options.Extra = "error",
    pseudonymise: options.Pseudonymise = None,
    group_by: options.GroupBy = "",
    group: options.Group = "",
) -> None:
    """Say why, and why not: the decisions about SUBJECT, and every other rule that could have applied."""
    language = options.language(lang)
    options.one_of(format, "--format", tuple(FORMATS))
    plan = options.plan_for(policies, data, settings, readings)
    result = options.evaluated(
        plan, data, as_of, extra_columns, language,
        policies=policy, engine=engine, pseudonymise=pseudonymise, grouping=options.Grouping(group_by, group, most=options.LOOKED_THROUGH),
    )  # fmt: skip
    one = result.organisation(subject=subject)
    assert one.explain_subject is not None
    text = one.explain_subject(
        one.known_as(subject), question or None, period or None, language, format, counterfactual=counterfactual
    )
    say(word("as_of", language, result.as_of))
    write(text, out, language)
