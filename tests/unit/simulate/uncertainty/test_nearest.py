"""Margins in rankings: those that changing the value and evaluating again confirms."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.language.cohorts import rank
from cadrerules.simulate.uncertainty import margins
from cadrerules.simulate.uncertainty.ladder import Ladder, _next
from cadrerules.simulate.uncertainty.nearest import Margin
from cadrerules.simulate.uncertainty.rankings import Ranking, Standing
from small_bureau import PLAN, standing, style
from small_races import races, result

DAY = date(2025, 1, 15)


def told(plan: cr.Plan, tables: Any, **more: Any) -> dict[tuple[str, str], Margin]:
    found = margins(plan, tables, as_of=DAY, **more).margins
    return {(one.subject, one.way): one for one in found}


def medals(plan: cr.Plan, rows: list[dict[str, Any]]) -> dict[str, str | None]:
    decisions = plan.evaluate({"results": rows}, as_of=DAY).decisions
    return {d.subject.id: d.verdict for d in decisions if d.question == "medal"}


def test_a_margin_names_the_place_the_value_and_who_stands_there() -> None:
    found = told(PLAN, {"progress": standing("2024Q3", *(f"U{n}" for n in range(12)))})
    seventh = found["U6", "down"]
    assert (seventh.outcome, seventh.place, seventh.value, seventh.of, seventh.cohort) == ("red", 7, "94", 12, "2024Q3")
    assert (seventh.next, seventh.there, seventh.places, seventh.gap, seventh.beyond, seventh.rivals) == ("yellow", 8, 1, "1", True, ("U7",))
    ninth = found["U8", "up"]
    assert (ninth.next, ninth.there, ninth.places, ninth.gap, ninth.beyond, ninth.rivals) == ("red", 7, 2, "2", False, ("U6",))
    assert ("U0", "up") not in found
    assert ("U11", "down") not in found


@pytest.mark.parametrize("ties", ["competition", "dense", "ordinal"])
def test_ranks_upwards_have_margins_that_evaluating_again_confirms(tmp_path: Path, ties: str) -> None:
    plan = races(tmp_path).amend(interpretations={"races.ties": ties})
    dice = random.Random(ties)  # noqa: S311 - any values will do
    for _ in range(4):
        rows = [result(2024, f"R{n}", dice.randint(10, 14)) for n in range(6)]
        now, found = medals(plan, rows), told(plan, {"results": rows})
        for row in rows:
            for way, step in (("up", Decimal("-0.5")), ("down", Decimal("0.5"))):
                margin, nearest = found.get((row["runner"], way)), _nearest(plan, rows, row, step, now)
                if nearest is None:
                    assert margin is None
                else:
                    assert margin is not None
                    needed = Decimal(margin.gap) + (Decimal("0.5") if margin.beyond else 0)
                    assert (needed, None if margin.next == "nothing" else margin.next) == nearest


def _nearest(plan: cr.Plan, rows: list[dict[str, Any]], row: dict[str, Any], step: Decimal, now: Any) -> tuple[Decimal, str | None] | None:
    """The least change, in half units, with which a runner's medal is another, and which."""
    for n in range(13):
        after = [{**r, "seconds": r["seconds"] + n * step} if r is row else r for r in rows]
        medal = medals(plan, after).get(row["runner"])
        if medal != now.get(row["runner"]):
            return abs(n * step), medal
    return None


def test_rules_that_rest_on_other_rows_places_are_told_apart(tmp_path: Path) -> None:
    rows = [result(year, f"R{n}", 10 + n) for year in (2023, 2024) for n in range(4)]
    found = margins(races(tmp_path), {"results": rows}, as_of=DAY)
    assert {one.question for one in found.margins} == {"medal"}
    assert [(one.question, one.rules, one.why) for one in found.untold] == [("rest", ("races.rest",), "through_others")]
    assert "races.rest also rests on places of other rows" in found.to_text()


def test_outcomes_that_go_to_others_are_told_apart() -> None:
    plan = PLAN.amend(rules={"board.red": {"when": "place <= 1", "then": "interview.due", "to": {"each": "people.in_post"}}})
    found = margins(plan, {"progress": standing("2024Q3", "U1"), "staff": [{"person": "P", "unit": "U1", "role": "head"}]}, as_of=DAY)
    assert ("interview", ("board.red",), "addressed") in [(one.question, one.rules, one.why) for one in found.untold]


def test_where_other_facts_keep_the_outcome_the_next_place_has_no_margin(tmp_path: Path) -> None:
    amended = races(tmp_path).amend(rules={"races.gold": {"when": "won and not tired"}})
    rows = [result(2024, "A", 10, tired=True), result(2024, "B", 11), result(2024, "C", 12, tired=True), result(2024, "D", 13)]
    found = told(amended, {"results": rows})
    assert (found["A", "down"].outcome, found["A", "down"].next, found["A", "down"].there) == ("bronze", "nothing", 4)
    assert (found["B", "up"].next, found["B", "up"].there) == ("gold", 1)
    assert ("C", "up") not in found
    assert (found["D", "up"].next, found["D", "up"].places) == ("bronze", 1)


def test_of_rankings_with_unknown_values_nothing_is_told_but_that() -> None:
    rows = standing("2024Q3", "U1", "U2") + standing("2024Q4", *(f"U{n}" for n in range(8)))
    rows[0]["progress"] = None
    found = margins(PLAN, {"progress": rows}, as_of=DAY)
    assert {one.cohort for one in found.margins} == {"2024Q4"}
    assert found.unknown == {"flag": 2}
    assert "2 rows stand in rankings with values that aren't known" in found.to_text()


def test_an_unknown_value_may_leave_some_places_known_but_no_margin() -> None:
    cells = {("A", "I1"): 50, ("A", "I2"): None, ("B", "I1"): 10, ("C", "I1"): 5}
    rows = [{"quarter": "2024Q3", "unit": unit, "indicator": indicator, "progress": cell} for (unit, indicator), cell in cells.items()]
    found = margins(PLAN.amend({"board.red_to": 1, "board.yellow_to": 2}), {"progress": rows}, as_of=DAY)
    assert (found.margins, found.unknown) == ((), {"flag": 3})


def test_places_that_are_facts_are_no_ranking() -> None:
    plan = PLAN.amend(interpretations={"board.ranked": "region"})
    rows = [{**r, "regional_rank": n + 1, "cities": 14} for n, r in enumerate(standing("2024Q3", *(f"U{n}" for n in range(9))))]
    found = margins(plan, {"progress": rows}, as_of=DAY)
    assert found.margins == ()
    assert "No decision on these facts rests on the place" in found.to_text()


def test_rows_of_a_finer_ranking_are_named_by_what_tells_them_apart() -> None:
    plan = PLAN.amend({"board.red_to": 1}, {"board.ranked": "indicator"})
    rows = [{"quarter": "2024Q3", "unit": "U", "indicator": f"I{n}", "progress": 9 - n} for n in range(3)]
    found = {one.row: one for one in margins(plan, {"progress": rows}, as_of=DAY).margins}
    assert found["U/I1"].rivals == ("U/I0",)
    assert found["U/I1"].subject == "U"


def test_organisations_are_ranked_apart() -> None:
    rows = [{**r, "bureau": name} for name in ("A", "B") for r in standing("2024Q3", *(f"U{n}" for n in range(8)))]
    found = margins(PLAN, {"progress": rows}, as_of=DAY, group_by="bureau")
    assert {(one.group, one.of) for one in found.margins} == {("A", 8), ("B", 8)}
    assert found.to_dict()["margins"][0]["group"] == "A"
    assert found.to_frame().height == len(found.margins)


def test_the_ladder_gives_the_places_that_rank_gives() -> None:
    dice = random.Random(1)  # noqa: S311 - likewise
    for order in ("ascending", "descending"):
        for ties in ("competition", "dense", "ordinal"):
            for _ in range(40):
                values = [dice.randint(0, 5) for _ in range(6)]
                ladder = Ladder(_ranking(values, order, ties))
                mine, value = dice.randrange(6), dice.randint(0, 5)
                changed = [value if n == mine else v for n, v in enumerate(values)]
                sign = -1 if order == "ascending" else 1
                assert ladder._place(ladder.ranking.standings[mine], sign * value) == rank(changed, order, ties)[mine]


def _ranking(values: list[int], order: str, ties: str) -> Ranking:
    places = rank(values, order, ties)
    standings = tuple(Standing(str(n), None, str(n), places[n], v, "x", {}) for n, v in enumerate(values))
    return Ranking(None, "q", "k", "c", standings, order, ties, PLAN.tables["results"].types["cities"], lambda *_: "x", lambda _: ())


def test_the_nearest_place_before_with_another_outcome() -> None:
    assert _next(["a", "a", "b", None, "b", "a"]) == [None, None, 2, None, 2, 5]
    assert _next([None, "a", None, "b"]) == [None, None, None, 2]


@pytest.mark.parametrize(("lang", "words"), [("en", ("7 of 9", "down to yellow flag", "more than 1")), ("zh", ("第 7 名，共 9", "降至黄旗", "超过 1"))])
def test_text_says_it_in_both_languages(lang: Any, words: tuple[str, ...]) -> None:
    tables = {"progress": standing("2024Q3", *(f"U{n}" for n in range(9))), "style": style("U1", Q3="good")}
    text = margins(PLAN, tables, as_of=DAY).to_text(lang)
    for word in words:
        assert word in text
