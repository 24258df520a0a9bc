from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.engines.scalar.counterfactual import search
from cadrerules.engines.scalar.evaluation import Evaluation
from cadrerules.engines.scalar.probe import At, Probe, SpentError, Topic
from cadrerules.engines.scalar.waivers import Waivers
from cadrerules.language.periods import Quarter, Year
from cadrerules.language.values import Between
from cadrerules.model.facts import NEVER
from small_bureau import HEAD, PLAN, row, standing

JUNE = date(2024, 6, 30)
RESULTS = {"results": [row(2023, regional_rank=2), row(2024, regional_rank=5)], "staff": [HEAD]}
RANK = At("results", (Year(2024), "U", "I1"), "regional_rank")
UNITS = [f"U{i:02}" for i in range(1, 13)]


def probe(tables: Mapping[str, Any], as_of: date, question: str, subject: str, period: str | None, **given: Any) -> Probe:
    facts = cr.read_tables(tables, PLAN)
    evaluation = Evaluation(PLAN.policy_set, facts, as_of)
    evaluation.run(PLAN.policies)
    waivers = Waivers(facts, PLAN.tables["waivers"], as_of, {}, lambda _: ())
    return Probe(evaluation, waivers, Topic(PLAN.questions[question], subject, period), **given)


def promotion(**given: Any) -> Probe:
    return probe(RESULTS, JUNE, "promotion", "H", "2024", **given)


@pytest.mark.parametrize(
    ("rank", "possible"),
    [
        (5, {None}),
        (3, {"preferred"}),
        (Between(1, 3), {"preferred"}),
        (Between(4, 14), {None}),
        (Between(3, 4), {"preferred", None}),
        (15, set()),
    ],
    ids=["5", "3", "1 to 3", "4 to 14", "3 to 4", "15"],
)
def test_a_cell_may_be_partly_known(rank: Any, possible: set[str | None]) -> None:
    assert promotion().outcome({RANK: rank}).possible == possible


def test_asking_again_costs_nothing_and_there_is_a_limit() -> None:
    asked = promotion(left=1, most=1)
    asked.outcome({})
    asked.outcome({})
    with pytest.raises(SpentError):
        asked.outcome({RANK: 3})
    asked.refill()
    assert asked.outcome({RANK: 3}).possible == {"preferred"}


def test_a_search_that_is_stopped_says_so() -> None:
    found = search(promotion(most=3))
    assert found.spent
    assert found.turns == []


def test_only_the_rows_that_take_part_are_kept() -> None:
    quarters = [r for q in ("2024Q1", "2024Q2") for r in standing(q, *UNITS)]
    asked = probe({"progress": quarters}, JUNE, "flag", "U09", "2024Q2")
    before = asked.outcome({}).possible
    found = search(asked)
    assert {r["quarter"] for r in asked.frames["progress"].rows} == {Quarter.of(JUNE)}
    assert len(asked.frames["progress"].rows) == len(UNITS)
    asked.known.clear()
    assert asked.outcome({}).possible == before == {"yellow"}
    assert [turn.leads_to for turn in found.turns] == ["red", "black"]


def test_what_can_still_change() -> None:
    problem = {
        "problem": "B1",
        "aspect": "style",
        "listed_on": "2024-03-01",
        "due_on": "2024-06-30",
        "goal": None,
        "measures": "m",
        "lead_unit": "U",
        "responsible_unit": "U",
        "effect_on": "2024-06-29",
        "closed_on": None,
    }
    found = search(probe({"problems": [problem]}, JUNE, "rectification", "B1", None))
    assert {axis.at.column: axis.now for axis in found.axes if axis.at.column != "goal"} == {"closed_on": NEVER}
    ahead = search(probe({"problems": [{**problem, "due_on": "2024-07-01"}]}, JUNE, "rectification", "B1", None))
    assert {axis.at.column for axis in ahead.axes} == {"closed_on", "due_on", "goal"}
