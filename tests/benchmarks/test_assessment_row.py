"""One assessment row: compiled and traced, against a hand-written function and zen's compiled expressions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.testing.benchmark import PolicyBenchmark

ROW = {
    "regional_rank": 2,
    "cities": 14,
    "deducted": Decimal("2.5"),
    "cause": "subjective",
    "completed": False,
    "exempt": False,
    "first_last_year": True,
    "last_last_year": False,
}
EXPECTED = {
    "assessment.prefer": True,
    "assessment.bar_ranking": False,
    "assessment.bar_deduction": True,
    "assessment.excellent_unit": False,
    "assessment.excellent_heads": True,
}


def by_hand(row: dict[str, Any]) -> dict[str, bool | None] | None:
    """The five rules as a Python programmer writes them, for a row without holes."""
    rank, cities, deducted = row["regional_rank"], row["cities"], row["deducted"]
    cause, completed, exempt = row["cause"], row["completed"], row["exempt"]
    first, last = row["first_last_year"], row["last_last_year"]
    if rank is None or cities is None or deducted is None or cause is None:
        return None
    if completed is None or exempt is None or first is None or last is None:
        return None
    subjective = cause == "subjective" and not exempt
    return {
        "assessment.prefer": rank <= 3 and first,
        "assessment.bar_ranking": rank > cities - 3 and last,
        "assessment.bar_deduction": subjective and 2 <= deducted <= 3,
        "assessment.excellent_unit": deducted >= 3,
        "assessment.excellent_heads": not completed and subjective and deducted > 0,
    }


SUBJECTIVE = '(cause == "subjective" and not exempt)'
ZEN = {
    "assessment.prefer": "regional_rank <= 3 and first_last_year",
    "assessment.bar_ranking": "regional_rank > cities - 3 and last_last_year",
    "assessment.bar_deduction": f"{SUBJECTIVE} and deducted >= 2 and deducted <= 3",
    "assessment.excellent_unit": "deducted >= 3",
    "assessment.excellent_heads": f"not completed and {SUBJECTIVE} and deducted > 0",
}


def timed(benchmark: Any, call: Any, row: dict[str, Any]) -> Any:
    """Many calls a round, so that the clock itself doesn't count."""
    return benchmark.pedantic(call, (row,), rounds=20, iterations=5000 if benchmark.enabled else 1, warmup_rounds=1)


@pytest.fixture(scope="module")
def plan() -> cr.Plan:
    return cr.load_policies("market-supervision")


@pytest.mark.benchmark(group="assessment row")
def test_by_hand(benchmark: Any) -> None:
    assert timed(benchmark, by_hand, ROW) == EXPECTED


@pytest.mark.benchmark(group="assessment row")
def test_compiled(policy_benchmark: PolicyBenchmark, plan: cr.Plan) -> None:
    assert policy_benchmark(plan, "assessment", rows=ROW) == EXPECTED


@pytest.mark.benchmark(group="assessment row")
def test_compiled_with_a_hole(policy_benchmark: PolicyBenchmark, plan: cr.Plan) -> None:
    assert policy_benchmark(plan, "assessment", rows={**ROW, "cause": None}) == {
        **EXPECTED,
        "assessment.bar_deduction": None,
        "assessment.excellent_heads": None,
    }


@pytest.mark.benchmark(group="assessment row")
def test_traced(policy_benchmark: PolicyBenchmark, plan: cr.Plan) -> None:
    assert policy_benchmark(plan, "assessment", rows=ROW, way="traced").truths == EXPECTED


@pytest.mark.benchmark(group="assessment row")
def test_zen_compiled_expressions(benchmark: Any) -> None:
    zen = pytest.importorskip("zen", reason="zen-engine is not installed")
    expressions = {rule: zen.compile_expression(text) for rule, text in ZEN.items()}
    row = {**ROW, "deducted": 2.5}

    def evaluate(given: dict[str, Any]) -> dict[str, Any]:
        return {rule: expression.evaluate(given) for rule, expression in expressions.items()}

    assert timed(benchmark, evaluate, row) == EXPECTED


WAYS = ["compiled", "traced", "columnar"]
"""Each way over made-up rows: what a change of a rule costs shows against the last run of the same policy."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("policy", ["assessment", "board"])
def test_made_up_rows(policy_benchmark: PolicyBenchmark, plan: cr.Plan, policy: str, way: Any) -> None:
    answers = policy_benchmark(plan, policy, rows=10_000 if way == "columnar" else 500, way=way, rounds=5)
    assert len(answers) >= (300 if way == "columnar" else 500)
