"""A comparison as lines for a terminal, each with what kind of line it is, so that it may be coloured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import Lang
from ..report.grid import padded, width
from .attribution import Flip
from .changes import Change, Field
from .difference import Difference, PolicyDiff
from .telling import SIGNS, Telling

MOST_FLIPS = 20
"""So many flips of a question are shown; JSON has all."""

Style = Literal["title", "heading", "added", "removed", "changed", "plain", "faint"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and what it is."""

    text: str
    style: Style = "plain"


def to_text(of: PolicyDiff, lang: Lang) -> str:
    """The comparison as plain text."""
    return "".join(f"{line.text.rstrip()}\n" for line in lines(of, lang))


def lines(of: PolicyDiff, lang: Lang) -> Iterator[Line]:
    """The comparison line by line."""
    telling = Telling(of, lang)
    yield Line(telling.title(), "title")
    yield from _documents(telling)
    if of.changes:
        yield from _proofs(telling)
    if of.flips is not None:
        yield from _flips(telling)


# --- documents --------------------------------------------------------------------------------------


def _documents(telling: Telling) -> Iterator[Line]:
    yield Line("")
    yield Line(f"{telling.say('documents')}{telling.say('colon')}{telling.summary()}", "heading")
    for policy, changes in telling.policies():
        yield Line(f"  {policy}", "title")
        for change in changes:
            yield from change_lines(telling, change, 4)


def change_lines(telling: Telling, change: Change, indent: int) -> Iterator[Line]:
    """A change of the documents, field by field, and the changes that go with it."""
    sign = SIGNS[change.action]
    yield Line(f"{' ' * indent}{sign} {telling.element(change)}{telling.cited(change)}", change.action)
    for field in change.fields:
        yield Line(f"{' ' * (indent + 4)}{_field(telling, field, change)}")
    for part in change.parts:
        yield from change_lines(telling, part, indent + 4)


def _field(telling: Telling, field: Field, change: Change) -> str:
    name = telling.field(field.name) + telling.say("colon")
    if change.action != "changed":
        return f"{name}{field.old if field.new is None else field.new}"
    return f"{name}{'-' if field.old is None else field.old} -> {'-' if field.new is None else field.new}"


# --- for all facts ------------------------------------------------------------------------------------


def _proofs(telling: Telling) -> Iterator[Line]:
    of = telling.of
    yield Line("")
    if of.differences is None:
        yield Line(telling.say(of.checked), "faint")
        return
    yield Line(telling.say("proofs"), "heading")
    for difference in of.differences:
        answer = telling.say(difference.answer)
        yield Line(f"  {telling.asked(difference)}{telling.say('colon')}{answer}", _style(difference))
        yield Line(f"    {difference.domain}", "faint")
        yield from _case(telling, difference)


def _style(difference: Difference) -> Style:
    return "changed" if difference.answer == "undecided" else "removed" if difference.witness else "added"


def _case(telling: Telling, difference: Difference) -> Iterator[Line]:
    if difference.witness is None:
        return
    title = telling.case(difference.witness)
    yield Line(f"    {title}")
    for name, rows in difference.witness.tables.items():
        yield Line(f"      {name}" + ("" if rows else telling.say("no_rows")))
        yield from (Line(f"        {telling.row(row)}") for row in rows)
    yield Line(f"      {telling.say('before')}{telling.say('colon')}{telling.decided(difference.before)}", "removed")
    yield Line(f"      {telling.say('after')}{telling.say('colon')}{telling.decided(difference.after)}", "added")


# --- on the facts given -------------------------------------------------------------------------------


def _flips(telling: Telling) -> Iterator[Line]:
    yield Line("")
    yield Line(telling.say("flips", telling.of.as_of) + telling.say("colon") + telling.counted(), "heading")
    for question, flips in telling.by_question():
        yield Line(f"  {question}", "title")
        rows = [_flip(telling, flip) for flip in flips[:MOST_FLIPS]]
        yield from (Line(f"    {row}") for row in aligned(rows))
        if (more := len(flips) - MOST_FLIPS) > 0:
            yield Line(f"    {telling.say('more', more)}", "faint")
    if telling.of.flips:
        yield Line(f"  {telling.say('causes')}", "title")
        yield from (Line(f"    {row}") for row in aligned([(str(n), cause) for cause, n in telling.causes()]))


def _flip(telling: Telling, flip: Flip) -> tuple[str, ...]:
    old, new = telling.answers(flip)
    return telling.subject(flip), flip.asked.period or "", f"{old} -> {new}", telling.cause(flip.why)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines with the cells of a column below each other."""
    widths = [max(map(width, cells)) for cells in zip(*rows, strict=True)]
    return ["  ".join(padded(cell, to) for cell, to in zip(row, widths, strict=True)).rstrip() for row in rows]
