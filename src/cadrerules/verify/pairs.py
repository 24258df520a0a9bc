"""Whether two plans decide alike: per question proved, or the smallest tables on which they don't."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..engines.solver.run import Focus, Place, PlanRun, shape_for, world_of
from ..engines.solver.search import Search
from ..engines.solver.symbols import FALSE, Bool, Truth, both, either, no
from ..engines.solver.turns import one_at_a_time
from ..model.dependencies import dependencies
from ..model.policy import Rule
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


@one_at_a_time
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
        for focus, asked in groups(old, new, name):
            wanted = [q for q in asked if questions is None or q in questions]
            found += Pair.of(old, new, focus).differences(wanted) if wanted else []
    return _one_each(found)


def groups(old: Plan, new: Plan, policy: str) -> Iterator[tuple[Focus, list[str]]]:
    """The parts of a policy that can be looked at one by one, and the questions of each.

    Relations whose findings combine into one decision stay together.
    """
    parts: dict[str, set[str]] = {}
    for plan in (old, new):
        for rule in plan.policies[policy].rules if policy in plan.policies else ():
            parts.setdefault(rule.facts, set()).add(_decision(plan, rule))
    while parts:
        first, keys = parts.popitem()
        together = [first]
        while more := [name for name, asked in parts.items() if asked & keys]:
            keys = keys.union(*(parts.pop(name) for name in more))
            together += more
        yield {policy: sorted(together)}, sorted({key.partition(" ")[0] for key in keys})


def _decision(plan: Plan, rule: Rule) -> str:
    """What a rule's findings combine with: those on its question and kind of subject, or no others."""
    each = plan.questions[rule.question].decide == "each_rule"
    return f"{rule.question} {rule.id if each else rule.kind}"


def _one_each(found: list[Difference]) -> list[Difference]:
    """One for each question, policy and group of rules: what differs first."""
    rank = {"witness": 0, "undecided": 1, "proved": 2}
    return sorted(found, key=lambda d: (rank[d.answer], d.question, d.rules))


def _same_policy(old: Plan, new: Plan, name: str) -> bool:
    """Whether a policy, and all it rests on, stands in both plans alike."""
    if name not in old.policies or name not in new.policies:
        return False
    return bool(_said(old, name) == _said(new, name))


def _said(plan: Plan, name: str) -> Any:
    """A policy with the parameters, readings and questions that it rests on."""
    policy = plan.policies[name]
    rests_on = [dependencies(policy, rule) for rule in policy.rules]
    parameters = {n: plan.parameters[n] for found in rests_on for n in found.parameters}
    readings = {n: plan.interpretations[n].option for found in rests_on for n in found.interpretations}
    return policy, parameters, readings, {rule.question: plan.questions[rule.question] for rule in policy.rules}


class Pair:
    """Two plans in one world."""

    def __init__(self, old: Setting, new: Plan) -> None:
        self.plans = (old.plan, new)
        self.world, self.search = old.world, Search(old.world, near=old.search.near, limit=LIMIT)
        self.sides = [old, Setting(new, old.focus, old.world, self.search)]
        self.runs: list[PlanRun] = [side.run for side in self.sides]

    @classmethod
    def of(cls, old: Plan, new: Plan, focus: Focus) -> Pair:
        """A pair in a world large enough for both."""
        world = world_of([old.policy_set, new.policy_set], focus, AS_OF)
        return cls(Setting(old, focus, world), new)

    @classmethod
    def beside(cls, old: Setting, new: Plan) -> Pair:
        """A pair in the world of the first, where that is large enough; in one of their own where it isn't."""
        needed = shape_for([old.plan.policy_set, new.policy_set], old.focus, AS_OF)
        return cls(old, new) if needed == old.world.shape else cls.of(old.plan, new, old.focus)

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

    def _decided(self, result: Result | None, question: str, place: Place) -> list[dict[str, Any]]:
        """The decisions on a subject and period that the rules in focus lead to."""
        rules = {a.rule.rule.id for run in self.runs for a in run.of_question(question)}
        same = (question, place[0], text_of(place[1]))
        decisions = result.decisions if result else ()
        found = [d for d in decisions if (d.question, d.subject.id, d.period) == same and rules & {*d.because, *d.overridden}]
        return [decision.model_dump(mode="json") for decision in found]

    def _places(self, question: str) -> list[Place]:
        return list(dict.fromkeys(place for run in self.runs for place in run.places(question, self.world)))

    def _differs(self, question: str, place: Place) -> Bool:
        old, new = (run.decided(question, place) if run.of_question(question) else {} for run in self.runs)
        verdicts = dict.fromkeys((*old, *new))
        return either(*(differ(old.get(v, FALSE), new.get(v, FALSE)) for v in verdicts))

    def _replayed(self, question: str, place: Place, witness: Any) -> tuple[Any, Any] | None:
        """The decisions of both plans on a witness, where they do differ."""
        results = [
            side.settled(witness).evaluate(dict(witness.tables), as_of=AS_OF, policies=side.names, engine="scalar")
            if side.names
            else None
            for side in self.sides
        ]
        before, after = (self._decided(result, question, place) for result in results)
        told = [[(d["verdict"], d["status"], d["possible"], d["id"]) for d in side] for side in (before, after)]
        if told[0] == told[1]:
            return None
        return _other_than(before, after), _other_than(after, before)


def _other_than(decisions: list[dict[str, Any]], others: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first decision that the other side hasn't; the first of all where it has them all."""
    return next((d for d in decisions if d not in others), decisions[0] if decisions else None)


def differ(one: Truth, other: Truth) -> Bool:
    """Whether one surely is so where the other surely isn't."""
    if one.sure is other.sure and one.possible is other.possible:
        return False
    return either(both(one.sure, no(other.possible)), both(other.sure, no(one.possible)))
