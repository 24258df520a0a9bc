"""Evaluates a plan on a population: findings and decisions stay in the engine until somebody looks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar, overload

from ...model.absent import Absences
from ...model.policy import Policy, Question
from ...model.policy_set import PolicySet
from ...model.result import Decision, Finding, NotEvaluated, Result, Subject
from .capabilities import refusing_unsupported
from .decisions import Outlook, decisions, outlooks
from .extents import Extents
from .outputs import findings_frame
from .policies import Compiled, compile_policies
from .population import Population, Row
from .relations import Pick, Relation, column
from .rows import open_disputes
from .tables import Stock

Scalar = Callable[["str | None"], Result]
"""The scalar engine's result for one organisation, None where no column keeps several apart."""


@dataclass(frozen=True)
class Columnar:
    """A plan evaluated on a population: findings and decisions as relations, and the questions in order."""

    population: Population
    questions: tuple[str, ...]
    findings: Relation | None
    decisions: Relation | None
    not_evaluated: Sequence[NotEvaluated]
    warnings: tuple[Mapping[str, str], ...] = ()

    def relation(self, name: str) -> Relation | None:
        """The relation of `findings` or `decisions` in the columns of a result's frame, the grouping column first."""
        relation = self.findings if name == "findings" else self.decisions
        if relation is None:
            return None
        group = {self.population.group: column(relation, "group")} if self.population.group else {}
        shown = {name: column(relation, name) for name in relation.columns if name not in BESIDE}
        return Pick(relation, {**group, **shown})


def evaluate_columns(
    policies: PolicySet, questions: Mapping[str, Question], population: Population, as_of: date, names: list[str]
) -> Columnar:
    """Findings and decisions as relations; `UsageError` before any work for what the engine can't do."""
    def relations(compiled: Compiled) -> tuple[Relation | None, Relation | None]:
        return findings_frame(compiled), decisions(compiled, questions)

    (found, decided), lacking = on_population(policies, population, as_of, names, relations)
    return Columnar(population, tuple(questions), found, decided, lacking)


def outlooks_on(
    policies: PolicySet, questions: Mapping[str, Question], population: Population, as_of: date, names: list[str]
) -> list[Outlook]:
    """Which verdicts are possible for whom, decision by decision; raises as `evaluate_columns`."""
    found: list[Outlook] = []

    def relations(compiled: Compiled) -> tuple[Relation, ...]:
        found.extend(outlooks(compiled, questions))
        return tuple(outlook.relation for outlook in found)

    on_population(policies, population, as_of, names, relations)
    return found


Made = TypeVar("Made", bound="tuple[Relation | None, ...]")


def on_population(
    policies: PolicySet, population: Population, as_of: date, names: list[str], relations: Callable[[Compiled], Made]
) -> tuple[Made, Sequence[NotEvaluated]]:
    """Relations made of the named policies on a population, checked, and what isn't evaluated for lack of tables."""
    absences = Absences(population.cells)
    evaluated = [name for name in names if _is_evaluated(policies.policies[name], absences)]
    stock = Stock(population.cells, open_disputes(population.few, as_of), population.first_year)

    def checked() -> Made:
        made = relations(compile_policies(policies, evaluated, stock, as_of))
        Extents(population.backend, population.extents).check(made)
        return made

    return refusing_unsupported(population.backend.name, checked), absences.noted


def _is_evaluated(policy: Policy, absences: Absences) -> bool:
    """Whether there are rows for any rule of the policy; what is left out is noted, policy by policy."""
    if not policy.relations or absences.leaves_out(policy):
        return False
    for rule in policy.rules:
        absences.leaves_out_rule(policy, rule)
    return True


BESIDE = frozenset({"group", "place", "of_rule"})
"""Columns of the relations that stand in no frame: the organisation under another name, and two that order rows."""


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


def findings_of(columnar: Columnar, scalar: Scalar) -> list[Finding]:
    """The findings, in order; what an undetermined one waits for is asked of the scalar engine."""
    rows = _sorted(columnar, columnar.findings, lambda row: (row["place"], row["subject"], str(row["period"])))
    waiting = _Waiting(scalar)
    return [_finding(row, waiting) for row in rows]


def decisions_of(columnar: Columnar, scalar: Scalar) -> list[Decision]:
    """The decisions, in order; likewise."""
    places = {name: place for place, name in enumerate(columnar.questions)}

    def order(row: Row) -> tuple[Any, ...]:
        return places[row["question"]], row["subject"], row["period"] or "", row["subject_kind"], row["place"]

    waiting = _Waiting(scalar)
    return [_decision(row, waiting) for row in _sorted(columnar, columnar.decisions, order)]


def _sorted(columnar: Columnar, relation: Relation | None, key: Callable[[Row], tuple[Any, ...]]) -> list[Row]:
    rows = list(columnar.population.backend.rows(relation)) if relation is not None else []
    return sorted(rows, key=lambda row: (row["group"] or "", *key(row)))


class _Waiting:
    """What undetermined findings and decisions wait for, as the scalar engine traces it, organisation by organisation."""

    def __init__(self, scalar: Scalar) -> None:
        self.scalar = scalar
        self.findings: dict[str | None, dict[Any, Finding]] = {}
        self.decisions: dict[str | None, dict[str, Decision]] = {}

    def finding(self, row: Row) -> Finding:
        """The scalar engine's finding that a row is."""
        group = row["group"]
        if group not in self.findings:
            self.findings[group] = {(f.rule, f.outcome, f.subject.id, f.period): f for f in self.scalar(group).findings}
        return self.findings[group][row["rule"], row["outcome"], row["subject"], row["period"]]

    def decision(self, row: Row) -> Decision:
        """The scalar engine's decision that a row is."""
        group = row["group"]
        if group not in self.decisions:
            self.decisions[group] = {decision.id: decision for decision in self.scalar(group).decisions}
        return self.decisions[group][row["id"]]


def _finding(row: Row, waiting: _Waiting) -> Finding:
    finding = Finding.model_construct(
        rule=row["rule"],
        clause=tuple(row["clause"]),
        outcome=row["outcome"],
        waivable=row["waivable"],
        subject=Subject.model_construct(kind=row["subject_kind"], id=row["subject"]),
        period=row["period"],
        status=row["status"],
        missing=() if row["status"] == "holds" else waiting.finding(row).missing,
        params=json.loads(row["params"]),
        interpretations=json.loads(row["interpretations"]),
        trace=None,
        group=row["group"],
    )
    finding._explain = lambda: waiting.finding(row).explain()  # noqa: SLF001 - the model's own slot for it
    finding._amounts = lambda: waiting.finding(row).amounts  # noqa: SLF001 - likewise
    return finding


def _decision(row: Row, waiting: _Waiting) -> Decision:
    traced = None if row["status"] == "decided" else waiting.decision(row)
    told: dict[str, Any] = {name: tuple(row[name]) for name in _LISTS} | {name: row[name] for name in _CELLS}
    decision = Decision.model_construct(
        subject=Subject.model_construct(kind=row["subject_kind"], id=row["subject"]),
        missing=traced.missing if traced else (),
        parameters=traced.parameters if traced else (),
        **told,
    )
    decision._rule = row["of_rule"]  # noqa: SLF001 - the model's own slot for it
    return decision


_LISTS = ("possible", "because", "clauses", "overridden", "waived_by")
_CELLS = ("id", "question", "period", "status", "verdict", "owed_by", "due", "done", "short", "group")
