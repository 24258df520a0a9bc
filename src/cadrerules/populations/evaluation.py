"""Evaluates a plan on a population in a columnar engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ..engines.columnar.capabilities import cannot, refusing_unsupported
from ..engines.columnar.decoded import decoded
from ..engines.columnar.evaluation import Columnar, evaluate_columns
from ..engines.columnar.extents import Extents
from ..engines.columnar.findings import told, truth_on
from ..engines.columnar.frames import Frame
from ..engines.columnar.policies import Compiled, compile_policies
from ..engines.columnar.population import Backend, Population
from ..engines.columnar.relations import Pick, column
from ..engines.columnar.rows import open_disputes
from ..engines.columnar.tables import Stock
from ..errors import UsageError
from ..model.facts import ColumnarTables, FactTables
from ..model.policy import facts_name
from ..model.program import Stage
from ..model.result import Result
from ..organisations import checked_waivers

if TYPE_CHECKING:
    from ..plan import Plan


from .holding import chosen_engine, population_of
from .results import result_of


def evaluate(plan: Plan, facts: FactTables | ColumnarTables, as_of: date, policies: list[str], engine: str) -> Result | None:
    """The result of evaluating the named policies in columns; None where the scalar engine is to be asked."""
    held = in_columns(plan, facts, as_of, policies, engine)
    return None if held is None else result_of(plan, held, as_of, policies)


def in_columns(plan: Plan, facts: FactTables | ColumnarTables, as_of: date, policies: list[str], engine: str) -> Columnar | None:
    """Findings and decisions as relations; None where the scalar engine is asked for, or `auto` finds that only it can do it."""
    chosen = chosen_engine(facts, engine, plan)
    if chosen == "scalar":
        return None
    try:
        return evaluated(plan, population_of(facts, chosen), as_of, policies)
    except UsageError as error:
        if engine != "auto" or error.code != "CR-ENGINE-CANNOT":
            raise
    return None


def evaluated(plan: Plan, population: Population, as_of: date, policies: list[str]) -> Columnar:
    """Findings and decisions on a population as relations; `UsageError` for what its engine can't do."""
    check_plugins(plan, population)
    warnings = checked_waivers(plan, population.few, as_of)
    return replace(evaluate_columns(plan.policy_set, plan.questions, population, as_of, policies), warnings=warnings)


def check_plugins(plan: Plan, population: Population) -> None:
    """Refuse plugins that compute findings in Python, for those see rows."""
    if plan.is_opaque:
        raise cannot(population.backend.name, "python_findings")


def truths(plan: Plan, facts: FactTables | ColumnarTables, as_of: date, policy: str, engine: str, kind: str) -> Any:
    """Each row of a policy's own facts by its key, with the truth of each rule."""
    population = population_of(facts, "polars" if engine == "auto" else engine)
    compiled = _compiled(plan, population, as_of, policy)
    frame, program = compiled.frames[policy][facts_name(policy)], compiled.programs[policy]
    group = dict(zip([population.group], (column(frame.relation, name) for name in frame.group), strict=False))
    keys = {name: told(frame.values[name], program.own_stage.types[name]) for name in frame.key}
    rules = {bound.rule.key: truth_on(frame, bound.rule.key) for bound in program.own_rules}
    return population.backend.frame(Pick(frame.relation, {**group, **keys, **rules}), kind)


def _compiled(plan: Plan, population: Population, as_of: date, policy: str) -> Compiled:
    stock = Stock(population.cells, open_disputes(population.few, as_of), population.first_year)

    def compiled() -> Compiled:
        found = compile_policies(plan.policy_set, [policy], stock, as_of)
        own = found.frames[policy].get(found.programs[policy].stages[-1].name)
        Extents(population.backend, population.extents).check([own.relation] if own else [])
        return found

    return refusing_unsupported(population.backend.name, compiled)


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
    compiled = _compiled(plan, population, as_of, policy)
    stage = compiled.programs[policy].stages[-1]
    return ColumnarTable(stage, compiled.frames[policy][stage.name], population.backend)
