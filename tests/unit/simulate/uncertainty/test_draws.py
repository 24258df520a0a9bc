"""Drawn facts: which cells are drawn, that draws follow from the seed alone, and what is counted over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.simulate.outcomes import outcomes
from cadrerules.simulate.uncertainty import read_uncertain, uncertain
from cadrerules.simulate.uncertainty import tally as tallies
from cadrerules.simulate.uncertainty.completed import completions
from cadrerules.simulate.uncertainty.reach import questions_reading
from small_bureau import HEAD, PLAN, row, standing, style

DAY = date(2025, 1, 15)
UNIFORM = {"distributions": {"progress.progress": {"uniform": [90, 100]}}}


def document(**content: Any) -> Mapping[str, Any]:
    return {"format": 1, **content}


def board(*missing: int, units: int = 9, **more: Any) -> dict[str, Any]:
    rows = standing("2024Q3", *(f"U{n}" for n in range(units)))
    return {"progress": [{**r, "progress": None} if n in missing else r for n, r in enumerate(rows)], **more}


def drawn(tables: Any, draws: int = 3, seed: int = 1, plan: cr.Plan = PLAN, group_by: str = "", **content: Any) -> list[dict[str, pl.DataFrame]]:
    """The tables of each draw, rows as the language's cells, without the draws' own column."""
    held = plan.held(tables, group_by)
    of = completions(held, read_uncertain(document(**content), plan.tables), plan.tables, DAY, seed)
    found = []
    for draw in range(draws):
        facts = of.tables([draw]).facts()
        found.append({name: [dict(r) for r in rows] for name, rows in facts.rows.items()})
    return found  # type: ignore[return-value]


def cells(found: list[dict[str, Any]], table: str, column: str) -> list[list[Any]]:
    return [[r[column] for r in one[table]] for one in found]


# --- which cells --------------------------------------------------------------------------------


def test_missing_cells_are_drawn_and_known_ones_stay() -> None:
    for one in cells(drawn(board(1, 4), **UNIFORM), "progress", "progress"):
        assert [n for n, cell in enumerate(one) if cell == 100 - n] == [0, 2, 3, 5, 6, 7, 8]
        assert all(90 <= one[n] <= 100 for n in (1, 4))


def test_a_cell_in_dispute_is_missing_and_settled_by_the_draw() -> None:
    dispute = {"table": "progress", "key": "2024Q3/U3/I1", "column": "progress", "raised_on": "2024-12-01"}
    found = drawn(board(disputes=[dispute]), **UNIFORM)
    assert all(one[3] != 97 and one[:3] == [100, 99, 98] for one in cells(found, "progress", "progress"))
    assert all(one["disputes"] == [] for one in found)
    resolved = drawn(board(disputes=[{**dispute, "resolved_on": "2024-12-31"}]), **UNIFORM)
    assert cells(resolved, "progress", "progress") == [[100 - n for n in range(9)]] * 3


def test_noise_leaves_what_is_in_dispute_missing() -> None:
    dispute = {"table": "progress", "key": "2024Q3/U3/I1", "column": "progress", "raised_on": "2024-12-01"}
    found = drawn(board(disputes=[dispute]), noise={"progress.progress": {"uniform": [1, 2]}})
    assert all(one[3] == 97 and one[2] > 98 for one in cells(found, "progress", "progress"))
    assert all(len(one["disputes"]) == 1 for one in found)


def test_columns_have_dice_of_their_own() -> None:
    tables = {"results": [row(cities=None, regional_rank=None, indicator=f"I{n}") for n in range(9)]}
    (one,) = drawn(tables, draws=1, distributions={"results.cities": {"integers": [20, 29]}, "results.regional_rank": {"integers": [1, 10]}})
    assert [r["cities"] - 19 for r in one["results"]] != [r["regional_rank"] for r in one["results"]]


def test_questions_are_those_that_read_what_is_drawn() -> None:
    assert questions_reading(PLAN.policy_set, [("style", "style")]) == ["commendation", "interview"]
    assert questions_reading(PLAN.policy_set, [("units", "name")]) == []
    assert questions_reading(PLAN.policy_set, [("staff", "left")]) == list(PLAN.questions)


def test_all_cells_of_a_column_are_drawn_where_asked() -> None:
    found = drawn(board(0), replace={"progress.progress": {"constant": 7}})
    assert cells(found, "progress", "progress") == [[7] * 9] * 3


def test_noise_moves_known_cells_within_the_columns_bounds() -> None:
    tables = {"progress": [{"quarter": "2024Q3", "unit": f"U{n}", "indicator": "I", "progress": cell} for n, cell in enumerate([None, 0, 5])]}
    found = cells(drawn(tables, draws=40, noise={"progress.progress": {"uniform": [-2, 1]}}), "progress", "progress")
    assert {one[0] for one in found} == {None}
    assert {0 <= one[1] <= 1 for one in found} == {True}
    assert any(one[1] == 0 for one in found)
    assert all(3 <= one[2] <= 6 and one[2] != 5 for one in found)


def test_a_distribution_may_name_other_cells_of_the_row_drawn_before_it() -> None:
    tables = {"results": [row(cities=None, regional_rank=None), row(2023, cities=5, regional_rank=None)]}
    wanted = {"results.cities": {"integers": [2, 4]}, "results.regional_rank": {"integers": [1, "cities"]}}
    found = drawn(tables, draws=30, distributions=wanted)
    ranks, fields = cells(found, "results", "regional_rank"), cells(found, "results", "cities")
    assert all(rank <= most for one, many in zip(ranks, fields, strict=True) for rank, most in zip(one, many, strict=True))
    assert {one[0] for one in fields} | {one[1] for one in fields} == {2, 3, 4, 5}


def test_rows_that_contradict_themselves_are_drawn_again() -> None:
    tables = {"results": [row(cities=3, regional_rank=None), row(2023, cities=14, regional_rank=None)]}
    wide = {"results.regional_rank": {"integers": [1, 14]}}
    found = drawn(tables, draws=60, distributions=wide)
    by_year = [{r["year"].ordinal: r["regional_rank"] for r in one["results"]} for one in found]
    assert {one[2024] for one in by_year} == {1, 2, 3}
    assert {one[2023] for one in by_year} == set(range(1, 15))


def test_what_contradicts_itself_however_it_is_drawn_is_refused() -> None:
    tables = {"results": [row(cities=3, regional_rank=None)]}
    with pytest.raises(cr.UsageError, match="CR-DRAW-CONTRADICTS"):
        drawn(tables, distributions={"results.regional_rank": {"integers": [4, 9]}})


def test_values_that_no_row_of_the_table_they_name_has_are_refused() -> None:
    tables = {"units": [{"unit": "U1"}], "staff": [{"person": "P", "unit": "U1", "role": "head"}], "problems": [_problem()]}
    with pytest.raises(cr.UsageError, match="CR-NO-SUCH-REFERENCE"):
        drawn(tables, distributions={"problems.responsible_unit": {"choice": {"U1": 0.5, "U9": 0.5}}})
    found = drawn(tables, distributions={"problems.responsible_unit": {"choice": {"U1": 1, "U9": 0}}})
    assert cells(found, "problems", "responsible_unit") == [["U1"]] * 3


def _problem() -> dict[str, Any]:
    texts = {"aspect": "thought", "goal": "g", "measures": "m", "lead_unit": "U1"}
    days = {"listed_on": "2024-01-01", "due_on": "2024-12-01", "effect_on": None, "closed_on": None}
    return {"problem": "B1", **texts, **days, "responsible_unit": None}


# --- the seed -----------------------------------------------------------------------------------


def test_draws_follow_from_the_seed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    tables, known = board(1, 4, 7), document(**UNIFORM)
    whole = uncertain(PLAN, tables, known, draws=20, as_of=DAY)
    assert uncertain(PLAN, tables, known, draws=20, as_of=DAY).to_dict() == whole.to_dict()
    monkeypatch.setattr(tallies, "AT_ONCE", 30)
    in_parts = uncertain(PLAN, tables, known, draws=20, as_of=DAY)
    assert in_parts.to_dict() == whole.to_dict()
    other = uncertain(PLAN, tables, known, draws=20, seed=2, as_of=DAY)
    assert other.to_dict()["decisions"] != whole.to_dict()["decisions"]


def test_more_draws_go_on_where_fewer_ended_and_other_columns_do_not_matter() -> None:
    few = cells(drawn(board(1, 4), **UNIFORM), "progress", "progress")
    more = drawn(board(1, 4, style=style("U1", Q3=None)), draws=5, distributions={**UNIFORM["distributions"], "style.style": {"constant": "good"}})
    assert cells(more, "progress", "progress")[:3] == few


@pytest.mark.parametrize("engine", ["scalar", "polars"])
def test_every_engine_counts_the_same(engine: str) -> None:
    tables = board(1, 4, style=style("U1", Q3="good"), staff=[{**HEAD, "unit": "U1"}])
    found = uncertain(PLAN, tables, document(**UNIFORM), draws=10, as_of=DAY, engine=engine)
    assert found.to_dict() == uncertain(PLAN, tables, document(**UNIFORM), draws=10, as_of=DAY).to_dict()


# --- what is counted ----------------------------------------------------------------------------


def test_probabilities_are_how_often_evaluating_each_draw_gives_an_outcome() -> None:
    tables = board(1, 7)
    found = uncertain(PLAN, tables, document(**UNIFORM), draws=15, as_of=DAY)
    seen: dict[tuple[str, str], int] = {}
    counts = []
    for one in drawn(tables, draws=15, **UNIFORM):
        plain = [{k: v for k, v in r.items() if k != "draw"} for r in one["progress"]]
        frame = outcomes(PLAN, cr.read_tables({"progress": plain}, PLAN), DAY, ["board"], "scalar").filter(pl.col("question") == "flag")
        counts.append(frame.filter(pl.col("outcome") == "red").height)
        for subject, outcome in frame.select("subject", "outcome").iter_rows():
            seen[subject, outcome] = seen.get((subject, outcome), 0) + 1
    told = {(r["subject"], r["outcome"]): r["draws"] for r in found.decisions.iter_rows(named=True)}
    assert told.items() <= seen.items()
    assert {key for key, n in seen.items() if n < 15} <= told.keys()
    red = next(one for one in found.expected if (one.question, one.outcome) == ("flag", "red"))
    assert (red.mean, red.least, red.most) == (Fraction(sum(counts), 15), min(counts), max(counts))
    shares = found.decisions.group_by("subject").agg(pl.col("draws").sum())
    assert set(shares["draws"]) == {15}


def test_a_decision_that_is_there_in_some_draws_only_is_nothing_in_the_others() -> None:
    tables = {"results": [row(deducted=None, cause="subjective")], "staff": [HEAD]}
    known = document(distributions={"results.deducted": {"choice": {0: 0.5, 2: 0.5}}})
    found = uncertain(PLAN, tables, known, draws=60, as_of=DAY)
    rows = {r["outcome"]: r for r in found.decisions.filter(pl.col("question") == "promotion").iter_rows(named=True)}
    assert rows.keys() == {"nothing", "barred_in_principle"}
    assert {r["now"] for r in rows.values()} == {"barred_in_principle|nothing"}
    assert sum(r["draws"] for r in rows.values()) == 60
    assert 15 < rows["nothing"]["draws"] < 45


def test_what_no_draw_changes_is_counted_as_settled() -> None:
    found = uncertain(PLAN, board(8), document(distributions={"progress.progress": {"constant": 1}}), draws=4, as_of=DAY)
    assert found.settled == 7  # six are red, one is yellow whatever the last one has
    assert found.decisions["now"].unique().to_list() == ["red|yellow"]
    assert found.decisions["draws"].unique().to_list() == [4]
    everything = uncertain(PLAN, board(), document(**UNIFORM), draws=4, as_of=DAY)
    assert (everything.settled, everything.decisions.height) == (9, 0)
    assert "No draw changes any decision." in everything.to_text()


def test_columns_that_no_decision_rests_on_give_nothing_to_count() -> None:
    tables = {"units": [{"unit": "U1", "name": None}], **board(units=1)}
    tables["progress"][0]["unit"] = "U1"
    found = uncertain(PLAN, tables, document(distributions={"units.name": {"constant": "A"}}), draws=2, as_of=DAY)
    assert (found.expected, found.settled) == ((), 0)


def test_organisations_without_a_drawn_cell_come_out_alike_and_are_not_drawn() -> None:
    rows = [{**r, "bureau": name} for name in ("A", "B") for r in board()["progress"]]
    rows[3]["progress"] = None
    told: list[tuple[str, int, int]] = []
    found = uncertain(PLAN, {"progress": rows}, document(**UNIFORM), draws=10, as_of=DAY, group_by="bureau", progress=lambda *at: told.append(at))
    assert set(found.decisions["group"]) == {"A"}
    red = next(one for one in found.expected if one.outcome == "red" and one.question == "flag")
    alone = uncertain(PLAN, board(3), document(**UNIFORM), draws=10, as_of=DAY)
    assert red.mean == next(one for one in alone.expected if one.outcome == "red" and one.question == "flag").mean + 7
    assert told[-1][1:] == (10, 10)
    held = PLAN.held({"progress": rows}, "bureau")
    of = completions(held, read_uncertain(document(**UNIFORM), PLAN.tables), PLAN.tables, DAY, 1)
    assert of.frames["progress"]["bureau"].unique().to_list() == ["A"]


def test_columns_of_a_scanned_population_are_drawn_as_those_of_rows() -> None:
    frame = pl.DataFrame(board(1, 4)["progress"])
    scanned = cr.scan_tables({"progress": frame}, PLAN)
    rows, columns = (uncertain(PLAN, of, document(**UNIFORM), draws=10, as_of=DAY) for of in (board(1, 4), scanned))
    assert columns.to_dict() == rows.to_dict()


@pytest.mark.parametrize("draws", [0, -1, 10**7 + 1])
def test_a_number_of_draws_that_cannot_be_is_refused(draws: int) -> None:
    with pytest.raises(cr.UsageError, match="CR-DRAWS"):
        uncertain(PLAN, board(1), document(**UNIFORM), draws=draws, as_of=DAY)


def test_data_and_text_say_what_was_done_in_both_languages() -> None:
    found = uncertain(PLAN, board(1), document(**UNIFORM), draws=8, as_of=DAY)
    plain = found.to_dict()
    assert (plain["kind"], plain["draws"], plain["seed"], plain["level"]) == ("uncertainty", 8, 1, "0.95")
    assert plain["columns"] == [{"name": "progress.progress", "way": "distributions", "cells": 1}]
    assert Fraction(plain["decisions"][0]["share"]) == Fraction(plain["decisions"][0]["draws"], 8)
    assert "progress.progress: 1 missing cells drawn" in found.to_text()
    assert "抽取 1 个缺失单元格" in found.to_text("zh")
    assert "红旗" in found.to_text("zh")
