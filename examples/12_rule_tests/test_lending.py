"""What holds of the rules whatever the facts; cases, one by one, stand in policy/cases.

    python -m pytest examples/12_rule_tests

Needs the extra `testing`.
"""

from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings

import cadrerules as cr
from cadrerules.testing import assert_engines_agree, mutate
from cadrerules.testing.run import documents_of, run_cases
from cadrerules.testing.strategies import PolicyCase, policy_cases

POLICY = Path(__file__).parent / "policy"
PLAN = cr.load_policies(POLICY)

# Facts as the tables allow them, some cells empty, half of them where the rules turn: 7 and 8 days, 3 returns.
CASES = policy_cases(PLAN, "lending", settings=0)
few = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(CASES)
def test_who_brings_everything_in_time_is_left_alone(case: PolicyCase) -> None:
    late = {row["reader"] for row in case.facts.rows["returns"] if row["days_late"] is None or row["days_late"] > 7}
    assert {decision.subject.id for decision in case.evaluate().decisions} == late


@few
@given(CASES)
def test_a_day_less_never_makes_it_worse(case: PolicyCase) -> None:
    rows = case.facts.rows["returns"]
    sooner = [row | {"days_late": row["days_late"] and max(row["days_late"] - 1, 0)} for row in rows]
    before = {decision.id: gravest(decision) for decision in case.evaluate().decisions}
    for decision in PLAN.evaluate({"returns": sooner}, as_of=case.as_of).decisions:
        assert gravest(decision) <= before[decision.id]


def gravest(decision: cr.Decision) -> int:
    """How grave it is, or what it may come to."""
    verdicts = PLAN.questions[decision.question].doc.verdicts
    return max(verdicts[verdict].severity for verdict in decision.possible or (decision.verdict,) if verdict)


@few
@given(CASES)
def test_every_engine_decides_alike(case: PolicyCase) -> None:
    assert_engines_agree(PLAN, case.facts, as_of=case.as_of, engines=["polars"])


def test_the_cases_cover_every_rule_and_comparison() -> None:
    run = run_cases(documents_of([str(POLICY)]), covering=True)
    assert run.percent == 100, [gap for report in run.reports for gap in report.lacking]


def test_the_cases_notice_every_mistake() -> None:
    """Each number and comparison changed in turn: some case must fail."""
    survivors = mutate(PLAN, POLICY, jobs=1).of("survived")
    assert not survivors, [trial.mutant.text("en") for trial in survivors]


def test_a_year_in_which_nothing_was_returned() -> None:
    assert not PLAN.evaluate({"returns": []}, as_of=date(2025, 1, 15)).decisions
