"""Evaluates a case on mutants: the tables are read once, and only the rules that a mutant reaches are evaluated again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from ...engines.scalar.calendar import calendar_frames
from ...engines.scalar.evaluation import Evaluation
from ...engines.scalar.frames import Frame, table_frame
from ...engines.scalar.waivers import Waivers
from ...evaluate import prepare
from ...language.nodes import Across, Lookup, Node, walk
from ...model.absent import Absences
from ...model.deciding import decide
from ...model.facts import FactTables
from ...model.policy import Policy
from ...model.policy_set import PolicySet
from ...model.result import Decision, Finding, Result
from ...plan import Plan

ByRule = Mapping[str, Sequence[Finding]]


@dataclass
class Replay:
    """Tables, the day and the policies to evaluate; findings of rules that a mutant doesn't reach are those of the original.

    `plan` is the original with the settings of the case. Raises what the evaluation raises.
    """

    plan: Plan
    facts: FactTables
    as_of: date
    policies: Sequence[str]
    _original: dict[str, ByRule] = field(default_factory=dict)
    _decided: dict[frozenset[str], tuple[Decision, ...]] = field(default_factory=dict)

    @cached_property
    def frames(self) -> Mapping[str, Frame]:
        """The tables and the calendar as the engine has them, the same for every mutant."""
        policies = self.plan.policy_set
        frames = {n: table_frame(table, self.facts, self.as_of) for n, table in policies.tables.items() if n in self.facts}
        return frames | calendar_frames(policies.doc.calendar, self.facts, policies.bindings(self.as_of))

    @cached_property
    def _prepared(self) -> tuple[Waivers, list[Finding]]:
        prepared = prepare(self.plan, self.facts, self.as_of)
        return prepared.waivers, [f for f in prepared.from_plugins if f.rule.rpartition(".")[0] in self.policies]

    def result(self, policies: PolicySet | None = None, reached: Collection[str] = ()) -> Result:
        """The result under a mutant of which `reached` are the rules it can reach; without one, of the original."""
        chosen = self.plan.policy_set if policies is None else policies
        waivers, from_plugins = self._prepared
        findings = [f for name in self.policies for f in self._findings(name, chosen, reached)]
        findings += from_plugins
        if policies is not None:
            waivers = self._waivers(waivers, policies)
        together = self._together(frozenset(reached))
        return Result(
            policies={"name": self.plan.name, "hash": ""},
            as_of=self.as_of,
            findings=tuple(findings),
            decisions=(*decide(chosen.questions, [f for f in findings if f.rule in together], waivers), *self._others(together)),
            not_evaluated=tuple(self._absences(chosen).noted),
            warnings=tuple(waivers.warnings()),
        )

    def _together(self, reached: frozenset[str]) -> frozenset[str]:
        """The rules reached, and all whose findings combine with theirs into one decision."""
        rules = [rule for name in self.policies for rule in self.plan.policies[name].rules]
        apart = {name for name, question in self.plan.questions.items() if question.decide == "each_rule"}
        asked = {rule.question for rule in rules if rule.id in reached} - apart
        return reached | {rule.id for rule in rules if rule.question in asked}

    def _others(self, together: frozenset[str]) -> tuple[Decision, ...]:
        """The decisions of the original that no finding of these rules has a part in: the same under every mutant."""
        if together not in self._decided:
            waivers, from_plugins = self._prepared
            findings = [f for name in self.policies for found in self._of_original(name).values() for f in found]
            rest = [f for f in (*findings, *from_plugins) if f.rule not in together]
            self._decided[together] = tuple(decide(self.plan.questions, rest, waivers))
        return self._decided[together]

    def decisions(self, policies: PolicySet, rules: Collection[str]) -> list[Decision]:
        """The decisions that some rules alone lead to."""
        findings: list[Finding] = []
        for name in self.policies:
            if asked := {rule.id for rule in policies.policies[name].rules} & set(rules):
                findings += (f for found in self._evaluated(policies, name, asked).values() for f in found)
        return decide(policies.questions, findings, self._waivers(self._prepared[0], policies))

    def _waivers(self, waivers: Waivers, policies: PolicySet) -> Waivers:
        """The waivers under a mutant, which may change what can be waived."""
        table = self.plan.tables.get("waivers")
        if table is None or table.name not in self.facts:
            return waivers
        outcomes = [rule for policy in policies.policies.values() for rule in policy.rules]
        waivable = {rule.id for rule in outcomes if rule.waivable}
        known = {rule.id: rule.id in waivable for rule in outcomes}
        return Waivers(self.facts, table, self.as_of, {**waivers.rules, **known}, lambda _: ())

    def _absences(self, policies: PolicySet) -> Absences:
        absences = Absences(self.facts.rows)
        for name in self.policies:
            policy = policies.policies[name]
            if policy.relations and not absences.leaves_out(policy):
                for rule in policy.rules:
                    absences.leaves_out_rule(policy, rule)
        return absences

    # --- findings ---------------------------------------------------------------------------------

    def _findings(self, name: str, policies: PolicySet, reached: Collection[str]) -> list[Finding]:
        """The findings of a policy: those of the rules reached anew, the others as they were, in the order of its rules."""
        if not policies.policies[name].rules:
            return []
        again = {rule.id for rule in policies.policies[name].rules} & set(reached)
        if policies is self.plan.policy_set or not again:
            return [finding for found in self._of_original(name).values() for finding in found]
        new = self._evaluated(policies, name, again)
        before = self._of_original(name) if len(new) < len(policies.policies[name].rules) else {}
        keys = [rule.key for rule in policies.policies[name].rules]
        return [finding for key in keys for finding in (new[key] if key in new else before.get(key, ()))]

    def _of_original(self, name: str) -> ByRule:
        if name not in self._original:
            policy = self.plan.policy_set.policies[name]
            self._original[name] = self._evaluated(self.plan.policy_set, name, {rule.id for rule in policy.rules})
        return self._original[name]

    def _evaluated(self, policies: PolicySet, name: str, rules: Collection[str]) -> ByRule:
        """The findings of some rules of a policy, by the key of the rule."""
        evaluation = Evaluation(policies, self.facts, self.as_of)
        policy = policies.policies[name]
        part = only(policy, rules)
        if not Absences(self.facts.rows).leaves_out(policy):
            evaluation.run_policy(part, policies.bindings(self.as_of), self.frames)
        found: dict[str, list[Finding]] = {rule.key: [] for rule in part.rules}
        several = {(rule.id, rule.outcome): rule.key for rule in part.rules}
        for finding in evaluation.findings:
            found[several[finding.rule, finding.outcome]].append(finding)
        return found


def only(policy: Policy, rules: Collection[str]) -> Policy:
    """The policy with no more than some of its rules and the relations that these look at."""
    kept = tuple(rule for rule in policy.rules if rule.id in rules)
    relations = {relation.name: relation for relation in policy.relations}
    needed: set[str] = set()
    waiting = [rule.facts for rule in kept] + [part for rule in kept for part in _named(rule.when)]
    while waiting:
        relation = relations.get(waiting.pop())
        if relation is not None and relation.name not in needed:
            needed.add(relation.name)
            waiting += [*relation.sources, *(part for node in relation.nodes for part in _named(node))]
    return replace(policy, rules=kept, relations=tuple(r for r in policy.relations if r.name in needed))


def _named(node: Node) -> list[str]:
    return [part.table for part in walk(node) if isinstance(part, Lookup | Across)]
