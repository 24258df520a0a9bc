"""From the document of a population to one that is ready to be drawn, or to all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...errors import PolicyError, Problem
from ...language.source import nearest
from ...load.policies import validated
from ...load.yaml import Path_
from ...model.facts import ColumnSpec, Table
from ...model.texts import Texts
from ..distributions import as_located
from .documents import PopulationDoc, TableDoc
from .part_reading import PartReader, Reading
from .population import Part, Population, TableOf


def read_population(source: Path | str | Mapping[str, Any], tables: Mapping[str, Table]) -> Population:
    """The population that a document describes, a file's path or its content, of these tables of a plan.

    Raises `PolicyError` with all that is wrong, and its places.
    """
    located = as_located(source)
    problems: list[Problem] = []
    doc = validated(PopulationDoc, located, problems)
    reading = Reading(located, tables, doc, problems) if doc else None
    found = [_table(reading, name, table) for name, table in reading.doc.tables.items()] if reading else []
    if problems or doc is None:
        raise PolicyError({problem.text(): problem for problem in problems}.values())  # what parts share is read for each
    return Population(doc, found)


def _table(reading: Reading, name: str, doc: TableDoc) -> TableOf:
    """A table with its parts."""
    path: Path_ = ("tables", name)
    if doc.aside == (name in reading.plan):
        reading.note("CR-POPULATION-ASIDE" if doc.aside else "CR-UNKNOWN-TABLE", path, name=name, nearest=nearest(name, reading.plan))
    own = reading.plan.get(name, Table(name, Texts(en=name, zh=name), {}))
    at: list[Path_] = [("parts", number) for number in range(len(doc.parts))] or [()]
    parts: list[Part] = []
    specs: dict[str, ColumnSpec] = dict(own.columns)
    for number, (part, where) in enumerate(zip(doc.all_parts, at, strict=True)):
        reader = PartReader(reading, own, part, (*path, *where), path)
        parts.append(reader.part(number))
        specs |= {n: spec for n, spec in reader.specs.items() if n not in own.columns and n in reader.kept}
    held = [{*part.carried, *part.across, *part.columns, *_taken(part)} for part in parts]
    if missing := [n for n, column in own.columns.items() if not column.about.optional and not all(n in names for names in held)]:
        reading.note("CR-POPULATION-COLUMN", path, table=name, names=", ".join(f"`{n}`" for n in missing))
    there = set[str]().union(*held)
    refuse = tuple(refusal for refusal, condition in own.conditions if {n for _, n in condition.reads} <= there)
    reading.read[name] = Table(name, own.title, {n: specs[n] for n in specs if n in there}, refuse=refuse)
    numbered = all(any(n in own.key and drawn.doc and drawn.doc.id for n, drawn in part.columns.items()) for part in parts)
    return TableOf(reading.read[name], parts, [n for n in own.columns if n in there], numbered)


def _taken(part: Part) -> Iterator[str]:
    for pick in part.picks:
        yield from pick.take
