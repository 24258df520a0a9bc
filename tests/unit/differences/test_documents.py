from __future__ import annotations

from dataclasses import replace

import pytest

import cadrerules as cr
from cadrerules.differences.changes import Change
from cadrerules.differences.documents import changes
from small_parcels import MORE, Make


def found(old: cr.Plan, new: cr.Plan) -> list[tuple[str, str, str]]:
    return [(change.action, change.kind, change.name) for change in changes(old.policy_set, new.policy_set)]


def only(old: cr.Plan, new: cr.Plan) -> Change:
    (change,) = changes(old.policy_set, new.policy_set)
    return change


def fields(change: Change) -> list[tuple[str, str | None, str | None]]:
    return [(field.name, field.old, field.new) for field in change.fields]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# a remark", "# another"),
        ("when: counts <= param.heavy", 'when: "( counts<= (param.heavy) )"'),
        ("value: 10, step: 0.1, title: {zh: 重, en: heavy}", "title: {en: heavy, zh: 重}, step: 0.1, value: 10.0"),
        ("when: counts <= 5", "when: (counts) <= 5.0"),
        ('["-", small, due]', '["-", "small", due]'),
        ('clause: "1"', 'clause: ["1"]'),
        ("polarity: neutral", "polarity: neutral, severity: 0"),
        ('["true", "-", due]', '[true, "", due]'),
        ("default: plain\n", 'default: "plain"\n    clause: []\n'),
    ],
)
def test_what_means_the_same_is_no_change(plan: Make, before: str, after: str) -> None:
    assert found(plan(), plan((before, after))) == []


def test_brackets_that_need_not_be_there_are_no_change(plan: Make) -> None:
    old = plan(("when: counts > param.heavy", "when: counts > 1 and fragile and weight > 2"))
    new = plan(("when: counts > param.heavy", "when: counts > 1 and (fragile and weight > 2)"))
    other = plan(("when: counts > param.heavy", "when: counts > 1 and (fragile or weight > 2)"))
    assert found(old, new) == []
    assert fields(only(old, other)) == [
        ("when", "counts > 1 and fragile and weight > 2", "counts > 1 and (fragile or weight > 2)")
    ]


@pytest.mark.parametrize(
    ("before", "after", "kind", "name", "wanted"),
    [
        ("value: 10,", "value: 9.5,", "parameter", "fees.heavy", [("value", "10", "9.5")]),
        ("value: 5, step: 0.1", "unset: not said, step: 0.1", "parameter", "fees.extra", [("value", "5", None), ("unset", None, "not said")]),
        ("default: plain", "default: packed", "interpretation", "fees.counted", [("default", "plain", "packed"), ("in_force", "plain", "packed")]),
        ("en: gross", "en: with its box", "interpretation", "fees.counted", [("options.packed.en", "gross", "with its box")]),
        ("weight + 1", "weight + 2", "column", "fees.counts", [("value", 'weight if interpretation.counted == "plain" else weight + 1', 'weight if interpretation.counted == "plain" else weight + 2')]),
        ("when: counts <= 5", "when: counts < 5", "column", "fees.size", [("row 2", "counts <= 5: middle", "counts < 5: middle")]),
        ("en: weight that counts", "en: what counts", "title", "fees.counts", [("en", "weight that counts", "what counts")]),
        ("when: counts > param.heavy", "when: counts >= param.heavy", "rule", "fees.high", [("when", "counts > param.heavy", "counts >= param.heavy")]),
        ('["true", "-", due], ', '["true", "-", due], ["-", middle, due], ', "rule", "fees.care", [("row 2", None, "- | middle: due")]),
        ('["true", "-", due], ', "", "rule", "fees.care", [("row 1", "true | -: due", None)]),
        ("hit: first", "hit: collect", "rule", "fees.care", [("table.hit", "first", "collect")]),
        ("severity: 2", "severity: 3", "verdict", "fee.high", [("severity", "2", "3")]),
        ("decide: gravest\n  care", "decide: each\n  care", "question", "fee", [("decide", "gravest", "each")]),
        ("en: Parcels", "en: Boxes", "set", "parcels", [("title.en", "Parcels", "Boxes")]),
        ("en: Fees", "en: Charges", "policy", "fees", [("title.en", "Fees", "Charges")]),
    ],
)  # fmt: skip
def test_a_changed_element_is_told_field_by_field(
    plan: Make, before: str, after: str, kind: str, name: str, wanted: list[tuple[str, str | None, str | None]]
) -> None:
    change = only(plan(), plan((before, after)))
    assert (change.action, change.kind, change.name) == ("changed", kind, name)
    assert fields(change) == wanted
    back = only(plan((before, after)), plan())
    rows = [(name, new, old) for name, old, new in wanted]
    assert sorted(fields(back)) == sorted(rows)


def test_a_rule_that_comes_stands_where_it_is_written(plan: Make) -> None:
    rule = "  - {id: top, title: {zh: 顶, en: Top}, when: weight > 99, then: fee.high}\n"
    new = plan(("  - {id: high,", f"{rule}  - {{id: high,"), ("value: 10,", "value: 9,"), ("weight + 1", "weight + 2"))
    assert found(plan(), new) == [
        ("changed", "parameter", "fees.heavy"),
        ("changed", "column", "fees.counts"),
        ("added", "rule", "fees.top"),
    ]
    lost = plan(("  - {id: low, title: {zh: 低, en: Low}, when: counts <= param.heavy, then: fee.low}\n", ""), ("hit: first", "hit: collect"))
    assert found(new, lost) == [
        ("changed", "parameter", "fees.heavy"),
        ("changed", "column", "fees.counts"),
        ("removed", "rule", "fees.low"),
        ("removed", "rule", "fees.top"),
        ("changed", "rule", "fees.care"),
    ]


def test_a_rule_cites_its_own_clause_or_its_policys(plan: Make) -> None:
    assert only(plan(), plan(("when: counts > param.heavy", "when: counts > 3"))).clauses == ("1",)
    own = plan(("when: counts > param.heavy", 'clause: "1.2", when: counts > param.heavy'))
    assert only(plan(), own).clauses == ("1.2",)


def test_a_policy_comes_and_goes_whole(plan: Make) -> None:
    come = only(plan(), plan(more=MORE))
    assert (come.action, come.kind, come.name) == ("added", "policy", "more")
    assert [(part.action, part.kind, part.name) for part in come.parts] == [
        ("added", "parameter", "more.most"),
        ("added", "rule", "more.any"),
    ]
    assert only(plan(more=MORE), plan()).action == "removed"


def test_a_table_changes_with_its_columns(plan: Make) -> None:
    change = only(plan(), plan(("fragile: {type: truth}", "fragile: {type: truth, empty: 'false'}\n      colour: {type: text}")))
    assert (change.action, change.kind, change.name, change.fields) == ("changed", "table", "parcels", ())
    assert [(part.action, part.name, [f[:1] for f in fields(part)][:1]) for part in change.parts] == [
        ("changed", "parcels.fragile", [("empty",)]),
        ("added", "parcels.colour", [("title.en",)]),
    ]


def test_a_chosen_reading_is_a_change(plan: Make) -> None:
    old = plan()
    change = only(old, old.amend(interpretations={"fees.counted": "packed"}))
    assert fields(change) == [("in_force", "plain", "packed")]


def test_words_alone_decide_nothing(plan: Make) -> None:
    words = plan(("en: High", "en: Dear"), ("en: not said", "en: left open"), ("en: heavy", "en: weighty"))
    assert [change.only_words for change in changes(plan().policy_set, words.policy_set)] == [True, True, True]
    assert not only(plan(), plan(("value: 10,", "value: 9,"))).only_words
    assert not only(plan(), plan(("options: {plain: {zh: 净重, en: net}, ", "options: {plain: {zh: 净重, en: net}, neither: {zh: 无, en: none}, "))).only_words



def test_entries_of_the_register_are_compared(plan: Make) -> None:
    old = cr.load_policies("market-supervision")
    assert old.policy_set.clauses_doc is not None
    entries = list(old.policy_set.clauses_doc.clauses)
    doc = old.policy_set.clauses_doc.model_copy(update={"clauses": entries[1:]})
    (change,) = changes(old.policy_set, replace(old.policy_set, clauses_doc=doc))
    assert (change.action, change.kind, change.name) == ("removed", "clause", "1")
    assert change.only_words


def test_the_plan_does_not_differ_from_itself() -> None:
    plan = cr.load_policies("market-supervision")
    assert changes(plan.policy_set, cr.load_policies("market-supervision").policy_set) == ()
