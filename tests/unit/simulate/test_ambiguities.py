"""What turns on readings and unset parameters, as evaluating each choice by hand has it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.differences.decisions import answers, flipped
from cadrerules.errors import PolicyError, Problem
from cadrerules.plan import Plan
from cadrerules.simulate import held
from cadrerules.simulate.ambiguities import Ambiguities, Ambiguity, ambiguities
from cadrerules.simulate.waiting import _ends
from small_bureau import HEAD, PLAN, standing, style

BUREAU = Path(__file__).parents[3] / "examples" / "bureau"
DAY = date(2025, 1, 15)
TABLES = ("progress", "style", "staff", "results")


@pytest.fixture(scope="module")
def facts() -> cr.FactTables:
    """The example bureau's tables without those of duties, which take long."""
    return cr.read_tables({name: pl.read_csv(BUREAU / f"{name}.csv") for name in TABLES}, PLAN)


@pytest.fixture(scope="module")
def found(facts: cr.FactTables) -> Ambiguities:
    """What turns on what in the example bureau, as the scalar engine has it."""
    return ambiguities(PLAN, facts, as_of=DAY, engine="scalar")


def named(found: Any) -> dict[str, Ambiguity]:
    return {one.name: one for one in found.ranked}


def by_hand(facts: cr.FactTables, name: str, option: str) -> dict[Any, Any]:
    return answers(PLAN.amend(interpretations={name: option}).evaluate(facts, as_of=DAY, engine="scalar").decisions)


@pytest.mark.parametrize("name", ["board.ranked", "board.ties", "assessment.quantifier", "people.in_post"])
def test_readings_are_counted_as_evaluating_each_by_hand_does(facts: cr.FactTables, found: Ambiguities, name: str) -> None:
    one = named(found)[name]
    each = {option: by_hand(facts, name, option) for option in one.options}
    chosen = PLAN.interpretations[name].option
    assert one.chosen == chosen
    assert one.options == {option: len(flipped(each[chosen], other)) for option, other in each.items()}
    first, *others = each.values()
    turning = {key for other in others for key in flipped(first, other)}
    assert one.decisions == len(turning) > 0
    assert one.subjects == {kind: len({k.subject for k in turning if k.kind == kind}) for kind in {k.kind for k in turning}}
    assert sum(one.questions.values()) == one.decisions <= one.of


def test_those_that_decide_most_come_first_and_idle_ones_are_there(found: Ambiguities) -> None:
    counts = [one.decisions for one in found.ranked]
    assert counts == sorted(counts, reverse=True)
    assert found.ranked[0].name == "board.ranked"
    assert {one.name for one in found.ranked} == {*PLAN.interpretations, *(n for n, p in PLAN.parameters.items() if not p.is_set)}
    assert named(found)["training.stages"].decisions == 0
    assert named(found)["board.ties"].clauses == ("2.2.3",)


def test_decisions_wait_for_a_parameter_where_the_trace_says_so() -> None:
    rows = standing("2024Q4", *(f"U{n:02}" for n in range(12)), "U")
    tables = {"progress": rows, "style": style("U", Q4="prominent_problems"), "staff": [HEAD]}
    found = named(ambiguities(PLAN, tables, as_of=DAY, engine="scalar"))["board.black_quarters"]
    assert (found.kind, found.chosen, found.decisions, found.of, found.questions) == ("parameter", None, 1, 1, {"interview": 1})
    assert named(ambiguities(PLAN.amend({"board.black_quarters": 1}), tables, as_of=DAY)).get("board.black_quarters") is None


def test_columns_count_what_rows_count(facts: cr.FactTables, found: Ambiguities) -> None:
    rows, columns = named(found), named(ambiguities(PLAN, facts, as_of=DAY, engine="polars"))
    skipped = columns.pop("board.ties")
    assert rows.pop("board.ties").options.keys() == {"competition", "dense", "ordinal"}
    assert columns == rows
    assert skipped.options.keys() == {"competition", "ordinal"}
    assert "CR-ENGINE-CANNOT" in skipped.skipped["dense"]["zh"]


def test_a_reading_under_which_the_plan_cannot_be_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    amend = Plan.amend

    def refusing(plan: Plan, params: Any = None, interpretations: Any = None, rules: Any = None) -> Plan:
        if interpretations == {"board.ties": "dense"}:
            raise PolicyError(Problem("CR-CHOICE-INCOMPLETE", values={"name": "flag"}))
        return amend(plan, params, interpretations, rules)

    monkeypatch.setattr(Plan, "amend", refusing)
    found = ambiguities(PLAN, {"progress": standing("2024Q3", "U1", "U2")}, as_of=DAY)
    one = named(found)["board.ties"]
    assert one.options.keys() == {"competition", "ordinal"}
    assert "CR-CHOICE-INCOMPLETE" in one.skipped["dense"]["en"]


def test_organisations_are_counted_apart_and_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**row, "progress": 50, "bureau": name} for name in ("A", "B") for row in standing("2024Q3", *(f"U{n}" for n in range(9)))]
    frame = pl.DataFrame(rows)
    together = named(ambiguities(PLAN, {"progress": rows}, as_of=DAY, group_by="bureau"))["board.ties"]
    assert together.options == {"competition": 0, "dense": 0, "ordinal": 4}
    assert together.subjects == {"unit": 4}
    scanned = cr.scan_tables({"progress": frame}, PLAN, group_by="bureau")
    monkeypatch.setattr(held, "BATCH_ROWS", 1)  # each organisation is a part of its own
    told: list[tuple[str, int, int]] = []
    found = ambiguities(PLAN, scanned, as_of=DAY, progress=lambda *at: told.append(at))
    assert named(found)["board.ties"] == together
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_text_and_data_say_the_same_in_both_languages() -> None:
    found = ambiguities(PLAN, {"progress": standing("2024Q3", *(f"U{n}" for n in range(9)))}, as_of=DAY)
    english, chinese = found.to_text(), found.to_text("zh")
    assert "1. What is ranked (board.ranked, clause 2.2.3)" in english
    assert "region     9 decided otherwise" in english
    assert "排名对象（board.ranked，第 2.2.3 条）" in chinese
    plain = found.to_dict()
    assert (plain["schema_version"], plain["kind"], plain["as_of"]) == (1, "ambiguities", "2025-01-15")
    assert plain["data"]["rows"] == {"progress": 9}
    assert plain["ambiguities"][0]["options"] == {"unit": 0, "indicator": 0, "region": 9}
    assert found.to_frame()["name"].to_list() == [one.name for one in found.ranked]


def test_where_nothing_turns_that_is_said() -> None:
    found = ambiguities(PLAN, {"progress": []}, as_of=DAY)
    assert "No decision turns on any of them." in found.to_text()
    assert all(one.decisions == 0 for one in found.ranked)


def test_a_parameters_ends_are_those_of_its_domain() -> None:
    assert _ends(PLAN.parameters["board.black_quarters"]) == [1, 1_000_000]
    assert _ends(PLAN.parameters["obligation.reflection_by"]) == [date(1000, 1, 1), date(9000, 1, 1)]
    assert _ends(PLAN.parameters["calendar.from"]) == ["1000", "9000"]
