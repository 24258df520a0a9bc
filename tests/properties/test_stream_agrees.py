"""What durable_rules decides of generated rules is what the scalar engine decides, after every change of the rows."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadrerules.engines.incremental.policies import LivePolicy
from cadrerules.engines.stream.capabilities import Inexpressible
from cadrerules.engines.stream.compile import alternatives
from cadrerules.engines.stream.delegate import Hosts, StreamDelegate
from cadrerules.language.periods import Quarter
from cadrerules.model.absent import Absences
from cadrerules.model.facts import FactTables
from cadrerules.monitor.answers import LiveTable
from cadrerules.testing.strategies import tables
from properties.small_plan import AS_OF, POLICY, Marks, small_plan
from properties.test_incremental_agrees import SUPPRESSED, changes, compare

pytest.importorskip("durable.engine", reason="durable_rules isn't installed, or not for this Python", exc_type=ImportError)

MARKS = tables(
    Marks,
    max_rows=7,
    given={
        "marks.quarter": st.sampled_from([Quarter.parse(f"202{y}Q{q}") for y, q in ((3, 3), (3, 4), (4, 1), (4, 2), (4, 3))]),
        "marks.unit": st.sampled_from(["U1", "U2"]),
        "marks.points": st.sampled_from([0, 1, 1, 2, 2, 3, 3, 3, None]),
        "marks.done": st.sampled_from([True, True, True, False]),
        "marks.grade": st.sampled_from(["a", "b", "c"]),
    },
)
ATOMS = st.sampled_from(
    [
        *("points >= 1", "points > 2", "2 > points", "1 <= points <= 2", "points in [0, 2]", "points not in [1, 3]", "points != 2"),
        *('grade == "a"', 'grade != "b"', 'grade in ["a", "c"]', "done", "not done", "day >= as_of", "score < 0.5"),
        *("run(done) >= 1", "run(done) >= 2", "run(points >= 1) > 1", 'run(grade == "a" or done) >= 3', "param.two <= run(done)"),
        *("previous(done)", "not previous(done)", "previous(points) >= 2", 'previous(grade, back=2) == "a"', "previous(done, back=2)"),
        *("rank(points, within=[quarter]) <= 1", "total(points, per=[quarter]) >= 3", "previous(run(done) >= 2)"),
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        inner.map(lambda text: f"(not ({text}))"),
    ),
    max_leaves=4,
)


def check(condition: str, before: FactTables, after: FactTables, decided: list[int]) -> None:
    policies = small_plan({"a": condition})
    bindings = policies.bindings(AS_OF)
    live = LiveTable(policies.tables["marks"], before, AS_OF)
    policy = LivePolicy(policies.policies[POLICY], bindings, policies, {"marks": live.rows}, Absences(before.rows))
    stage = policy.stages[POLICY + ".facts"]
    try:
        rule = alternatives(stage.stage, "a")
    except Inexpressible:
        return
    stage.delegate = delegate = StreamDelegate("", stage, {"a": rule}, Hosts())
    policy.start()
    compare(policies, before, policy)
    key = ("quarter", "unit")
    rows = {tuple(row[name] for name in key): row for row in before.rows["marks"]}
    for _, at, row in changes(before, after):
        rows.pop(at, None)
        if row is not None:
            rows[at] = row
        policy.update({"marks": live.put(at, row)})
        compare(policies, FactTables(before.tables, {"marks": tuple(rows.values())}), policy)
    assert not delegate.failed
    decided.append(delegate.asked)


@settings(max_examples=25, suppress_health_check=SUPPRESSED)
@given(condition=CONDITIONS, before=MARKS, after=MARKS)
def test_conditions(condition: str, before: FactTables, after: FactTables) -> None:
    check(condition, before, after, [])


@pytest.mark.slow
def test_many_conditions() -> None:
    decided: list[int] = []

    @settings(max_examples=1_000, suppress_health_check=[*SUPPRESSED, HealthCheck.nested_given])
    @given(condition=CONDITIONS, before=MARKS, after=MARKS)
    def agree(condition: str, before: FactTables, after: FactTables) -> None:
        check(condition, before, after, decided)

    agree()
    assert sum(decided) > 1_000
