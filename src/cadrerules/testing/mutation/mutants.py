"""The mutants of a policy set: each a change of one element, with the rules it reaches and the clauses they cite."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from ...errors import Lang, PolicyError
from ...model.policy_set import PolicySet
from .edit import QUESTIONS, Edit
from .expressions import expression_edits
from .reach import Reach
from .structures import question_edits, structure_edits
from .words import OPERATORS, word

__all__ = ["OPERATORS", "Mutant", "candidates", "mutants", "mutated"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed policy set, as the change: which rules it reaches, and the clauses that they cite."""

    edit: Edit
    rules: tuple[str, ...]
    clauses: tuple[str, ...]

    @property
    def id(self) -> str:
        """Short, and the same as long as the element and the change are."""
        return self.edit.id

    @property
    def operator(self) -> str:
        """The kind of change, one of `OPERATORS`."""
        return self.edit.operator

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies whose rules it reaches."""
        return tuple(dict.fromkeys(rule.partition(".")[0] for rule in self.rules))

    def text(self, lang: Lang = "en") -> str:
        """The change in a line: what kind it is, and the part as it was and as it is."""
        key = "change" if self.edit.new else "drop"
        return word(key, lang, kind=word(self.operator, lang), old=self.edit.old, new=self.edit.new)


def candidates(policies: PolicySet) -> Iterator[Mutant]:
    """The mutants of a policy set in the order of its documents; some may turn out not to check."""
    reach, seen = Reach(policies), set()
    for edit in _edits(policies):
        content = (edit.document, edit.path, repr(edit.value))
        if content not in seen and not (edit.was and edit.was == edit.becomes):
            seen.add(content)
            rules = reach.rules(edit)
            yield Mutant(edit, rules, _clauses(policies, rules))


def mutants(policies: PolicySet) -> Iterator[Mutant]:
    """The mutants of a policy set that check."""
    return (mutant for mutant in candidates(policies) if mutated(policies, mutant) is not None)


def mutated(policies: PolicySet, mutant: Mutant) -> PolicySet | None:
    """The policy set as the mutant has it; None where that is no policy set at all."""
    try:
        return mutant.edit.apply(policies)
    except (PolicyError, ValidationError):
        return None


def _edits(policies: PolicySet) -> Iterator[Edit]:
    for name in sorted(policies.documents):
        yield from structure_edits(policies, name)
        yield from expression_edits(policies, name)
    yield from question_edits(policies)


def _clauses(policies: PolicySet, rules: Collection[str]) -> tuple[str, ...]:
    found = [rule for policy in policies.policies.values() for rule in policy.rules if rule.id in rules]
    return tuple(sorted({clause for rule in found for clause in rule.clauses}))


def about(mutant: Mutant, policy: str) -> bool:
    """Whether a mutant is of a policy: it changes its document, or a question that one of its rules answers."""
    return mutant.edit.document == policy or (mutant.edit.document == QUESTIONS and policy in mutant.policies)
