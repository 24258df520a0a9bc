"""Evaluates a plan on a population: findings and decisions stay in the engine until somebody looks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, overload

from ...errors import Problem, UsageError
from ...model.absent import Absences
from ...model.policy import Question
from ...model.policy_set import PolicySet
from ...model.result import Decision, Finding, NotEvaluated, Result, Subject
from .capabilities import CANNOT, Unsupported
from .decisions import decisions
from .outputs import findings_frame
from .policies import Compiled, compile_policies
from .population import Population
from .relations import Relation
from .rows import open_disputes

Scalar = Callable[["str | None"], Result]
"""The scalar engine's result for one organisation."""


@dataclass(frozen=True)
class Columnar:
    """A plan evaluated on a population, as relations; the scalar engine says why."""

    population: Population
    compiled: Compiled
    findings: Relation | None
    decisions: Relation | None
    not_evaluated: Sequence[NotEvaluated]
    scalar: Scalar

    def relation(self, name: str) -> Relation | None:
        """The relation of `findings` or `decisions`."""
        return self.findings if name == "findings" else self.decisions


def evaluate_columns(
    policies: PolicySet, questions: Mapping[str, Question], population: Population, as_of: date, names: list[str], scalar: Scalar
) -> Columnar:
    """Findings and decisions as relations; `UsageError` before any work for what the engine can't do."""
    absences = Absences(population.cells)
    chosen = [policies.policies[name] for name in names]
    evaluated = [policy for policy in chosen if policy.relations and not absences.leaves_out(policy)]
    for policy in evaluated:
        for rule in policy.rules:
            absences.leaves_out_rule(policy, rule)
    stock = population.stock(open_disputes(population.few, as_of))
    try:
        compiled = compile_policies(policies, [policy.name for policy in evaluated], stock, as_of)
        decided = decisions(compiled, questions)
    except Unsupported as error:
        values = {"engine": population.backend.name, "what": CANNOT[error.what], "where": error.where}
        raise UsageError(Problem("CR-ENGINE-CANNOT", values=values)) from None
    return Columnar(population, compiled, findings_frame(compiled), decided, absences.noted, scalar)


# --- records ------------------------------------------------------------------------------------


class Records(Sequence[Any]):
    """Findings or decisions, taken from the engine when first looked at."""

    def __init__(self, load: Callable[[], list[Any]]) -> None:
        self._load = load

    @cached_property
    def _all(self) -> list[Any]:
        return self._load()

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        return self._all[at]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def findings_of(columnar: Columnar) -> list[Finding]:
    """The findings, in order; what an undetermined one waits for is asked of the scalar engine."""
    rows = _sorted(columnar, columnar.findings, lambda row: (row["place"], row["subject"], row["period"] or ""))
    return [_finding(columnar, row) for row in rows]


def decisions_of(columnar: Columnar) -> list[Decision]:
    """The decisions, in order."""
    order = {name: i for i, name in enumerate(dict.fromkeys(n.rule.question for n in columnar.compiled.rules))}
    del order
    rows = _sorted(
        columnar,
        columnar.decisions,
        lambda row: (_question_place(columnar, row), row["subject"], row["period"] or "", row["subject_kind"], row["place"]),
    )
    return [_decision(columnar, row) for row in rows]


def _question_place(columnar: Columnar, row: Mapping[str, Any]) -> int:
    return columnar.question_order[row["question"]]  # type: ignore[attr-defined, no-any-return]


def _sorted(columnar: Columnar, relation: Relation | None, key: Callable[[Mapping[str, Any]], tuple[Any, ...]]) -> list[Mapping[str, Any]]:
    rows = list(columnar.population.backend.rows(relation)) if relation is not None else []
    return sorted(rows, key=lambda row: (row["group"] or "", *key(row)))


def _finding(columnar: Columnar, row: Mapping[str, Any]) -> Finding:
    subject = Subject.model_construct(kind=row["subject_kind"], id=row["subject"])
    finding = Finding.model_construct(
        rule=row["rule"],
        clause=tuple(row["clause"]),
        outcome=row["outcome"],
        waivable=row["waivable"],
        subject=subject,
        period=row["period"],
        status=row["status"],
        missing=(),
        params=json.loads(row["params"]),
        interpretations=json.loads(row["interpretations"]),
        trace=None,
    )
    return finding
