"""Which changes of the documents make a decision flip, independent of the order in which they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .between import Between, Some
from .changes import Change
from .decisions import Answers, Asked, answers, flipped
from .facts import Facts, Source
from .patterns import marked, members, solved
from .shares import SEED, Shares

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
    between = Between(old, new, tuple(changes))
    return _Explained(between, Facts(facts, group_by), as_of, engine, progress or (lambda *_: None)).flips()


@dataclass
class _Explained:
    """Both plans' answers, and those of the plans between, evaluated when asked for and remembered."""

    between: Between
    facts: Facts
    as_of: date
    engine: str
    progress: Progress

    def __post_init__(self) -> None:
        self.seen: dict[tuple[Some, tuple[str, ...] | None], Mapping[Asked, Answers]] = {}
        self.before, self.after = self.evaluated(self.between.old), self.evaluated(self.between.new)

    def flips(self) -> tuple[Flip, ...]:
        """All that flip, explained."""
        found = flipped(self.before, self.after)
        asked: dict[tuple[str, str | None], list[Asked]] = {}
        for key in found:
            asked.setdefault((key.question, key.rule), []).append(key)
        why: dict[Asked, Attribution] = {}
        for (question, rule), keys in asked.items():
            for explained in self.why(question, rule, keys):
                why.update(explained)
                self.progress(question, len(why), len(found))
        return tuple(Flip(key, self.before.get(key, ()), self.after.get(key, ()), why[key]) for key in found)

    def why(self, question: str, rule: str | None, keys: Sequence[Asked]) -> Iterator[dict[Asked, Attribution]]:
        """Why decisions on a question flip: by the changes that bear on it, else (plugins may look at anything) by all."""
        left = (1 << len(keys)) - 1
        for bear in (self.between.bearing(question, rule), self.between.effective):
            won = left & self.brings(question, keys, frozenset(bear))
            left &= ~won
            changes = [self.between.changes[number] for number in bear]
            for found, of in solved(
                len(bear), won, lambda some, bear=bear: self.brings(question, keys, frozenset(bear[n] for n in some))  # type: ignore[misc]
            ):
                yield dict.fromkeys(_of(keys, of), _attribution(changes, found))
        yield dict.fromkeys(_of(keys, left), Attribution())

    def brings(self, question: str, keys: Sequence[Asked], some: Some) -> int:
        """Which of the decisions the old plan with some of the changes answers as the new one does."""
        plan = self.between.plan(some) if some else None
        if plan is None:
            return 0
        found = self.answered(plan, question, some)
        return marked(found.get(key, ()) == self.after.get(key, ()) for key in keys)

    def answered(self, plan: Plan, question: str, some: Some) -> Mapping[Asked, Answers]:
        """The answers under a plan, to the rules of those policies at least that decide the question."""
        policies = self.between.deciding(plan, question)
        if (some, policies) not in self.seen:
            self.seen[some, policies] = self.evaluated(plan, policies)
        return self.seen[some, policies]

    def evaluated(self, plan: Plan, policies: Iterable[str] | None = None) -> Mapping[Asked, Answers]:
        """The answers under a plan, perhaps to the rules of some policies only."""
        tables = self.facts.under(plan)
        return answers(plan.evaluate(tables, as_of=self.as_of, policies=policies, engine=self.engine).decisions)


def _of(keys: Sequence[Asked], flips: int) -> list[Asked]:
    return [keys[at] for at in members(flips)]


def _attribution(changes: Sequence[Change], found: Shares) -> Attribution:
    causes = [Cause(change, share) for change, share in zip(changes, found.values, strict=True) if share]
    causes.sort(key=lambda cause: -cause.share)  # of equal shares in document order
    sufficient = tuple(tuple(changes[one] for one in some) for some in found.sufficient)
    return Attribution(tuple(causes), sufficient, found.exact, found.orders)
