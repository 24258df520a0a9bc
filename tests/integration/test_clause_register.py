"""The shipped plan's register of clauses: nothing of the source is left out, every rule has its clause and a case."""

from __future__ import annotations

from collections import Counter

import pytest

import cadrerules as cr
from cadrerules.model.clauses import Entry
from conformance_runner.reading import plan_files

PLAN = cr.load_policies("market-supervision")
ENTRIES = PLAN.clauses.entries

RULES = {
    "2.1.1": ["obligation.lecture", "obligation.lecture_rotation", "obligation.reflection"],
    "2.1.2": [
        "obligation.regional_report",
        "obligation.field_days",
        "obligation.research",
        "rectification.counts",
        "rectification.complete",
        "rectification.horizon",
        "rectification.effect",
        "rectification.overdue",
        "rectification.monthly_report",
    ],
    "2.1.4": ["obligation.economy_measures", "obligation.food_safety_city"],
    "2.1.5": ["obligation.meeting"],
    "2.2.3": [
        "obligation.style_filing",
        "board.red",
        "board.yellow",
        "board.black",
        "board.commend",
        "board.interview",
    ],
    "2.2.4": ["obligation.supervision_list"],
    "2.3.1": ["obligation.university"],
    "2.3.3": ["obligation.contacts"],
    "2.3.4": ["obligation.training", "obligation.study_away", "training.evaluation"],
    "2.3.5": [
        "assessment.kinds",
        "assessment.prefer",
        "assessment.bar_ranking",
        "assessment.bar_deduction",
        "assessment.excellent_unit",
        "assessment.excellent_heads",
    ],
}
"""The rules that are expected, by clause, in the order of the source."""

JUDGED = {
    "1": 1,
    "2": 1,
    "2.1": 1,
    "2.1.1": 3,
    "2.1.2": 3,
    "2.1.3": 5,
    "2.1.4": 4,
    "2.1.5": 5,
    "2.2": 1,
    "2.2.1": 4,
    "2.2.2": 5,
    "2.2.3": 2,
    "2.2.4": 3,
    "2.3": 1,
    "2.3.1": 3,
    "2.3.2": 4,
    "2.3.3": 3,
    "2.3.4": 2,
    "2.3.5": 2,
    "3": 1,
    "3.1": 1,
    "3.2": 1,
    "3.3": 1,
}
"""How many things of each clause only people can judge; every numbered part, section and item of the source is here."""


def name(entry: Entry) -> str:
    return f"{entry.clause} {entry.title.en}"


def test_every_clause_of_the_source_is_listed_in_its_order() -> None:
    assert list(dict.fromkeys(entry.clause for entry in ENTRIES)) == list(JUDGED)


def test_what_people_judge_is_listed() -> None:
    assert Counter(e.clause for e in ENTRIES if "needs_judgement" in e.statuses) == JUDGED


def test_the_expected_rules_are_listed_under_their_clauses() -> None:
    listed: dict[str, list[str]] = {}
    for entry in ENTRIES:
        listed.setdefault(entry.clause, []).extend(entry.doc.rules)
    assert {clause: rules for clause, rules in listed.items() if rules} == RULES


def test_error_tolerance_takes_effect_through_the_rules_on_results() -> None:
    (entry,) = (entry for entry in ENTRIES if entry.doc.through)
    assert entry.clause == "2.2.1"
    assert entry.statuses == ("encoded", "ambiguous")
    assert [reading.name for reading in entry.interpretations] == ["tolerance.effect"]


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.doc.status == "computable"], ids=name)
def test_every_computable_clause_is_encoded(entry: Entry) -> None:
    assert entry.missing == ()
    assert "encoded" in entry.statuses


def test_every_rule_cites_a_clause() -> None:
    assert PLAN.clauses.uncited == ()
    assert all(rule.clauses for rule in PLAN.rules.values())


def test_every_rule_is_listed_under_a_clause_that_it_cites() -> None:
    assert PLAN.clauses.unlisted == ()
    assert set(PLAN.rules) == {rule.id for entry in ENTRIES for rule in entry.rules}


@pytest.mark.parametrize("rule", sorted(PLAN.rules))
def test_every_rule_decides_a_conformance_case(rule: str) -> None:
    expected = [decision for file in plan_files().values() for case in file.cases for decision in case.expect]
    assert any(d.status == "decided" and rule in d.because for d in expected)


def test_no_ambiguity_and_no_number_left_out_is_hidden() -> None:
    shown = {reading.name for entry in ENTRIES for reading in entry.interpretations}
    assert set(PLAN.interpretations) - shown == set()
    unset = {p.name for p in PLAN.parameters.values() if not p.is_set and p.doc.clause}
    assert unset - {p.name for entry in ENTRIES if "redacted" in entry.statuses for p in entry.parameters} == set()
    assert "board.black_quarters" in unset


def test_titles_tell_entries_apart_in_both_languages() -> None:
    for lang in ("en", "zh"):
        titles = [(entry.clause, entry.title.text(lang)) for entry in ENTRIES]
        assert all(title.strip() for _, title in titles)
        assert len(set(titles)) == len(titles)
