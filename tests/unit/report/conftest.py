from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.model.result import Result

BUREAU = Path(__file__).parents[3] / "examples" / "bureau"
AS_OF = date(2025, 1, 15)

SMALL: Mapping[str, list[dict[str, Any]]] = {
    "progress": [
        {"quarter": "2024Q1", "unit": unit, "indicator": "I1", "progress": progress}
        for unit, progress in {"A": "0.9", "B": "0.8", "C": "0.7"}.items()
    ],
    "style": [{"quarter": "2024Q1", "unit": "A", "style": "good"}],
}


@pytest.fixture(scope="session")
def plan() -> cr.Plan:
    return cr.load_policies("market-supervision")


@pytest.fixture(scope="session")
def bureau(plan: cr.Plan) -> Result:
    return plan.evaluate(BUREAU, as_of=AS_OF)


@pytest.fixture(scope="session")
def small(plan: cr.Plan) -> Callable[..., Result]:
    """Evaluate three units in one quarter, with parameters and readings changed."""

    def evaluate(params: Mapping[str, Any] | None = None, readings: Mapping[str, str] | None = None) -> Result:
        return plan.amend(params, readings).evaluate(SMALL, as_of=AS_OF)

    return evaluate
