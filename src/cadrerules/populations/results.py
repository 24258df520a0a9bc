"""What a plan decides on a population, as a result: frames and files from its columns, reasons from the scalar engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from ..engines.columnar.evaluation import Columnar, Records, Scalar, decisions_of, evaluate_columns, findings_of
from ..engines.columnar.population import Population
from ..engines.scalar.evaluation import Progress
from ..evaluate import prepare
from ..model.organisations import Organisation
from ..model.result import Decision, Result

if TYPE_CHECKING:
    from ..plan import Plan


KEPT = 64
"""Of how many organisations the scalar engine's results are kept."""
ITSELF = ("lazy", "duckdb", "spark")
"""Kinds of frame that an engine gives itself, perhaps before it has run."""


def result_of(plan: Plan, columnar: Columnar, as_of: date, policies: list[str]) -> Result:
    """Findings and decisions as a result, of which everything is made when it is asked for."""
    population = columnar.population
    scalar = _scalar(plan, population, as_of, policies)

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
        warnings=columnar.warnings,
        explainer=lambda decision, *asked, **options: _same(scalar, decision).explain(*asked, **options),
        explain_subject=explain_subject,
        evidence=lambda decision: _same(scalar, decision)._result.evidence(decision),  # noqa: SLF001 - the model's own slot for it
        framer=lambda of, name, kind: _frame(of, columnar, name, kind),
        writer=lambda name, path, tell: _write(plan, columnar, as_of, policies, name, path, tell),
        outlooks=_Outlooks(scalar),
        reporter=report,
        group=population.group,
        organisations=_Organisations(scalar, population) if population.group else {},
        knows=lambda subject: scalar(None).knows(subject),
    )
    return result


def _scalar(plan: Plan, population: Population, as_of: date, policies: list[str]) -> Scalar:
    @lru_cache(maxsize=KEPT)
    def of(name: str | None) -> Result:
        organisation = None if name is None else Organisation(population.group, name)
        return prepare(plan, population.organisation(name), as_of, organisation).result(policies)

    return of


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
    from ..report.frames import as_kind, check_kind, to_frame
    from ..report.tables import columns

    check_kind(kind)
    relation = columnar.relation(name) if name in ("findings", "decisions") else None
    if relation is None:
        return to_frame(result, name, kind)
    frame = columnar.population.backend.frame
    return frame(relation, kind) if kind in ITSELF else as_kind(frame(relation, "polars"), columns(name, result.group), kind)


def _write(
    plan: Plan, columnar: Columnar, as_of: date, policies: list[str], name: str, path: Path, tell: Progress
) -> int:
    """Write findings or decisions, how many rows: Spark a folder of files, other engines one file, batch by batch."""
    if columnar.population.backend.name == "spark":
        return _write_by_spark(columnar, name, path)
    import pyarrow.parquet as pq

    from ..report.frames import arrow_schema, as_kind
    from ..report.tables import columns

    shown, population = columns(name, columnar.population.group), columnar.population
    done, written, begun = 0, 0, monotonic()
    with pq.ParquetWriter(path, arrow_schema(shown)) as writer:
        for part in population.batches() if population.batches else [population]:
            one = columnar if part is population else evaluate_columns(plan.policy_set, plan.questions, part, as_of, policies)
            if (relation := one.relation(name)) is None:
                break
            table = as_kind(one.population.backend.frame(relation, "polars"), shown, "pyarrow")
            writer.write_table(table)
            done, written = done + part.rows, written + table.num_rows
            tell(f"{done / max(monotonic() - begun, 1e-9):,.0f} rows/s", done, max(population.rows, done))
    return written


def _write_by_spark(columnar: Columnar, name: str, path: Path) -> int:
    from ..engines.spark import SparkBackend, write_rows
    from ..report.frames import arrow_schema
    from ..report.tables import columns

    backend, group = cast("SparkBackend", columnar.population.backend), columnar.population.group
    if (relation := columnar.relation(name)) is not None:
        rows = backend.frame(relation, "spark")
    else:
        rows = backend.session.createDataFrame(arrow_schema(columns(name, group)).empty_table())
    return write_rows(rows, f"file://{path.absolute()}", group)
