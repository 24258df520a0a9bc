"""What verification finds: a check, how sure its answer is, the rules, and tables that show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from ..model.texts import Texts

Check = Literal[
    "gap",
    "overlap",
    "conflict",
    "dead",
    "subsumed",
    "lost_penalty",
    "depends_on_unset",
    "depends_on_interpretation",
    "unmeetable",
    "not_verified",
]
Severity = Literal["error", "warning", "info"]
Verdict = Literal["proved", "witness", "undecided"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True)
class Example:
    """Tables in which it is so: small, and evaluated by the scalar engine before they are shown.

    `params` are the values of unset parameters that make it so, `interpretations` a reading other than the one in
    force, `change` the cell or setting that is changed and from what to what.
    """

    tables: Mapping[str, list[dict[str, Any]]]
    as_of: date
    params: Mapping[str, Any] = field(default_factory=dict)
    interpretations: Mapping[str, str] = field(default_factory=dict)
    change: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What it holds, as plain JSON; cells that are empty are left out."""
        rows = {name: [_filled(row) for row in found] for name, found in self.tables.items() if found}
        told = {"tables": rows, "as_of": str(self.as_of), "params": _filled(self.params)}
        told |= {"interpretations": dict(self.interpretations)} if self.interpretations else {}
        return told | ({"change": _filled(self.change)} if self.change else {})


def _filled(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v if isinstance(v, bool | int | str) else str(v) for k, v in cells.items() if v is not None}


@dataclass(frozen=True)
class Found:
    """One finding of verification: `rules` by id, `domain` of which tables it was proved or looked for in.

    `accepted` is the reason for which somebody accepts it as it is, `hash` what its rules said when it was found.
    """

    check: Check
    severity: Severity
    answer: Verdict
    rules: tuple[str, ...]
    message: Texts
    domain: str
    witness: Example | None = None
    clauses: tuple[str, ...] = ()
    accepted: Texts | None = None
    hash: str = ""

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """The finding as plain JSON."""
        return {
            "check": self.check,
            "severity": self.severity,
            "answer": self.answer,
            "rules": list(self.rules),
            "clauses": list(self.clauses),
            "witness": self.witness.to_json() if self.witness else None,
            "domain": self.domain,
            "message": self.message.text("zh" if lang == "zh" else "en"),
            "hash": self.hash,
            "accepted": self.accepted.text("zh" if lang == "zh" else "en") if self.accepted else None,
        }
