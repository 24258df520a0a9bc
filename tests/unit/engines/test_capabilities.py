"""The table of engines in the documentation says what is so."""

from __future__ import annotations

import pytest

from cadrerules.engines.columnar.capabilities import CANNOT, COLUMNAR, FEATURES
from cadrerules.populations.holding import BACKENDS
from engines import COLUMNAR as TESTED
from engines import REFUSED

FOUND_ELSEWHERE = {"grouped_cohort", "great_numbers", "python_findings"}
"""What no shared case is refused for; tests of their own see it refused."""


def test_everything_that_is_refused_is_in_the_table() -> None:
    assert {what for feature in FEATURES.values() for what in feature.except_for} == CANNOT.keys()


def test_everything_in_the_table_is_refused_somewhere() -> None:
    assert {*REFUSED.values()} | FOUND_ELSEWHERE == CANNOT.keys()
    assert not {*REFUSED.values()} & FOUND_ELSEWHERE


def test_every_engine_there_is_is_in_the_table_and_tested() -> None:
    assert {*BACKENDS} <= {*COLUMNAR}
    assert {*TESTED} <= {*BACKENDS}


@pytest.mark.parametrize("name", FEATURES)
def test_only_what_isnt_done_at_all_is_said_to_be_so(name: str) -> None:
    feature = FEATURES[name]
    assert feature.how != "no" or feature.except_for
    assert not feature.in_sql or feature.how == "yes"
