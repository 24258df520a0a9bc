"""Sweeps count the same however they are evaluated: row by row, in columns, or by those who stand for others."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.hookspecs import hookimpl
from cadrerules.model.parameters import value_on
from cadrerules.model.policy_set import PolicySet
from cadrerules.simulate import sweeping
from cadrerules.simulate.sweep import Point, Sweep

BUREAU = Path(__file__).parents[3] / "examples" / "bureau"
DAY = date(2025, 1, 15)


@pytest.fixture(scope="module")
def plan() -> cr.Plan:
    return cr.load_policies("market-supervision")


@pytest.fixture(scope="module")
def facts(plan: cr.Plan) -> cr.FactTables:
    return cr.read_tables(BUREAU, plan)


@pytest.fixture(scope="module")
def several(plan: cr.Plan) -> cr.FactTables:
    """Three organisations with the same ids: the bureau, one without waivers, and one whose losses are halved."""
    rows = cr.read_tables(BUREAU, plan).rows
    lighter = {**rows, "results": tuple({**row, "deducted": row["deducted"] and row["deducted"] / 2} for row in rows["results"])}
    parts = {"A": rows, "B": {**rows, "waivers": (), "exemptions": ()}, "C": lighter}
    tables = {name: [{"bureau": of, **row} for of, part in parts.items() for row in part[name]] for name in rows}
    return cr.read_tables(tables, plan, group_by="bureau")


def swept(plan: cr.Plan, facts: cr.FactTables, *settings: str, engine: str = "polars", compress: bool = True) -> Sweep:
    return cr.sweep(plan, facts, settings, as_of=DAY, engine=engine, compress=compress)


def by_hand(plan: cr.Plan, facts: cr.FactTables, params: dict[str, str]) -> Counter[tuple[str, str]]:
    """The decisions of each plan, counted one by one."""
    decisions = plan.amend(params).evaluate(facts, as_of=DAY, engine="scalar").decisions
    told = ((d.question, d.verdict if d.status == "decided" else "|".join(v or "nothing" for v in d.possible)) for d in decisions)
    return Counter((question, outcome) for question, outcome in told if outcome is not None)


@pytest.mark.parametrize(
    ("setting", "answered"),
    [
        ("board.red_to=5..8", {"flag"}),
        ("board.red_quarters=1..4", {"commendation"}),
        ("assessment.first=1..5", {"promotion"}),
        ("assessment.last=1..5", {"promotion"}),
        ("assessment.bar_to=2..4/0.5", {"promotion"}),
        ("assessment.excellent_from=1..4/0.5", {"excellent"}),
        ("rectification.effect_months=3..7", set()),
    ],
)
def test_each_point_counts_what_its_plan_decides(plan: cr.Plan, facts: cr.FactTables, setting: str, answered: set[str]) -> None:
    found = swept(plan, facts, setting)
    assert {c.question for c in found.compression if c.representatives} == answered
    parameter = found.axes[0].parameter
    for point in (found.points[0], found.points[-1]):
        assert point.counts == by_hand(plan, facts, {parameter: point.values[0]})
    assert found.points == swept(plan, facts, setting, engine="scalar").points


def test_organisations_with_the_same_ids_stay_apart(plan: cr.Plan, several: cr.FactTables) -> None:
    found = swept(plan, several, "assessment.bar_from=1,2,3", "assessment.bar_to=3,4")
    (promotion,) = (c for c in found.compression if c.question == "promotion")
    assert promotion.representatives is not None
    assert promotion.representatives < promotion.decisions / 2
    assert found.points == swept(plan, several, "assessment.bar_from=1,2,3", "assessment.bar_to=3,4", compress=False).points
    assert found.points[1].counts == by_hand(plan, several, {"assessment.bar_from": "1", "assessment.bar_to": "4"})


def test_who_has_a_waiver_stands_for_nobody_else(plan: cr.Plan) -> None:
    lost = [
        {"year": 2024, "unit": "U1", "indicator": f"I{n}", "regional_rank": 7, "cities": 14, "deducted": 2, "cause": "subjective", "completed": True}
        for n in range(2)
    ]
    staff = [{"person": f"P{n:02}", "unit": "U1", "role": "head", "joined": "2020-01-01", "left": None} for n in range(30)]
    waiver = {"rule": "assessment.bar_deduction", "subject": "P07", "period": "2024", "authority": "X", "reason": "Y"}
    row = {**waiver, "decided_on": "2025-01-01", "expires_on": None}
    facts = cr.read_tables({"results": lost, "staff": staff, "waivers": [row]}, plan)
    found = swept(plan, facts, "assessment.bar_to=2..6/0.5")
    assert {point.counts.get(("promotion", "barred_in_principle")) for point in found.points} == {29}
    assert found.points == swept(plan, facts, "assessment.bar_to=2..6/0.5", engine="scalar").points


def test_what_runs_over_several_rows_is_evaluated_for_each_value(plan: cr.Plan, facts: cr.FactTables) -> None:
    told = {c.question: (c.representatives, c.reason) for c in swept(plan, facts, "board.red_to=3..12").compression}
    assert told["commendation"] == told["interview"] == (None, "joined")


def test_a_rule_that_no_value_changes_is_counted_once(plan: cr.Plan, facts: cr.FactTables, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    counted = sweeping.counted
    monkeypatch.setattr(sweeping, "counted", lambda outlook, sources: (asked.append(outlook.asked.question.name), counted(outlook, sources))[1])
    swept(plan, facts, "board.red_quarters=2,2,2,2")
    assert asked.count("commendation") == 1


def test_an_unset_parameter_has_no_present_value(plan: cr.Plan, facts: cr.FactTables) -> None:
    found = swept(plan, facts, "board.black_quarters=1..4")
    assert (found.axes[0].present, [point.values for point in found.points]) == (None, [("1",), ("2",), ("3",), ("4",)])
    assert found.points[0].counts == by_hand(plan, facts, {"board.black_quarters": "1"})


def test_results_go_out_whole(plan: cr.Plan, facts: cr.FactTables) -> None:
    found = swept(plan, facts, "board.red_to=7,8", engine="scalar")
    told = found.to_dict()
    assert (told["kind"], told["axes"]) == ("sweep", [{"parameter": "board.red_to", "values": ["7", "8"], "present": "7"}])
    red = next(each for each in told["points"][1]["counts"] if (each["question"], each["outcome"]) == ("flag", "red"))
    assert (red["decisions"], red["share"]) == (62, "62/159")
    assert sum(found.to_frame()["decisions"]) == sum(sum(point.counts.values()) for point in found.points)


def test_text_marks_the_present_value_and_puts_equal_ones_together(plan: cr.Plan, facts: cr.FactTables) -> None:
    told = cr.sweep(plan, facts, ["assessment.bar_to=2..4/0.1"], goals=["promotion.barred_in_principle <= 5"], as_of=DAY).to_text()
    assert "3 to 3.4*          15         6" in told
    assert told.splitlines()[-1] == (
        "Goal promotion.barred_in_principle <= 5: met at 2 to 2.3 (4 of 21 values); 6 more rest on undetermined decisions."
    )


def test_progress_is_told(plan: cr.Plan, facts: cr.FactTables) -> None:
    told: list[tuple[str, int, int]] = []
    cr.sweep(plan, facts, ["board.red_to=3..5"], as_of=DAY, progress=lambda *each: told.append(each))
    assert told == [("3", 0, 3), ("4", 1, 3), ("5", 2, 3)]


def test_shares_are_of_the_decisions_on_the_question() -> None:
    point = Point(("1",), {("flag", "red"): 2, ("flag", "black"): 6, ("excellent", "barred"): 5})
    assert (point.of("flag"), point.of("excellent"), point.of("horizon")) == (8, 5, 0)


def test_what_plugins_find_may_rest_on_any_parameter(plan: cr.Plan) -> None:
    class Plugin:
        @hookimpl
        def cadrerules_findings(self, policies: PolicySet) -> list[cr.Finding]:
            few = value_on(policies.bindings(DAY), "board.red_to", DAY) == 3
            told = {"rule": "x.y", "clause": (), "outcome": "excellent.barred", "waivable": False, "period": "2024", "status": "holds"}
            return [cr.Finding(**told, subject={"kind": "person", "id": "P1"}, missing=(), params={}, interpretations={})] if few else []

    plugins = cr.plugin_manager()
    plugins.register(Plugin())
    plugged = cr.load_policies("market-supervision", plugins=plugins)
    facts = cr.read_tables({"results": []}, plugged)
    found = cr.sweep(plugged, facts, ["board.red_to=3,4"], as_of=DAY)
    assert [point.counts for point in found.points] == [{("excellent", "barred"): 1}, {}]
    with pytest.raises(cr.UsageError, match="CR-ENGINE-CANNOT"):
        cr.sweep(plugged, facts, ["board.red_to=3,4"], as_of=DAY, engine="polars")
