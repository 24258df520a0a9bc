"""Whether two plans decide alike: per question proved, or the smallest tables on which they don't."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..engines.solver.run import Place, PlanRun, run_plan, world_of
from ..engines.solver.search import Search
from ..engines.solver.symbols import FALSE, Bool, Truth, both, either, no
from ..model.dependencies import dependencies
from ..model.result import Result
from ..plan import Plan
from .found import Example, Verdict
from .setting import AS_OF, LIMIT, Setting, text_of


@dataclass(frozen=True)
class Difference:
    """What is known of one question under two plans: `proved` alike, a `witness` on which they differ, or `undecided`.

    `before` and `after` are the decisions on the witness's subject and period, as JSON; None where there is none.
    """

    question: str
    answer: Verdict
    rules: tuple[str, ...]
    domain: str
    witness: Example | None = None
    subject: str = ""
    period: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def difference(old: Plan, new: Plan, policies: Sequence[str] | None = None, questions: Sequence[str] | None = None) -> list[Difference]:
    """Whether two plans decide alike, question by question; the same question is looked at policy by policy.

    `policies` names those that may differ (default: those whose documents differ, or whose readings or parameters
    do), `questions` those to look at (default: all). The plans must have the same tables.

    >>> import cadrerules as cr
    >>> plan = cr.load_policies("market-supervision")
    >>> found = difference(plan, plan.amend(params={"assessment.bar_to": 4}))
    >>> [(d.question, d.answer) for d in found if d.answer != "proved"]
    [('promotion', 'witness')]
    """
    names = list(policies) if policies is not None else sorted({*old.policies, *new.policies})
    found: list[Difference] = []
    for name in names:
        if policies is None and _same_policy(old, new, name):
            continue
        found += _Pair(old, new, name).differences(questions)
    return found


def _same_policy(old: Plan, new: Plan, name: str) -> bool:
    """Whether a policy, and all it rests on, stands in both plans alike."""
    if name not in old.policies or name not in new.policies:
        return False
    return _said(old, name) == _said(new, name)


def _said(plan: Plan, name: str) -> Any:
    """A policy with the parameters, readings and questions that it rests on."""
    policy = plan.policies[name]
    rests_on = [dependencies(policy, rule) for rule in policy.rules]
    parameters = {n: plan.parameters[n] for found in rests_on for n in found.parameters}
    readings = {n: plan.interpretations[n].option for found in rests_on for n in found.interpretations}
    return policy, parameters, readings, {rule.question: plan.questions[rule.question] for rule in policy.rules}


class _Pair:
    """Two plans in one world."""

    def __init__(self, old: Plan, new: Plan, name: str) -> None:
        self.plans = (old, new)
        self.world = world_of([old.policy_set, new.policy_set], [name], AS_OF)
        self.search = Search(self.world, limit=LIMIT)
        self.sides = [Setting(plan, [name], self.world, self.search) for plan in self.plans]
        self.runs: list[PlanRun] = [run_plan(plan.policy_set, [name], self.world) for plan in self.plans]
        self.name = name

    def differences(self, questions: Sequence[str] | None = None) -> Iterator[Difference]:
        asked = [q for q in self.plans[1].questions if any(run.of_question(q) for run in self.runs)]
        for question in asked:
            if questions is None or question in questions:
                yield self._difference(question)

    def _difference(self, question: str) -> Difference:
        rules = tuple(dict.fromkeys(a.rule.rule.id for run in self.runs for a in run.of_question(question)))
        failed = any(failure for run in self.runs for policy in run.policies.values() for failure in policy.failed)
        undecided = failed
        for place in self._places(question):
            differs = self._differs(question, place)
            if differs is False:
                continue
            answer = self.search.find(differs)
            if answer.witness:
                seen = self._replayed(question, place, answer.witness)
                if seen is not None:
                    example = self.sides[1].example(answer.witness)
                    return Difference(question, "witness", rules, self.world.describe(), example, place[0], text_of(place[1]), *seen)
                undecided = True
            undecided = undecided or answer.answer == "undecided"
        return Difference(question, "undecided" if undecided else "proved", rules, self.world.describe())

    def _places(self, question: str) -> list[Place]:
        return list(dict.fromkeys(place for run in self.runs for place in run.places(question, self.world)))

    def _differs(self, question: str, place: Place) -> Bool:
        old, new = (run.decided(question, place) if run.of_question(question) else {} for run in self.runs)
        verdicts = dict.fromkeys((*old, *new))
        return either(*(differ(old.get(v, FALSE), new.get(v, FALSE)) for v in verdicts))

    def _replayed(self, question: str, place: Place, witness: Any) -> tuple[Any, Any] | None:
        """The decisions of both plans on a witness, where they do differ."""
        results = [
            side.settled(witness).evaluate(dict(witness.tables), as_of=AS_OF, policies=[self.name], engine="scalar")
            if self.name in side.plan.policies
            else None
            for side in self.sides
        ]
        before, after = (_decided(result, question, place) for result in results)
        told = [[(d["verdict"], d["status"], d["possible"], d["id"]) for d in side] for side in (before, after)]
        if told[0] == told[1]:
            return None
        gone = [d for d in before if d["id"] not in {e["id"] for e in after} or d not in after]
        come = [d for d in after if d["id"] not in {e["id"] for e in before} or d not in before]
        return (gone or before or [None])[0], (come or after or [None])[0]


def _decided(result: Result | None, question: str, place: Place) -> list[dict[str, Any]]:
    if result is None:
        return []
    same = [d for d in result.decisions if (d.question, d.subject.id, d.period) == (question, place[0], text_of(place[1]))]
    return [decision.model_dump(mode="json") for decision in same]


def differ(one: Truth, other: Truth) -> Bool:
    """Whether one surely is so where the other surely isn't."""
    if one.sure is other.sure and one.possible is other.possible:
        return False
    return either(both(one.sure, no(other.possible)), both(other.sure, no(one.possible)))
