"""`cadrerules explain`: why a subject's decisions are as they are, and why the other rules don't apply."""

from __future__ import annotations

from typing import Annotated

import typer

from ..plan import read_tables
from . import options
from .options import one_of
from .output import write


def explain(
    data: options.Data,
    subject: Annotated[str, typer.Argument(help="The id of a person, unit or other subject.")],
    question: Annotated[str, typer.Option(help="Only this question.")] = "",
    period: Annotated[str, typer.Option(help="Only this period, 2024 or 2024Q3.")] = "",
    policies: options.Policies = "",
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    format: str = "text",  # noqa: A002 - the option's name
    lang: options.Language = "",
    out: options.Out = None,
    extra_columns: options.Extra = "error",
) -> None:
    """Say why, and why not: every rule that could have applied to SUBJECT."""
    language = options.language(lang)
    one_of(format, "--format", ("text", "markdown", "html", "json"))
    one_of(extra_columns, "--extra-columns", ("error", "ignore", "keep"))
    day = options.day(as_of)
    plan = options.plan_for(policies, data, settings, readings)
    result = plan.evaluate(read_tables(data, plan, extra_columns=extra_columns), as_of=day)  # type: ignore[arg-type]
    assert result.explain_subject is not None
    text = result.explain_subject(subject, question or None, period or None, language, format)
    write(text if text.endswith("\n") else text + "\n", out)
