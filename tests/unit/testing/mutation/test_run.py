"""Running mutants on cases: what is killed by which case, what survives, and the case that then kills it."""

from __future__ import annotations

import json
from collections.abc import Callable
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.cli import main
from cadrerules.testing import mutate
from cadrerules.testing.cases import CaseDocument
from cadrerules.testing.mutation import Report, Trial
from cadrerules.testing.mutation.text import percent

Paste = Callable[[str], list[CaseDocument]]


def trial(report: Report, place: str, new: str) -> Trial:
    return next(t for t in report.trials if t.mutant.edit.place == place and t.mutant.edit.new == new)


def test_the_first_case_that_notices_kills(plan: cr.Plan, cases: list[CaseDocument]) -> None:
    report = mutate(plan, cases, operators=["threshold"], jobs=1, search=0)
    assert trial(report, "depot.params.most.value", "3.1").by == "depot.yaml: more than three is"
    assert trial(report, "depot.params.most.value", "2.9").by == "depot.yaml: three is not too much"
    assert trial(report, "depot.rules.3.table.rows.1.1", "<= 3").fate == "survived"


def test_the_case_shown_for_a_survivor_kills_it(plan: cr.Plan, cases: list[CaseDocument], with_case: Paste) -> None:
    asked: Any = {"rules": ["depot.class"], "operators": ["threshold", "cell", "comparison"], "jobs": 1}
    survivors = mutate(plan, cases, **asked).of("survived")
    assert len(survivors) == 5
    for survivor in survivors:
        assert survivor.proposal is not None
        assert survivor.proposal.file == "depot.yaml"
        again = mutate(plan, with_case(survivor.proposal.text), **asked, search=0)
        assert not again.broken
        assert next(t for t in again.trials if t.mutant.id == survivor.mutant.id).fate == "killed"


def test_a_case_for_a_survivor_is_small_and_says_what_is_decided_now(plan: cr.Plan, cases: list[CaseDocument]) -> None:
    report = mutate(plan, cases, rules=["depot.stopped"], operators=["reading"], jobs=1)
    survivor = trial(report, "depot.derive.much", "False")
    assert survivor.fate == "survived"
    assert survivor.proposal is not None
    lines = survivor.proposal.text.splitlines()
    assert "    interpretations: {depot.counted: running}" in lines
    assert "    absent: [drivers]" in lines
    assert sum("D1" in line for line in lines if "question" not in line) == 1


def test_a_change_that_makes_no_difference_is_proved_so(plan: cr.Plan, cases: list[CaseDocument]) -> None:
    pytest.importorskip("z3")
    always = plan.amend(rules={"depot.stopped": {"when": "much and late >= 0"}})
    report = mutate(always, cases, rules=["depot.stopped"], operators=["conjunct"], jobs=1)
    (same,) = report.of("equivalent")
    assert same.mutant.edit.old == "late >= 0"
    assert "trips" in same.domain
    assert report.score == 100


def test_a_change_that_no_rule_rests_on_is_left_out(folder: Path, cases: list[CaseDocument]) -> None:
    path = folder / "depot.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("derive:\n", "derive:\n  unused: late > 1\n", 1), encoding="utf-8")
    report = mutate(folder, cases, operators=["comparison"], jobs=1, search=0)
    assert trial(report, "depot.derive.unused", "late >= 1").fate == "equivalent"


def test_a_case_that_sets_what_changes_cannot_notice(plan: cr.Plan, with_case: Paste) -> None:
    reading = """
  - name: with the reading set
    interpretations: {depot.counted: alone}
    given: {trips: [{year: 2024, driver: D1, late: 3.1, grade: good}]}
    expect: [{question: bonus, subject: D1, period: 2024, verdict: stopped}]
"""
    report = mutate(plan, with_case(reading), policies=["depot"], operators=["reading"], jobs=1, search=0)
    assert trial(report, "depot.interpretations.counted.default", "running").by == "depot.yaml: more than three is"


def test_a_case_that_fails_without_a_change_is_told_and_left_out(plan: cr.Plan, with_case: Paste) -> None:
    wrong = """
  - name: wrong
    given: {trips: [{year: 2024, driver: D1, late: 1, grade: good}]}
    expect: [{question: class, subject: D1, period: 2024, verdict: b}]
"""
    report = mutate(plan, with_case(wrong), rules=["depot.class"], operators=["cell"], jobs=1, search=0)
    assert report.broken == ("depot.yaml: wrong",)
    assert not report.of("killed")


def test_several_processes_find_what_one_does(plan: cr.Plan, cases: list[CaseDocument]) -> None:
    asked: Any = {"operators": ["threshold", "comparison", "row"], "search": 20}
    one, two = (mutate(plan, cases, jobs=jobs, **asked) for jobs in (1, 2))
    assert one.trials == two.trials


def test_nothing_goes_on_once_it_is_interrupted(plan: cr.Plan, cases: list[CaseDocument]) -> None:
    def interrupt(what: str, done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mutate(plan, cases, jobs=2, progress=interrupt)
    assert active_children() == []


def test_a_sample_is_the_same_for_the_same_seed(plan: cr.Plan, cases: list[CaseDocument]) -> None:
    drawn = [
        [t.mutant.id for t in mutate(plan, cases, sample=5, seed=seed, jobs=1, search=0).trials] for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(drawn[0]) <= 5


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"policies": ["depo"]}, "CR-UNKNOWN-POLICY"),
        ({"rules": ["depot.payed"]}, "CR-NO-SUCH-RULE"),
        ({"operators": ["treshold"]}, "CR-NO-SUCH-CHANGE"),
    ],
)
def test_unknown_names_are_refused(plan: cr.Plan, cases: list[CaseDocument], asked: dict[str, Any], code: str) -> None:
    with pytest.raises(cr.UsageError) as caught:
        mutate(plan, cases, **asked)
    assert caught.value.code == code


def test_a_score_is_never_rounded_up() -> None:
    assert [percent(score) for score in (100, 99.99, 66.66, 0)] == ["100", "99.9", "66.6", "0"]


# --- the command ----------------------------------------------------------------------------------


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["mutate", *arguments])
    return int(left.value.code or 0)


def test_the_command_tells_survivors_with_clause_and_case(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    asked = [str(folder), "--rule", "depot.class", "--only", "cell", "--jobs", "1"]
    assert run(*asked, "--lang", "en") == 0
    out = capfd.readouterr().out
    assert "depot.class (clause 1.1)" in out
    assert "depot.rules.3.table.rows.1.2: cell of a decision table widened: good -> -" in out
    assert "paste into depot.yaml:\n  - name: " in out
    assert out.endswith("depot: 2 mutants, 0 killed, 2 survived, 0 proved equivalent; score 0 %\n")
    assert run(*asked, "--lang", "zh", "--search", "0") == 0
    assert capfd.readouterr().out.endswith("depot：2 个变异体，杀死 0 个，存活 2 个，证明等价 0 个；变异得分 0%\n")


def test_the_command_leaves_with_1_where_the_score_is_too_low(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    asked = [str(folder), "--only", "threshold", "--jobs", "1", "--search", "0", "--format", "json", "--lang", "en"]
    assert run(*asked) == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["mutants"], told["killed"], told["survived"]) == (8, 2, 6)
    assert told["score"] == 25
    assert told["trials"][0]["killed_by"] == "depot.yaml: more than three is"
    assert run(*asked, "--fail-under", "25") == 0
    assert run(*asked, "--fail-under", "25.1") == 1
    assert "the score 25 % is under 25.1 %" in capfd.readouterr().err
