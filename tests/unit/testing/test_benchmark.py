from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.testing.benchmark import AS_OF, PolicyBenchmark

PLAN = cr.load_policies("market-supervision")
ROW = {
    "regional_rank": 2, "cities": 14, "deducted": 3, "cause": "subjective", "completed": False, "exempt": False,
    "first_last_year": True, "last_last_year": False,
}  # fmt: skip


class Stats:
    """What pytest-benchmark measured: ten seconds a round."""

    mean = 10.0

    @property
    def stats(self) -> Stats:
        return self


class Benchmark:
    """The `benchmark` fixture as far as it is used."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled, self.group, self.extra_info = enabled, None, {}
        self.asked: dict[str, Any] = {}
        self.stats = Stats() if enabled else None

    def pedantic(self, call: Any, args: tuple[Any, ...], **asked: Any) -> Any:
        self.asked = asked
        return call(*args)


@pytest.mark.parametrize("way", ["compiled", "traced"])
def test_one_row_is_timed_by_itself(way: Any) -> None:
    benchmark = Benchmark(enabled=True)
    answer = PolicyBenchmark(benchmark)(PLAN, "assessment", rows=ROW, way=way, rounds=7)
    truths = answer if way == "compiled" else answer.truths
    assert truths["assessment.excellent_unit"] is True
    assert truths["assessment.bar_ranking"] is False
    assert benchmark.asked == {"rounds": 7, "iterations": 5_000 if way == "compiled" else 500, "warmup_rounds": 1}
    assert benchmark.group == "market-supervision assessment"
    assert benchmark.extra_info == {
        "hash": PLAN.hash, "policy": "assessment", "way": way, "made_up": False, "rows": 1, "seconds_per_row": 10.0,
    }  # fmt: skip


def test_rows_given_and_rows_made_up() -> None:
    benchmark = Benchmark(enabled=True)
    given = PolicyBenchmark(benchmark)(PLAN, "assessment", rows=[ROW, {**ROW, "deducted": 1}])
    assert [row["assessment.excellent_unit"] for row in given] == [True, False]
    assert (benchmark.extra_info["rows"], benchmark.asked["iterations"]) == (2, 2_500)
    made = PolicyBenchmark(benchmark)(PLAN, "assessment", rows=40, way="traced")
    assert len(made) == 40
    assert (benchmark.extra_info["made_up"], benchmark.extra_info["seconds_per_row"]) == (True, 0.25)


def test_columns_are_evaluated_whole() -> None:
    benchmark = Benchmark(enabled=True)
    benchmark.group = "mine"  # type: ignore[assignment]
    frame = PolicyBenchmark(benchmark)(PLAN, "board", rows=80, way="columnar")
    assert set(frame["question"]) >= {"flag"}
    assert frame.filter(frame["question"] == "flag").height == 80
    assert (benchmark.extra_info["rows"], benchmark.asked["iterations"], benchmark.group) == (240, 1, "mine")


def test_without_timing_each_is_called_once_and_nothing_is_told_per_row() -> None:
    benchmark = Benchmark(enabled=False)
    PolicyBenchmark(benchmark)(PLAN, "assessment", rows=ROW)
    assert benchmark.asked["iterations"] == 1
    assert "seconds_per_row" not in benchmark.extra_info


def test_another_way_is_refused() -> None:
    with pytest.raises(ValueError, match="compiled, traced, columnar, not fast"):
        PolicyBenchmark(Benchmark(enabled=False))(PLAN, "assessment", way="fast")  # type: ignore[arg-type]


TEST = """
import cadrerules as cr
from cadrerules.testing.pytest_plugin import policy_benchmark

def test_it(policy_benchmark):
    plan = cr.load_policies("market-supervision")
    answers = policy_benchmark(plan, "assessment", rows=20)
    assert len(answers) == 20
"""

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        (("--benchmark-json=run.json", "--benchmark-warmup=off"), {"passed": 1}),
        (("--benchmark-disable",), {"passed": 1}),
        (("-p", "no:benchmark"), {"skipped": 1}),
    ],
)
def test_the_fixture_runs_under_pytest(pytester: pytest.Pytester, arguments: tuple[str, ...], outcome: dict[str, int]) -> None:
    pytester.makepyfile(TEST)
    done = pytester.runpytest_subprocess(*arguments, "-p", "no:cacheprovider")
    done.assert_outcomes(**outcome)
    run = Path(pytester.path / "run.json")
    if run.exists():
        import json

        (found,) = json.loads(run.read_text("utf-8"))["benchmarks"]
        info = found["extra_info"]
        assert (info["hash"], info["rows"], info["way"]) == (PLAN.hash, 20, "compiled")
        assert info["seconds_per_row"] == pytest.approx(found["stats"]["mean"] / 20)


def test_the_day_is_fixed() -> None:
    """A default of today would make runs of different days differ."""
    assert str(AS_OF) == "2025-01-15"
