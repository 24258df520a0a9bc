"""The shipped plan: its tables with Chinese headings and words, and its register of clauses."""

from __future__ import annotations

from collections.abc import Iterator

import cadrerules as cr
from cadrerules.errors import Lang
from cadrerules.language.types import Choice, Number, describe
from cadrerules.model.clauses import Entry
from cadrerules.model.facts import ColumnSpec
from cadrerules.report.clauses import status_word
from cadrerules.report.wording import parameter_value
from generating.notes import NOTE

PERSONAL = {"": "", "id": "ids", "name": "names", "maybe_id": "perhaps ids", "text": "may mention persons"}


def tables() -> Iterator[str]:
    """Tables, columns, Chinese headings and words of the shipped plan."""
    yield "# Tables of the market-supervision plan"
    yield NOTE
    yield "Headings and words may be written in English or Chinese; `?` marks a column that may be left out."
    yield "A further column of any name may stand first or last in every table to keep organisations apart: see [results](results.md#many-organisations)."
    for table in cr.load_policies("market-supervision").tables.values():
        yield f"\n## {table.name} ({table.title.zh})\n"
        yield "| column | heading | also | holds | empty | personal |\n|---|---|---|---|---|---|"
        for name, column in table.columns.items():
            mark = " (key)" if column.about.key else " ?" if column.about.optional else ""
            yield f"| `{name}`{mark} | {column.title.zh} | {', '.join(column.about.aliases)} | {_holds(column)} | {_empty(column)} | {PERSONAL[column.about.personal]} |"


def _holds(column: ColumnSpec) -> str:
    of = column.type
    if isinstance(of, Choice):
        words = column.about.words
        return "; ".join(f"`{o}` {'/'.join(words.get(o, ()))}".strip() for o in of.options)
    if isinstance(of, Number):
        return f"number, step {column.about.step}" + (
            f", from {column.about.low}" if column.about.low is not None else ""
        )
    return {"any": "period"}.get(describe(of), describe(of))


def _empty(column: ColumnSpec) -> str:
    names = {"9999-12-31": "never", "0001-01-01": "always", "True": "yes", "": "none"}
    return names.get(str(column.empty), str(column.empty).lower())


def clauses() -> Iterator[str]:
    """Every clause of the shipped plan with what answers it."""
    register = cr.load_policies("market-supervision").clauses
    counts = ", ".join(f"{count} *{status_word(status, 'en')}*" for status, count in register.counts.items())
    yield "# Clauses of the market-supervision plan"
    yield NOTE
    yield "Everything that the plan asks for, in our own words, and what of it is encoded. *Encoded*: rules decide it."
    yield "*Open*: rules could, but one is still to be written. *Redacted*: the source leaves a number out, so that it is an unset"
    yield "parameter. *Ambiguous*: a reading had to be chosen. *Needs judgement*: it stays with people. Several may hold at once."
    yield f"\n{len(register.entries)} entries: {counts}."
    yield "`cadrerules policy clauses` prints them with the titles of rules, numbers and readings.\n"
    yield "| clause | asks for | 条款内容 | status | by |\n|---|---|---|---|---|"
    for entry in register.entries:
        yield f"| {entry.clause} | {_noted(entry, 'en')} | {_noted(entry, 'zh')} | {_statuses(entry)} | {'<br>'.join(_basis(entry))} |"


def _noted(entry: Entry, lang: Lang) -> str:
    return entry.title.text(lang) + (f"<br>*{entry.note.text(lang)}*" if entry.note else "")


def _statuses(entry: Entry) -> str:
    return ", ".join(status_word(status, "en") for status in entry.statuses)


def _basis(entry: Entry) -> Iterator[str]:
    """Rules, numbers and readings, by name."""
    yield from (f"`{rule.id}`" for rule in entry.rules)
    yield from (f"through `{rule.id}`" for rule in entry.through)
    yield from (f"not yet: `{name}`" for name in entry.missing)
    yield from (f"`{p.name}`: {parameter_value(p, 'en') or 'not set'}" for p in entry.parameters)
    yield from (f"`{reading.name}`: {reading.option}" for reading in entry.interpretations)
