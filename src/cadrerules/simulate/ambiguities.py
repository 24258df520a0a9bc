"""What each ambiguity of the text decides: how many decisions turn on a reading, or on a parameter left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from ..differences.facts import Source
from ..differences.reach import deciding, resting_on
from ..errors import CadreError, Lang, PolicyError, UsageError
from ..model.facts import ColumnarTables, FactTables
from ..populations.holding import chosen_engine
from .data import Data, data_of
from .differing import Counted, counted, differing, on_questions
from .heading import headed
from .held import height, parts
from .outcomes import Progress, outcomes
from .shown import Shown
from .waiting import Base, base_of, waiting

if TYPE_CHECKING:
    from ..plan import Plan

Skipped = dict[str, Mapping[str, str]]
"""Readings that could not be counted, and why in each language."""


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """An interpretation, or an unset parameter, and how much turns on it.

    `decisions` counts those that differ between any two of the choices (readings; of an unset parameter, those that
    wait for it), `subjects` the subjects they are about by kind, `questions` the decisions by question. `options` says
    for each choice how many decisions differ from the plan's own. `of` counts the decisions on the questions that rest
    on it, under any of the choices. `adopted` tells whether somebody adopted the reading in force; `skipped` names the readings
    that could not be counted, for the plan as it is amended here can't be, or the engine can't do it, and why (by language).
    """

    kind: Literal["interpretation", "parameter"]
    name: str
    clauses: tuple[str, ...]
    chosen: str | None
    decisions: int
    of: int
    subjects: Mapping[str, int]
    questions: Mapping[str, int]
    options: Mapping[str, int]
    adopted: bool = False
    skipped: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**asdict(self), "clauses": list(self.clauses)}


@dataclass(frozen=True)
class Ambiguities(Shown):
    """All of them, those first on which the most decisions turn: what a drafter should settle first."""

    base: Plan = field(repr=False)
    as_of: date
    data: Data
    ranked: tuple[Ambiguity, ...]

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""
        from .ambiguities_text import to_text

        return to_text(self, lang)

    def to_frame(self) -> pl.DataFrame:
        """One row for each, in order: its counts in all, then those of each choice and question as text."""
        from .ambiguities_text import to_frame

        return to_frame(self)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, ready for JSON."""
        return headed(
            "ambiguities", self.base, self.as_of, self.data,
            ambiguities=[one.to_dict() for one in self.ranked],
        )  # fmt: skip


def ambiguities(
    plan: Plan,
    facts: Source,
    *,
    as_of: date | None = None,
    group_by: str = "",
    engine: str = "auto",
    progress: Progress | None = None,
) -> Ambiguities:
    """How many decisions turn on each reading of the text, and wait for each parameter that it leaves out.

    `facts`, `as_of` (default: today), `group_by`, `engine` and `progress` are as `Plan.evaluate` takes them, and so is what
    is raised. For each interpretation the plan is evaluated under each other reading, all else as it is, but only
    the policies that decide questions which rest on it.

    >>> import cadrerules as cr
    >>> from cadrerules.simulate.ambiguities import ambiguities
    >>> rows = [{"quarter": "2024Q3", "unit": f"U{n}", "indicator": "I", "progress": n // 2} for n in range(20)]
    >>> found = ambiguities(cr.load_policies("market-supervision"), {"progress": rows})
    >>> found.ranked[0].name, found.ranked[0].options
    ('board.ranked', {'unit': 0, 'indicator': 0, 'region': 20})
    """
    day, tables, told = as_of or date.today(), plan.held(facts, group_by), progress or (lambda *_: None)
    of = max(1, height(tables))
    done, found = 0, list[list[Ambiguity]]()
    for part in [*parts(tables)] or [tables]:  # of whole organisations, so that what is counted adds up
        found.append(list(_Counting(plan, part, day, engine, _of_all(told, done, height(part), of)).each()))
        done += height(part)
    ranked = [reduce(_together, same) for same in zip(*found, strict=True)]
    ranked.sort(key=lambda one: -one.decisions)  # of equal ones in document order, readings first
    return Ambiguities(plan, day, data_of(plan, tables), tuple(ranked))


def _of_all(progress: Progress, done: int, rows: int, of: int) -> Progress:
    """Progress in one part of the rows as progress in all of them."""
    return lambda name, at, total: progress(name, done + rows * at // max(1, total), of)


def _together(one: Ambiguity, more: Ambiguity) -> Ambiguity:
    """What was counted of one and of further organisations."""
    skipped = {**one.skipped, **more.skipped}
    return replace(
        one,
        decisions=one.decisions + more.decisions,
        of=one.of + more.of,
        subjects=_added(one.subjects, more.subjects),
        questions=_added(one.questions, more.questions),
        options={option: n for option, n in _added(one.options, more.options).items() if option not in skipped},
        skipped=skipped,
    )


def _added(one: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + more.get(name, 0) for name in {**one, **more}}


@dataclass
class _Counting:
    """Counts one ambiguity after the other."""

    plan: Plan
    tables: FactTables | ColumnarTables
    as_of: date
    engine: str
    progress: Progress

    def each(self) -> Iterator[Ambiguity]:
        """Every ambiguity, in document order."""
        names = [*self.plan.interpretations, *(name for name, one in self.plan.parameters.items() if not one.is_set)]
        self.progress(self.plan.name, 0, len(names) + 1)
        base = base_of(self.plan, self.tables, self.as_of, self.engine)
        for done, name in enumerate(names, 1):
            self.progress(name, done, len(names) + 1)
            yield self.reading(name, base) if name in self.plan.interpretations else self.parameter(name, base)

    # --- readings -----------------------------------------------------------------------------------

    def reading(self, name: str, base: Base) -> Ambiguity:
        """How many decisions differ between any two readings of an interpretation."""
        one, skipped = self.plan.interpretations[name], dict[str, Mapping[str, str]]()
        plans = dict(self._amended(name, skipped))
        questions = self._questions(name)
        frames = {one.option: on_questions(base.outcomes, questions), **dict(self._under(plans, questions, skipped))}
        turning = {o: counted(differing([frames[one.option], found])).decisions for o, found in frames.items()}
        options = {option: turning[option] for option in one.doc.words if option in turning}
        found = counted(differing(list(frames.values())))
        return _ambiguity("interpretation", name, tuple(one.doc.clause), one.option, found, options, one.adopted, skipped)

    def _amended(self, name: str, skipped: Skipped) -> Iterator[tuple[str, Plan]]:
        """The plan under each other reading; readings under which it can't be are noted."""
        one = self.plan.interpretations[name]
        for option in one.doc.words:
            if option != one.option:
                try:
                    yield option, self.plan.amend(interpretations={name: option})
                except PolicyError as error:
                    skipped[option] = _told(error)

    def _under(self, plans: Mapping[str, Plan], questions: list[str], skipped: Skipped) -> Iterator[tuple[str, pl.DataFrame]]:
        """The outcomes under each reading; readings that the engine can't do are noted."""
        for option, plan in plans.items():
            try:
                yield option, on_questions(self._outcomes(plan, questions), questions)
            except UsageError as error:
                if error.code != "CR-ENGINE-CANNOT":
                    raise
                skipped[option] = _told(error)

    def _questions(self, name: str) -> list[str]:
        """The questions that rest on an interpretation; all where plugins may look at anything."""
        return list(self.plan.questions) if self.plan.is_opaque else resting_on(self.plan.policy_set, ("interpretation", name))

    def _outcomes(self, plan: Plan, questions: list[str]) -> pl.DataFrame:
        names = list(dict.fromkeys(name for question in questions for name in deciding(plan.policy_set, question)))
        return outcomes(plan, self.tables, self.as_of, None if self.plan.is_opaque else names, self._engine)

    @property
    def _engine(self) -> str:
        """The engine for other readings: many rows in columns are never made Python's, where columns can't do one of them."""
        return self.engine if isinstance(self.tables, FactTables) else chosen_engine(self.tables, self.engine, self.plan)

    # --- parameters ---------------------------------------------------------------------------------

    def parameter(self, name: str, base: Base) -> Ambiguity:
        """How many decisions wait for an unset parameter."""
        questions = resting_on(self.plan.policy_set, ("parameter", name))
        waits = waiting(self.plan, name, base, questions, lambda plan: self._outcomes(plan, questions))
        found = counted(waits)
        of = len(on_questions(base.outcomes, questions))
        clauses = tuple(self.plan.parameters[name].doc.clause)
        return _ambiguity("parameter", name, clauses, None, Counted(found.decisions, of, found.subjects, found.questions), {})


def _told(error: CadreError) -> dict[str, str]:
    return {"en": error.report("en"), "zh": error.report("zh")}


def _ambiguity(
    kind: Literal["interpretation", "parameter"],
    name: str,
    clauses: tuple[str, ...],
    chosen: str | None,
    found: Counted,
    options: Mapping[str, int],
    adopted: bool = False,
    skipped: Skipped | None = None,
) -> Ambiguity:
    return Ambiguity(
        kind, name, clauses, chosen, found.decisions, found.of, found.subjects, found.questions, options, adopted, skipped or {}
    )
