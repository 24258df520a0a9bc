"""Two plans decide alike, proved, or differ on the smallest tables that show it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules import verify as verification
from cadrerules.engines.solver.symbols import FALSE, OPEN, TRUE
from cadrerules.verify import Difference, difference
from cadrerules.verify.pairs import differ

PLAN = cr.load_policies("market-supervision")
NOT_DONE = "not completed and subjective and deducted > 0"
"""When heads can't be rated excellent, and the same said in other words."""
NOT_DONE_OTHERWISE = "not (completed or not (subjective and deducted > 0))"


def the_one(found: list[Difference]) -> Difference:
    """The only difference that isn't proved away."""
    (one,) = [d for d in found if d.answer != "proved"]
    return one


def of_question(found: list[Difference], question: str) -> Difference:
    (one,) = [d for d in found if d.question == question]
    return one


def tables(found: Difference) -> dict[str, list[dict[str, Any]]]:
    """The rows of a witness that has been found."""
    assert found.witness is not None
    rows: dict[str, list[dict[str, Any]]] = found.witness.to_json()["tables"]
    return rows


# --- known changes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("bar_to", "lost"), [("4", "4"), ("3.01", "3.01")])
def test_a_raised_bound_is_seen_on_one_result(bar_to: str, lost: str) -> None:
    """Three points are barred under both; the plainest number above them is taken."""
    found = difference(PLAN, PLAN.amend(params={"assessment.bar_to": bar_to}))
    one = the_one(found)
    assert (one.question, one.subject, one.period) == ("promotion", "P01", "2024")
    assert one.before is not None
    assert one.after is not None
    assert one.before["possible"] == ["preferred", None]  # the year before isn't known; a bar is out of the question
    assert one.after["verdict"] == "barred_in_principle"
    (result,) = tables(one)["results"]
    assert {k: result[k] for k in ("year", "deducted", "cause")} == {"year": "2024", "deducted": lost, "cause": "subjective"}
    assert tables(one)["staff"] == [{"person": "P01", "unit": "U01", "role": "head"}]
    assert set(tables(one)) == {"results", "staff"}
    assert {d.question for d in found if d.answer == "proved"} == {"excellent", "assessment"}


def test_a_longer_run_is_seen_on_as_many_quarters_as_were_needed() -> None:
    one = the_one(difference(PLAN, PLAN.amend(params={"board.red_quarters": 3})))
    assert (one.before and one.before["verdict"], one.after) == ("commended", None)
    assert [row["quarter"] for row in tables(one)["progress"]] == ["2024Q4", "2024Q3"]
    assert [(row["quarter"], row["style"]) for row in tables(one)["style"]] == [("2024Q4", "good")]


def test_a_reading_that_decides_between_two_verdicts() -> None:
    changed = PLAN.amend(interpretations={"resolution.promotion": "report_conflict"})
    one = the_one(difference(PLAN, changed, policies=["assessment"]))
    assert (one.before and one.before["verdict"], one.after and one.after["verdict"]) == ("barred_in_principle", "conflict")
    assert sorted(row["year"] for row in tables(one)["results"]) == ["2023", "2024"]
    assert {row["cities"] for row in tables(one)["results"]} == {1}


def test_a_rule_that_is_left_out_is_missed_by_whom_it_alone_bound() -> None:
    one = the_one(difference(PLAN, PLAN.amend(rules={"rectification.effect": None})))
    (problem,) = tables(one)["problems"]
    assert one.before is not None
    assert (one.before["because"], one.after) == (["rectification.effect"], None)
    assert "closed_on" in problem
    assert "effect_on" not in problem


def test_one_day_more_is_owed_by_a_leader_only() -> None:
    one = the_one(difference(PLAN, PLAN.amend(params={"obligation.field_days": 61})))
    assert [row["role"] for row in tables(one)["staff"]] == ["leader"]
    assert one.witness is not None
    assert one.witness.params == {"calendar.from": "2023"}


@pytest.mark.parametrize("params", [{"assessment.bar_to": "4"}, {"board.red_quarters": 3}, {"rectification.effect_months": 7}])
def test_both_plans_do_decide_a_witness_as_is_said(params: dict[str, Any]) -> None:
    changed = PLAN.amend(params=params)
    one = the_one(difference(PLAN, changed))
    assert one.witness is not None
    for plan, said in ((PLAN, one.before), (changed, one.after)):
        result = plan.amend(params=one.witness.params).evaluate(dict(one.witness.tables), as_of=one.witness.as_of)
        found = [d for d in result.decisions if (d.question, d.subject.id, d.period) == (one.question, one.subject, one.period)]
        assert [d.verdict for d in found] == ([said["verdict"]] if said else [])


# --- proofs -----------------------------------------------------------------------------------------------


def test_the_same_in_other_words_is_proved_and_of_what_is_told() -> None:
    (rule,) = [r for r in PLAN.policies["assessment"].rules if r.id == "assessment.excellent_heads"]
    assert rule.text == NOT_DONE
    changed = PLAN.amend(rules={"assessment.excellent_heads": {"when": NOT_DONE_OTHERWISE}})
    found = difference(PLAN, changed)
    assert {d.question: d.answer for d in found} == dict.fromkeys(("assessment", "excellent", "promotion"), "proved")
    assert all(d.witness is None and "at most these rows" in d.domain for d in found)


def test_nearly_the_same_is_told_apart() -> None:
    changed = PLAN.amend(rules={"assessment.excellent_heads": {"when": NOT_DONE.replace("> 0", ">= 0")}})
    one = the_one(difference(PLAN, changed))
    assert [(row["deducted"], row["completed"], row["cause"]) for row in tables(one)["results"]] == [("0", False, "subjective")]


def test_plans_that_say_the_same_are_not_asked() -> None:
    assert difference(PLAN, PLAN) == []


def test_only_what_is_asked_about_is_told() -> None:
    changed = PLAN.amend(params={"assessment.bar_to": 4})
    assert [d.question for d in difference(PLAN, changed, questions=["excellent"])] == ["excellent"]
    assert difference(PLAN, changed, policies=["training"])[0].answer == "proved"


# --- the same on every run ----------------------------------------------------------------------------------


def test_the_order_of_rules_does_not_matter() -> None:
    """Put last, a rule is the same rule; the witness is too."""
    (prefer,) = [r for r in PLAN.policies["assessment"].doc.rules if r.id == "prefer"]
    whole = prefer.model_dump(by_alias=True, exclude_unset=True)
    moved = PLAN.amend(rules={"assessment.prefer": None}).amend(rules={"assessment.prefer": whole})
    assert [r.id for r in moved.policies["assessment"].rules][-1] == "assessment.prefer"
    assert {d.answer for d in difference(PLAN, moved)} == {"proved"}
    first, second = (the_one(difference(p, p.amend(params={"assessment.bar_to": 4}))) for p in (PLAN, moved))
    assert (first.witness, first.before, first.after) == (second.witness, second.before, second.after)


def test_a_witness_is_the_same_in_every_process() -> None:
    code = """
import cadrerules as cr
from cadrerules import verify as verification
from cadrerules.verify import difference
plan = cr.load_policies("market-supervision")
changes = [{"assessment.bar_to": 4}, {"board.red_quarters": 3}]
for params in changes if SEED == 1 else changes[::-1]:
    print(*sorted(str(d) for d in difference(plan, plan.amend(params=params))), sep="\\n")
"""
    told = []
    for seed in (1, 2):
        ran = subprocess.run(
            [sys.executable, "-c", code.replace("SEED", str(seed))],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        told.append(sorted(ran.stdout.splitlines()))
    assert told[0] == told[1]
    assert sum("answer='witness'" in line for line in told[0]) == 2


# --- what isn't known -----------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 1000, 10_000])
def test_too_little_work_is_never_taken_for_a_proof(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr("cadrerules.verify.pairs.LIMIT", limit)
    changed = PLAN.amend(interpretations={"board.ties": "dense"})
    found = {d.question: d.answer for d in difference(PLAN, changed)}
    assert found == dict.fromkeys(("flag", "commendation", "interview"), "undecided")
    assert all(d.witness is None for d in difference(PLAN, changed))


def test_open_is_no_difference() -> None:
    """Where one side doesn't know, the other may say anything."""
    assert [differ(a, b) for a, b in ((TRUE, FALSE), (FALSE, TRUE))] == [True, True]
    assert [differ(a, b) for a, b in ((TRUE, OPEN), (OPEN, FALSE), (OPEN, OPEN), (TRUE, TRUE))] == [False] * 4


def test_public_names_are_what_they_say_whatever_is_imported_first() -> None:
    """No module has the name of a function: importing it would put the module in the function's place."""
    assert not {module.stem for module in Path(verification.__file__).parent.glob("*.py")} & set(verification.__all__)
    assert callable(verification.difference)
