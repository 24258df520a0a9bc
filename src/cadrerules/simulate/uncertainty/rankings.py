"""Rankings that rules rest on: who stands where with which value, and what the rules say at each place.

A rule rests on a ranking where its truth on a row follows, all else on the row as it is, from the row's own place. What
comes of other rows' places (a run of quarters, say) can't be put down to one place, and is told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from ...engines.scalar.cohorts import grouped
from ...engines.scalar.evaluation import Evaluation, PolicyRun
from ...engines.scalar.frames import PRESENT, Values
from ...language.bind import Step
from ...language.evaluate import RowExpression, lay_out
from ...language.nodes import Apply, Cohort, Column, Literal, walk
from ...language.text import show
from ...language.types import Type
from ...language.values import is_known
from ...model.facts import FactTables
from ...model.organisations import by_organisation
from ...model.policy import Policy, Question
from ...model.program import BoundRule, Stage
from ..outcomes import NOTHING, Progress

if TYPE_CHECKING:
    from ...plan import Plan


@dataclass(frozen=True, eq=False)
class Standing:
    """A row in a ranking: whom it is about, its place (None where that isn't known), its value, and what the rules say of it.

    `key` tells it from the others in the ranking: the row's key but for what all of them share.
    """

    subject: str
    period: str | None
    key: str
    place: int | None
    value: Any
    outcome: str | None
    row: Values = field(repr=False)


@dataclass(frozen=True)
class Ranking:
    """The rows that are ranked together, in the order of their keys, and a question whose rules rest on their places.

    `cohort` names what they share; `order` and `ties` are those of the rank, `type` that of its values. `verdict` says
    what comes of a row at another place, None where that isn't known; of rows for which `alike` gives the same it says the same.
    """

    group: str | None
    question: str
    kind: str
    cohort: str
    standings: tuple[Standing, ...]
    order: str
    ties: str
    type: Type
    verdict: Callable[[Standing, int], str | None] = field(repr=False, compare=False)
    alike: Callable[[Standing], tuple[Any, ...]] = field(repr=False, compare=False)

    @cached_property
    def known(self) -> bool:
        """Whether every value and place is known."""
        return all(one.place is not None and is_known(one.value) for one in self.standings)

    def shown(self, value: Any) -> str:
        """A value, or a difference of two, as text."""
        return show(value, self.type)


@dataclass(frozen=True, slots=True)
class Untold:
    """Rules that rest on ranks in a way that can't be put down to the place of one row: whose, and why (a word of `words`)."""

    question: str
    rules: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Rankings:
    """All rankings of an evaluation, and what rests on ranks otherwise."""

    found: tuple[Ranking, ...]
    untold: tuple[Untold, ...]


def rankings(plan: Plan, facts: FactTables, as_of: date, progress: Progress | None = None) -> Rankings:
    """The rankings in facts, organisation by organisation, as the scalar engine makes them."""
    alone = by_organisation(facts) if facts.group else {"": facts}
    names = [name for name, policy in plan.policies.items() if _ranks(policy)]
    found: list[Ranking] = []
    untold: dict[Untold, None] = {}
    for done, (name, part) in enumerate(alone.items()):
        if progress is not None:
            progress(name or plan.name, done, len(alone))
        evaluation = Evaluation(plan.policy_set, part, as_of)
        evaluation.run(names)
        for run in evaluation.runs.values():
            for ranked in _ranked(run, plan.questions):
                untold |= dict.fromkeys(ranked.untold())
                found += (replace(one, group=name if facts.group else None) for one in ranked.rankings())
    return Rankings(tuple(found), tuple(untold))


def _ranks(policy: Policy) -> bool:
    """Whether a policy ranks anything."""
    nodes = chain((node for relation in policy.relations for node in relation.nodes), (rule.when for rule in policy.rules))
    return any(isinstance(part, Cohort) and part.function == "rank" for node in nodes for part in walk(node))


def _ranked(run: PolicyRun, questions: Mapping[str, Question]) -> Iterator[_Ranked]:
    """Each rank among the rows that some rule looks at, with the rules on each question."""
    for stage in run.program.stages:
        rules = [one for one in run.program.rules if one.rule.facts == stage.name and one.rule.key not in run.skipped]
        for step in stage.steps if rules and stage.name in run.frames else ():
            if isinstance(step.node, Cohort) and step.node.function == "rank":
                for name in dict.fromkeys(one.rule.question for one in rules):
                    mine = tuple(one for one in rules if one.rule.question == name)
                    yield _Ranked(run, stage, step, step.node, questions[name], mine)


@dataclass(frozen=True)
class _Ranked:
    """A rank in a stage, and the rules on one question that look at the stage's rows."""

    run: PolicyRun
    stage: Stage
    step: Step
    rank: Cohort
    question: Question
    rules: tuple[BoundRule, ...]

    @cached_property
    def moved(self) -> Mapping[str, RowExpression]:
        """The columns that follow from the place of their own row, in order, and how."""
        found: dict[str, RowExpression] = {}
        for step in self.stage.steps:
            if _of_a_row(step) and _reads(step) & {self.step.name, *found}:
                found[step.name] = lay_out(step.node)
        return found

    @cached_property
    def through_others(self) -> frozenset[str]:
        """The columns in which places of other rows play a part."""
        found: set[str] = set()
        for step in self.stage.steps:
            read = _reads(step)
            if read & found or (not _of_a_row(step) and read & {self.step.name, *self.moved}):
                found.add(step.name)
        return frozenset(found)

    @property
    def telling(self) -> tuple[BoundRule, ...]:
        """The rules of whose subject there is one in each row, and that no other row's place plays a part in."""
        return tuple(one for one in self.rules if not one.rule.to and one.rule.key not in self.through_others)

    def untold(self) -> Iterator[Untold]:
        """The rules that rest on the rank in another way."""
        others = [one for one in self.rules if one.rule.key in self.through_others]
        addressed = [one for one in self.rules if one.rule.to and one.rule.key in self.moved and one not in others]
        for why, found in (("through_others", others), ("addressed", addressed)):
            if found:
                yield Untold(self.question.name, tuple(dict.fromkeys(one.rule.id for one in found)), why)

    def rankings(self) -> Iterator[Ranking]:
        """Each cohort of the rank, where a rule follows from its places."""
        if not any(one.rule.key in self.moved for one in self.telling):
            return
        rows = self.run.frames[self.stage.name].rows
        certain = [row for row in rows if row.get(PRESENT, True) is True and all(is_known(row[n]) for n in self.rank.per)]
        options = {name: option.value for name, option in self.rank.options if isinstance(option, Literal)}
        argument = self.rank.args[0]
        assert isinstance(argument, Column)
        cohorts = grouped(certain, self.rank.per).items()
        for key, members in sorted(cohorts, key=lambda one: list(map(str, one[0]))):
            yield Ranking(
                None,
                self.question.name,
                self.telling[0].rule.kind,
                "/".join(map(str, key)),
                tuple(self._standing(row, argument.name) for row in members),
                options.get("order", "descending"),
                options.get("ties", "competition"),
                self.stage.types[argument.name],
                lambda standing, place: self._outcome(standing.row, place),
                lambda standing: self._fixed_of(standing.row),
            )

    def _standing(self, row: Values, argument: str) -> Standing:
        rule, place = self.telling[0].rule, row[self.step.name]
        period = row[rule.period] if rule.period and is_known(row[rule.period]) else None
        key = "/".join(str(row[name]) for name in self.stage.grain.key if name not in self.rank.per)
        subject = str(row[rule.subject]) if rule.subject else rule.kind
        known = place if is_known(place) else None
        return Standing(subject, None if period is None else str(period), key, known, row[argument], self._outcome(row, known), row)

    def _outcome(self, row: Values, place: int | None) -> str | None:
        """What the rules say of a row at a place; None where that isn't known."""
        if place is None:
            return None
        at = (place, *self._fixed_of(row))
        if at not in self._seen:
            self._seen[at] = self._evaluated({**row, self.step.name: place})
        return self._seen[at]

    @cached_property
    def _seen(self) -> dict[tuple[Any, ...], str | None]:
        """What was said of places already: rows that are alike but for their places come out alike."""
        return {}

    @cached_property
    def _fixed(self) -> tuple[str, ...]:
        """The columns that the rules' truths follow from, beside the place."""
        read = {name for expression in self.moved.values() for _, name in expression.reads}
        read |= {one.rule.key for one in self.telling}
        return tuple(sorted(read - {self.step.name, *self.moved}))

    def _fixed_of(self, row: Values) -> tuple[Any, ...]:
        return tuple(row[name] for name in self._fixed)

    def _evaluated(self, values: Values) -> str | None:
        for name, expression in self.moved.items():
            values[name] = expression.value(values)
        truths = [(one.rule.verdict, values[one.rule.key]) for one in self.telling]
        return None if any(truth is None for _, truth in truths) else self._verdict([v for v, truth in truths if truth])

    def _verdict(self, holding: Sequence[str]) -> str:
        if not holding:
            return NOTHING
        if self.question.decide == "gravest":
            return max(sorted(holding), key=lambda v: self.question.verdicts[v].severity)
        return "+".join(v for v in self.question.verdicts if v in holding)


def _of_a_row(step: Step) -> bool:
    return isinstance(step.node, Apply | Column | Literal)


def _reads(step: Step) -> set[str]:
    """The columns of its own row, or of its cohort's, that a step reads."""
    return {part.key for part in walk(step.node) if isinstance(part, Column)}
