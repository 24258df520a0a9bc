"""The cases that may notice a mutant, and whether one does: what a process that tries mutants works on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from ...errors import CadreError
from ...model.policy_set import PolicySet
from ...model.result import Result
from ...plan import Plan
from ..case_documents import Case, CaseFile, ExpectedDecision, NoDecision
from ..cases import CaseDocument, amended_plan, facts_of, policies_of
from ..comparison import faults
from .mutants import Mutant, mutated
from .replay import Replay


@dataclass
class Entry:
    """A case of a suite, with what is the same for every mutant."""

    plan: Plan
    document: CaseDocument
    case: Case

    @property
    def name(self) -> str:
        """`board.yaml: a tie at the last place`."""
        return f"{self.document.path.name}: {self.case.name}"

    @property
    def file(self) -> CaseFile:
        """What its file holds."""
        return self.document.file

    @cached_property
    def policies(self) -> list[str]:
        """The policies that it evaluates."""
        return policies_of(self.plan, self.file, self.case)

    @cached_property
    def replay(self) -> Replay:
        """Its tables, ready to be evaluated on mutants."""
        amended = amended_plan(self.plan, self.case)
        facts = facts_of(amended, self.file, self.case)
        return Replay(amended, facts, self.case.as_of or self.file.as_of, self.policies)

    @cached_property
    def by_rule(self) -> list[str]:
        """The questions that each rule decides apart."""
        return [name for name, question in self.plan.questions.items() if question.decide == "each_rule"]

    @cached_property
    def passes(self) -> bool:
        """Whether the original does as it expects."""
        return not self.fails(None, ())

    def fails(self, policies: PolicySet | None, reached: Iterable[str]) -> bool:
        """Whether a mutant (None: the original) does otherwise than it expects; an error of the evaluation is otherwise too."""
        try:
            return bool(faults(self._result(policies, reached), self.case, self.by_rule))
        except CadreError:
            return True

    def _result(self, policies: PolicySet | None, reached: Iterable[str]) -> Result:
        settings = self.case.params, self.case.interpretations
        amended = policies.amend(*settings) if policies is not None and any(settings) else policies
        return self.replay.result(amended, set(reached))

    def sets(self, mutant: Mutant) -> bool:
        """Whether the case itself sets what the mutant changes, so that it can't notice."""
        match mutant.edit.path:
            case ("params", str(name), *_):
                return f"{mutant.edit.document}.{name}" in self.case.params
            case ("interpretations", str(name), *_):
                return f"{mutant.edit.document}.{name}" in self.case.interpretations
            case _:
                return False

    def rank(self, rules: AbstractSet[str], questions: Collection[str]) -> int | None:
        """How likely it is to notice a change of some rules: those that it names come first; None where it can't notice."""
        if any(set(e.because) & rules for e in self.case.expect) or {e.rule for e in self.case.expect_findings} & rules:
            return 0
        asked: list[ExpectedDecision | NoDecision] = [*self.case.expect, *self.case.expect_none]
        if any(self._asks(e, rules, questions) for e in asked):
            return 1
        return 2 if self.case.nothing_else or self.case.not_evaluated is not None or self.case.warnings is not None else None

    def _asks(self, expected: ExpectedDecision | NoDecision, rules: Collection[str], questions: Collection[str]) -> bool:
        """Whether a decision that is expected, or not expected, may rest on one of the rules."""
        by_rule = self.by_rule if self.case.by_rule is None else self.case.by_rule
        if expected.question in by_rule and expected.because:
            return bool(set(expected.because) & set(rules))
        return expected.question is None or expected.question in questions


@dataclass
class Suite:
    """A plan and its cases. A case that expects an error of its own input can't notice a change of rules, and is left out."""

    plan: Plan
    documents: Sequence[CaseDocument]

    @cached_property
    def entries(self) -> list[Entry]:
        """The cases, in the order of their files."""
        return [Entry(self.plan, d, case) for d in self.documents for case in d.file.cases if not case.raises]

    @cached_property
    def _questions(self) -> Mapping[str, str]:
        return {rule.id: rule.question for policy in self.plan.policies.values() for rule in policy.rules}

    def near(self, mutant: Mutant) -> list[Entry]:
        """The cases whose tables bear on a mutant: the likeliest to notice it first."""
        questions = {self._questions[rule] for rule in mutant.rules}
        whom = [e for e in self.entries if set(e.policies) & set(mutant.policies) and not e.sets(mutant)]
        ranked = [(e.rank(set(mutant.rules), questions), e) for e in whom]
        return [e for _, e in sorted(ranked, key=lambda pair: 3 if pair[0] is None else pair[0])]

    def noticing(self, mutant: Mutant) -> list[Entry]:
        """Those of the cases whose expectations could fail on a mutant."""
        questions = {self._questions[rule] for rule in mutant.rules}
        return [entry for entry in self.near(mutant) if entry.rank(set(mutant.rules), questions) is not None]

    def killer(self, mutant: Mutant, policies: PolicySet) -> Entry | None:
        """The first case whose expectations fail on a mutant; None where none does."""
        return next((e for e in self.noticing(mutant) if e.passes and e.fails(policies, mutant.rules)), None)

    def mutated(self, mutant: Mutant) -> PolicySet | None:
        """The plan's policy set as the mutant has it; None where that is no policy set."""
        return mutated(self.plan.policy_set, mutant)
