"""Findings in the fixed columns of a result's frame."""

from __future__ import annotations

from .expressions import Col, Const, case, text, whole
from .policies import Compiled, Numbered
from .relations import Pick, Relation, Union, column

LAST = ("place",)
"""The column after those of the result's frame: the order of rules, or of questions."""


def findings_frame(compiled: Compiled) -> Relation | None:
    """All findings, a column for each of their fields."""
    found = tuple(_shown(at, compiled.rules[at], relation) for at, relation in enumerate(compiled.by_rule))
    return Union(found) if found else None


def _shown(at: int, numbered: Numbered, relation: Relation) -> Relation:
    rule, holds = numbered.rule, Col("holds", "truth")
    return Pick(
        relation,
        {
            "group": Col("group", "text"),
            "rule": text(rule.id),
            "clause": Const(rule.clauses, "list"),
            "outcome": text(rule.outcome),
            "waivable": Const(rule.waivable, "truth"),
            "subject_kind": text(rule.kind),
            "subject": column(relation, "subject"),
            "period": column(relation, "period"),
            "status": case((holds, text("holds")), otherwise=text("undetermined")),
            "missing": case((holds, Const((), "list")), otherwise=Const(None, "list")),
            "params": column(relation, "params"),
            "interpretations": text(numbered.interpretations),
            "place": whole(at),
        },
    )
