"""Evaluates a plan on a population in a columnar engine, and says why with the scalar one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .engines.columnar.capabilities import cannot, refusing_unsupported
from .engines.columnar.decoded import decoded
from .engines.columnar.evaluation import Columnar, Records, Scalar, decisions_of, evaluate_columns, findings_of
from .engines.columnar.extents import Extents
from .engines.columnar.frames import Frame
from .engines.columnar.policies import compile_policies
from .engines.columnar.population import Backend, Population
from .engines.columnar.rows import open_disputes, stock_of
from .engines.columnar.tables import Stock
from .evaluate import prepare
from .model.facts import FactTables
from .model.organisations import Organisation, by_organisation
from .model.program import Stage
from .model.result import Decision, Result

if TYPE_CHECKING:
    from .plan import Plan

KEPT = 64
"""Of how many organisations the scalar engine's results are kept."""


def evaluate(plan: Plan, population: Population, as_of: date, policies: list[str]) -> Result:
    """The result of evaluating the named policies on a population as of a day."""
    _check_plugins(plan, population)
    warnings = _checked_waivers(plan, population, as_of)
    columnar = evaluate_columns(plan.policy_set, plan.questions, population, as_of, policies)
    return _result(plan, columnar, as_of, _scalar(plan, population, as_of, policies), warnings)


def population_of(facts: FactTables, engine: str) -> Population:
    """Validated rows in an engine."""
    stock, columns = stock_of(facts, date.min)
    few = replace(facts, rows={name: facts[name] for name in ("waivers", "disputes") if name in facts})
    alone = by_organisation(facts) if facts.group else {}

    def organisation(name: str | None) -> FactTables:
        return facts if name is None else alone[name]

    backend = BACKENDS[engine](columns, stock.cells)
    return Population(facts.tables, stock.cells, backend, few, organisation, facts.group, lambda: tuple(alone))


def _polars(columns: Any, cells: Any) -> Any:
    from .engines.polars import held

    return held(columns, cells)


BACKENDS: Mapping[str, Callable[..., Any]] = {"polars": _polars}
"""By name, what puts columns of cells into an engine."""


def _check_plugins(plan: Plan, population: Population) -> None:
    """Refuse plugins that compute findings in Python, for those see rows."""
    if plan.plugins.hook.cadrerules_findings.get_hookimpls():
        raise cannot(population.backend.name, "python_findings")


def _checked_waivers(plan: Plan, population: Population, as_of: date) -> tuple[Mapping[str, str], ...]:
    """Refuse waivers as the scalar engine does; its warnings about those that do nothing."""
    few = population.few
    groups = by_organisation(few) if few.group else {"": few}
    found: list[Mapping[str, str]] = []
    for name, alone in groups.items():
        organisation = Organisation(few.group, name) if few.group else None
        found += prepare(plan, alone, as_of, organisation).waivers.warnings()
    return tuple(found)


def _scalar(plan: Plan, population: Population, as_of: date, policies: list[str]) -> Scalar:
    @lru_cache(maxsize=KEPT)
    def of(name: str | None) -> Result:
        organisation = None if name is None else Organisation(population.group, name)
        return prepare(plan, population.organisation(name), as_of, organisation).result(policies)

    return of


def _result(plan: Plan, columnar: Columnar, as_of: date, scalar: Scalar, warnings: Any) -> Result:
    population = columnar.population

    def decisions() -> list[Decision]:
        found = decisions_of(columnar, scalar)
        for decision in found:
            decision._result = result  # noqa: SLF001 - the model's own slot for it
        return found

    def explain_subject(subject: str, *asked: Any, group: str | None = None, **options: Any) -> str:
        explain = scalar(group).explain_subject
        assert explain is not None
        return str(explain(subject, *asked, **options))

    def report(_: Result, *asked: Any) -> str | bytes:
        one = scalar(None)
        assert one.reporter is not None
        return one.reporter(one, *asked)

    result = Result(
        policies={"name": plan.name, "hash": plan.hash},
        as_of=as_of,
        findings=Records(lambda: findings_of(columnar, scalar)),
        decisions=Records(decisions),
        not_evaluated=tuple(columnar.not_evaluated),
        warnings=warnings,
        explainer=lambda decision, *asked, **options: _same(scalar, decision).explain(*asked, **options),
        explain_subject=explain_subject,
        framer=lambda of, name, kind: _frame(of, columnar, name, kind),
        outlooks=_Outlooks(scalar),
        reporter=report,
        group=population.group,
        organisations=_Organisations(scalar, population) if population.group else {},
        knows=lambda subject: scalar(None).knows(subject),
    )
    return result


def _same(scalar: Scalar, decision: Decision) -> Decision:
    """The scalar engine's decision that a columnar one is."""
    return next(d for d in scalar(decision.group).decisions if d.id == decision.id)


@dataclass(frozen=True)
class _Outlooks:
    scalar: Scalar

    def of(self, decision: Decision) -> Any:
        return self.scalar(decision.group).outlooks.of(_same(self.scalar, decision))

    def asked(self, *asked: Any) -> Any:
        return self.scalar(None).outlooks.asked(*asked)


class _Organisations(Mapping[str, Result]):
    """Each organisation's own result, evaluated by the scalar engine when asked for."""

    def __init__(self, scalar: Scalar, population: Population) -> None:
        self.scalar, self.population = scalar, population

    def __getitem__(self, name: str) -> Result:
        if name not in self.population.names():
            raise KeyError(name)
        return self.scalar(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.population.names())

    def __len__(self) -> int:
        return len(self.population.names())


def _frame(result: Result, columnar: Columnar, name: str, kind: str) -> Any:
    from .report.frames import to_frame

    relation = columnar.relation(name) if name in ("findings", "decisions") else None
    if relation is None:
        return to_frame(result, name, kind)
    return columnar.population.backend.frame(relation, kind)


@dataclass(frozen=True)
class ColumnarTable:
    """A policy's own facts with its derived columns, in a columnar engine."""

    stage: Stage
    frame: Frame
    backend: Backend

    def rows(self) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
        """The key and the values of each row, as the language has them."""
        for plain in self.backend.rows(self.frame.relation):
            row = {name: decoded(value, plain) for name, value in self.frame.values.items()}
            yield tuple(row[name] for name in self.frame.key), row


def columnar_table(plan: Plan, facts: FactTables, as_of: date, policy: str, engine: str) -> ColumnarTable:
    """The last relation of a policy."""
    population = population_of(facts, engine)
    stock = Stock(population.cells, open_disputes(population.few, as_of), population.first_year)

    def compiled() -> tuple[Stage, Frame]:
        found = compile_policies(plan.policy_set, [policy], stock, as_of)
        stage = found.programs[policy].stages[-1]
        frame = found.frames[policy][stage.name]
        Extents(population.backend).check([frame.relation])
        return stage, frame

    return ColumnarTable(*refusing_unsupported(engine, compiled), population.backend)
