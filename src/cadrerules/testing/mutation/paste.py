"""Writes a case as the YAML of a case file, so that it can be pasted there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...model.facts import Row
from ...model.result import Decision
from ..case_documents import CaseFile
from ..case_text import flow, scalar, table_lines
from .contrast import Contrast, Difference, Place, Scene

CONFIRM = {
    "en": "as it is decided now; a person confirms that the clause says so",
    "zh": "现行判定结果，须由人员确认与条款相符",
}


def case_text(contrast: Contrast, file: CaseFile, scene: Scene, difference: Difference, lang: str = "en") -> str:
    """The case, indented as an entry of `cases`, that expects what the original decides where the two differ."""
    return "".join(f"  {line}\n" for line in _lines(contrast, file, scene, difference, lang))


def _lines(contrast: Contrast, file: CaseFile, scene: Scene, difference: Difference, lang: str) -> Iterator[str]:
    mutant, edit = contrast.mutant, contrast.mutant.edit
    told = f"{edit.old}, not {edit.new}" if edit.new else f"with {edit.old}"
    yield f"- name: {scalar(f'{edit.place}: {told} ({mutant.id})')}"
    if mutant.clauses:
        yield f"  clause: {json.dumps(mutant.clauses[0])}"
    if list(file.policies or ()) != list(mutant.policies):
        yield f"  policies: {flow(mutant.policies)}"
    if scene.as_of != file.as_of:
        yield f"  as_of: {scene.as_of}"
    if scene.params:
        yield f"  params: {flow(scene.params)}"
    if scene.readings:
        yield f"  interpretations: {flow(scene.readings)}"
    yield from _tables(contrast, file, scene)
    yield from _expected(difference, lang)


def _tables(contrast: Contrast, file: CaseFile, scene: Scene) -> Iterator[str]:
    """The rows of the case, and what it must take away of those that its file gives to every case."""
    shared = [name for name in file.given if name in scene.tables]
    if shared:
        yield "  drop: {" + ", ".join(f"{name}: [{{}}]" for name in shared) + "}"
    if lacking := [name for name in file.given if name not in scene.tables]:
        yield f"  absent: {flow(lacking)}"
    if scene.tables:
        yield "  given:"
    for name, rows in scene.tables.items():
        yield from _rows(name, rows, file.fill.get(name, {}), contrast.plan.tables[name].key)


def _rows(name: str, rows: Sequence[Row], fill: Mapping[str, Any], key: Sequence[str]) -> Iterator[str]:
    columns = [c for c in (rows[0] if rows else ()) if c in key or c in fill or any(row[c] is not None for row in rows)]
    yield from (f"    {line}" for line in table_lines(name, rows, columns))


def _expected(difference: Difference, lang: str) -> Iterator[str]:
    note = f"  # {CONFIRM[lang]}"
    decided = [d for decisions in difference.original.values() for d in decisions]
    if decided:
        yield f"  expect:{note}"
        yield from (f"    - {flow(_fields(d, difference.fields))}" for d in decided)
    if nothing := [place for place, decisions in difference.original.items() if not decisions]:
        yield f"  expect_none:{note}"
        yield from (f"    - {flow(_place(place))}" for place in nothing)


def _fields(decision: Decision, fields: Sequence[str]) -> dict[str, Any]:
    plain = decision.model_dump(mode="json")
    named = {"question": decision.question, "subject": decision.subject.id, "period": decision.period}
    told = {name: plain[name] for name in fields if plain[name] not in (None, [], ())}
    because = {"because": plain["because"]} if decision.due is not None else {}
    return {n: v for n, v in {**named, **told, **because}.items() if v is not None}


def _place(place: Place) -> dict[str, Any]:
    question, subject, period, rules = place
    named = {"question": question, "subject": subject, "period": period, "because": list(rules) or None}
    return {name: value for name, value in named.items() if value is not None}
