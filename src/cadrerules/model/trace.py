"""The trace of a finding: its condition as a tree, each part with its value and where that comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["condition", "derived", "cohort", "lookup", "fact", "parameter", "interpretation", "constant", "rows"]


@dataclass(frozen=True, slots=True)
class Trace:
    """One part of a condition.

    `text` is the part as written, `value` its value in words (`true`, `false`, `unknown`, `2.5`,
    `3..5`), `kind` what it is. A fact's `cell` names table, key and column; `note` adds what the
    text doesn't show (rows left out of a long cohort, a disputed cell, a parameter not set).
    `operator` names the operator that joins the children of a condition; `own` marks, among the rows
    of a cohort, the one that the cohort was formed for.
    """

    text: str
    value: str
    kind: Kind
    children: tuple[Trace, ...] = ()
    cell: str = ""
    note: str = ""
    row: Mapping[str, str] = field(default_factory=dict)
    operator: str = ""
    own: bool = False

    def walk(self) -> Iterator[Trace]:
        """The part itself and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_dict(self) -> dict[str, Any]:
        """The trace as plain data; empty fields are left out."""
        plain: dict[str, Any] = {"text": self.text, "value": self.value, "kind": self.kind}
        for name in ("cell", "note"):
            if value := getattr(self, name):
                plain[name] = value
        if self.row:
            plain["row"] = dict(self.row)
        if self.children:
            plain["children"] = [child.to_dict() for child in self.children]
        return plain
