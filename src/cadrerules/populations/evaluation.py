"""Evaluates a plan on a population in a columnar engine, and says why with the scalar one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from ..engines.columnar.capabilities import cannot, refusing_unsupported
from ..engines.columnar.decoded import decoded
from ..engines.columnar.evaluation import Columnar, Records, Scalar, decisions_of, evaluate_columns, findings_of
from ..engines.columnar.extents import Extents
from ..engines.columnar.findings import told, truth_on
from ..engines.columnar.frames import Frame
from ..engines.columnar.policies import Compiled, compile_policies
from ..engines.columnar.population import Backend, Population
from ..engines.columnar.relations import Pick, column
from ..engines.columnar.rows import open_disputes, stock_of
from ..engines.columnar.tables import Cells, Stock, source
from ..engines.scalar.evaluation import Progress
from ..errors import UsageError
from ..evaluate import prepare
from ..load.files import needing
from ..model.facts import ColumnarTables, FactTables
from ..model.organisations import Organisation, by_organisation
from ..model.policy import facts_name
from ..model.program import Stage
from ..model.result import Decision, Result
from ..organisations import checked_waivers

if TYPE_CHECKING:
    from ..plan import Plan
    from .scan import Scanned
    from .spark_scan import SparkTables

Frames = Mapping[str, Any]
"""Lazy frames of cells, by table."""

KEPT = 64
"""Of how many organisations the scalar engine's results are kept."""


FEW_ROWS = 4_000
"""Up to so many rows the scalar engine is asked by `auto`, for it is faster: see the page of benchmarks."""
BATCH_ROWS = 2_000_000
"""About how many rows are evaluated together where results are written to a file."""


def chosen_engine(facts: FactTables | ColumnarTables, engine: str, plan: Plan) -> str:
    """The engine asked for; `auto` takes scalar for few rows, else that which holds the tables, where it can do all of the plan."""
    if engine != "auto":
        return engine
    if plan.is_opaque or find_spec("polars") is None:
        return "scalar"
    held, rows = ("polars", sum(map(len, facts.rows.values()))) if isinstance(facts, FactTables) else (facts.engine, facts.rows)
    return "scalar" if held == "polars" and rows <= FEW_ROWS else held


def evaluate(plan: Plan, facts: FactTables | ColumnarTables, as_of: date, policies: list[str], engine: str) -> Result | None:
    """The result of evaluating the named policies in columns; None where the scalar engine is to be asked."""
    held = in_columns(plan, facts, as_of, policies, engine)
    return None if held is None else _result(plan, held, as_of, policies)


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


NEEDED: Mapping[str, tuple[str, str]] = {"polars": ("polars", "frames"), "duckdb": ("duckdb", "frames"), "spark": ("pyspark", "spark")}
"""By engine the package that it needs, and the extra that brings it."""


def population_of(facts: FactTables | ColumnarTables, engine: str) -> Population:
    """Validated tables in an engine; `UsageError` where the engine isn't installed."""
    with needing(*NEEDED[engine]):
        if isinstance(facts, FactTables):
            return _of_rows(facts, engine)
        return _of_columns(cast("Scanned | SparkTables", facts), engine)


def _of_rows(facts: FactTables, engine: str) -> Population:
    stock, columns = stock_of(facts, date.min)
    few = replace(facts, rows={name: facts[name] for name in ("waivers", "disputes") if name in facts})
    alone = by_organisation(facts) if facts.group else {}

    def organisation(name: str | None) -> FactTables:
        return facts if name is None else alone[name]

    backend = BACKENDS[engine](frames_of(columns, stock.cells))
    return Population(facts.tables, stock.cells, backend, few, organisation, facts.group, lambda: tuple(alone))


def _of_columns(scanned: Scanned | SparkTables, engine: str) -> Population:
    cells = {
        name: Cells(scanned.tables[name], source(scanned.tables[name], scanned.group), holes, scanned.group)
        for name, holes in scanned.holes.items()
    }
    backend = BACKENDS[engine](scanned.cells if engine == "spark" else _lazy(scanned.cells))
    names = lru_cache(maxsize=1)(scanned.organisations)

    parts: Callable[[int], Iterator[Scanned]] = getattr(scanned, "batches", lambda _: iter(()))

    def batches() -> Iterator[Population]:
        return (_of_columns(part, engine) for part in parts(BATCH_ROWS))

    in_parts = batches if hasattr(scanned, "batches") else None  # Spark itself puts to disk what is too much
    return Population(scanned.tables, cells, backend, scanned.few, scanned.facts, scanned.group, names, in_parts, scanned.rows, getattr(scanned, "extents", {}))


def _lazy(frames: Frames) -> Frames:
    """Frames of Spark as lazy ones of Polars; those that are so already as they are."""
    if not any(hasattr(frame, "toArrow") for frame in frames.values()):
        return frames
    import polars as pl

    return {name: pl.DataFrame(pl.from_arrow(frame.toArrow())).lazy() for name, frame in frames.items()}


def _polars(frames: Frames) -> Backend:
    from ..engines.polars import PolarsBackend

    return PolarsBackend(frames)


def _duckdb(frames: Frames) -> Backend:
    from ..engines.duckdb import connected

    return connected({name: frame.collect(engine="streaming").to_arrow() for name, frame in frames.items()})


def _spark(frames: Frames) -> Backend:
    from ..engines.spark import held_by

    held = {n: f if hasattr(f, "toArrow") else f.collect(engine="streaming").to_arrow() for n, f in frames.items()}
    sessions = [frame.sparkSession for frame in held.values() if hasattr(frame, "sparkSession")]
    return held_by(sessions[0] if sessions else None, held)


BACKENDS: Mapping[str, Callable[[Frames], Backend]] = {"polars": _polars, "duckdb": _duckdb, "spark": _spark}
"""By name, what puts lazy frames of cells into an engine."""


def check_plugins(plan: Plan, population: Population) -> None:
    """Refuse plugins that compute findings in Python, for those see rows."""
    if plan.is_opaque:
        raise cannot(population.backend.name, "python_findings")


def _scalar(plan: Plan, population: Population, as_of: date, policies: list[str]) -> Scalar:
    @lru_cache(maxsize=KEPT)
    def of(name: str | None) -> Result:
        organisation = None if name is None else Organisation(population.group, name)
        return prepare(plan, population.organisation(name), as_of, organisation).result(policies)

    return of


def _result(plan: Plan, columnar: Columnar, as_of: date, policies: list[str]) -> Result:
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


def frames_of(columns: Mapping[str, Any], cells: Mapping[str, Cells]) -> Mapping[str, Any]:
    """Columns of cells as lazy frames."""
    from ..engines.polars import held

    return held(columns, cells)


ITSELF = ("lazy", "duckdb", "spark")
"""Kinds of frame that an engine gives itself, perhaps before it has run."""


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
