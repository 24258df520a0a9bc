"""Results as flat tables: which columns each has, in what order and of what kind, whatever the data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import Problem, UsageError
from ..model.result import Result

Kind = Literal["text", "truth", "list", "mapping", "amount"]
"""What a column holds; an amount is a number as text, and a mapping goes out as JSON."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a flat table."""

    name: str
    kind: Kind = "text"


_KINDS: Mapping[Kind, str] = {
    "truth": "waivable",
    "list": "possible because clauses overridden waived_by missing parameters clause tables",
    "mapping": "params interpretations",
    "amount": "due done short",
}


def _columns(names: str) -> tuple[Column, ...]:
    kinds = {name: kind for kind, of in _KINDS.items() for name in of.split()}
    return tuple(Column(name, kinds.get(name, "text")) for name in names.split())


TABLES: Mapping[str, tuple[Column, ...]] = {
    "decisions": _columns(
        "id question subject_kind subject period status verdict possible because clauses overridden waived_by "
        "missing parameters owed_by due done short"
    ),
    "findings": _columns(
        "rule clause outcome waivable subject_kind subject period status missing params interpretations"
    ),
    "not_evaluated": _columns("policy rule tables reason"),
}
"""The tables of a result and their columns: fixed, for programs outside are written against them."""


def columns(name: str, group: str = "") -> tuple[Column, ...]:
    """The columns of `decisions`, `findings` or `not_evaluated`; `UsageError` for another name.

    The grouping column, where there is one, comes first; what isn't evaluated is the same for all
    organisations and has none.
    """
    if name not in TABLES:
        values = {"value": name, "option": "table", "allowed": ", ".join(TABLES)}
        raise UsageError(Problem("CR-NOT-AN-OPTION", values=values))
    return (Column(group), *TABLES[name]) if group and name != "not_evaluated" else TABLES[name]


def rows(result: Result, name: str) -> Iterator[tuple[Any, ...]]:
    """One row per record, a cell per column: lists as lists, mappings as JSON text, nothing as None."""
    shown = columns(name, result.group)
    for record in getattr(result, name):
        plain = record.model_dump(mode="json", exclude={"trace"})
        if subject := plain.pop("subject", None):
            plain |= {"subject_kind": subject["kind"], "subject": subject["id"]}
        plain[result.group] = plain.pop("group", None)
        yield tuple(_cell(plain[column.name], column.kind) for column in shown)


def _cell(value: Any, kind: Kind) -> Any:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if kind == "mapping" else value


def flat_rows(result: Result, name: str) -> Iterator[tuple[str | bool | None, ...]]:
    """The same with each list in one cell, its parts joined by `; `, and "nothing" where a part is none."""
    for row in rows(result, name):
        yield tuple("; ".join("nothing" if p is None else p for p in c) if isinstance(c, list) else c for c in row)
