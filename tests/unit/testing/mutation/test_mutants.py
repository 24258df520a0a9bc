"""Mutants of a policy set: what each kind of change makes of its documents, whom it reaches, and that it checks."""

from __future__ import annotations

from collections import Counter

import pytest

import cadrerules as cr
from cadrerules.testing.mutation.mutants import OPERATORS, Mutant, candidates, mutants


def changes(plan: cr.Plan, operator: str, within: str = "") -> list[str]:
    """What an operator changes in elements whose name begins so."""
    found = [m.edit for m in mutants(plan.policy_set) if m.operator == operator and m.edit.place.startswith(within)]
    return [f"{edit.old} -> {edit.new}" if edit.new else edit.old for edit in found]


@pytest.mark.parametrize(
    ("operator", "within", "expected"),
    [
        ("threshold", "depot.params", ["3 -> 3.1", "3 -> 2.9"]),
        ("threshold", "depot.rules.3.table", ["<= 2 -> <= 3", "<= 2 -> <= 1"]),
        ("reading", "depot.interpretations", ["alone -> running"]),
        ("case", "", ["low, middle -> middle, low", "late <= 1: low", "middle, high -> high, middle", "late <= param.most: middle"]),
        ("cell", "", ["<= 2 -> -", "good -> -"]),
        ("row", "", ["[<= 2, good, a]", "[[<= 2, good, a], [-, -, b]] -> [[-, -, b], [<= 2, good, a]]", "[-, -, b]"]),
        ("hit", "", ["first -> collect"]),
        ("precedence", "", ["paid < stopped -> stopped < paid"]),
        ("waivable", "depot.", ["waivable -> strict"]),
        ("waivable", "questions.", ["stopped: waivable -> stopped: strict"]),
        ("option", "", ['grade in ["good", "fair"] -> grade in ["fair"]', 'grade in ["good", "fair"] -> grade in ["good"]']),
        (
            "addressee",
            "",
            [
                'post == "chief"',
                'post == "chief" -> post in ["chief", "driver"]',
                'post == "chief" -> post in ["chief", "guard"]',
            ],
        ),
    ],
)
def test_changes_of_documents(plan: cr.Plan, operator: str, within: str, expected: list[str]) -> None:
    assert changes(plan, operator, within) == expected


def by_place(plan: cr.Plan, place: str, operator: str) -> Mutant:
    return next(m for m in mutants(plan.policy_set) if m.edit.place.startswith(place) and m.operator == operator)


def test_a_mutant_names_the_rules_it_reaches_and_their_clauses(plan: cr.Plan) -> None:
    mutant = by_place(plan, "depot.params.most", "threshold")
    assert mutant.rules == ("depot.paid", "depot.stopped")
    assert mutant.clauses == ("1.1",)
    assert mutant.policies == ("depot",)
    assert by_place(plan, "depot.derive.years", "comparison").rules == ("depot.stopped",)
    assert by_place(plan, "depot.rules.1.to.where", "comparison").rules == ("depot.paid",)
    assert by_place(plan, "questions.bonus", "precedence").rules == ("depot.paid", "depot.stopped")


def test_a_mutant_says_what_it_is_in_both_languages(plan: cr.Plan) -> None:
    mutant = by_place(plan, "depot.params.most", "threshold")
    assert mutant.text("en") == "number shifted by one step: 3 -> 3.1"
    assert mutant.text("zh") == "数值移动一步：3 -> 3.1"


def test_ids_are_stable_and_different(plan: cr.Plan) -> None:
    found = list(candidates(plan.policy_set))
    assert [m.id for m in found] == [m.id for m in candidates(plan.policy_set)]
    assert max(Counter(m.id for m in found).values()) == 1
    assert by_place(plan, "depot.params.most", "threshold").id == "986e9a8e"


def test_every_kind_of_change_has_words() -> None:
    assert all(en and zh for en, zh in OPERATORS.values())


def test_what_does_not_check_is_no_mutant(plan: cr.Plan) -> None:
    tried = {m.edit.place + m.text() for m in candidates(plan.policy_set)}
    made = {m.edit.place + m.text() for m in mutants(plan.policy_set)}
    assert any("first -> unique" in text for text in tried - made)  # the rows of the table overlap
