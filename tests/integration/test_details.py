"""The small print of the plan, fact by fact: the board, people, results, remedies, output."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.hookspecs import PolicySource, hookimpl
from cadrerules.report.csv import to_csv
from cadrerules_market_supervision.facts import Activities
from small_bureau import EXEMPTION, HEAD, PLAN, WAIVER, evaluate, row, standing, style, verdicts

# ---- Board -----------------------------------------------------------------------------------------

TWELVE = tuple(f"U{n:02}" for n in range(1, 13))


def test_a_unit_without_a_row_is_not_ranked() -> None:
    """No row: no place and no decision. An empty cell: unknown. Means are exact fractions."""
    flags = verdicts(evaluate({"progress": standing("2024Q1", *TWELVE[:6], *TWELVE[7:])}), "flag")
    assert ("U07", "2024Q1") not in flags
    assert flags["U08", "2024Q1"] == "red"
    empty = [cells | ({"progress": ""} if cells["unit"] == "U07" else {}) for cells in standing("2024Q1", *TWELVE)]
    assert verdicts(evaluate({"progress": empty}), "flag")["U07", "2024Q1"] == "?red/yellow/black"
    thirds = [("U", "I1", "0.5"), ("U", "I2", "0.7"), ("U", "I3", "0.8"), ("V", "I1", "0.666667"), ("W", "I1", "0.66")]
    names = ("unit", "indicator", "progress")
    cells = [{"quarter": "2024Q1", **dict(zip(names, cell, strict=True))} for cell in thirds]
    one = PLAN.amend({"board.red_to": 1, "board.yellow_to": 2})
    assert list(verdicts(evaluate({"progress": cells}, plan=one), "flag").values()) == ["yellow", "red", "black"]


def test_indicators_ranked_together_or_by_their_place_in_the_region() -> None:
    """One flag per distinct colour, runs per unit and indicator; in the region the place is the row's own."""
    progress = [*standing("2024Q1", *TWELVE), {"quarter": "2024Q1", "unit": "U01", "indicator": "I2", "progress": 0}]
    result = evaluate({"progress": progress}, board__ranked="indicator")
    assert [d.id for d in result.decisions if d.subject.id == "U01"] == ["flag/U01/2024Q1/red", "flag/U01/2024Q1/black"]
    region = [
        {**cells, "regional_rank": rank} for cells, rank in zip(standing("2024Q1", "U", "V"), (11, 8), strict=True)
    ]
    assert verdicts(evaluate({"progress": region}, board__ranked="region"), "flag") == {
        ("U", "2024Q1"): "black",
        ("V", "2024Q1"): "yellow",
    }


def test_ties_by_id_and_the_style_that_counts() -> None:
    """Ordinal ties go by code point; the style of the quarter in which the run ends counts, no row is unknown."""
    tied = [{**cells, "progress": 1} for cells in standing("2024Q1", "U2", "U10", "a", "Z")]
    one = PLAN.amend({"board.red_to": 1, "board.yellow_to": 2})
    flags = verdicts(evaluate({"progress": tied}, plan=one, board__ties="ordinal"), "flag")
    assert {unit: flag for (unit, _), flag in flags.items()} == {
        "U10": "red",
        "U2": "yellow",
        "Z": "black",
        "a": "black",
    }
    progress = standing("2024Q1", "U", "V") + standing("2024Q2", "U", "V")
    tables = {"progress": progress, "style": style("U", Q1="ordinary", Q2="good")}
    assert verdicts(evaluate(tables), "commendation") == {
        ("U", "2024Q2"): "commended",
        ("V", "2024Q2"): "?commended/None",
    }


def test_a_third_red_quarter_and_an_unset_number_of_black_ones() -> None:
    """A third red quarter commends again; the unset number opens interviews only of the black and prominent."""
    progress = [cells for quarter in ("Q1", "Q2", "Q3") for cells in standing(f"2024{quarter}", *TWELVE)]
    bad = dict.fromkeys(("Q1", "Q2", "Q3"), "prominent_problems")
    marks = [*style("U01", Q1="good", Q2="good", Q3="good"), *style("U10", **bad), *style("U12", **bad)]
    marks += style("U11", Q1="ordinary", Q2="ordinary", Q3="ordinary")
    heads = [{"person": f"H{unit}", "unit": unit, "role": "head"} for unit in TWELVE[9:]]
    result = evaluate({"progress": progress, "style": marks, "staff": heads})
    commended = [subject for subject in verdicts(result, "commendation") if subject[0] == "U01"]
    assert commended == [("U01", "2024Q2"), ("U01", "2024Q3")]
    assert set(verdicts(result, "interview").items()) == {(("HU12", f"2024Q{n}"), "?due/None") for n in (1, 2, 3)}
    assert result.decision("interview", "HU12", "2024Q1").parameters == ("board.black_quarters",)
    with pytest.raises(cr.PolicyError):
        PLAN.amend({"board.black_quarters": 0})


def test_quarters_passed_over() -> None:
    """Any number of absent quarters is passed over where that is chosen; an empty cell never is."""
    skips = {"board__missing_quarter": "skips"}
    progress = standing("2024Q1", "U") + standing("2024Q4", "U")
    tables = {"progress": progress, "style": style("U", Q1="good", Q4="good")}
    assert verdicts(evaluate(tables), "commendation") == {}
    assert verdicts(evaluate(tables, **skips), "commendation") == {("U", "2024Q4"): "commended"}
    full = standing("2024Q2", *TWELVE[:9], "U")
    tables["progress"] = [*progress, *({**cells, "progress": ""} if cells["unit"] == "U" else cells for cells in full)]
    assert verdicts(evaluate(tables, **skips), "commendation")["U", "2024Q4"] == "?commended/None"


# ---- People ----------------------------------------------------------------------------------------


def test_who_is_in_post_and_one_decision_per_person() -> None:
    """First and last day in post count; the period's last day decides, or any day; posts make one decision."""
    staff = [
        {**HEAD, "left": "2024-12-31"},
        {**HEAD, "role": "deputy_head"},
        {"person": "G", "unit": "U", "role": "staff", "left": "2024-12-30"},
        {"person": "L", "unit": "U", "role": "leader", "joined": "2024-12-31"},
    ]
    tables = {"staff": staff, "results": [row(deducted=3)]}
    assert verdicts(evaluate(tables), "excellent") == {("H", "2024"): "barred", ("L", "2024"): "barred"}
    assert set(verdicts(evaluate(tables, people__in_post="any_day"), "excellent")) == {(p, "2024") for p in "HGL"}


# ---- Results ---------------------------------------------------------------------------------------


def test_quantifier_and_scope() -> None:
    """`all` asks every indicator of that year, in the ranking rules alone; the totals are of different rows."""
    mixed = [row(y, indicator=i, regional_rank=r) for y in (2023, 2024) for i, r in (("I1", 1), ("I2", 7))]
    tables = {"staff": [HEAD], "results": mixed}
    assert verdicts(evaluate(tables), "promotion")["H", "2024"] == "preferred"
    assert ("H", "2024") not in verdicts(evaluate(tables, assessment__quantifier="all"), "promotion")
    lost = [row(deducted=2, cause="subjective"), row(indicator="I2", deducted=1)]
    tables = {"staff": [HEAD], "results": lost}
    assert verdicts(evaluate(tables, assessment__quantifier="all"), "promotion") == {
        ("H", "2024"): "barred_in_principle"
    }
    total = evaluate(tables, assessment__deduction_scope="unit_total")
    assert verdicts(total, "promotion") == {("H", "2024"): "barred_in_principle"}
    assert verdicts(total, "excellent") == {("H", "2024"): "barred"}


def test_the_last_three() -> None:
    """Beyond `cities - 3`, each year's own; `separate` takes out, year by year, what is in both threes."""
    close = [row(2023, regional_rank=11, cities=13), row(2024, regional_rank=12, cities=14)]
    assert verdicts(evaluate({"staff": [HEAD], "results": close}), "promotion")["H", "2024"] == "barred_in_principle"
    small = [row(2023, regional_rank=2), row(2024, regional_rank=2, cities=4)]
    tables = {"staff": [HEAD], "results": small}
    assert verdicts(evaluate(tables), "promotion")["H", "2024"] == "preferred"
    assert ("H", "2024") not in verdicts(evaluate(tables, assessment__small_field="separate"), "promotion")


def test_a_conflict_may_be_reported() -> None:
    """Preferred and barred in one year: the bar outranks, or the verdict is `conflict`."""
    results = [row(2023, regional_rank=1), row(2024, regional_rank=1, deducted=2, cause="subjective")]
    tables = {"staff": [HEAD], "results": results}
    assert verdicts(evaluate(tables), "promotion")["H", "2024"] == "barred_in_principle"
    reported = evaluate(tables, resolution__promotion="report_conflict")
    assert verdicts(reported, "promotion")["H", "2024"] == "conflict"


def test_what_a_waiver_does() -> None:
    """It lifts the rule it names, for that person and year, from its day to its last, both included."""
    tables: dict[str, Any] = {"staff": [HEAD], "results": [row(deducted=2, cause="subjective")]}
    tables["waivers"] = [{**WAIVER, "expires_on": "2025-01-20"}]
    for day, lifted in ((9, False), (10, True), (20, True), (21, False)):
        decision = evaluate(tables, date(2025, 1, day)).decision("promotion", "H")
        assert decision.verdict == (None if lifted else "barred_in_principle")
        assert decision.overridden == (("assessment.bar_deduction",) if lifted else ())
        assert decision.waived_by == (("局党组",) if lifted else ())
    useless = {**tables, "results": [row(deducted=3)], "waivers": [{**WAIVER, "rule": "assessment.excellent_unit"}]}
    result = evaluate(useless)
    assert verdicts(result, "excellent") == {("H", "2024"): "barred"}
    assert len(result.warnings) == 1


def test_only_the_authorities_listed_may_waive() -> None:
    """A policy set that lists who may waive refuses everybody else's waivers."""
    doc = PLAN.policy_set.doc.model_copy(update={"waivable_by": ["市委组织部"]})
    strict = replace(PLAN, policy_set=replace(PLAN.policy_set, doc=doc))
    tables = {"staff": [HEAD], "results": [row(deducted=2, cause="subjective")], "waivers": [WAIVER]}
    with pytest.raises(cr.DataError) as caught:
        evaluate(tables, plan=strict)
    assert caught.value.code == "CR-WAIVER-REFUSED"
    allowed = {**tables, "waivers": [{**WAIVER, "authority": "市委组织部"}]}
    assert evaluate(allowed, plan=strict).decision("promotion", "H").verdict is None


def test_what_an_exemption_does() -> None:
    """An exempted row isn't subjective; three points bar all the same, unless it lifts all rules; from its day on."""
    lost = row(deducted=3, cause="subjective", completed=False)
    tables = {"staff": [HEAD], "results": [lost], "exemptions": [EXEMPTION]}
    result = evaluate(tables)
    assert verdicts(result, "promotion") == {}
    assert result.decision("excellent", "H").because == ("assessment.excellent_unit",)
    assert evaluate(tables, tolerance__effect="all_rules").decisions == ()
    early = evaluate(tables, date(2025, 1, 9))
    assert verdicts(early, "promotion") == {("H", "2024"): "barred_in_principle"}


def test_progress_and_results_are_not_cut_off() -> None:
    """The date of the evaluation doesn't take away quarters and years that lie after it."""
    tables = {"staff": [HEAD], "results": [row(deducted=3)], "progress": standing("2024Q1", "U")}
    assert {d.question for d in evaluate(tables, date(2020, 1, 1)).decisions} == {"flag", "excellent"}


# ---- Output ----------------------------------------------------------------------------------------


def test_what_there_is_a_decision_on() -> None:
    """Nothing applies: none. Several possible flags: one that is open, except where each colour is decided apart."""
    assert evaluate({"staff": [HEAD], "results": [row()]}).decisions == ()
    open_ = evaluate({"staff": [HEAD], "results": [row(deducted="")]}).decision("excellent", "H")
    assert (open_.status, open_.verdict, open_.possible) == ("undetermined", None, ("barred", None))
    (finding,) = open_.findings
    assert (finding.subject.kind, finding.subject.id) == ("person", "H")
    progress = [{**cells, "progress": ""} for cells in standing("2024Q1", *TWELVE)]
    assert verdicts(evaluate({"progress": progress}), "flag")["U01", "2024Q1"] == "?red/yellow/black"
    apart = [d for d in evaluate({"progress": progress}, board__ranked="indicator").decisions if d.subject.id == "U01"]
    assert [d.possible for d in apart] == [("red", None), ("yellow", None), ("black", None)]


def test_csv_for_spreadsheets() -> None:
    """CSV begins with a BOM, and no cell begins with what a spreadsheet would run."""
    person = {**HEAD, "person": "=cmd|' /C calc'!A0"}
    written = to_csv(evaluate({"staff": [person], "results": [row(deducted=3)]}))
    assert written.startswith(b"\xef\xbb\xbf")
    cells = [cell for line in csv.reader(io.StringIO(written.decode("utf-8-sig"))) for cell in line]
    assert any("cmd" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_the_plan_s_numbers_and_readings() -> None:
    """The names and values of parameters and readings, for every period."""
    numbers = {
        name: PLAN.parameters[name].doc for name in PLAN.parameters if name.startswith(("board.", "assessment."))
    }
    assert {name: doc.value for name, doc in numbers.items()} == {
        "board.red_to": 7,
        "board.yellow_to": 10,
        "board.red_quarters": 2,
        "board.black_quarters": None,
        "assessment.first": 3,
        "assessment.last": 3,
        "assessment.bar_from": 2,
        "assessment.bar_to": 3,
        "assessment.excellent_from": 3,
    }
    assert {name for name, doc in numbers.items() if doc.unset is not None} == {"board.black_quarters"}
    assert all(doc.values is None for doc in numbers.values())
    readings = {name: PLAN.interpretations[name].doc for name in READINGS}
    assert {name: (doc.default, doc.words) for name, doc in readings.items()} == {
        name: (words[0], words) for name, words in READINGS.items()
    }


READINGS = {
    "board.ties": ("competition", "dense", "ordinal"),
    "board.ranked": ("unit", "indicator", "region"),
    "board.style_quarters": ("last", "all"),
    "board.missing_quarter": ("breaks", "skips"),
    "people.in_post": ("period_end", "any_day"),
    "tolerance.effect": ("subjective_rules", "all_rules"),
    "assessment.deduction_scope": ("indicator", "unit_total"),
    "assessment.upper_bound": ("literal", "open"),
    "assessment.quantifier": ("any", "all"),
    "assessment.small_field": ("literal", "separate"),
    "resolution.promotion": ("bar_outranks_preference", "report_conflict"),
}

FINDING = ["rule", "clause", "outcome", "waivable", "subject", "period", "status"]
FINDING += ["missing", "params", "interpretations", "trace"]
DECISION = ["id", "question", "subject", "period", "status", "verdict", "possible", "because", "clauses"]
DECISION += ["overridden", "waived_by", "missing", "parameters", "owed_by", "due", "done", "short"]


def test_every_field_stands_in_the_json() -> None:
    """Fields that don't apply are null or empty, never left out."""
    result = evaluate({"staff": [HEAD], "results": [row(deducted=2, cause="subjective")]})
    plain = json.loads(json.dumps(result.to_dict()))
    assert list(plain) == ["schema_version", "policies", "as_of", "findings", "decisions", "not_evaluated"]
    (finding,), (decision,) = plain["findings"], plain["decisions"]
    assert list(finding) == FINDING
    assert list(decision) == DECISION
    assert (finding["trace"], finding["missing"], finding["params"]["assessment.bar_to"]) == (None, [], 3)
    assert [decision[name] for name in DECISION[-4:]] == [None] * 4
    assert set(plain["policies"]) == {"name", "hash"}


class _Other:
    """A plugin with a second policy set, which knows activities alone."""

    @hookimpl
    def cadrerules_policy_sets(self) -> list[PolicySource]:
        return [PolicySource("other", Path("nowhere"), (Activities,))]


def test_which_policy_set_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one named in the environment, else the only one that knows every table, else an error that lists them."""
    monkeypatch.delenv("CADRERULES_POLICIES", raising=False)
    two = cr.plugin_manager(_Other())
    assert cr.load_policies(data={"units": []}, plugins=two).name == "market-supervision"
    with pytest.raises(cr.UsageError, match=r"market-supervision.*other|other.*market-supervision"):
        cr.load_policies(data={"activities": []}, plugins=two)
    monkeypatch.setenv("CADRERULES_POLICIES", "market-supervision")
    assert cr.load_policies(data={"activities": []}, plugins=two).name == "market-supervision"
    monkeypatch.setenv("CADRERULES_POLICIES", "nobody")
    with pytest.raises(cr.UsageError) as caught:
        cr.load_policies()
    assert caught.value.code == "CR-UNKNOWN-SET"
