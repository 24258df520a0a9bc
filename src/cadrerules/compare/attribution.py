"""Which changes of the documents make a decision flip, independent of the order in which they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .changes import Change
from .decisions import Answers, Asked, answers, flipped
from .facts import Facts, Source
from .mixing import mixed
from .reach import bearing, deciding
from .shares import SEED, Shares, shares

if TYPE_CHECKING:
    from ..plan import Plan

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Cause:
    """A change and its share of a flip, a Shapley value: the shares of all causes add up to one."""

    change: Change
    share: Fraction


@dataclass(frozen=True, slots=True)
class Attribution:
    """Why a decision flips: its causes, the greatest first, and the smallest sets of changes that suffice.

    `exact` where every combination of the changes that bear on the question was tried; else `orders`
    orders were drawn at random, always the same ones. No causes: no change of the documents explains
    it, such as where plugins compute it.
    """

    causes: tuple[Cause, ...] = ()
    sufficient: tuple[tuple[Change, ...], ...] = ()
    exact: bool = True
    orders: int = 0

    @property
    def together(self) -> bool:
        """Whether no change alone makes it flip: it takes several together."""
        return bool(self.sufficient) and all(len(some) > 1 for some in self.sufficient)

    def to_dict(self) -> dict[str, Any]:
        """The attribution as plain data; a change is named by kind and name."""
        return {
            "causes": [{"change": named(cause.change), "share": str(cause.share)} for cause in self.causes],
            "sufficient": [[named(change) for change in some] for some in self.sufficient],
            "together": self.together,
            "exact": self.exact,
            "orders": self.orders,
            "seed": None if self.exact else SEED,
        }


def named(change: Change) -> str:
    """A change by the kind and name of its element, `parameter board.red_to`."""
    return f"{change.kind} {change.name}"


@dataclass(frozen=True, slots=True)
class Flip:
    """A decision that two versions answer differently: with what before and after, and why."""

    asked: Asked
    old: Answers
    new: Answers
    why: Attribution = Attribution()

    def to_dict(self) -> dict[str, Any]:
        """The flip as plain data."""
        return {
            "question": self.asked.question,
            "subject": {"kind": self.asked.kind, "id": self.asked.subject},
            "period": self.asked.period,
            "rule": self.asked.rule,
            **({"group": self.asked.group} if self.asked.group is not None else {}),
            "old": [answer.to_dict() for answer in self.old],
            "new": [answer.to_dict() for answer in self.new],
            "attribution": self.why.to_dict(),
        }


def attribute(
    old: Plan,
    new: Plan,
    changes: Sequence[Change],
    facts: Source,
    as_of: date,
    *,
    group_by: str = "",
    engine: str = "auto",
    progress: Progress | None = None,
) -> tuple[Flip, ...]:
    """The decisions that flip from one plan to the other on these facts, each with the changes that make it flip.

    `changes` are those between the plans (`documents.changes`), each made whole or not at all. A change's
    share is its Shapley value in the game that is won where the decision comes out as the new plan has
    it. Only changes that the question's rules depend on take part; combinations that are no valid policy
    set count as not won. `facts`, `group_by` and `engine` are as `Plan.evaluate` takes them, and so is what is
    raised; `progress` is told the question of the flip that is explained, how many are, and of how many.
    """
    held = Facts(facts, group_by)
    return Between(old, new, tuple(changes), held, as_of, engine, progress or (lambda *_: None)).flips()


@dataclass
class Between:
    """The plans between two, evaluated when asked for and remembered; a set of changes is one of their numbers."""

    old: Plan
    new: Plan
    changes: tuple[Change, ...]
    facts: Facts
    as_of: date
    engine: str = "auto"
    progress: Progress = lambda *_: None

    def __post_init__(self) -> None:
        self.plans: dict[frozenset[int], Plan | None] = {}
        self.seen: dict[tuple[frozenset[int], tuple[str, ...] | None], Mapping[Asked, Answers]] = {}
        self.before, self.after = self.evaluated(self.old), self.evaluated(self.new)
        self.opaque = bool(self.old.plugins.hook.cadrerules_findings.get_hookimpls())
        self.effective = [number for number, change in enumerate(self.changes) if not change.only_words]

    def flips(self) -> tuple[Flip, ...]:
        """All that flip, explained."""
        found = flipped(self.before, self.after)
        made = []
        for number, key in enumerate(found):
            self.progress(key.question, number, len(found))
            made.append(Flip(key, self.before.get(key, ()), self.after.get(key, ()), self.why(key)))
        return tuple(made)

    def why(self, key: Asked) -> Attribution:
        """Why one decision flips: by the changes that bear on its question, else (plugins may look at anything) by all."""
        for bear in (self.bearing(key.question), self.effective):
            if bear and self.brings(key, frozenset(bear)):
                found = shares(len(bear), lambda some, bear=bear: self.brings(key, frozenset(bear[n] for n in some)))  # type: ignore[misc]
                return _attribution([self.changes[number] for number in bear], found)
        return Attribution()

    def bearing(self, question: str) -> list[int]:
        """The changes that the rules on a question depend on."""
        bear = bearing(self.changes, self.old.policy_set, self.new.policy_set, question)
        return [number for number in self.effective if self.changes[number] in bear]

    def brings(self, key: Asked, some: frozenset[int]) -> bool:
        """Whether the old plan with some of the changes answers as the new one does."""
        if not some:
            return False
        if some not in self.plans:
            mix = mixed(self.old.policy_set, self.new.policy_set, [self.changes[number] for number in sorted(some)])
            self.plans[some] = None if mix is None else replace(self.old, policy_set=mix)
        plan = self.plans[some]
        return plan is not None and self.answered(plan, key.question, some).get(key, ()) == self.after.get(key, ())

    def answered(self, plan: Plan, question: str, some: frozenset[int]) -> Mapping[Asked, Answers]:
        """The answers under a plan, to the rules of those policies at least that decide the question."""
        policies = None if self.opaque else tuple(deciding(plan.policy_set, question))
        if (some, policies) not in self.seen:
            self.seen[some, policies] = self.evaluated(plan, policies)
        return self.seen[some, policies]

    def evaluated(self, plan: Plan, policies: Iterable[str] | None = None) -> Mapping[Asked, Answers]:
        """The answers under a plan, perhaps to the rules of some policies only."""
        tables = self.facts.under(plan)
        return answers(plan.evaluate(tables, as_of=self.as_of, policies=policies, engine=self.engine).decisions)


def _attribution(changes: Sequence[Change], found: Shares) -> Attribution:
    causes = [Cause(change, share) for change, share in zip(changes, found.values, strict=True) if share]
    causes.sort(key=lambda cause: -cause.share)  # of equal shares in document order
    sufficient = tuple(tuple(changes[one] for one in some) for some in found.sufficient)
    return Attribution(tuple(causes), sufficient, found.exact, found.orders)
