"""A sample of the shared cases on Spark: every feature, and every policy with rules."""

from __future__ import annotations

from typing import Any

import pytest

import cadrerules as cr
from cadrerules.testing.case_documents import Case, CaseFile
from cadrerules.testing.cases import policies_of, run_case
from conformance_runner import language
from conformance_runner.documents import LanguageCase, LanguageFile
from conformance_runner.features import EVERYTHING
from conformance_runner.reading import language_files, plan_files
from conformance_runner.sample import features_of, language_sample, plan_sample
from engines import SPARK

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("spark")]

MARKET = cr.load_policies("market-supervision")
LANGUAGE = language_sample(language_files(), SPARK.refuses)
PLAN = list(plan_sample(plan_files(), MARKET))
NEVER_WRITTEN = {"rescale"}


@pytest.mark.parametrize(("file", "case"), [pytest.param(f, c, id=f"{name}::{c.name}") for name, f, c in LANGUAGE])
def test_language(file: LanguageFile, case: LanguageCase) -> None:
    found = language.values(file, case, SPARK)
    assert found == language.expected(case, found)


def plan_cases() -> list[Any]:
    """The sample; of the files about duties, each of which takes Spark many seconds, the first beside the slow ones."""
    duties = [name for name, file, case in PLAN if policies_of(MARKET, file, case) == ["obligation"]]
    return [
        pytest.param(file, case, id=f"{name}::{case.name}", marks=[pytest.mark.slow] if name in duties[1:] else [])
        for name, file, case in PLAN
    ]


@pytest.mark.parametrize(("file", "case"), plan_cases())
def test_plan(file: CaseFile, case: Case) -> None:
    assert [str(fault) for fault in run_case(MARKET, file, case, SPARK.name).faults] == []


def test_the_sample_leaves_nothing_out() -> None:
    asked = frozenset().union(*(features_of(file, case) for _, file, case in LANGUAGE))
    assert EVERYTHING - NEVER_WRITTEN - asked == set()
    named = {name for _, file, case in PLAN for name in policies_of(MARKET, file, case)}
    assert {name for name, policy in MARKET.policies.items() if policy.rules} - named == set()
