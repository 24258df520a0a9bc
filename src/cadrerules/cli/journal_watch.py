"""`cadrerules journal watch`: decisions and findings that begin, end or change while facts come in."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import Lang, Place, Problem, UsageError
from ..plan import Plan
from ..reading import read_tables
from . import options
from .output import is_read, say, write_line
from .words import word

if TYPE_CHECKING:
    from ..monitor.watching import Seen

STDIN = "-"
_ONLY_JOURNAL = {"en": "a journal", "zh": "日志"}
_ONLY_STDIN = {"en": "`-`, facts on standard input", "zh": "标准输入（“-”）"}


def watch(
    journal: Annotated[
        str, typer.Argument(help="A journal's file or URL; - for facts as JSON Lines on standard input.", metavar="JOURNAL")
    ],
    after: Annotated[
        int | None, typer.Option(help="Begin after this entry of the journal; 0 is before the first.", metavar="NUMBER", min=0)
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Don't wait for entries that aren't there yet.")] = False,
    facts: Annotated[
        Path | None, typer.Option(help="With -: tables to begin with, as DATA of evaluate.", metavar="DATA")
    ] = None,
    policies: options.Policies = "",
    policy: options.Policy = None,
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    format: Annotated[str, typer.Option("--format", help="text, or json, a line for each change.", metavar="FORMAT")] = "text",  # noqa: A002 - the option's name
    lang: options.Language = "",
) -> None:
    """Show what follows from each fact as it is entered in JOURNAL by others, until Ctrl-C."""
    language = options.language(lang)
    options.one_of(format, "--format", ("text", "json"))
    plan = options.plan_for(policies, facts, settings, readings)
    day = options.day(as_of) if as_of else None
    if journal == STDIN:
        _refuse({"--after": after is not None, "--once": once}, _ONLY_JOURNAL)
        seen = _from_stdin(plan, facts, day, policy, language)
    else:
        _refuse({"--facts": facts is not None}, _ONLY_STDIN)
        seen = _from_journal(plan, journal, after, day, policy, language, once=once)
    with closing(seen):
        failed = _show(plan, seen, "line" if journal == STDIN else "entry", format, language)
    if failed:
        raise typer.Exit(2)


def _refuse(given: dict[str, bool], what: dict[str, str]) -> None:
    """Refuse options that were given but go only with something else."""
    if wrong := [option for option, is_given in given.items() if is_given]:
        raise UsageError([Problem("CR-WATCH-OPTION", values={"option": option, "what": what}) for option in wrong])


def _from_stdin(
    plan: Plan, facts: Path | None, day: date | None, policies: list[str] | None, lang: Lang
) -> Generator[Seen | None, None, None]:
    from ..monitor.watching import watch_lines

    tables = None if facts is None else read_tables(facts, plan)
    monitor = plan.monitor(facts=tables, as_of=day, policies=policies or None, engine="scalar")
    say(word("as_of", lang, monitor.as_of))
    yield from watch_lines(monitor, sys.stdin.buffer)


def _from_journal(
    plan: Plan, where: str, after: int | None, day: date | None, policies: list[str] | None, lang: Lang, *, once: bool
) -> Generator[Seen | None, None, None]:
    from ..journal.opening import open_journal
    from ..monitor.watching import JournalWatch

    if "://" not in where and not Path(where).exists():  # else it would be made
        raise UsageError(Problem("CR-NO-SUCH-PATH", Place(file=where)))
    with open_journal(where, plan) as journal:
        watched = JournalWatch(plan, journal, after=after, as_of=day, policies=policies or None)
        say(word("as_of", lang, watched.monitor.as_of))
        if not once:
            say(word("watching", lang, len(watched.monitor.decisions), watched.at))
        with _interrupted() as stop:
            yield from watched.run(once=once, stop=stop)


@contextmanager
def _interrupted() -> Iterator[threading.Event]:
    """Set by Ctrl-C, which thus comes between two looks at the database, where drivers bear it; it is raised at the end."""
    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
    if stop.is_set():
        raise KeyboardInterrupt


def _show(plan: Plan, seen: Iterator[Seen | None], number: str, format: str, lang: Lang) -> bool:  # noqa: A002
    """Write what is seen, each line at once, while somebody reads it; whether a line, or how entries end, was refused."""
    failed = False
    for one in seen:
        if one is None:
            if not is_read():
                break
            continue
        failed = one.refused is not None or (failed and number == "line")  # entries may fit together later
        if one.refused is not None:
            if number == "entry":
                say(word("refused_entry", lang, one.number))
            say(one.refused.report(lang))
        if not all(write_line(line) for line in _lines(plan, one, number, format, lang)):
            break
    return failed


def _lines(plan: Plan, seen: Seen, number: str, format: str, lang: Lang) -> Iterator[str]:  # noqa: A002
    from .change_words import change_dict, change_text

    for change in seen.changes:
        if format == "json":
            head = {number: seen.number, "as_of": seen.as_of.isoformat()}
            yield json.dumps({**head, **change_dict(change)}, ensure_ascii=False)
        else:
            yield change_text(plan, seen.number, change, lang)
