"""The solver engine on the plan: put values in for its variables, and it finds what the scalar engine finds."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.engines.solver.run import Place
from cadrerules.model.dependencies import dependencies
from cadrerules.model.result import Decision, Result
from cadrerules.verify.setting import AS_OF, Setting, relations_of, text_of
from properties.solver_filling import Filling, filling

PLAN = cr.load_policies("market-supervision")
POLICIES = ["assessment", "board", "obligation", "rectification", "training"]
BOUNDED = {"board.commend", "board.interview", "obligation.style_filing"}
"""Rules of which the reference now and then says more, for it knows bounds of what isn't known: a run, a count."""


def readings_of(policy: str) -> dict[str, tuple[str, ...]]:
    """The readings of all interpretations that a policy's rules rest on."""
    names: set[str] = set()
    for rule in PLAN.policies[policy].rules:
        decide = PLAN.questions[rule.question].doc.decide
        names |= {*dependencies(PLAN.policies[policy], rule).interpretations}
        names |= set() if isinstance(decide, str) else {decide.choose}
    return {name: tuple(PLAN.interpretations[name].doc.words) for name in sorted(names)}


@lru_cache(maxsize=8)
def setting_of(policy: str, readings: tuple[tuple[str, str], ...]) -> Setting:
    """A policy in its world, run under some readings."""
    setting = Setting(PLAN.amend(interpretations=dict(readings)), {policy: relations_of(PLAN, policy)})
    assert not any(run.failed for run in setting.run.policies.values())
    return setting


# --- both engines ---------------------------------------------------------------------------------------


class Both:
    """What both engines find with the same values."""

    def __init__(self, setting: Setting, found: Filling) -> None:
        self.setting = setting
        self.solved = found.solved
        witness = found.witness(setting.world)
        self.result: Result = setting.settled(witness).evaluate(
            dict(witness.tables), as_of=AS_OF, policies=setting.names, engine="scalar"
        )

    def compare(self) -> None:
        """Every rule and decision, for every subject and period that matters."""
        for question in self.setting.plan.questions:
            for place in self.setting.places(question):
                self.compare_rules(question, place)
                self.compare_decisions(question, place)

    def compare_rules(self, question: str, place: Place) -> None:
        found = {
            (f.rule, f.outcome): f.status == "holds" or None
            for f in self.result.findings
            if (f.subject.id, f.period) == (place[0], text_of(place[1]))
        }
        for rule in self.setting.rules:
            if rule.question == question:
                solved, known = self.solved(self.setting.holds(rule, place)), found.get((rule.id, rule.outcome), False)
                assert solved is known or (solved is None and rule.id in BOUNDED), f"{rule.key} {place}"

    def compare_decisions(self, question: str, place: Place) -> None:
        decisions = [
            d for d in self.result.decisions if (d.question, d.subject.id, d.period) == (question, place[0], text_of(place[1]))
        ]
        decided = {key for d in decisions if d.status == "decided" for key in self.keys(question, d)}
        solved = {key: self.solved(truth) for key, truth in self.setting.run.decided(question, place).items()}
        assert {key for key, truth in solved.items() if truth} == decided, f"{question} {place}"

    def keys(self, question: str, decision: Decision) -> set[str]:
        """A decision as the solver tells it: its verdict, and where each rule is decided apart, its rule."""
        if self.setting.plan.questions[question].decide != "each_rule":
            return {str(decision.verdict)}
        return {
            r.key for r in self.setting.rules if r.question == question and r.id in decision.rules and r.verdict == decision.verdict
        }


def agree(policy: str, data: st.DataObject) -> None:
    """Whether both engines agree on a policy under drawn readings and values."""
    readings = {name: data.draw(st.sampled_from(words), label=name) for name, words in readings_of(policy).items()}
    setting = setting_of(policy, tuple(readings.items()))
    Both(setting, data.draw(filling(setting.world, setting.search.near))).compare()


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=8, derandomize=True)
@given(st.data())
def test_the_solver_finds_what_the_scalar_engine_finds(policy: str, data: st.DataObject) -> None:
    agree(policy, data)


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=150)
@given(st.data())
def test_the_solver_finds_what_the_scalar_engine_finds_on_more_tables(policy: str, data: st.DataObject) -> None:
    agree(policy, data)


def test_every_policy_with_rules_is_compared() -> None:
    assert [name for name, policy in sorted(PLAN.policies.items()) if policy.rules] == POLICIES
