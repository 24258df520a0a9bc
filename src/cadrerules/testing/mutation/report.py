"""What mutation testing found: each mutant's fate, the score, and what would kill the survivors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .mutants import Mutant

Fate = Literal["killed", "survived", "equivalent", "invalid"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case that tells a mutant from the original: its text, ready to be pasted into `file`, and what the mutant decides."""

    file: str
    text: str
    mutant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant and its fate: the case that killed it, or the domain on which it is proved equivalent, or a proposed case."""

    mutant: Mutant
    fate: Fate
    by: str = ""
    domain: str = ""
    proposal: Proposal | None = None


@dataclass(frozen=True)
class Report:
    """All mutants that check, in the order of the documents; `broken` are the cases that fail without any mutant."""

    plan: str
    hash: str
    trials: tuple[Trial, ...]
    cases: int
    broken: tuple[str, ...] = ()
    seconds: float = 0.0

    def of(self, fate: Fate) -> list[Trial]:
        """The mutants with this fate."""
        return [trial for trial in self.trials if trial.fate == fate]

    @property
    def score(self) -> float | None:
        """The share of mutants killed, of those that aren't proved equivalent, in per cent; None where there are none."""
        killed, survived = len(self.of("killed")), len(self.of("survived"))
        return 100 * killed / (killed + survived) if killed + survived else None

    @property
    def rate(self) -> float:
        """Mutants tried per second."""
        return len(self.trials) / self.seconds if self.seconds else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "schema_version": 1,
            "policies": {"name": self.plan, "hash": self.hash},
            "score": None if self.score is None else round(self.score, 2),
            "mutants": len(self.trials),
            "killed": len(self.of("killed")),
            "survived": len(self.of("survived")),
            "equivalent": len(self.of("equivalent")),
            "cases": self.cases,
            "broken_cases": list(self.broken),
            "trials": [_trial(trial) for trial in self.trials],
        }


def _trial(trial: Trial) -> dict[str, Any]:
    mutant, edit = trial.mutant, trial.mutant.edit
    return {
        "id": mutant.id,
        "operator": mutant.operator,
        "element": edit.place,
        "rules": list(mutant.rules),
        "clauses": list(mutant.clauses),
        "description": {"en": mutant.text("en"), "zh": mutant.text("zh")},
        "old": edit.was or edit.old,
        "new": edit.becomes or edit.new,
        "fate": trial.fate,
        "killed_by": trial.by or None,
        "domain": trial.domain or None,
        "case": trial.proposal and {"file": trial.proposal.file, "text": trial.proposal.text},
    }


def by_operator(trials: Sequence[Trial]) -> dict[str, tuple[int, int]]:
    """How many were killed, and how many survived, by the kind of change."""
    found: dict[str, tuple[int, int]] = {}
    for trial in trials:
        killed, survived = found.get(trial.mutant.operator, (0, 0))
        found[trial.mutant.operator] = (killed + (trial.fate == "killed"), survived + (trial.fate == "survived"))
    return found
