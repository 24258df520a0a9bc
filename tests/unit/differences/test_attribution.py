from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.differences.attribution import Flip, attribute
from cadrerules.differences.changes import Change
from cadrerules.differences.documents import changes
from cadrerules.differences.mixing import mixed
from cadrerules.differences.reach import bearing
from small_parcels import MORE, Make

DAY = date(2025, 1, 15)
HALF = Fraction(1, 2)


def parcels(**weights: float | None) -> dict[str, Any]:
    rows = [{"year": 2024, "parcel": name, "weight": w, "fragile": False} for name, w in weights.items()]
    return {"parcels": rows}


def flips(old: cr.Plan, new: cr.Plan, facts: Any) -> dict[tuple[str, str], Flip]:
    found = attribute(old, new, changes(old.policy_set, new.policy_set), facts, DAY)
    return {(flip.asked.question, flip.asked.subject): flip for flip in found}


def verdicts(flip: Flip) -> tuple[list[str | None], list[str | None]]:
    return [answer.verdict for answer in flip.old], [answer.verdict for answer in flip.new]


def causes(flip: Flip) -> list[tuple[str, Fraction]]:
    return [(cause.change.name, cause.share) for cause in flip.why.causes]


def sufficient(flip: Flip) -> list[list[str]]:
    return [[change.name for change in some] for some in flip.why.sufficient]


def test_one_change_is_the_whole_cause(plan: Make) -> None:
    found = flips(plan(), plan(("value: 10,", "value: 9,")), parcels(A=9.5, B=9, C=11))
    assert list(found) == [("fee", "A")]
    flip = found["fee", "A"]
    assert verdicts(flip) == (["low"], ["high"])
    assert causes(flip) == [("fees.heavy", Fraction(1))]
    assert not flip.why.together
    assert flip.why.exact


def test_changes_that_bear_on_another_question_take_no_part(plan: Make) -> None:
    new = plan(("value: 10,", "value: 9,"), ("when: counts <= 1", "when: counts <= 2"), ("en: High", "en: Dear"))
    found = flips(plan(), new, parcels(A=9.5, B=1.5))
    assert causes(found["fee", "A"]) == [("fees.heavy", Fraction(1))]
    assert (verdicts(found["care", "B"]), causes(found["care", "B"])) == (([], ["due"]), [("fees.size", Fraction(1))])


def test_two_changes_only_together(plan: Make) -> None:
    """9.5 counted with its box is 10.5: heavy only where boxes count and 10 is heavy."""
    old = plan(("value: 10,", "value: 11,"))
    new = plan(("default: plain", "default: packed"))
    flip = flips(old, new, parcels(A=9.5))["fee", "A"]
    assert causes(flip) == [("fees.heavy", HALF), ("fees.counted", HALF)]
    assert sufficient(flip) == [["fees.heavy", "fees.counted"]]
    assert flip.why.together


def test_two_changes_each_alone(plan: Make) -> None:
    new = plan(("value: 10,", "value: 9,"), ("default: plain", "default: packed"))
    flip = flips(plan(), new, parcels(A=9.5))["fee", "A"]
    assert causes(flip) == [("fees.heavy", HALF), ("fees.counted", HALF)]
    assert sufficient(flip) == [["fees.heavy"], ["fees.counted"]]
    assert not flip.why.together


def test_a_rule_and_the_parameter_it_needs_come_together(plan: Make) -> None:
    """The rule alone names what isn't there: no policy set, so it doesn't count as a way to the new verdict."""
    rule = "when: weight > param.limit"
    new = plan(("  extra: {value: 5, step: 0.1}", "  extra: {value: 5, step: 0.1}\n  limit: {value: 3}"), ("when: counts > param.heavy", rule))
    made = changes(plan().policy_set, new.policy_set)
    assert [change.name for change in made] == ["fees.limit", "fees.high"]
    assert mixed(plan().policy_set, new.policy_set, made[1:]) is None
    flip = flips(plan(), new, parcels(A=4))["fee", "A"]
    assert verdicts(flip) == (["low"], ["high"])
    assert causes(flip) == [("fees.limit", HALF), ("fees.high", HALF)]
    assert flip.why.together


def test_a_policy_comes_or_goes_as_one_change(plan: Make) -> None:
    come = flips(plan(), plan(more=MORE), parcels(A=4))["fee", "A"]
    gone = flips(plan(more=MORE), plan(), parcels(A=4))["fee", "A"]
    assert (verdicts(come), causes(come)) == ((["low"], ["high"]), [("more", Fraction(1))])
    assert (verdicts(gone), causes(gone)) == ((["high"], ["low"]), [("more", Fraction(1))])


def test_precedence_and_questions_are_causes_too(plan: Make) -> None:
    old = plan(more=MORE)
    new = plan(("severity: 1", "severity: 3"), more=MORE)
    flip = flips(old, new, parcels(A=4))["fee", "A"]
    assert (verdicts(flip), causes(flip)) == ((["high"], ["low"]), [("fee.low", Fraction(1))])


def test_a_table_that_reads_empty_cells_otherwise_is_a_cause(plan: Make) -> None:
    facts = {"parcels": [{"year": 2024, "parcel": "A", "weight": 3, "fragile": None}]}
    new = plan(("fragile: {type: truth}", "fragile: {type: truth, empty: 'true'}"))
    flip = flips(plan(), new, facts)["care", "A"]
    assert [answer.status for answer in (*flip.old, *flip.new)] == ["undetermined", "decided"]
    assert causes(flip) == [("parcels", Fraction(1))]
    read = cr.read_tables(facts, plan())
    assert list(flips(plan(), new, read)) == [("care", "A")]


def test_a_question_that_is_asked_no_more(plan: Make) -> None:
    gone = plan()
    documents = {"fees": gone.policy_set.documents["fees"].model_copy(update={"rules": gone.policy_set.documents["fees"].rules[:2]})}
    questions = {"fee": gone.policy_set.questions_doc["fee"]}
    new = replace(gone, policy_set=replace(gone.policy_set, documents=documents, questions_doc=questions))
    flip = flips(plan(), new, parcels(A=0.5))["care", "A"]
    assert (verdicts(flip), causes(flip)) == ((["due"], []), [("fees.care", Fraction(1))])
    assert mixed(gone.policy_set, new.policy_set, [Change("question", "", "care", "removed")]) is None


def test_amounts_of_obligations_flip() -> None:
    old = cr.load_policies("market-supervision")
    new = old.amend(params={"obligation.regional_reports": 3})
    found = attribute(old, new, changes(old.policy_set, new.policy_set), {"activities": []}, DAY, )
    assert found == ()
    facts = {"activities": [{"activity": "A1", "kind": "regional_report", "actor": "bureau", "done_on": "2024-05-01"}]}
    (flip,) = attribute(old, new, changes(old.policy_set, new.policy_set), facts, DAY)
    assert (flip.asked.rule, flip.asked.period) == ("obligation.regional_report", "2024")
    assert [(a.due, a.short) for a in (*flip.old, *flip.new)] == [("2", "1"), ("3", "2")]


def test_without_a_change_that_explains_it_there_is_no_cause(plan: Make) -> None:
    old, new = plan(), plan(("value: 10,", "value: 9,"))
    (flip,) = attribute(old, new, (), parcels(A=9.5), DAY)
    assert (flip.why.causes, flip.why.together) == ((), False)


# --- generally --------------------------------------------------------------------------------------

PLAN = cr.load_policies("market-supervision")
BUREAU = cr.read_tables(Path(__file__).parents[3] / "examples" / "bureau", PLAN)
AMENDMENTS: list[dict[str, Any]] = [
    {"params": {"board.red_to": 5}},
    {"params": {"board.yellow_to": 12}},
    {"params": {"board.black_quarters": 2}},
    {"params": {"assessment.bar_to": 4}},
    {"params": {"assessment.first": 5}},
    {"interpretations": {"assessment.upper_bound": "open"}},
    {"interpretations": {"assessment.deduction_scope": "unit_total"}},
    {"interpretations": {"board.missing_quarter": "skips"}},
    {"interpretations": {"people.in_post": "any_day"}},
    {"interpretations": {"resolution.promotion": "report_conflict"}},
    {"rules": {"assessment.prefer": {"to": {"each": "people.in_post"}}}},
    {"rules": {"board.commend": None}},
]


def amended(numbers: list[int]) -> cr.Plan:
    plan = PLAN
    for number in numbers:
        plan = plan.amend(**AMENDMENTS[number])
    return plan


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, len(AMENDMENTS) - 1), min_size=1, max_size=4, unique=True), st.data())
def test_every_flip_is_explained_and_shares_add_up_whatever_the_order(numbers: list[int], data: st.DataObject) -> None:
    new = amended(numbers)
    made = changes(PLAN.policy_set, new.policy_set)
    assert len(made) == len(numbers)
    found = attribute(PLAN, new, made, BUREAU, DAY)
    for flip in found:
        assert sum(cause.share for cause in flip.why.causes) == 1
        assert flip.why.sufficient
    shuffled = attribute(PLAN, new, data.draw(st.permutations(made)), BUREAU, DAY)
    as_sets = [
        [(f.asked, frozenset(f.why.causes), frozenset(map(frozenset, f.why.sufficient))) for f in each]
        for each in (found, shuffled)
    ]
    assert as_sets[0] == as_sets[1]


@pytest.mark.parametrize("numbers", [[0, 2], [3, 5], [7, 0]])
def test_a_sufficient_set_suffices_in_any_order(numbers: list[int]) -> None:
    new = amended(numbers)
    made = changes(PLAN.policy_set, new.policy_set)
    for flip in attribute(PLAN, new, made, BUREAU, DAY)[:5]:
        for order in permutations(flip.why.sufficient[0]):
            mix = mixed(PLAN.policy_set, new.policy_set, order)
            assert mix is not None
            result = cr.Plan(mix).evaluate(BUREAU, as_of=DAY)
            asked = flip.asked
            got = [d.verdict for d in result.decisions_on(asked.question, asked.subject, asked.period)]
            assert got == [answer.verdict for answer in flip.new]


def test_all_changes_make_the_new_set_and_none_the_old() -> None:
    new = amended(list(range(len(AMENDMENTS))))
    made = changes(PLAN.policy_set, new.policy_set)
    whole, nothing = mixed(PLAN.policy_set, new.policy_set, made), mixed(PLAN.policy_set, new.policy_set, ())
    assert whole is not None
    assert nothing is not None
    assert whole.hash == new.hash
    assert nothing.hash == PLAN.hash


@pytest.mark.parametrize("number", range(len(AMENDMENTS)))
def test_a_change_bears_on_every_question_whose_decisions_it_flips(number: int) -> None:
    new = amended([number])
    made = changes(PLAN.policy_set, new.policy_set)
    for flip in attribute(PLAN, new, made, BUREAU, DAY):
        assert bearing(made, PLAN.policy_set, new.policy_set, flip.asked.question) == made


def test_more_changes_than_can_all_be_tried_are_estimated(plan: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from cadrerules.differences import shares as module

    monkeypatch.setattr(module, "EXACT", 1)
    new = plan(("value: 10,", "value: 9,"), ("default: plain", "default: packed"))
    flip = flips(plan(), new, parcels(A=9.5))["fee", "A"]
    assert (flip.why.exact, flip.why.orders) == (False, module.ORDERS)
    assert sum(cause.share for cause in flip.why.causes) == 1
    assert flip.to_dict()["attribution"]["seed"] == module.SEED


def test_only_changes_that_a_questions_rules_rest_on_bear_on_it(plan: Make) -> None:
    old = plan()
    new = plan(
        ("value: 10,", "value: 9,"), ("value: 5,", "value: 4,"), ("when: counts <= 1", "when: counts <= 2"),
        ("weight + 1", "weight + 2"), ("en: High", "en: Dear"), ("polarity: neutral", "polarity: adverse"),
    )  # fmt: skip
    made = changes(old.policy_set, new.policy_set)
    bear = {q: [c.name for c in bearing(made, old.policy_set, new.policy_set, q)] for q in ("fee", "care")}
    assert bear == {"fee": ["fees.heavy", "fees.counts"], "care": ["care.due", "fees.counts", "fees.size"]}
