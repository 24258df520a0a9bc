"""A monitor's answers are those of a whole evaluation, whatever facts come in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from monitored import PLAN, ROWS, Facts

TOO_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


class Indicators(Facts):
    """Each indicator ranked, ordinal ties, missing quarters passed over, every quarter's style."""

    plan = PLAN.amend(
        params={"board.black_quarters": None},
        interpretations={
            "board.ranked": "indicator",
            "board.ties": "ordinal",
            "board.missing_quarter": "skips",
            "board.style_quarters": "all",
            "assessment.deduction_scope": "unit_total",
            "resolution.promotion": "report_conflict",
        },
    )


class Scalar(Facts):
    """Without durable_rules."""

    engine = "scalar"


class Everything(Facts):
    """All policies and tables."""

    policies = tuple(PLAN.policies)
    tables = tuple(ROWS)


FEW = settings(max_examples=5, stateful_step_count=12, suppress_health_check=TOO_SLOW)
MANY = settings(max_examples=60, stateful_step_count=40, suppress_health_check=TOO_SLOW)


class TestScalar(Scalar.TestCase):
    settings = FEW


class TestFacts(Facts.TestCase):
    settings = FEW


class TestIndicators(Indicators.TestCase):
    settings = FEW


@pytest.mark.slow
class TestManyScalar(Scalar.TestCase):
    settings = MANY


@pytest.mark.slow
class TestManyFacts(Facts.TestCase):
    settings = MANY


@pytest.mark.slow
class TestManyIndicators(Indicators.TestCase):
    settings = MANY


@pytest.mark.slow
class TestEverything(Everything.TestCase):
    settings = settings(max_examples=15, stateful_step_count=25, suppress_health_check=TOO_SLOW)
