"""Evaluates a plan for each of the values that one or two of its parameters take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

from ..differences.facts import Source
from ..differences.reach import deciding, rests_on
from ..engines.columnar.decisions import Outlook
from ..engines.columnar.evaluation import outlooks_on
from ..engines.columnar.population import Population
from ..errors import UsageError
from ..model.facts import ColumnarTables, FactTables
from ..organisations import checked_waivers
from ..populations.evaluation import check_plugins
from ..populations.holding import chosen_engine, population_of
from .data import data_of
from .outcomes import counts
from .representatives.alike import representatives
from .representatives.split import NotByRowsError
from .representatives.standing import Sources, counted
from .representatives.variants import Variant, Variants
from .settings import asked_for
from .sweep import Compression, Counts, Point, Sweep

if TYPE_CHECKING:
    from ..plan import Plan

Progress = Callable[[str, int, int], None]
FEW = 3
"""So many different points at most are evaluated one by one: finding who stands for others takes about as long."""
PAYS = 2
"""One must stand for so many on average."""


def sweep(
    plan: Plan,
    facts: Source,
    settings: Iterable[str],
    *,
    goals: Iterable[str] = (),
    as_of: date | None = None,
    group_by: str = "",
    engine: str = "auto",
    compress: bool = True,
    progress: Progress | None = None,
) -> Sweep:
    """How many decisions have which outcome for each of the values that one or two parameters take.

    `settings` are one or two texts such as `board.red_to=3..12`: ranges with both ends and perhaps a step after a
    slash (else the parameter's own), single values, or several of these with commas between. `goals` are texts such
    as `flag.red <= 30%`. `facts`, `as_of`, `group_by` and `engine` are as `Plan.evaluate` takes them, and so is what is
    raised. In polars, those whose rows hold the same as far as the parameters bear on them are evaluated once for
    all (`compress`); the counts are the same. `progress` is told the values, how many points are done, and of how many.

    >>> import cadrerules as cr
    >>> from datetime import date
    >>> plan = cr.load_policies("market-supervision")
    >>> found = cr.sweep(plan, "examples/bureau", ["board.red_to=3..5"], as_of=date(2025, 1, 15))
    >>> [point.counts["flag", "red"] for point in found.points]
    [22, 30, 38]
    """
    day = as_of or date.today()
    found, wanted = asked_for(plan, settings, goals, day)
    tables = plan.held(facts, group_by)
    points = [*product(*(axis.values for axis in found))]
    plans = _Plans(plan, tuple(axis.parameter for axis in found), points)
    way = _way(plans, tables, day, engine, compress)
    still = way.still()
    made = []
    for at, values in enumerate(points):
        if progress is not None:
            progress(", ".join(values), at, len(points))
        made.append(Point(values, {**still, **way.counts(at)}))
    reached = tuple(goal.reached(made) for goal in wanted)
    return Sweep(plan, day, data_of(plan, tables), found, tuple(made), tuple(way.compression()), reached)


@dataclass(frozen=True)
class _Plans:
    """The plans of a sweep, and what the parameters bear on."""

    base: Plan
    parameters: tuple[str, ...]
    points: Sequence[tuple[str, ...]]

    def at(self, point: int) -> Plan:
        """The plan with the values of a point."""
        return self.base.amend(dict(zip(self.parameters, self.points[point], strict=True)))

    @cached_property
    def moved(self) -> list[str]:
        """The questions on which the parameters bear."""
        if self.base.is_opaque:
            return [*self.base.questions]
        swept = {("parameter", name) for name in self.parameters}
        return [question for question in self.base.questions if swept & {*rests_on(self.base.policy_set, question)}]

    @property
    def unmoved(self) -> list[str]:
        """The other questions."""
        return [question for question in self.base.questions if question not in self.moved]

    def deciding(self, questions: Iterable[str]) -> list[str]:
        """The policies that decide some questions, in order."""
        wanted = {policy for question in questions for policy in deciding(self.base.policy_set, question)}
        return [policy for policy in self.base.policies if self.base.is_opaque or policy in wanted]


def _way(plans: _Plans, tables: FactTables | ColumnarTables, day: date, engine: str, compress: bool) -> _OneByOne | _Together:
    if chosen_engine(tables, engine, plans.base) == "polars":
        try:
            return _Together(plans, population_of(tables, "polars"), day, compress)
        except UsageError as error:
            if engine != "auto" or error.code != "CR-ENGINE-CANNOT":
                raise
    return _OneByOne(plans, tables, day, engine)


@dataclass(frozen=True)
class _OneByOne:
    """Each point evaluated as a plan of its own."""

    plans: _Plans
    tables: FactTables | ColumnarTables
    day: date
    engine: str

    def still(self) -> Counts:
        """The counts of the questions that stay as they are."""
        return self._counts(self.plans.base, self.plans.unmoved)

    def counts(self, point: int) -> Counts:
        """The counts of the questions that move."""
        return self._counts(self.plans.at(point), self.plans.moved)

    def _counts(self, plan: Plan, questions: Sequence[str]) -> Counts:
        found = counts(plan, self.tables, self.day, self.plans.deciding(questions), self.engine)
        return {key: count for key, count in found.items() if key[0] in questions}

    def compression(self) -> Iterator[Compression]:
        """Nothing was compressed."""
        yield from ()


@dataclass
class _Decision:
    """One decision at all points: those at which it is the same are counted once, of those who stand for others if anybody does."""

    outlooks: Sequence[Outlook]
    sources: Sources
    compress: bool
    counted: list[Mapping[str, int] | None] = field(init=False)

    def __post_init__(self) -> None:
        self.question = self.outlooks[0].asked.question.name
        variants = Variants(self.outlooks)
        self.first = variants.first_alike()
        self.counted = [None] * len(self.first)
        self.variants: Sequence[Variant] = ()
        some = self.compress and len({*self.first}) > FEW
        self.compression = self._compressed(variants) if some else Compression(self.question, 0, None, "few")

    def _compressed(self, variants: Variants) -> Compression:
        try:
            split = variants.split()
            standing = representatives([split[at] for at in sorted({*self.first})], self.sources)
        except NotByRowsError:
            return Compression(self.question, 0, None, "joined")
        if standing.all < PAYS * len(standing.weights):
            return Compression(self.question, standing.all, None, "distinct")
        self.variants, self.standing = split, standing
        return Compression(self.question, standing.all, len(standing.weights))

    def counts(self, point: int) -> Mapping[str, int]:
        """How many have which outcome at a point."""
        at = self.first[point]
        found = self.counted[at]
        if found is None:
            found = self.standing.counts(self.variants[at], self.sources) if self.variants else counted(self.outlooks[at], self.sources)
            self.counted[at] = found
        return found


@dataclass
class _Together:
    """All points on those who stand for others, decision by decision."""

    plans: _Plans
    population: Population
    day: date
    compress: bool

    def __post_init__(self) -> None:
        check_plugins(self.plans.base, self.population)
        checked_waivers(self.plans.base, self.population.few, self.day)
        self.sources: Any = self.population.backend.sources  # type: ignore[attr-defined]  # it is Polars
        made = [self.outlooks(self.plans.at(at), self.plans.moved) for at in range(len(self.plans.points))]
        self.decisions = [_Decision(outlooks, self.sources, self.compress) for outlooks in zip(*made, strict=True)]

    def outlooks(self, plan: Plan, questions: Sequence[str]) -> list[Outlook]:
        """What is decided of some questions under a plan."""
        found = outlooks_on(plan.policy_set, plan.questions, self.population, self.day, self.plans.deciding(questions))
        return [outlook for outlook in found if outlook.asked.question.name in questions]

    def still(self) -> Counts:
        """The counts of the questions that stay as they are."""
        found = self.outlooks(self.plans.base, self.plans.unmoved)
        return _summed((outlook.asked.question.name, counted(outlook, self.sources)) for outlook in found)

    def counts(self, point: int) -> Counts:
        """The counts of the questions that move."""
        return _summed((decision.question, decision.counts(point)) for decision in self.decisions)

    def compression(self) -> Iterator[Compression]:
        """What stood for what."""
        for decision in self.decisions:
            yield decision.compression


def _summed(found: Iterable[tuple[str, Mapping[str, int]]]) -> Counts:
    """By question and outcome, what decisions on one question come to together."""
    total: Counter[tuple[str, str]] = Counter()
    for question, by_outcome in found:
        total.update({(question, outcome): count for outcome, count in by_outcome.items()})
    return total
