"""Evaluates organisations that a grouping column keeps apart, each alone, and puts their results together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from .engines.scalar.evaluation import Progress
from .errors import CadreError, DataError, PolicyError, Problem
from .evaluate import Prepared, prepare
from .evaluate import evaluate as evaluate_alone
from .model.facts import FactTables
from .model.mentions import person_names, without_names
from .model.organisations import Organisation, by_organisation
from .model.result import Result

if TYPE_CHECKING:
    from .plan import Plan


def evaluate(
    plan: Plan, facts: FactTables, as_of: date, policies: list[str], progress: Progress | None = None
) -> Result:
    """The result of evaluating the named policies on facts as of a day, whether of one organisation or of several.

    `progress` is told the policies where there is no grouping column, else the organisations.
    """
    if not facts.group:
        return evaluate_alone(plan, facts, as_of, policies, progress)
    ready = _all_prepared(plan, facts, as_of)
    results: dict[str, Result] = {}
    for done, (name, prepared) in enumerate(ready.items()):
        if progress is not None:
            progress(name, done, len(ready))
        results[name] = prepared.result(policies)
    return _together(results or {"": _of_none(plan, facts, as_of, policies)}, facts.group)


def _all_prepared(plan: Plan, facts: FactTables, as_of: date) -> dict[str, Prepared]:
    """Every organisation ready to be evaluated; what is refused in any of them is one report."""
    ready: dict[str, Prepared] = {}
    refused: list[CadreError] = []
    for name, alone in by_organisation(facts).items():
        try:
            ready[name] = prepare(plan, alone, as_of, Organisation(facts.group, name))
        except (DataError, PolicyError) as error:
            refused.append(type(error)(_of(name, problem) for problem in error.problems))
    if refused:  # a text may mention a person of another organisation
        names = person_names((facts.tables[table], rows) for table, rows in facts.rows.items())
        raise type(refused[0])(without_names(chain.from_iterable(e.problems for e in refused), names))
    return ready


def checked_waivers(plan: Plan, facts: FactTables, as_of: date) -> tuple[Mapping[str, str], ...]:
    """Warnings of waivers that do nothing, as an evaluation has them; raises for those refused, of all organisations in one report."""
    if not facts.group:
        return tuple(prepare(plan, facts, as_of).waivers.warnings())
    ready = _all_prepared(plan, facts, as_of)
    return tuple(chain.from_iterable(_warnings(name, one.waivers.warnings()) for name, one in ready.items()))


def _of(name: str, problem: Problem) -> Problem:
    """The problem with its organisation before its place."""
    path = f"{name}/{problem.place.path}".rstrip("/")
    return replace(problem, place=replace(problem.place, path=path))


def _of_none(plan: Plan, facts: FactTables, as_of: date, policies: list[str]) -> Result:
    """Where there is no organisation at all: nothing but what the absence of tables leaves open."""
    whole = evaluate_alone(plan, replace(facts, group=""), as_of, policies)
    return replace(whole, findings=(), decisions=())


def _together(results: Mapping[str, Result], group: str) -> Result:
    """The results of organisations as one, in their order."""
    organisations = {name: one for name, one in results.items() if one.of}
    whole = replace(
        next(iter(results.values())),
        findings=tuple(chain.from_iterable(one.findings for one in results.values())),
        decisions=tuple(chain.from_iterable(one.decisions for one in results.values())),
        warnings=tuple(chain.from_iterable(_warnings(one.of, one.warnings) for one in results.values())),
        group=group,
        of="",
        organisations=organisations,
        parts=tuple(organisations.values()),
        knows=lambda subject: any(one.knows(subject) for one in organisations.values()),
    )

    def explain_subject(subject: str, *asked: Any, group: str | None = None, **options: Any) -> str:
        one = whole.organisation(group, subject)
        assert one.explain_subject is not None
        return str(one.explain_subject(subject, *asked, **options))

    return replace(whole, explainer=None, explain_subject=explain_subject, outlooks=None, reporter=None)


def _warnings(name: str, warnings: Iterable[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    """The warnings of one organisation, each with its name."""
    for warning in warnings:
        yield {"en": f"{name}: {warning['en']}", "zh": f"{name}：{warning['zh']}"}
