"""Whatever the scalar engine makes of an expression, the columnar ones make of it, to the last end of every bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from cadrerules.engines.scalar.evaluation import Evaluation
from cadrerules.engines.scalar.frames import PRESENT
from cadrerules.errors import PolicyError, UsageError
from cadrerules.model.documents import ViewDoc
from cadrerules.model.facts import FactTables
from cadrerules.model.policy_set import PolicySet
from cadrerules.plan import Plan
from cadrerules.plugins import plugin_manager
from cadrerules.populations.evaluation import columnar_table
from cadrerules.testing.strategies import tables
from engines import COLUMNAR
from properties.small_plan import AS_OF, MODELS, POLICY, Grants, across, expressions, numbers, small_plan, truths
from properties.test_expression_soundness import (
    CLOSE,
    GROUPINGS,
    JOINED,
    OF_GROUPS,
    OVER_GRANTS,
    OVER_JOINED,
    OVER_VIEW,
    worlds,
)

ENGINES = pytest.mark.parametrize("engine", [pytest.param(e, marks=() if e == "polars" else pytest.mark.slow) for e in COLUMNAR])


def scalar_rows(policies: PolicySet, facts: FactTables, names: Mapping[str, Any]) -> Counter[Any]:
    """Each row's key and the values of some columns, and how often there is such a row."""
    evaluation = Evaluation(policies, facts, AS_OF)
    evaluation.run([POLICY])
    run = evaluation.runs[POLICY]
    frame = run.frames[run.program.stages[-1].name]
    rows = [row for row in frame.rows if row.get(PRESENT, True) is not False]
    return Counter((frame.key_of(row), tuple(row[name] for name in names)) for row in rows)


def columnar_rows(policies: PolicySet, facts: FactTables, names: Mapping[str, Any], engine: str) -> Counter[Any]:
    """The same of a columnar engine."""
    found = columnar_table(Plan(policies, plugin_manager(installed=False)), facts, AS_OF, POLICY, engine)
    return Counter((key, tuple(row[name] for name in names)) for key, row in found.rows())


def check(engine: str, tables_: FactTables, derive: Mapping[str, str], **parts: Any) -> None:
    """The engine agrees on every column that it doesn't refuse."""
    try:
        policies = small_plan(derive, **parts)
    except PolicyError as error:
        if "CR-NO-SUCH-WORD" not in {problem.code for problem in error.problems}:
            raise
        reject()
    with suppress(UsageError):  # that it can't do it; nothing else of a plan that is sound
        assert columnar_rows(policies, tables_, derive, engine) == scalar_rows(policies, tables_, derive)


def check_each(engine: str, tables_: FactTables, derive: Mapping[str, str], **parts: Any) -> None:
    """The same column by column, so that what is refused hides nothing."""
    for name, text in derive.items():
        check(engine, tables_, {name: text}, **parts)


@ENGINES
@settings(max_examples=150)
@given(expression=expressions(), facts=worlds)
def test_expressions(engine: str, expression: str, facts: FactTables) -> None:
    check(engine, facts, {"a": expression})


@ENGINES
@settings(max_examples=60)
@given(expression=across(), facts=worlds)
def test_aggregates_of_other_tables(engine: str, expression: str, facts: FactTables) -> None:
    check(engine, facts, {"a": expression})


@ENGINES
@settings(max_examples=25)
@given(
    aggregate=st.sampled_from(["total", "mean", "lowest", "highest"]),
    figure=numbers(1),
    holds=truths(1),
    by=st.sampled_from([("quarter", "unit"), ("quarter",)]),
    facts=worlds,
)
def test_views(engine: str, aggregate: str, figure: str, holds: str, by: tuple[str, ...], facts: FactTables) -> None:
    columns = {"figure": f"{aggregate}({figure})", "holds": f"count({holds})"}
    view = ViewDoc.model_validate({"from": "marks", "by": list(by), "columns": columns})
    names = ("place", "first", "series", "before", "kind")[: 5 if len(by) == 2 else 4]
    check_each(engine, facts, {name: OVER_VIEW[name] for name in names}, facts="v", views={"v": view})


@ENGINES
@settings(max_examples=15)
@given(facts=tables(Grants, max_rows=5, given={"grants.number": st.just("N1")}))
def test_rows_that_may_not_count(engine: str, facts: FactTables) -> None:
    check_each(engine, facts, OVER_GRANTS, facts="grants")
    view = ViewDoc.model_validate({"from": "grants", "by": ["number"], "columns": {"sum": "total(amount)"}})
    derive = {"own": "sum", "place": "rank(sum, within=[number])"}
    check(engine, facts, derive, facts="v", views={"v": view})


@ENGINES
@settings(max_examples=25)
@given(where=truths(1), figure=numbers(1), facts=worlds)
def test_joined_rows(engine: str, where: str, figure: str, facts: FactTables) -> None:
    rows = {"from": ["marks", {"every": "year"}], "where": where, "derive": {"figure": figure}}
    views = {"v": ViewDoc.model_validate(rows)}
    check_each(engine, facts, JOINED, facts="v", views=views)
    check_each(engine, facts, OVER_JOINED, views=views)


@ENGINES
@settings(max_examples=25)
@given(by=GROUPINGS, where=truths(1), holds=truths(1), figure=numbers(1), facts=worlds)
def test_groups_of_groups(engine: str, by: list[str], where: str, holds: str, figure: str, facts: FactTables) -> None:
    columns = {"most": f"highest({figure})", "held": f"count({holds})", "since": "lowest(day)", "last": "highest(until)"}
    rows = {"from": "marks", "where": where, "derive": {"month": "month_of(day)"}, "by": by, "columns": columns}
    views = {"v": ViewDoc.model_validate(rows)}
    views["w"] = ViewDoc.model_validate({"from": "v", "by": [], "columns": OF_GROUPS})
    check_each(engine, facts, {f"{name}_": name for name in OF_GROUPS}, facts="w", views=views)


LONGER = tables(*MODELS, min_rows=4, max_rows=12, given=CLOSE)
ALONG = {
    "series": "run(points > 1)",
    "over_gaps": 'run(points > 1, gap="skips")',
    "one": "previous(points)",
    "two": "previous(grade, back=2)",
    "three": "previous(day, back=3)",
    "places": "rank(score, within=[quarter])",
    "in_order": 'rank(score, within=[quarter], ties="ordinal", order="ascending")',
    "nobody": "rank(score, within=[unit], ties=interpretation.ties)",
}


@ENGINES
@settings(max_examples=15)
@given(facts=LONGER)
def test_long_sequences(engine: str, facts: FactTables) -> None:
    check_each(engine, facts, ALONG)
