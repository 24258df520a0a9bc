"""Which conditions become patterns, and why others don't."""

from __future__ import annotations

import pytest

from cadrerules.engines.stream.capabilities import FEATURES, Inexpressible
from cadrerules.engines.stream.compile import Alternatives, CellTest, alternatives, as_whole
from cadrerules.language.types import DATE, TEXT, TRUTH, Choice, Number
from cadrerules.language.values import Between
from cadrerules.model.program import bind_policy
from properties.small_plan import AS_OF, POLICY, small_plan


def compiled(text: str) -> Alternatives:
    policies = small_plan({"a": text})
    program = bind_policy(policies.policies[POLICY], policies.bindings(AS_OF), policies.context.grains)
    return alternatives(program.own_stage, "a")


CASES = {
    "points >= 1": [{CellTest("points", ">=", 1)}],
    "2 > points": [{CellTest("points", "<", 2)}],
    "score <= 0.5": [{CellTest("score", "<=", 5)}],
    "1 <= points <= 2": [{CellTest("points", ">=", 1), CellTest("points", "<=", 2)}],
    "points in [0, 2]": [{CellTest("points", "==", 0)}, {CellTest("points", "==", 2)}],
    'not (grade == "c" or done)': [{CellTest("grade", "!=", 2), CellTest("done", "==", 0)}],
    'grade == "b" and not done': [{CellTest("grade", "==", 1), CellTest("done", "==", 0)}],
    "run(done) >= param.two": [{CellTest("done", "==", 1), CellTest("done", "==", 1, 1)}],
    "run(done) > 2 and points == 3": [{*(CellTest("done", "==", 1, back) for back in range(3)), CellTest("points", "==", 3)}],
    "done and previous(done)": [{CellTest("done", "==", 1), CellTest("done", "==", 1, 1)}],
    "previous(points, back=2) >= 1": [{CellTest("points", ">=", 1, 2)}],
    "day < as_of": [{CellTest("day", "<", AS_OF.toordinal())}],
}


@pytest.mark.parametrize("text", CASES)
def test_what_becomes_patterns(text: str) -> None:
    found = compiled(text).tests
    assert sorted(map(sorted_tests, found)) == sorted(map(sorted_tests, CASES[text]))


def sorted_tests(tests: set[CellTest] | frozenset[CellTest]) -> list[str]:
    return sorted(map(repr, tests))


def test_only_previous_needs_its_row_to_be_there() -> None:
    assert compiled("run(done) >= 2").earlier == frozenset()
    assert compiled("previous(points, back=2) >= 1 or previous(done)").earlier == {1, 2}


REASONS = {
    "points > score": "columns",
    "points >= param.open": "columns",
    'helper == "H1"': "columns",
    "(points if done else 1) >= 1": "columns",
    'run(done, gap="skips") >= 2': "other_run",
    "run(done) == 2": "other_run",
    "run(done) < 2": "other_run",
    "run(done) >= 13": "other_run",
    "previous(points, back=13) >= 1": "other_run",
    " and ".join(f"(points == {n} or score == {n})" for n in range(1, 5)): "size",
}


@pytest.mark.parametrize("text", REASONS)
def test_what_stays_with_the_scalar_engine(text: str) -> None:
    with pytest.raises(Inexpressible) as raised:
        compiled(text)
    assert raised.value.what == REASONS[text]
    assert FEATURES[raised.value.what].by == "scalar"


@pytest.mark.parametrize(
    ("value", "of", "whole"),
    [
        (True, TRUTH, 1),
        (None, TRUTH, None),
        ("b", Choice(("a", "b")), 1),
        (7, Number(), 7),
        (2**53, Number(), None),
        (Between(1, 2), Number(), None),
        (AS_OF, DATE, AS_OF.toordinal()),
        ("H1", TEXT, None),
    ],
)
def test_values_as_whole_numbers(value: object, of: object, whole: int | None) -> None:
    assert as_whole(value, of) == whole  # type: ignore[arg-type]
