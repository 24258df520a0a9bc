"""`cadrerules journal check`: whether a journal, or receipts, are as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from ..checker import check_receipt, check_receipts
from ..errors import DataError, Place, Problem
from ..evidence.comparing import policy_problems
from ..journal.entries import Entry
from ..journal.exports import NAME, read_export
from ..journal.opening import open_journal
from ..load.receipts import form_problems, is_receipt, read_lines
from ..plan import Plan
from . import options
from .output import say
from .words import word

Where = Annotated[
    str, typer.Argument(help="A journal, its export, a file of receipts, or `postgresql+psycopg://..`.", metavar="FILE")
]
Compared = Annotated[
    str, typer.Option(help="Compare the policies in receipts with these, installed or in a folder.", metavar="NAME|PATH")
]
_SQLITE = b"SQLite format 3\0"


def check(
    where: Where,
    policies: Compared = "",
    settings: options.Settings = None,
    readings: options.Readings = None,
    lang: options.Language = "",
) -> None:
    """Verify a journal or receipts: every digest and link, and every step of every decision; status 1 where something is wrong."""
    language = options.language(lang)
    compared = bool(policies or settings or readings)
    checked = _Checked(options.plan_for(policies, None, settings, readings) if compared else None)
    problems = list(checked.problems(where))
    say(word("checked", language, checked.entries, checked.receipts))
    if checked.given:
        say(word("checked_given", language, checked.given))
    if problems:
        say(DataError(problems).report(language))
        raise typer.Exit(1)
    say(word("checked_sound", language))


@dataclass
class _Checked:
    """What is looked at, and how much of it there was; `given` are findings of plugins, which nobody can compute again."""

    plan: Plan | None
    entries: int = 0
    receipts: int = 0
    given: int = 0

    def problems(self, where: str) -> Iterator[Problem]:
        """What is wrong in a journal, an export or a file of receipts."""
        path = Path(where)
        if "://" in where or _starts_with(options.existing(path), _SQLITE):
            yield from self._of_journal(where)
            return
        lines = list(read_lines(path))
        if isinstance(lines[0][1], dict) and lines[0][1].get("format") == NAME:
            export = read_export(path)
            yield from export.check()
            yield from self._recorded(export.file, export.entries)
            return
        yield from check_receipts(lines)
        for place, receipt in lines:
            yield from self._compared(receipt, place)

    def _of_journal(self, where: str) -> Iterator[Problem]:
        with open_journal(where) as journal:
            problems = journal.check()
            yield from problems
            yield from self._recorded(journal.name, () if problems else tuple(journal.entries()))

    def _recorded(self, file: str, entries: tuple[Entry, ...]) -> Iterator[Problem]:
        """What is wrong in the receipts that a journal holds."""
        self.entries = len(entries)
        for entry in entries:
            if is_receipt(entry.receipt):
                place, receipt = Place(file=file, row=entry.sequence), dict(entry.receipt or {})
                yield from form_problems(receipt, place) or check_receipt(receipt, place)
                yield from self._compared(receipt, place)

    def _compared(self, receipt: Any, place: Place) -> Iterator[Problem]:
        self.receipts += 1
        if form_problems(receipt, place):
            return
        self.given += sum(part.get("given", False) for part in receipt["rules"])
        if self.plan is not None:
            yield from policy_problems(receipt, self.plan, place)


def _starts_with(path: Path, start: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(start)) == start
