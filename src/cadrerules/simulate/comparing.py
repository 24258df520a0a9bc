"""Compares a plan with reforms of it on a population, part by part: outcomes joined, counted, and put down to changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import polars as pl

from ..differences.between import Between
from ..differences.documents import changes
from ..differences.facts import Facts, Source
from ..errors import Problem, UsageError
from .before import before as before_of
from .breakdowns import Breaking
from .causes import Policies, needed
from .comparison import Comparison
from .data import data_of
from .held import Tables, frames, group_of, height, parts
from .outcomes import Progress, outcomes
from .reformed import Reformed
from .reforms import Reform, reformed
from .subjects import Beside, beside
from .transitions import joined, side, staying

if TYPE_CHECKING:
    from ..plan import Plan


def compare(
    plan: Plan,
    facts: Source,
    reforms: Sequence[Reform | Plan | Path | str | Mapping[str, Any]] | Reform | Plan | Path | str | Mapping[str, Any],
    *,
    as_of: date | None = None,
    by: Sequence[str] | str = (),
    group_by: str = "",
    engine: str = "auto",
    attribute: bool = True,
    progress: Progress | None = None,
) -> Comparison:
    """A plan compared with reforms of it on the same facts: transitions, those affected, and what makes them so.

    A reform is a `Reform`, the path or content of a reform document, or any other plan, such as `plan.amend(..)`.
    `by` names columns by which transitions are broken down, `staff.role`, or the grouping column. `facts`, `as_of`
    (default: today), `group_by` and `engine` are as `Plan.evaluate` takes them. Without `attribute` nothing is put down
    to changes. `progress` is told what is evaluated, how many rows are done and of how many, each counted once for
    each evaluation. Raises what `Reform.of` and `Plan.evaluate` raise, and `UsageError` for a column in `by` that isn't
    there or stands beside no subject.

    >>> import cadrerules as cr
    >>> plan = cr.load_policies("market-supervision")
    >>> rows = [{"quarter": "2024Q3", "unit": f"U{n:02}", "indicator": "I1", "progress": 100 - n} for n in range(1, 12)]
    >>> found = cr.compare(plan, {"progress": rows}, plan.amend(params={"board.red_to": 6}), as_of=date(2025, 1, 15))
    >>> [(t.old, t.new, t.decisions) for t in found.reforms[0].transitions if t.question == "flag" and not t.stays]
    [('red', 'yellow', 1)]
    """
    from ..plan import ENGINES

    if engine not in ENGINES:
        raise UsageError(Problem("CR-ENGINE-MISSING", values={"name": engine, "known": ", ".join(ENGINES)}))
    made = [reformed(each, plan) for each in _several(reforms)]
    source = Facts(facts, group_by)
    tables = source.under(plan)
    held, group = frames(tables), group_of(tables)
    columns = [beside(name, plan, held, group) for name in ([by] if isinstance(by, str) else by)]
    sides = [_side(plan, reform, new, columns) for reform, new in made]
    run = _Run(plan, sides, as_of or date.today(), engine, attribute, Steps(progress, height(tables) * _evaluations(sides, attribute)))
    with run.timed("facts"):
        data = data_of(plan, tables)
    for part in parts(tables):
        run.part(part, source if part is tables else Facts(part), Breaking(columns, part))
    run.steps.finished()
    kept = pl.concat(run.before) if run.before else None
    return Comparison(plan, run.as_of, data, tuple(side.compared() for side in sides), run.seconds, kept)


def _several(reforms: Any) -> list[Any]:
    several = isinstance(reforms, Sequence) and not isinstance(reforms, str)
    return list(reforms) if several else [reforms]


def _side(plan: Plan, reform: Reform, new: Plan, columns: Sequence[Beside]) -> Reformed:
    between = Between(plan, new, changes(plan.policy_set, new.policy_set))
    asked = tuple(dict.fromkeys((*new.questions, *plan.questions)))
    return Reformed(reform, new, between, asked, by={column.by: [] for column in columns})


def _evaluations(sides: Sequence[Reformed], attribute: bool) -> int:
    """How many evaluations there are at most."""
    more = [len(needed(side.between, side.asked)) if attribute else 0 for side in sides]
    return 1 + sum(bool(side.borne) + extra for side, extra in zip(sides, more, strict=True))


@dataclass
class Steps:
    """How far the work has come: the rows of every evaluation that is done."""

    tell: Progress | None
    total: int
    done: int = 0

    def begin(self, name: str) -> None:
        """Say what is evaluated now."""
        if self.tell is not None:
            self.tell(name, min(self.done, self.total), self.total)

    def finished(self) -> None:
        """Say that all is done; flips that there are not need no evaluation."""
        self.done = self.total
        self.begin("")


@dataclass
class _Run:
    plan: Plan
    sides: Sequence[Reformed]
    as_of: date
    engine: str
    attribute: bool
    steps: Steps
    seconds: dict[str, float] = field(default_factory=dict)
    before: list[pl.DataFrame] = field(default_factory=list)

    def timed(self, name: str) -> _Timed:
        return _Timed(self.seconds, name)

    def part(self, part: Tables, facts: Facts, breaking: Breaking) -> None:
        """Compare one part of the population under every reform."""
        with self.timed("base"):
            base = self._outcomes(self.plan, facts, None, self.plan.name, height(part))
        with self.timed("counting"):
            answers = {question: side(base, question) for question in self.plan.questions}
            held = {q: breaking.counted(q, staying(found)) for q, found in answers.items() if self._stays(q)}
        for each in self.sides:
            with self.timed("reforms"):
                new = self._outcomes(each.plan, facts, each.policies, each.name, height(part)) if each.borne else None
            with self.timed("counting"):
                for question in each.questions:
                    if question not in each.borne:
                        each.keep(held[question])
                    elif new is not None:
                        old = answers[question] if question in answers else side(base, question)
                        pairs = joined(old, side(new, question))
                        each.take(question, pairs, breaking.counted(question, pairs))
            if self.attribute:
                with self.timed("causes"):
                    each.explain(lambda plan, policies, each=each: self._outcomes(plan, facts, policies, each.name, height(part)))  # type: ignore[misc]
            each.settle()
        with self.timed("counting"):
            self.before.append(before_of(self.plan, base, [pl.concat(each.latest) for each in self.sides if each.latest]))

    def _stays(self, question: str) -> bool:
        return any(question not in each.borne for each in self.sides)

    def _outcomes(self, plan: Plan, facts: Facts, policies: Policies, name: str, rows: int) -> pl.DataFrame:
        self.steps.begin(name)
        found = outcomes(plan, facts.under(plan), self.as_of, policies, self.engine)
        self.steps.done += rows
        return found


@dataclass
class _Timed:
    seconds: dict[str, float]
    name: str
    start: float = 0.0

    def __enter__(self) -> None:
        self.start = perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds[self.name] = self.seconds.get(self.name, 0.0) + perf_counter() - self.start

