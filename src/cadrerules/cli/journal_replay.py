"""`cadrerules journal replay`: as decided then, as known then, as now."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ..errors import Lang, Problem, UsageError
from ..journal.opening import open_journal
from ..replaying.replay import replay as replayed
from ..replaying.replayed import Replay
from ..replaying.telling import to_csv, to_text
from . import options
from .output import write

Where = Annotated[str, typer.Argument(help="A journal's file, or `postgresql+psycopg://..`.", metavar="JOURNAL")]
AsKnown = Annotated[str, typer.Option(help="What was known by the end of this day, UTC; now where left out.", metavar="DATE")]
_VERSIONS = "an installed policy set or a folder, from a day on where several are given; may be given again."
Now = Annotated[list[str] | None, typer.Option("--policies", help=f"The policies in force now: {_VERSIONS}", metavar="NAME[@FROM]")]
Then = Annotated[list[str] | None, typer.Option("--then", help=f"The policies in force then, if others: {_VERSIONS}", metavar="NAME[@FROM]")]
Format = Annotated[str, typer.Option("--format", help="table, json or csv.", metavar="FORMAT")]


def replay(
    where: Where,
    as_known: AsKnown = "",
    policies: Now = None,
    then: Then = None,
    as_of: options.AsOf = "",
    group_by: options.GroupBy = "",
    format: Format = "table",  # noqa: A002 - the option's name
    lang: options.Language = "",
    out: options.Out = None,
) -> None:
    """Decide again on what was known then and on what is known now, and list what differs and why."""
    language = options.language(lang)
    options.one_of(format, "--format", ("table", "json", "csv"))
    if "://" not in where:
        options.existing(Path(where))
    days = {"as_known": _day(as_known, "--as-known"), "as_of": _day(as_of, "--as-of")}
    now, before = versions(policies, "--policies"), versions(then, "--then")
    with open_journal(where, group_by=group_by) as journal:
        found = replayed(journal, policies=now or None, then=before or None, **days)
    write(_content(found, format, language), out, language)


def _content(found: Replay, format: str, lang: Lang) -> str | bytes:  # noqa: A002
    match format:
        case "json":
            return json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n"
        case "csv":
            return to_csv(found, lang)
        case _:
            return to_text(found, lang)


def _day(text: str, option: str) -> date | None:
    return options.day(text, option) if text else None


def versions(texts: list[str] | None, option: str) -> dict[date, str]:
    """The policies by the day from which each is in force, of options `NAME` and `NAME@FROM`."""
    found: dict[date, str] = {}
    for text in texts or ():
        name, sign, day = text.rpartition("@")
        since = options.day(day, option) if sign else date.min
        if since in found:
            raise UsageError(Problem("CR-GIVEN-TWICE", values={"name": day if sign else text, "option": option}))
        found[since] = name if sign else text
    return found
