"""Gathers what cases show, and counts it against all that there is to show: by rule, by clause, in one figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from ...engines.scalar.evaluation import Evaluation
from ...errors import CadreError
from ...model.policy_set import PolicySet
from ...model.program import bind_policy
from ...plan import Plan
from ..case_documents import Case, CaseFile
from ..cases import amended_plan, facts_of, policies_of
from .atoms import Possible
from .independence import independent
from .obligations import KINDS, Due, Obligation, obligations
from .observe import Observer

_SOME_DAY = date(2025, 1, 15)
"""On which rules are bound to see what there is to cover; texts name parameters, so the day plays no part."""


@dataclass(frozen=True, slots=True)
class Gap:
    """An obligation that no case meets: of which rules, in which condition, which atom, and what is wanted of it.

    `owner` is the rule, group or column that the condition stands in, `rows` the relation or table whose rows it is
    looked at on; `kind` and `want` are those of `Obligation`.
    """

    policy: str
    kind: str
    owner: str
    rows: str
    rules: tuple[str, ...]
    clauses: tuple[str, ...]
    condition: str
    atom: str
    want: str


@dataclass(frozen=True)
class Report:
    """What cases cover of the policies of a set. `dues` are all obligations, `shown` those that were met."""

    name: str
    dues: tuple[Due, ...]
    shown: Collection[Obligation]
    clauses_of: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def covered(self) -> int:
        """How many obligations were met."""
        return sum(due.obligation in self.shown for due in self.dues)

    @property
    def percent(self) -> float:
        """The share of all obligations that were met, in per cent; 100 of none."""
        return _percent(self.covered, len(self.dues))

    @cached_property
    def by_kind(self) -> dict[str, tuple[int, int]]:
        """Per kind of obligation how many were met, of how many."""
        return {kind: self._counted(due for due in self.dues if due.obligation.kind == kind) for kind in KINDS}

    @cached_property
    def by_rule(self) -> dict[str, tuple[int, int]]:
        """Per rule the same, with all conditions that it rests on."""
        return {rule: self._counted(due for due in self.dues if rule in due.rules) for rule in self.clauses_of}

    @cached_property
    def by_clause(self) -> dict[str, tuple[int, int]]:
        """Per clause the same, over the rules that cite it; an obligation of several rules counts once."""
        clauses = sorted({clause for cited in self.clauses_of.values() for clause in cited})
        return {c: self._counted(due for due in self.dues if any(c in self.clauses_of[r] for r in due.rules)) for c in clauses}

    def outcomes(self, rule: str) -> dict[str, bool | None]:
        """Whether a rule held, failed and was undetermined in some case; None where that needn't be.

        What no empty cell can leave open may still be so where a cell is in dispute.
        """
        due = {d.obligation.want: d.obligation in self.shown for d in self.dues if d.obligation.kind == "rule" and d.owner == rule}
        seen = {what.want for what in self.shown if what.kind == "rule" and what.text == rule}
        return {want: want in seen or due.get(want) for want in ("held", "failed", "undetermined")}

    def gaps(self, rule: str | None = None) -> list[Gap]:
        """The obligations that no case meets, of one rule or of all, in the order of the policies."""
        return [self.gap(d) for d in self.lacking if rule is None or rule in d.rules]

    @property
    def lacking(self) -> list[Due]:
        """The obligations that no case meets."""
        return [due for due in self.dues if due.obligation not in self.shown]

    def gap(self, due: Due) -> Gap:
        """What of an obligation matters to whoever writes a case for it."""
        clauses = tuple(dict.fromkeys(clause for rule in due.rules for clause in self.clauses_of.get(rule, ())))
        what = due.obligation
        return Gap(what.policy, what.kind, due.owner, what.rows, due.rules, clauses, due.condition, due.atom, what.want)

    def _counted(self, dues: Iterable[Due]) -> tuple[int, int]:
        met = [due.obligation in self.shown for due in dues]
        return sum(met), len(met)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        return {
            "policy_set": self.name,
            "percent": _down(self.percent),
            "covered": self.covered,
            "obligations": len(self.dues),
            "kinds": {kind: _figures(counts) for kind, counts in self.by_kind.items()},
            "rules": [
                {"rule": rule, "clauses": list(self.clauses_of[rule]), **_figures(counts), **self.outcomes(rule)}
                for rule, counts in self.by_rule.items()
            ],
            "clauses": [{"clause": clause, **_figures(counts)} for clause, counts in self.by_clause.items()],
            "gaps": [{name: getattr(gap, name) for name in Gap.__slots__} for gap in self.gaps()],
        }


def _figures(counts: tuple[int, int]) -> dict[str, Any]:
    return {"covered": counts[0], "obligations": counts[1], "percent": _down(_percent(*counts))}


def _down(percent: float) -> float:
    """A share with two decimal places, rounded down, so that only all is 100."""
    return int(percent * 100) / 100


def _percent(met: int, of: int) -> float:
    return 100.0 * met / of if of else 100.0


class Coverage:
    """Measures what cases cover of a plan's rules; `policies` restricts it to some (default: all that have rules).

    >>> import cadrerules as cr
    >>> Coverage(cr.load_policies("market-supervision"), ["training"]).report().covered
    0
    """

    def __init__(self, plan: Plan, policies: Iterable[str] | None = None) -> None:
        self.plan = plan
        self.policies = [name for name in policies or plan.policies if plan.policies[name].rules]
        self.observer = Observer()

    def add(self, file: CaseFile, case: Case, amended: Plan | None = None) -> None:
        """Evaluate a case by the scalar engine and take what it shows into account; one that raises an error shows nothing.

        `amended` is the plan as the case amends it, where the caller has it already.
        """
        try:
            amended = amended or amended_plan(self.plan, case)
            facts = facts_of(amended, file, case)
        except CadreError:
            return
        evaluation = Evaluation(amended.policy_set, facts, case.as_of or file.as_of)
        evaluation.run(name for name in policies_of(self.plan, file, case) if name in self.policies)
        self.observer.add(evaluation)

    def gaps(self) -> list[Gap]:
        """The obligations that no case has met so far."""
        return self.report().gaps()

    def report(self) -> Report:
        """What has been covered so far."""
        dues = [due for name in self.policies for due in _dues(self.plan.policy_set, name)]
        rules = [rule for name in self.policies for rule in self.plan.policies[name].rules]
        titles = {rule.key: {"en": rule.title.text("en"), "zh": rule.title.text("zh")} for rule in rules}
        return Report(self.plan.name, tuple(_merged(dues)), self.shown(), {rule.key: rule.clauses for rule in rules}, titles)

    def shown(self) -> set[Obligation]:
        """The obligations that the cases so far have met."""
        shown = set(self.observer.shown)
        for key, vectors in self.observer.truths.items():
            condition = self.observer.conditions[key]
            for atom in independent(condition, vectors.values()):
                text = f"{condition.text} | {atom}"
                shown.add(Obligation(condition.policy, "independence", condition.rows, text, "decides"))
        return shown


def _dues(policies: PolicySet, name: str) -> list[Due]:
    """The obligations of one policy as the plan stands."""
    program = bind_policy(policies.policies[name], policies.bindings(_SOME_DAY), policies.context.grains)
    options = {full: tuple(reading.doc.words) for full, reading in policies.context.interpretations.items()}
    return list(obligations(program, Possible(program, policies.tables), options))


def _merged(dues: Iterable[Due]) -> list[Due]:
    """Each obligation once, with all rules that rest on it."""
    found: dict[Obligation, Due] = {}
    for due in dues:
        if (known := found.get(due.obligation)) is not None:
            rules = tuple(dict.fromkeys((*known.rules, *due.rules)))
            due = Due(known.obligation, known.owner, known.atom, known.condition, rules)
        found[due.obligation] = due
    return list(found.values())
