"""The engines that the shared suite is run on. A new engine needs an entry here and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cadrerules.engines.scalar.evaluation import Evaluation
from cadrerules.language.text import show
from cadrerules.model.facts import FactTables
from cadrerules.model.result import Result
from cadrerules.plan import Plan
from cadrerules.populations.evaluation import columnar_table

Column = Callable[[Plan, FactTables, date, str, str], Mapping[str, str]]
"""The values of a policy's derived column, as text, by the row's key (its cells joined by `/`)."""

Evaluate = Callable[[Plan, FactTables, date, Sequence[str]], Result]
"""The result of evaluating some policies of a plan."""


@dataclass(frozen=True)
class Engine:
    """An engine under test; the cases that it `refuses` must raise CR-ENGINE-CANNOT, and no others."""

    name: str
    column: Column
    evaluate: Evaluate
    refuses: Mapping[str, str] = field(default_factory=dict)


def _scalar_column(plan: Plan, facts: FactTables, as_of: date, policy: str, column: str) -> dict[str, str]:
    evaluation = Evaluation(plan.policy_set, facts, as_of)
    evaluation.run([policy])
    run = evaluation.runs[policy]
    stage = run.program.stages[-1]
    frame = run.frames[stage.name]
    return {"/".join(map(str, frame.key_of(row))): show(row[column], stage.types[column]) for row in frame.rows}


def _scalar(plan: Plan, facts: FactTables, as_of: date, policies: Sequence[str]) -> Result:
    return plan.evaluate(facts, as_of=as_of, policies=policies, engine="scalar")


def _columnar(name: str) -> Engine:
    """A columnar engine, to which the tables are handed as columns."""

    def evaluate(plan: Plan, facts: FactTables, as_of: date, policies: Sequence[str]) -> Result:
        return plan.evaluate(facts, as_of=as_of, policies=policies, engine=name)

    def column(plan: Plan, facts: FactTables, as_of: date, policy: str, column: str) -> dict[str, str]:
        found = columnar_table(plan, facts, as_of, policy, name)
        types = found.stage.types
        return {"/".join(map(str, key)): show(row[column], types[column]) for key, row in found.rows()}

    return Engine(name, column, evaluate, REFUSED)


REFUSED: Mapping[str, str] = {
    "language/rank.yaml::one unknown, ties dense": "open_dense",
    "language/rank.yaml::one unknown beside a tie, ties dense": "open_dense",
    "language/views.yaml::a view of a view": "fractions",
    "language/views.yaml::a view of a view counts the rows of that view": "fractions",
    "language/views.yaml::what a group takes from one of its rows": "one_of_a_group",
    "language/views.yaml::a row of no known group opens every run that it may be in": "open_key",
    "language/views.yaml::a row of no known group opens every look back to it": "open_key",
    "language/views.yaml::a row of no known group opens every place beside it": "open_key",
}
"""The shared cases that columnar engines refuse, and must, each with what they can't do: see `cadrerules.engines.columnar.capabilities`."""

COLUMNAR = ("polars", "duckdb")
"""The columnar engines, by the name that `engine=` takes."""

ENGINES = (Engine("scalar", _scalar_column, _scalar), *map(_columnar, COLUMNAR))

SPARK = _columnar("spark")
"""On which a sample of the cases is run, for each takes it a second or more."""
