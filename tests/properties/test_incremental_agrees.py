"""The incremental engine has the rows of a whole evaluation after every change, for generated expressions and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from cadrerules.engines.incremental.policies import LivePolicy
from cadrerules.engines.scalar.calendar import calendar_frames
from cadrerules.engines.scalar.evaluation import Evaluation
from cadrerules.errors import PolicyError
from cadrerules.model.absent import Absences
from cadrerules.model.documents import ViewDoc
from cadrerules.model.facts import FactTables, Row
from cadrerules.model.policy_set import PolicySet
from cadrerules.monitor.answers import LiveTable, fixed
from cadrerules.testing.strategies import tables
from properties.small_plan import AS_OF, MODELS, POLICY, Grants, across, expressions, numbers, small_plan, truths
from properties.test_expression_soundness import CLOSE, JOINED, OF_GROUPS, OVER_GRANTS, OVER_JOINED

SUPPRESSED = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
WORLDS = tables(*MODELS, min_rows=2, max_rows=6, given=CLOSE)
GRANTED = tables(Grants, max_rows=5, given={"grants.number": st.just("N1")})
OVER_VIEW = {
    "place": "rank(figure, within=[quarter])",
    "series": "run(holds >= 1)",
    "before": "previous(figure)",
}


def changes(before: FactTables, after: FactTables) -> Iterator[tuple[str, tuple[Any, ...], Row | None]]:
    """Row by row from one world to the other, and back to nothing."""
    for name, table in before.tables.items():
        keyed = [{tuple(r[k] for k in table.key): r for r in facts.rows.get(name, ())} for facts in (before, after)]
        for key in dict.fromkeys([*keyed[1], *keyed[0]]):
            if keyed[0].get(key) != keyed[1].get(key):
                yield name, key, keyed[1].get(key)


def check(policies: PolicySet, before: FactTables, after: FactTables) -> None:
    """After each change every relation has the rows that a whole evaluation gives it."""
    rows = {name: {tuple(r[k] for k in before.tables[name].key): r for r in found} for name, found in before.rows.items()}
    bindings = policies.bindings(AS_OF)
    live = {name: LiveTable(policies.tables[name], before, AS_OF) for name in before.rows}
    calendar = {n: fixed(f) for n, f in calendar_frames(policies.doc.calendar, before, bindings).items()}
    relations = {name: table.rows for name, table in live.items()} | calendar
    policy = LivePolicy(policies.policies[POLICY], bindings, policies, relations, Absences(before.rows))
    policy.start()
    compare(policies, before, policy)
    for name, key, row in changes(before, after):
        rows[name].pop(key, None)
        if row is not None:
            rows[name][key] = row
        policy.update({name: live[name].put(key, row)})
        compare(policies, FactTables(before.tables, {n: tuple(found.values()) for n, found in rows.items()}), policy)


def compare(policies: PolicySet, facts: FactTables, policy: LivePolicy) -> None:
    evaluation = Evaluation(policies, facts, AS_OF)
    evaluation.run([POLICY])
    expected = evaluation.runs[POLICY].frames
    for name, stage in policy.stages.items():
        assert counted(stage.out.frame.rows) == counted(expected[name].rows), name


def counted(rows: list[Mapping[str, Any]]) -> Counter[Any]:
    return Counter(tuple(sorted(((k, v) for k, v in row.items() if (k, v) != ("(present)", True)), key=lambda i: i[0])) for row in rows)


def planned(derive: Mapping[str, str], **parts: Any) -> PolicySet:
    try:
        return small_plan(derive, **parts)
    except PolicyError as error:
        if "CR-NO-SUCH-WORD" not in {problem.code for problem in error.problems}:
            raise
        reject()


def expressions_hold(expression: str, before: FactTables, after: FactTables) -> None:
    check(planned({"a": expression}), before, after)


def views_hold(where: str, figure: str, holds: str, before: FactTables, after: FactTables) -> None:
    columns = {"figure": f"highest({figure})", "holds": f"count({holds})"}
    view = ViewDoc.model_validate({"from": "marks", "where": where, "by": ["quarter", "unit"], "columns": columns})
    check(planned(OVER_VIEW, facts="v", views={"v": view}), before, after)


def joins_hold(where: str, figure: str, before: FactTables, after: FactTables) -> None:
    rows = {"from": ["marks", {"every": "year"}], "where": where, "derive": {"figure": figure}}
    views = {"v": ViewDoc.model_validate(rows)}
    check(planned(JOINED, facts="v", views=views), before, after)
    check(planned(OVER_JOINED, views=views), before, after)


def groups_of_groups_hold(where: str, figure: str, before: FactTables, after: FactTables) -> None:
    columns = {"most": f"highest({figure})", "held": "count(done)", "since": "lowest(day)", "last": "highest(until)"}
    rows = {"from": "marks", "where": where, "derive": {"month": "month_of(day)"}, "by": ["unit", "month"], "columns": columns}
    views = {"v": ViewDoc.model_validate(rows), "w": ViewDoc.model_validate({"from": "v", "by": [], "columns": OF_GROUPS})}
    check(planned({f"{name}_": name for name in OF_GROUPS}, facts="w", views=views), before, after)


ONE = st.one_of(expressions(), across())


@settings(max_examples=12, suppress_health_check=SUPPRESSED)
@given(expression=ONE, before=WORLDS, after=WORLDS)
def test_expressions(expression: str, before: FactTables, after: FactTables) -> None:
    expressions_hold(expression, before, after)


@settings(max_examples=6, suppress_health_check=SUPPRESSED)
@given(where=truths(1), figure=numbers(1), holds=truths(1), before=WORLDS, after=WORLDS)
def test_views(where: str, figure: str, holds: str, before: FactTables, after: FactTables) -> None:
    views_hold(where, figure, holds, before, after)


@settings(max_examples=4, suppress_health_check=SUPPRESSED)
@given(where=truths(1), figure=numbers(1), before=WORLDS, after=WORLDS)
def test_joined_rows_and_groups_of_groups(where: str, figure: str, before: FactTables, after: FactTables) -> None:
    joins_hold(where, figure, before, after)
    groups_of_groups_hold(where, figure, before, after)


@settings(max_examples=10, suppress_health_check=SUPPRESSED)
@given(before=GRANTED, after=GRANTED)
def test_rows_that_may_not_count(before: FactTables, after: FactTables) -> None:
    check(small_plan(OVER_GRANTS, facts="grants"), before, after)
    view = ViewDoc.model_validate({"from": "grants", "by": ["number"], "columns": {"sum": "total(amount)"}})
    check(small_plan({"own": "sum", "place": "rank(sum, within=[number])"}, facts="v", views={"v": view}), before, after)


@pytest.mark.slow
@settings(max_examples=80, suppress_health_check=SUPPRESSED)
@given(where=truths(1), figure=numbers(1), before=WORLDS, after=WORLDS)
def test_many_joined_rows_and_groups_of_groups(where: str, figure: str, before: FactTables, after: FactTables) -> None:
    joins_hold(where, figure, before, after)
    groups_of_groups_hold(where, figure, before, after)


@pytest.mark.slow
@settings(max_examples=400, suppress_health_check=SUPPRESSED)
@given(expression=ONE, before=WORLDS, after=WORLDS)
def test_many_expressions(expression: str, before: FactTables, after: FactTables) -> None:
    expressions_hold(expression, before, after)


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=SUPPRESSED)
@given(where=truths(1), figure=numbers(1), holds=truths(1), before=WORLDS, after=WORLDS)
def test_many_views(where: str, figure: str, holds: str, before: FactTables, after: FactTables) -> None:
    views_hold(where, figure, holds, before, after)
