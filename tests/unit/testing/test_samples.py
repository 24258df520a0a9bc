from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

import cadrerules as cr
from cadrerules.testing.samples import sample_inputs, sample_tables

PLAN = cr.load_policies("market-supervision")
DAY = date(2025, 1, 15)
POLICIES = [name for name, policy in PLAN.policies.items() if policy.rules]


@pytest.mark.parametrize("policy", POLICIES)
def test_tables_are_valid_as_many_as_asked_for_and_always_the_same(policy: str) -> None:
    made = sample_tables(PLAN, policy, 200, as_of=DAY, holes=0.1)
    assert set(made) == PLAN.policies[policy].reads & PLAN.tables.keys()
    few = {"waivers", "exemptions"}
    assert {name: len(rows) for name, rows in made.items()} == {name: 20 if name in few else 200 for name in made}
    assert len(cr.read_tables(made, PLAN)[min(made)]) == 200
    assert sample_tables(PLAN, policy, 200, as_of=DAY, holes=0.1) == made
    assert sample_tables(PLAN, policy, 200, as_of=DAY, seed=1, holes=0.1) != made


def test_rows_meet_and_rules_decide_both_ways() -> None:
    facts = sample_tables(PLAN, "assessment", 500, as_of=DAY)
    decided = Counter(d.verdict for d in PLAN.evaluate(facts, as_of=DAY, policies=["assessment"]).decisions)
    assert decided["barred_in_principle"] > 10
    assert decided["preferred"] > 10
    assert decided["barred"] > 10
    years = Counter((row["unit"], row["indicator"]) for row in facts["results"])
    assert max(years.values()) == 4


def test_holes_are_left_only_where_a_cell_may_be_empty() -> None:
    whole = sample_tables(PLAN, "assessment", 100, as_of=DAY)
    holed = sample_tables(PLAN, "assessment", 100, as_of=DAY, holes=0.5)
    empty = {name: sum(cell is None for row in rows for cell in row.values()) for name, rows in holed.items()}
    assert not any(cell is None for row in whole["results"] for cell in row.values())
    assert {row["left"] is None for row in whole["staff"]} == {True, False}
    assert 150 < empty["results"] < 350
    assert all(row["year"] is not None for row in holed["results"])


def test_inputs_are_what_the_compiled_policy_takes() -> None:
    compiled = PLAN.policy("assessment").compile(DAY)
    rows = sample_inputs(PLAN, "assessment", 300, as_of=DAY)
    assert {tuple(sorted(row)) for row in rows} == {compiled.inputs}
    assert sample_inputs(PLAN, "assessment", 300, as_of=DAY) == rows
    for rule in compiled.rules:
        if rule != "assessment.kinds":
            assert {compiled(row)[rule] for row in rows} == {True, False}
    holed = sample_inputs(PLAN, "assessment", 300, as_of=DAY, holes=0.5)
    assert None in {compiled(row)["assessment.excellent_unit"] for row in holed}


def test_a_policy_without_facts_of_its_own_has_no_inputs() -> None:
    with pytest.raises(cr.UsageError) as caught:
        sample_inputs(PLAN, "obligation", 1, as_of=DAY)
    assert caught.value.code == "CR-NOT-FOR-COMPILING"
