"""Mutants of a document's structure: numbers it fixes, cases, tables, readings, precedence, whom and how often."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ...language.parse import parse
from ...language.text import to_text
from ...model.decision_tables import ANYTHING
from ...model.documents import CasesDoc, Choose, GroupDoc, ParameterDoc, PolicyDoc, TableRuleDoc
from ...model.policy_set import PolicySet
from ...model.set_documents import QuestionDoc
from .edit import QUESTIONS, Edit, Path
from .trees import variants

_OFTEN = ("week", "month", "quarter", "year")
_PARTIAL = ("pro_rata", "full", "exempt")
_SIGNS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
_TEST = re.compile(r"(<=|>=|==|!=|<|>)\s*(.+)", re.DOTALL)
Make = Callable[..., Edit]


def structure_edits(policies: PolicySet, name: str) -> Iterator[Edit]:
    """The mutants of all that is no expression in a policy's document."""
    doc = policies.documents[name]

    def make(path: Path, value: Any, operator: str, old: object, new: object = "", was: object = "", becomes: object = "") -> Edit:
        return Edit(name, path, value, operator, _shown(old), _shown(new), _shown(was), _shown(becomes))

    yield from _parameters(doc, make)
    yield from _readings(doc, make)
    yield from _in_force(doc, make)
    yield from _groups(doc, make)
    yield from _cases(doc, make)
    for i, rule in enumerate(doc.rules):
        if rule.table is not None:
            yield from _table(rule.table, ("rules", i, "table"), make)
        if rule.to is not None:
            yield from _everybody(policies, name, rule.to, ("rules", i, "to"), make)
    yield from _strict(policies, doc, make)
    yield from _obligations(policies, doc, make)


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return "" if value is None else str(value)


# --- numbers, readings, days ----------------------------------------------------------------------


def _parameters(doc: PolicyDoc, make: Make) -> Iterator[Edit]:
    for name, parameter in doc.params.items():
        if parameter.type == "number":
            yield from _values(("params", name), parameter, make)


def _values(path: Path, parameter: ParameterDoc, make: Make) -> Iterator[Edit]:
    for way in (1, -1):
        if parameter.value is not None:
            other = _stepped(parameter.value, parameter.step * way)
            yield make((*path, "value"), other, "threshold", parameter.value, other)
        for day, value in (parameter.values or {}).items():
            other = _stepped(value, parameter.step * way)
            yield make((*path, "values", day), other, "threshold", f"{day}: {value}", f"{day}: {other}")


def _stepped(value: Any, step: Decimal) -> int | Decimal:
    number = Decimal(str(value)) + step
    return int(number) if number == number.to_integral_value() else number


def _readings(doc: PolicyDoc, make: Make) -> Iterator[Edit]:
    for name, reading in doc.interpretations.items():
        key = ("adopted", "choice") if reading.adopted else ("default",)
        now = reading.adopted.choice if reading.adopted else reading.default
        for word in reading.words:
            if word != now:
                yield make(("interpretations", name, *key), word, "reading", now, word)


def _in_force(doc: PolicyDoc, make: Make) -> Iterator[Edit]:
    for part, day in (("from", doc.in_force.since), ("until", doc.in_force.until)):
        for other in (day + timedelta(days=1), day - timedelta(days=1)) if day else ():
            yield make(("in_force", part), other, "threshold", day, other)


# --- shapes ---------------------------------------------------------------------------------------


def _groups(doc: PolicyDoc, make: Make) -> Iterator[Edit]:
    """Views whose rows are grouped by one column less."""
    for name, view in doc.views.items():
        by: Mapping[Any, Any] = (view.by.model_extra or {}) if isinstance(view.by, Choose) else {None: view.by}
        for option, columns in by.items():
            for at in range(len(columns)) if columns and len(columns) > 1 else ():
                fewer = [*columns[:at], *columns[at + 1 :]]
                path = ("views", name, "by", *((option,) if option else ()))
                yield make(path, fewer, "grouping", columns, fewer)


def _cases(doc: PolicyDoc, make: Make) -> Iterator[Edit]:
    for name, column in doc.derive.items():
        if isinstance(column, CasesDoc):
            yield from _cases_of(column, ("derive", name), make)


def _cases_of(column: CasesDoc, path: Path, make: Make) -> Iterator[Edit]:
    cases = [case.model_dump(exclude_unset=True) for case in column.cases]
    words = [("otherwise" if "otherwise" in case else "value") for case in cases]
    for at in range(len(cases) - 1):
        one, other = cases[at][words[at]], cases[at + 1][words[at + 1]]
        if one != other:
            swapped = [*cases]
            swapped[at], swapped[at + 1] = {**cases[at], words[at]: other}, {**cases[at + 1], words[at + 1]: one}
            yield make((*path, "cases"), swapped, "case", f"{one}, {other}", f"{other}, {one}")
        if len(cases) > 2:
            yield make((*path, "cases"), cases[:at] + cases[at + 1 :], "case", f"{cases[at]['when']}: {one}")


def _table(table: TableRuleDoc, path: Path, make: Make) -> Iterator[Edit]:
    rows = [list(row) for row in table.rows]
    for n, row in enumerate(rows):
        if len(rows) > 1:
            yield make((*path, "rows"), rows[:n] + rows[n + 1 :], "row", row)
        if table.hit == "first" and n + 1 < len(rows) and row[-1] != rows[n + 1][-1]:
            swapped = [*rows[:n], rows[n + 1], row, *rows[n + 2 :]]
            yield make((*path, "rows"), swapped, "row", [row, rows[n + 1]], [rows[n + 1], row])
        for at, cell in enumerate(row[:-1]):
            for operator, other in _cells(cell):
                becomes = [*row[:at], other, *row[at + 1 :]]
                yield make((*path, "rows", n, at), other, operator, cell, other, row, becomes)
    for hit in ("unique", "first", "collect"):
        if hit != table.hit:
            yield make((*path, "hit"), hit, "hit", table.hit, hit)


def _cells(cell: Any) -> Iterator[tuple[str, Any]]:
    """What a cell may become: any value, a sign that takes the end in or leaves it out, a number one step off."""
    text = "" if cell is None else str(cell).strip()
    if text in ANYTHING:
        return
    yield "cell", "-"
    match = _TEST.fullmatch(text)
    sign, rest = (match[1], match[2]) if match else ("", text)
    if sign:
        yield "comparison", f"{_SIGNS[sign]} {rest}"
    ends = rest.split("..")
    for at, end in enumerate(ends):
        for other in _numbers(end):
            shifted = "..".join([*ends[:at], other, *ends[at + 1 :]])
            yield "threshold", f"{sign} {shifted}" if sign else shifted


def _numbers(text: str) -> list[str]:
    if not re.search(r"\d", text) or "," in text:
        return []
    return [to_text(v.node) for v in variants(parse(text.strip())) if v.operator == "threshold"]


# --- whom, how often, how grave -------------------------------------------------------------------


def _everybody(policies: PolicySet, name: str, group: GroupDoc, path: Path, make: Make) -> Iterator[Edit]:
    """A group with its table in its place: all conditions of the group fall away."""
    table = _table_of(policies, name, group.each)
    if table != group.each:
        yield make((*path, "each"), table, "addressee", group.each, table)


def _table_of(policies: PolicySet, policy: str, each: str) -> str:
    while each not in policies.tables:
        owner, _, group = each.rpartition(".")
        policy = owner or policy
        each = policies.documents[policy].groups[group].each
    return each


def _strict(policies: PolicySet, doc: PolicyDoc, make: Make) -> Iterator[Edit]:
    for i, rule in enumerate(doc.rules):
        question, _, verdict = rule.then.partition(".")
        asked = policies.questions_doc[question].verdicts
        waivable = asked[verdict].waivable if verdict else any(v.waivable for v in asked.values())
        if waivable:
            other = None if rule.waivable is False else False
            yield make(("rules", i, "waivable"), other, "waivable", *(("strict", "waivable") if other is None else ("waivable", "strict")))


def _obligations(policies: PolicySet, doc: PolicyDoc, make: Make) -> Iterator[Edit]:
    for i, owed in enumerate(doc.obligations):
        path: Path = ("obligations", i)
        if owed.each:
            yield from _everybody(policies, doc.policy, owed.each, (*path, "each"), make)
        if owed.every:
            at = _OFTEN.index(owed.every)
            for other in _OFTEN[max(0, at - 1) : at] + _OFTEN[at + 1 : at + 2]:
                yield make((*path, "every"), other, "every", owed.every, other)
        if owed.in_post:
            yield make((*path, "in_post"), None, "addressee", owed.in_post)
        if owed.owed_by:
            yield make((*path, "owed_by"), None, "addressee", owed.owed_by)
        yield from _partial(owed.partial, (*path, "partial"), make, counts=owed.in_post is not None)


def _partial(partial: Any, path: Path, make: Make, *, counts: bool) -> Iterator[Edit]:
    options: Mapping[Any, str] = (partial.model_extra or {}) if isinstance(partial, Choose) else {None: partial}
    for option, way in options.items() if counts else ():
        other = _PARTIAL[(_PARTIAL.index(way) + 1) % len(_PARTIAL)]
        named = f"{option}: " if option else ""
        yield make((*path, *((option,) if option else ())), other, "partial", f"{named}{way}", f"{named}{other}")


# --- questions ------------------------------------------------------------------------------------


def question_edits(policies: PolicySet) -> Iterator[Edit]:
    """The mutants of the questions: which verdict outranks which, how findings combine, what can be waived."""
    for name, doc in policies.questions_doc.items():
        yield from _severities(name, doc)
        yield from _decisions(name, doc)
        for verdict, about in doc.verdicts.items():
            if about.waivable:
                path = (name, "verdicts", verdict, "waivable")
                yield Edit(QUESTIONS, path, False, "waivable", f"{verdict}: waivable", f"{verdict}: strict")


def _severities(name: str, doc: QuestionDoc) -> Iterator[Edit]:
    ranked = sorted(doc.verdicts, key=lambda verdict: doc.verdicts[verdict].severity)
    dumped = {verdict: about.model_dump(exclude_unset=True) for verdict, about in doc.verdicts.items()}
    for low, high in _neighbours(ranked):
        one, other = doc.verdicts[low].severity, doc.verdicts[high].severity
        if one != other:
            swapped = {**dumped, low: {**dumped[low], "severity": other}, high: {**dumped[high], "severity": one}}
            yield Edit(QUESTIONS, (name, "verdicts"), swapped, "precedence", f"{low} < {high}", f"{high} < {low}")


def _neighbours(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return itertools.pairwise(words)


def _decisions(name: str, doc: QuestionDoc) -> Iterator[Edit]:
    other = {"gravest": "conflict", "conflict": "gravest"}
    if not isinstance(doc.decide, Choose):
        if doc.decide in other and "conflict" in doc.verdicts:
            yield Edit(QUESTIONS, (name, "decide"), other[doc.decide], "precedence", doc.decide, other[doc.decide])
        return
    ways = doc.decide.model_extra or {}
    for one, two in _neighbours([*ways]):
        if ways[one] != ways[two]:
            swapped = {"choose": doc.decide.choose, **ways, one: ways[two], two: ways[one]}
            old, new = f"{one}: {ways[one]}, {two}: {ways[two]}", f"{one}: {ways[two]}, {two}: {ways[one]}"
            yield Edit(QUESTIONS, (name, "decide"), swapped, "precedence", old, new)
