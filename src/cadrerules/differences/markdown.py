"""A comparison as Markdown to paste into a review: tables, with what is long folded away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..errors import Lang
from ..report.formats import escaped_markdown as escaped
from .attribution import Flip
from .changes import Change
from .difference import Difference, PolicyDiff
from .telling import SIGNS, Telling

MOST_FLIPS = 200
"""So many flips of a question are listed; JSON has all."""


def to_markdown(of: PolicyDiff, lang: Lang) -> str:
    """The comparison as Markdown; whatever stands in documents and facts is escaped."""
    telling = Telling(of, lang)
    blocks = [f"## {escaped(telling.title())}", *_documents(telling)]
    blocks += [*(_proofs(telling) if of.changes else ()), *(_flips(telling) if of.flips is not None else ())]
    return "\n\n".join(blocks) + "\n"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are escaped already."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(text: str | None) -> str:
    """Text of a document or a cell, as it stands there."""
    if not text:
        return ""
    line = " ".join(text.split())
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    ticks, pad = "`" * (longest + 1), " " if longest else ""
    return f"{ticks}{pad}{line}{pad}{ticks}".replace("|", "\\|")


def _details(summary: str, content: str) -> str:
    return f"<details>\n<summary>{escaped(summary)}</summary>\n\n{content}\n\n</details>"


# --- documents --------------------------------------------------------------------------------------


def _documents(telling: Telling) -> Iterator[str]:
    yield f"### {telling.say('documents')}"
    yield f"**{telling.summary()}**"
    for policy, changes in telling.policies():
        yield f"#### {escaped(policy)}"
        rows = [row for change in changes for row in _change(telling, change)]
        yield _table(["", *map(telling.say, ("element", "field", "before", "after"))], rows)


def _change(telling: Telling, change: Change) -> Iterator[tuple[str, ...]]:
    """A row per field, the first with the element."""
    head = (f"`{SIGNS[change.action]}`", escaped(telling.element(change) + telling.cited(change)))
    for number, field in enumerate(change.fields):
        yield (*(head if number == 0 else ("", "")), escaped(telling.field(field.name)), _code(field.old), _code(field.new))
    if not change.fields:
        yield (*head, "", "", "")
    for part in change.parts:
        yield from _change(telling, part)


# --- for all facts ------------------------------------------------------------------------------------


def _proofs(telling: Telling) -> Iterator[str]:
    yield f"### {telling.say('proofs')}"
    if telling.of.differences is None:
        yield telling.say(telling.of.checked)
        return
    rows = [
        (escaped(telling.asked(d)), telling.say(d.answer), escaped(d.domain)) for d in telling.of.differences
    ]
    yield _table([telling.say(key) for key in ("question", "answer", "domain")], rows)
    for difference in telling.of.differences:
        yield from _case(telling, difference)


def _case(telling: Telling, difference: Difference) -> Iterator[str]:
    witness = difference.witness
    if witness is None:
        return
    parts = [f"**{telling.say('before')}**: {escaped(telling.decided(difference.before))}  "]
    parts[0] += f"\n**{telling.say('after')}**: {escaped(telling.decided(difference.after))}"
    for name, rows in witness.tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        cells = [[_code(telling.cell(row.get(column))) for column in columns] for row in rows]
        parts += [f"`{name}`", _table([escaped(column) for column in columns], cells)] if columns else [f"`{name}`" + telling.say("no_rows")]
    title = f"{telling.question(difference.question)}{telling.say('colon')}{telling.case(witness)}"
    yield _details(title, "\n\n".join(parts))


# --- on the facts given -------------------------------------------------------------------------------


def _flips(telling: Telling) -> Iterator[str]:
    yield f"### {telling.say('flips', telling.of.as_of)}"
    yield f"**{escaped(telling.counted())}**"
    if telling.of.flips:
        rows = [(escaped(cause), str(number)) for cause, number in telling.causes()]
        yield _table([telling.say("cause"), telling.say("flip_number")], rows)
    for question, flips in telling.by_question():
        table = _table(
            [telling.say(key) for key in ("subject", "period", "before", "after", "cause")],
            (_flip(telling, flip) for flip in flips[:MOST_FLIPS]),
        )
        more = len(flips) - MOST_FLIPS
        note = f"\n\n{telling.say('more', more)}" if more > 0 else ""
        yield _details(f"{question}{telling.say('colon')}{len(flips)}", table + note)


def _flip(telling: Telling, flip: Flip) -> tuple[str, ...]:
    cells = (telling.subject(flip), flip.asked.period or "", *telling.answers(flip), telling.cause(flip.why))
    return tuple(map(escaped, cells))
