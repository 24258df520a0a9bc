"""The register of clauses: what the statuses say, and which rules, parameters and readings belong to an entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.model.clauses import STATUSES, Entry, Register
from small_register import write


@pytest.fixture
def plan(tmp_path: Path) -> cr.Plan:
    return cr.load_policies(write(tmp_path))


def shown(entry: Entry) -> dict[str, Any]:
    """What an entry holds, by name and without what is empty."""
    parts = {
        "rules": [rule.id for rule in entry.rules],
        "through": [rule.id for rule in entry.through],
        "missing": list(entry.missing),
        "parameters": [parameter.name for parameter in entry.parameters],
        "interpretations": [reading.name for reading in entry.interpretations],
    }
    return {"statuses": entry.statuses, **{name: part for name, part in parts.items() if part}}


def entry(register: Register, title: str) -> dict[str, Any]:
    return shown(next(e for e in register.entries if e.title.en == title))


def test_entries_stand_in_the_order_of_the_document(plan: cr.Plan) -> None:
    assert [(e.clause, e.title.zh) for e in plan.clauses.entries] == [
        ("1", "大"),
        ("1", "借用"),
        ("2", "小"),
        ("2", "美观"),
        ("3", "空"),
    ]
    assert [e.note.text("en") if e.note else None for e in plan.clauses.entries] == [
        None,
        None,
        None,
        "people look",
        None,
    ]


def test_a_clause_whose_rules_are_all_there_is_encoded(plan: cr.Plan) -> None:
    """The reading that only the question chooses belongs to the rule that answers it."""
    assert entry(plan.clauses, "Big") == {
        "statuses": ("encoded", "ambiguous"),
        "rules": ["size.big"],
        "parameters": ["size.limit"],
        "interpretations": ["size.both"],
    }


def test_a_clause_may_take_effect_through_rules_of_others_and_be_open_too(plan: cr.Plan) -> None:
    assert entry(plan.clauses, "Borrowed") == {
        "statuses": ("encoded", "open", "ambiguous"),
        "through": ["size.big"],
        "missing": ["size.gone"],
        "parameters": ["size.limit"],
        "interpretations": ["size.both"],
    }


def test_an_unset_parameter_makes_a_clause_redacted_until_it_is_set(plan: cr.Plan) -> None:
    """An interpretation that no rule rests on belongs to the clause's computable entries."""
    small = {"rules": ["size.small"], "missing": ["size.tiny"], "parameters": ["size.floor"]}
    readings = {"interpretations": ["size.stray"]}
    statuses = ("encoded", "open", "redacted", "ambiguous")
    assert entry(plan.clauses, "Small") == {"statuses": statuses, **small, **readings}
    amended = plan.amend(params={"size.floor": 1})
    assert entry(amended.clauses, "Small") == {"statuses": ("encoded", "open", "ambiguous"), **small, **readings}


def test_what_people_judge_has_nothing_else(plan: cr.Plan) -> None:
    assert entry(plan.clauses, "Beauty") == {"statuses": ("needs_judgement",)}


def test_what_no_rule_rests_on_stays_with_people_where_a_clause_has_nothing_else(tmp_path: Path) -> None:
    stray = cr.load_policies(write(tmp_path, clauses=("rules: [size.small, size.tiny]", "")))
    assert entry(stray.clauses, "Small")["statuses"] == ("open", "redacted", "ambiguous")
    people = '"3"\n    title: {zh: 空, en: Nothing yet}\n    status: computable'
    judged = write(
        tmp_path,
        clauses=(people, people.replace("computable", "needs_judgement")),
        size=('right], default: left, clause: "2"', 'right], default: left, clause: "3"'),
    )
    assert entry(cr.load_policies(judged).clauses, "Nothing yet") == {
        "statuses": ("ambiguous", "needs_judgement"),
        "interpretations": ["size.stray"],
    }


def test_a_computable_clause_without_any_rule_is_open(plan: cr.Plan) -> None:
    assert entry(plan.clauses, "Nothing yet") == {"statuses": ("open",)}


def test_a_rule_that_cites_another_clause_does_not_encode_this_one(plan: cr.Plan) -> None:
    moved = plan.amend(rules={"size.big": {"clause": "3"}}).clauses
    assert entry(moved, "Big")["missing"] == ["size.big"]
    assert moved.unlisted == ("size.big",)


def test_a_rule_left_out_by_amendment_is_missing(plan: cr.Plan) -> None:
    assert plan.clauses.missing == ("size.gone", "size.tiny")
    without = plan.amend(rules={"size.big": None}).clauses
    assert without.missing == ("size.big", "size.gone", "size.tiny")
    assert entry(without, "Big")["statuses"] == ("open", "ambiguous")


def test_rules_outside_the_register_are_named(tmp_path: Path) -> None:
    plan = cr.load_policies(write(tmp_path, size=('clause: "1"  # of the policy\n', "")))
    assert (plan.clauses.unlisted, plan.clauses.uncited) == ((), ("size.big",))
    added = {"title": {"zh": "新", "en": "New"}, "when": "size > 9", "then": "size.big"}
    more = plan.amend(rules={"size.new": {**added, "clause": "3"}, "size.bare": added}).clauses
    assert (more.unlisted, more.uncited) == (("size.new",), ("size.big", "size.bare"))


def test_counts_say_how_many_entries_have_each_status(plan: cr.Plan) -> None:
    assert dict(plan.clauses.counts) == {"encoded": 3, "open": 3, "redacted": 1, "ambiguous": 3, "needs_judgement": 1}
    assert tuple(Register().counts.values()) == (0,) * len(STATUSES)
