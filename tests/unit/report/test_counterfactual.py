from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.errors import UsageError
from cadrerules.model.counterfactual import Change, Outlook
from small_bureau import EXEMPTION, HEAD, PLAN, WAIVER, row, standing, style

JUNE, JANUARY = date(2024, 6, 30), date(2025, 1, 15)
UNITS = [f"U{i:02}" for i in range(1, 13)]
RISING = {"results": [row(2023, regional_rank=2), row(2024, regional_rank=5)], "staff": [HEAD]}
PROBLEM = {
    "problem": "B1",
    "aspect": "style",
    "listed_on": "2024-03-01",
    "due_on": "2024-12-31",
    "goal": "有",
    "measures": None,
    "lead_unit": "U",
    "responsible_unit": "U",
    "effect_on": "2024-06-01",
    "closed_on": None,
}


def outlook(tables: Mapping[str, Any], as_of: date, *topic: str, plan: cr.Plan = PLAN, **settings: Any) -> Outlook:
    """What would change the answer; parameters and readings with `__` for the dot of their names."""
    named = {name.replace("__", "."): value for name, value in settings.items()}
    params = {name: value for name, value in named.items() if name in plan.parameters}
    readings = {name: value for name, value in named.items() if name in plan.interpretations}
    amended = plan.amend(params, readings)
    return amended.evaluate(cr.read_tables(tables, amended), as_of=as_of).outlook(*topic)


def texts(found: Outlook, lang: Any = "en") -> list[str]:
    return [way.text(lang) for way in found.counterfactuals]


def notes(found: Outlook, lang: str = "en") -> list[str]:
    return [note[lang] for note in found.notes]


# --- results of a year --------------------------------------------------------------------------


def test_a_better_rank_this_year_would_do_for_last_year_qualifies() -> None:
    found = outlook(RISING, JUNE, "promotion", "H", "2024")
    assert texts(found) == [
        (
            "preferred: needs regional rank (Unit U, Indicator I1) 3 or better (now 5) (clause 2.3.5). "
            "Already met: among the first the year before"
        ),
        (
            "in principle not considered: with cause (Unit U, Indicator I1) subjective (now objective) and "
            "points deducted (Unit U, Indicator I1) 2 to 3 (now 0) (clause 2.3.5)"
        ),
    ]
    assert texts(found, "zh") == [
        "要使结论为“优先考虑”，须全区排名（科室 U，指标 I1）为 3 或更优（现为 5）（第 2.3.5 条）。已满足：上年居前列",
        (
            "若原因（科室 U，指标 I1）为主观（现为 客观），且扣分（科室 U，指标 I1）为 2 至 3（现为 0），"
            "则结论为“原则上不予考虑”（第 2.3.5 条）"
        ),
    ]


def test_a_change_names_its_cell_and_all_the_values_that_do() -> None:
    (better, worse) = outlook(RISING, JUNE, "promotion", "H", "2024").counterfactuals
    (change,) = better.changes
    assert (change.table, tuple(map(str, change.key)), change.column) == (
        "results",
        ("2024", "U", "I1"),
        "regional_rank",
    )
    assert (change.cell, change.before, change.to, change.most) == ("results[2024/U/I1].regional_rank", 5, 3, 3)
    assert change.least is None
    assert (better.leads_to, better.direction, better.clauses) == ("preferred", "better", ("2.3.5",))
    assert better.rules == ("assessment.prefer",)
    assert [c.column for c in worse.changes] == ["cause", "deducted"]
    assert worse.direction == "worse"


def test_nothing_can_change_once_the_year_is_over() -> None:
    found = outlook(RISING, JANUARY, "promotion", "H", "2024")
    assert found.counterfactuals == ()
    assert notes(found) == [
        "Nothing can change it: as of 2025-01-15 the facts that it rests on are known and their periods over"
    ]
    assert notes(found, "zh") == ["已无可改变结论的事实：截至 2025-01-15，所依据的事实均已知，所属期间均已结束"]


def test_the_last_day_of_the_period_still_counts() -> None:
    assert texts(outlook(RISING, date(2024, 12, 31), "promotion", "H", "2024"))
    assert not texts(outlook(RISING, date(2025, 1, 1), "promotion", "H", "2024"))


def test_no_rank_this_year_helps_where_last_year_is_lost() -> None:
    tables = {**RISING, "results": [row(2023, regional_rank=7), row(2024, deducted="0.5", cause="objective")]}
    found = outlook(tables, JUNE, "promotion", "H", "2024")
    assert {way.leads_to for way in found.counterfactuals} == {"barred_in_principle"}


def test_a_key_worker_whom_nothing_open_can_help() -> None:
    tables = {
        "results": [row(2023, regional_rank=7), row(2024, regional_rank=5)],
        "staff": [{"person": "K", "unit": "U", "role": "key_staff"}],
    }
    found = outlook(tables, JUNE, "promotion", "K", "2024")
    assert notes(found) == [
        (
            "Nothing can change it: whatever becomes of the facts still open, the verdict stays "
            "(Regional rank, Cities ranked, Cause, Points deducted)"
        )
    ]


def test_points_lost_on_either_side_of_the_bar_and_what_authorities_may_do() -> None:
    rows = [row(2023), row(2024, deducted="2.5", cause="subjective")]
    found = outlook({"results": rows, "staff": [HEAD], "exemptions": []}, JUNE, "promotion", "H", "2024")
    assert texts(found) == [
        "no verdict: needs points deducted (Unit U, Indicator I1) at most 1.99 (now 2.5) (clause 2.3.5)",
        "no verdict: needs points deducted (Unit U, Indicator I1) at least 3.01 (now 2.5) (clause 2.3.5)",
        "no verdict: needs cause (Unit U, Indicator I1) objective (now subjective) (clause 2.3.5)",
    ]
    assert notes(found) == [
        (
            "A waiver by an authority could set aside: In principle not considered after losing two to three points "
            "for subjective reasons (assessment.bar_deduction)"
        ),
        "A row in Exemptions (Unit U, Indicator I1) would lead to: no verdict",
    ]
    assert notes(found, "zh")[0] == "有权机关可以豁免：主观原因扣二至三分，原则上不予考虑（assessment.bar_deduction）"


def test_a_waiver_and_an_exemption_as_told_do_what_is_told() -> None:
    tables = {
        "results": [row(2024, deducted="2.5", cause="subjective")],
        "staff": [HEAD],
        "waivers": [],
        "exemptions": [],
    }
    for remedy in ({"waivers": [WAIVER]}, {"exemptions": [EXEMPTION]}):
        facts = cr.read_tables({**tables, **remedy}, PLAN)
        found = PLAN.evaluate(facts, as_of=JANUARY).outlook("promotion", "H", "2024")
        assert not any("waiver" in note or "Exemptions" in note for note in notes(found))


def test_with_the_open_reading_more_points_never_help() -> None:
    tables = {"results": [row(2024, deducted="2.5", cause="subjective")], "staff": [HEAD]}
    found = outlook(tables, JUNE, "promotion", "H", "2024", assessment__upper_bound="open")
    assert not any("3.01" in text for text in texts(found))


def test_all_indicators_must_rise_where_all_are_asked_for() -> None:
    rows = [row(y, indicator=i, regional_rank=2 if y == 2023 else 6) for y in (2023, 2024) for i in ("I1", "I2")]
    found = outlook({"results": rows, "staff": [HEAD]}, JUNE, "promotion", "H", "2024", assessment__quantifier="all")
    first = found.counterfactuals[0]
    assert first.leads_to == "preferred"
    assert [(c.cell, c.to, c.most) for c in first.changes] == [
        ("results[2024/U/I1].regional_rank", 3, 3),
        ("results[2024/U/I2].regional_rank", 3, 3),
    ]


def test_a_year_whose_row_is_still_to_come() -> None:
    found = outlook({**RISING, "results": [row(2023, regional_rank=2)]}, JUNE, "promotion", "H", "2024")
    assert texts(found)[:2] == [
        (
            "preferred: needs regional rank (Unit U, Indicator I1) 3 or better (there is no row yet) and "
            "cause (Unit U, Indicator I1) objective (there is no row yet) (clause 2.3.5)"
        ),
        (
            "preferred: needs regional rank (Unit U, Indicator I1) 3 or better (there is no row yet) and "
            "points deducted (Unit U, Indicator I1) at most 1.99 (there is no row yet) (clause 2.3.5)"
        ),
    ]


def test_nothing_can_be_told_of_who_is_in_no_row() -> None:
    found = outlook(
        {**RISING, "staff": [HEAD, {"person": "P", "unit": None, "role": "leader"}]}, JUNE, "promotion", "P", "2024"
    )
    assert notes(found) == ["What would change it can't be told: no row of the facts bears on it yet"]


# --- what isn't known yet -----------------------------------------------------------------------


def test_each_way_of_filling_in_a_missing_fact() -> None:
    tables = {"results": [row(2024, deducted=None, cause="subjective")], "staff": [HEAD]}
    found = outlook(tables, JANUARY, "promotion", "H", "2024")
    assert texts(found)[:2] == [
        "no verdict: with points deducted (Unit U, Indicator I1) at most 1.99 (not known yet) (clause 2.3.5)",
        "no verdict: with points deducted (Unit U, Indicator I1) at least 3.01 (not known yet) (clause 2.3.5)",
    ]
    assert texts(found)[2].startswith(
        "in principle not considered: with points deducted (Unit U, Indicator I1) 2 to 3 (not known yet) (clause 2.3.5)"
    )
    assert {way.direction for way in found.counterfactuals} == {"settled"}


def test_a_disputed_fact_may_come_out_either_way() -> None:
    dispute = {"table": "results", "key": "2024/U/I1", "column": "deducted", "raised_on": "2025-01-06"}
    tables = {"results": [row(2024, deducted="3")], "staff": [HEAD], "disputes": [dispute]}
    found = outlook(tables, JANUARY, "excellent", "H", "2024")
    assert texts(found) == [
        "no verdict: with points deducted (Unit U, Indicator I1) at most 2.99 (in dispute) (clause 2.3.5)",
        "no excellent rating: with points deducted (Unit U, Indicator I1) at least 3 (in dispute) (clause 2.3.5)",
    ]


def test_a_number_that_is_not_set_is_told() -> None:
    tables = {
        "progress": standing("2024Q4", *UNITS),
        "style": style("U12", Q4="prominent_problems"),
        "staff": [{"person": "H", "unit": "U12", "role": "head"}],
    }
    found = outlook(tables, JANUARY, "interview", "H", "2024Q4")
    assert found.counterfactuals == ()
    assert (
        notes(found)[-1] == "It also waits for numbers that aren't set: black quarters in a row (board.black_quarters)"
    )


# --- the board ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ties", "red"), [("competition", "94"), ("dense", "94"), ("ordinal", "94.000001")], ids=lambda value: value
)
def test_the_progress_that_a_red_flag_needs(ties: str, red: str) -> None:
    found = outlook(
        {"progress": standing("2024Q4", *UNITS)}, date(2024, 11, 30), "flag", "U09", "2024Q4", board__ties=ties
    )
    better, worse = found.counterfactuals
    assert (better.leads_to, str(better.changes[0].to), better.changes[0].most) == ("red", red, None)
    assert worse.leads_to == "black"
    assert notes(found) == ["The others in the ranking are taken as they stand"]


def test_a_unit_with_two_indicators_needs_a_better_mean() -> None:
    rows = [*standing("2024Q4", *UNITS), {"quarter": "2024Q4", "unit": "U09", "indicator": "I2", "progress": 80}]
    found = outlook({"progress": rows}, date(2024, 11, 30), "flag", "U09", "2024Q4")
    red = [(way.changes[0].cell, str(way.changes[0].to)) for way in found.counterfactuals if way.leads_to == "red"]
    assert red == [
        ("progress[2024Q4/U09/I1].progress", "108"),
        ("progress[2024Q4/U09/I2].progress", "96"),
    ]


def test_a_commendation_needs_the_style_to_be_good() -> None:
    tables = {
        "progress": standing("2024Q3", *UNITS) + standing("2024Q4", *UNITS),
        "style": style("U05", Q3="good", Q4="ordinary"),
    }
    found = outlook(tables, date(2024, 11, 30), "commendation", "U05", "2024Q4")
    assert texts(found) == [
        (
            "commended in a circular: needs style good (now ordinary) (clause 2.2.3). "
            "Already met: red quarters so far ≥ 2 (red quarters in a row)"
        )
    ]


def test_the_style_that_is_not_judged_yet() -> None:
    tables = {
        "progress": standing("2024Q3", *UNITS) + standing("2024Q4", *UNITS),
        "style": style("U05", Q3="good"),
    }
    found = outlook(tables, date(2024, 11, 30), "commendation", "U05", "2024Q4")
    assert [(w.leads_to, w.changes[0].standing, w.changes[0].options) for w in found.counterfactuals] == [
        ("commended", "no_row", ("good",)),
        (None, "no_row", ("ordinary", "prominent_problems")),
    ]


# --- problems and obligations -------------------------------------------------------------------


def test_an_empty_entry_and_a_day_that_has_not_come() -> None:
    found = outlook({"problems": [PROBLEM], "units": [{"unit": "U"}]}, JUNE, "rectification", "B1")
    assert texts(found)[0] == "no verdict: needs measures filled in (not known yet) (clause 2.1.2)"
    late = outlook(
        {"problems": [{**PROBLEM, "measures": "有"}], "units": [{"unit": "U"}]}, JANUARY, "rectification", "B1"
    )
    assert texts(late, "zh") == ["要使结论为“不适用”，须销号日期为 2025-01-15 或更早（尚无）（第 2.1.2 条）"]


def test_an_obligation_tells_what_is_still_to_be_done() -> None:
    leader = {"person": "L", "unit": None, "role": "leader", "party_member": True}
    days = {"activity": "A1", "kind": "field_research", "actor": "L", "done_on": "2024-05-05", "days": 20}
    tables = {"staff": [leader], "activities": [days], "contacts": []}
    for day, said in (
        (date(2024, 10, 15), "It is met in full with 40 more by 2024-12-31"),
        (JANUARY, "The period is over: what wasn't done in it can't be made up for"),
    ):
        result = PLAN.evaluate(cr.read_tables(tables, PLAN), as_of=day)
        (decision,) = [d for d in result.decisions if (d.because, d.period) == (("obligation.field_days",), "2024")]
        assert notes(decision.outlook())[0] == said


# --- where it is asked --------------------------------------------------------------------------


def test_every_format_tells_it_in_both_languages() -> None:
    result = PLAN.evaluate(cr.read_tables(RISING, PLAN), as_of=JUNE)
    assert result.explain_subject is not None
    for lang, words in (("en", "3 or better"), ("zh", "3 或更优")):
        for form in ("text", "markdown", "html"):
            told = result.explain_subject("H", "promotion", "2024", lang, form, counterfactual=True)
            assert words in told
            assert words not in result.explain_subject("H", "promotion", "2024", lang, form)


def test_the_json_of_a_decision() -> None:
    tables = {**RISING, "results": [row(2023, regional_rank=2), row(2024, regional_rank=3)]}
    decision = PLAN.evaluate(cr.read_tables(tables, PLAN), as_of=JUNE).decision("promotion", "H", "2024")
    told = json.loads(decision.explain(format="json", counterfactual=True))
    assert told["counterfactuals"][0] == {
        "changes": [
            {
                "cell": "results[2024/U/I1].regional_rank",
                "table": "results",
                "key": ["2024", "U", "I1"],
                "column": "regional_rank",
                "from": 3,
                "to": 4,
                "least": 4,
                "most": None,
                "options": [],
                "standing": "known",
            }
        ],
        "leads_to": None,
        "status": "decided",
        "direction": "worse",
        "rules": ["assessment.prefer"],
        "clauses": ["2.3.5"],
        "text": "no verdict: with regional rank (Unit U, Indicator I1) 4 or worse (now 3) (clause 2.3.5)",
    }
    assert "counterfactuals" not in json.loads(decision.explain(format="json"))


def test_applying_a_way_makes_it_so() -> None:
    facts = cr.read_tables({**RISING, "results": [row(2023, regional_rank=2)]}, PLAN)
    found = PLAN.evaluate(facts, as_of=JUNE).outlook("promotion", "H", "2024")
    after = PLAN.evaluate(found.counterfactuals[0].apply(facts), as_of=JUNE)
    assert after.decision("promotion", "H", "2024").verdict == "preferred"
    assert len(facts["results"]) == 1


@pytest.mark.parametrize(
    ("topic", "code"),
    [(("nothing", "H", "2024"), "CR-UNKNOWN-QUESTION"), (("promotion", "H", "2024Q1"), "CR-NOT-AN-OPTION")],
)
def test_what_cannot_be_asked(topic: tuple[str, ...], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        outlook(RISING, JUNE, *topic)
    assert caught.value.problems[0].code == code


def test_a_change_is_plain_data() -> None:
    change = Change("results", (), "deducted", None, "empty", None)
    assert change.to_dict()["from"] is None
