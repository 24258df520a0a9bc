"""The guardrails round durable_rules."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cadrerules.engines.stream import host as module
from cadrerules.engines.stream.capabilities import GREATEST, MOST_PATTERNS
from cadrerules.engines.stream.compile import CellTest
from cadrerules.engines.stream.host import MOST_LIVE, StreamError, StreamHost
from cadrerules.engines.stream.ids import Ids, distinct, fnv1a

pytest.importorskip("durable.engine", reason="durable_rules isn't installed, or not for this Python", exc_type=ImportError)

TWICE = [frozenset({CellTest("c", "==", 1), CellTest("c", "==", 1, 1)})]
"""A rule: `c` in a period and the one before."""
MANY = [frozenset({CellTest("p", ">=", 200), CellTest("p", "<=", 300)})]


def host() -> StreamHost:
    return StreamHost([TWICE, MANY], ("c", "p"))


def facts(**periods: tuple[int, int]) -> dict[int, dict[str, int]]:
    return {int(name[1:]): {"c": c, "p": p} for name, (c, p) in periods.items()}


def test_runs_and_bounds() -> None:
    assert host().holds("U", facts(q1=(1, 199), q2=(1, 200), q3=(0, 300), q4=(1, 301))) == {(0, 2), (1, 2), (1, 3)}


def test_a_fact_in_between_comes_late_and_goes_again() -> None:
    one = host()
    assert one.holds("U", facts(q1=(1, 0), q3=(1, 0))) == set()
    assert one.holds("U", facts(q1=(1, 0), q2=(1, 0), q3=(1, 0))) == {(0, 2), (0, 3)}
    assert one.holds("U", facts(q1=(1, 0), q2=(0, 0), q3=(1, 0))) == set()
    assert one.holds("U", facts(q2=(1, 0), q3=(1, 0))) == {(0, 3)}


def test_the_same_facts_again_change_nothing() -> None:
    one = host()
    assert one.holds("U", facts(q1=(1, 0), q2=(1, 0))) == one.holds("U", facts(q1=(1, 0), q2=(1, 0))) == {(0, 2)}


def test_a_chain_longer_than_a_rule_asks_for() -> None:
    quarters = {f"q{at}": (1, 0) for at in range(1, 21)}
    assert host().holds("U", facts(**quarters)) == {(0, at) for at in range(2, 21)}


def test_units_are_kept_apart() -> None:
    one = host()
    one.holds("U1", facts(q1=(1, 0)))
    assert one.holds("U2", facts(q2=(1, 0))) == set()


def test_no_thread_is_started() -> None:
    before = set(threading.enumerate())
    host().holds("U", facts(q1=(1, 0)))
    assert set(threading.enumerate()) == before


def test_threads_come_one_after_the_other() -> None:
    one = host()

    def ask(unit: int) -> bool:
        held = [one.holds(unit, facts(q1=(1, 0), q2=(at % 2, 0))) for at in range(1, 13)]
        return held == [{(0, 2)}, set()] * 6

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(40)))


def test_ids_whose_hash_is_in_use_are_passed_over() -> None:
    assert fnv1a("a") == 0xE40C292C
    assert not distinct(["u1", "u2", "u1"])
    ids = Ids()
    ids._used.add(fnv1a("u1"))
    assert [ids.new(), ids.new()] == ["u2", "u3"]


def test_a_collision_of_facts_ids_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = host()
    monkeypatch.setattr(module, "distinct", lambda names: len(list(names)) < 2)
    with pytest.raises(StreamError, match="two ids with one hash"):
        one.holds("U", facts(q1=(1, 0), q2=(1, 0)))
    assert one.live == 0


def test_a_unit_of_which_no_rule_ever_held_can_be_deleted() -> None:
    one = host()
    one.holds("U", {})
    one.holds("V", facts(q1=(0, 0)))
    one.forget("U")
    one.clear()
    assert one.live == 0


def test_the_unit_used_least_recently_makes_room_and_is_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LIVE", 2)
    one = host()
    for unit in ("A", "B", "A", "C"):
        one.holds(unit, facts(q1=(1, 0), q2=(1, 0)))
    assert list(one._live) == ["A", "C"]
    assert one.holds("B", facts(q1=(1, 0), q2=(1, 0), q3=(1, 0))) == {(0, 2), (0, 3)}
    assert one.live == 2


@pytest.mark.slow
def test_more_units_than_may_live() -> None:
    one = host()
    for unit in range(2 * MOST_LIVE):
        assert one.holds(unit, facts(q1=(1, 0), q2=(1, 250))) == {(0, 2), (1, 2)}
    assert one.live == MOST_LIVE


@pytest.mark.parametrize("value", ["1", True, 1.5, None, GREATEST, -GREATEST])
def test_only_whole_numbers_in_range_are_facts(value: object) -> None:
    one = host()
    with pytest.raises(StreamError, match="flat fact"):
        one.holds("U", {1: {"c": 1, "p": value}})  # type: ignore[dict-item]
    assert one.holds("U", facts(q1=(1, 0), q2=(1, GREATEST - 1))) == {(0, 2)}


def test_a_fact_must_have_every_column_and_no_other() -> None:
    for fact in ({"c": 1}, {"c": 1, "p": 1, "x": 1}):
        with pytest.raises(StreamError, match="flat fact"):
            host().holds("U", {1: fact})


def test_every_pattern_tests_that_it_is_a_row() -> None:
    one = host()
    rules = one._definition([TWICE, MANY])
    del rules["prime"]
    for rule in rules.values():
        for pattern in rule["all"]:
            ((_, tests),) = pattern.items()
            assert tests["$and"][0] == {"k": 1}


def test_what_an_action_raises_is_raised_after_the_call() -> None:
    class Full(list[Any]):
        def append(self, _: object) -> None:
            raise MemoryError("full")

    one = host()
    one._found = Full()
    with pytest.raises(StreamError, match="full") as raised:
        one.holds("U", facts(q1=(0, 250)))
    assert isinstance(raised.value.__cause__, MemoryError)
    assert one.live == 0
    one._found = []
    assert one.holds("U", facts(q1=(0, 250))) == {(1, 1)}


def test_a_unit_that_was_not_primed_is_never_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    one = host()

    def fail(*_: object) -> None:
        raise MemoryError("no more")

    with monkeypatch.context() as broken:
        broken.setattr(one._host, "assert_fact", fail)
        with pytest.raises(StreamError, match="no more"):
            one.holds("U", facts(q1=(1, 0)))
    one.clear()
    assert one.live == 0
    assert one.holds("U", facts(q1=(1, 0), q2=(1, 0))) == {(0, 2)}


def test_too_many_patterns_are_refused() -> None:
    with pytest.raises(StreamError, match="too many"):
        StreamHost([MANY] * (MOST_PATTERNS + 1), ("p",))
