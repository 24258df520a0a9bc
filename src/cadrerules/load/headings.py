"""Which column of a table each heading names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..language.source import nearest
from ..model.cells import shortened
from ..model.facts import ColumnSpec, Table
from .names import accepted, normal
from .problems import Problems
from .raw_tables import RawTable

ExtraColumns = Literal["error", "ignore", "keep"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column of a table stands among the raw cells; `None` for an optional one left out.

    `kept` are further columns kept as text; under the `untitled` positions no cell may stand.
    """

    columns: Sequence[tuple[ColumnSpec, int | None]]
    kept: Sequence[tuple[str, int]]
    untitled: Sequence[int]


def lay_out(raw: RawTable, extra: ExtraColumns, problems: Problems) -> Layout:
    """The layout of a raw table; what is wrong with its headings is noted."""
    named, others = _positions(raw, problems)
    missing = [
        name for name, column in raw.table.columns.items() if name not in named and not column.about.optional
    ]
    if raw.table.group in missing:
        problems.add("CR-GROUP-MISSING", raw.place, table=raw.table.name, name=shortened(raw.table.group))
    if own := [name for name in missing if name != raw.table.group]:
        _note_missing(raw, own, problems)
    if extra == "error" and (named or not missing):  # where no heading is known, the first row may be one of facts
        for heading in others:
            _note_unknown(raw, heading, problems)
    columns = [(column, named.get(name)) for name, column in raw.table.columns.items()]
    untitled = [position for position, heading in enumerate(raw.headings) if not heading]
    return Layout(columns, list(others.items()) if extra == "keep" else [], untitled)


def column_names(table: Table) -> Mapping[str, str]:
    """Each accepted heading, normalised, and the column it names."""
    return accepted(
        {
            name: (*column.about.aliases, column.title.en, column.title.zh)
            for name, column in table.columns.items()
        }
    )


def _positions(raw: RawTable, problems: Problems) -> tuple[dict[str, int], dict[str, int]]:
    """The positions of known columns by name, and of others by heading."""
    names = column_names(raw.table)
    named: dict[str, int] = {}
    others: dict[str, int] = {}
    twice: list[tuple[str, str]] = []
    for position, heading in enumerate(raw.headings):
        name = names.get(normal(heading))
        into, key = (others, heading) if name is None else (named, name)
        if key in into:
            twice.append((raw.headings[into[key]], heading))
        elif key:
            into[key] = position
    for first, second in twice if named else ():
        problems.add("CR-HEADING-TWICE", raw.place, first=shortened(first), second=shortened(second))
    return named, others


def _note_missing(raw: RawTable, missing: Sequence[str], problems: Problems) -> None:
    columns = raw.table.columns
    texts = {
        "en": ", ".join(f"`{name}`" for name in missing),
        "zh": "、".join(f"{columns[name].title.zh}（{name}）" for name in missing),
    }
    problems.add("CR-MISSING-COLUMNS", raw.place, table=raw.table.name, columns=texts)


def _note_unknown(raw: RawTable, heading: str, problems: Problems) -> None:
    known = {*raw.table.columns, *(column.title.zh for column in raw.table.columns.values())}
    values = {
        "table": raw.table.name,
        "heading": shortened(heading),
        "nearest": nearest(shortened(heading), known),
    }
    problems.add("CR-UNKNOWN-HEADING", raw.place, **values)
