"""Charts hold the numbers of the simulation, tell them in words, and mark what is so today."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.simulate.comparison import Comparison
from cadrerules.simulate.page import figures
from cadrerules.simulate.page.boards import MOST_PERIODS, shortest
from cadrerules.simulate.page.colours import ink_on, verdict_colours
from cadrerules.simulate.page.wrapping import MOST, wrapped
from simulated import (
    HOSTILE,
    QUARTERS,
    ambiguities,
    bounds,
    comparison,
    everything,
    stability,
    sweep,
    sweep_of_two,
    uncertainty,
)


def values(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows within a chart."""
    return [row for rows in spec["datasets"].values() for row in rows]


def test_a_comparison_has_its_charts_in_order(plan: cr.Plan) -> None:
    assert list(figures(comparison(plan))) == ["balance", "transitions-flag", "transitions-promotion", "parts", "board-flag"]
    two = figures(comparison(plan, reforms=2))
    assert [name for name in two if name.endswith("board-flag")] == ["1-board-flag", "2-board-flag"]
    assert two["2-board-flag"].title == "Red flags end at place 3: Flag: before and after"


def test_several_simulations_have_their_charts_one_after_the_other(plan: cr.Plan) -> None:
    found = figures([sweep(plan), sweep(plan), ambiguities(plan)])
    assert list(found) == ["sweep-flag", "sweep-flag-2", "ambiguities"]


def test_transitions_are_told_and_drawn(plan: cr.Plan) -> None:
    figure = figures(comparison(plan))["transitions-flag"]
    assert figure.alt == "4 of 32 decisions change (12.5 %). Bars. red flag → yellow flag: 4 · worse."
    (row,) = values(figure.spec())
    assert (row["label"], row["value"], row["printed"]) == ("red flag → yellow flag", 4, "4 · worse")
    assert figure.spec()["description"] == figure.alt


def test_better_and_worse_are_on_either_side(plan: cr.Plan) -> None:
    figure = figures(comparison(plan), "zh")["balance"]
    assert figure.alt == "条形图。红黑榜：变好 0, 变差 4；提拔重用和职级晋升：变好 0, 变差 2。".replace(", ", "、")
    assert [(row["value"], row["side"]) for row in values(figure.spec())] == [(-4, "变差"), (0, "变好"), (-2, "变差"), (0, "变好")]


def test_a_board_has_a_cell_for_each_subject_and_period(plan: cr.Plan) -> None:
    found = comparison(plan)
    figure = figures(found)["board-flag"]
    cells = [row for row in values(figure.spec()) if "told" in row]
    assert len(cells) == 2 * 4 * len(QUARTERS)  # four units have a change
    u01 = [row["shown"] for row in cells if row["y"] == "U01" and row["x"] == "2024Q2"]
    assert u01 == ["R  red flag", "Y  yellow flag"]
    assert figure.alt == "Heat map of 4 subjects by 4 periods; 4 cells change."
    colour = figure.spec()["layer"][0]["encoding"]["color"]["scale"]
    assert dict(zip(colour["domain"], colour["range"], strict=True))["R  red flag"] == "#b01e17"


def test_without_outcomes_before_a_board_has_what_changes(plan: cr.Plan) -> None:
    figure = figures(replace(comparison(plan), before=None))["board-flag"]
    assert len([row for row in values(figure.spec()) if "told" in row]) == 2 * 4
    assert figure.note.endswith("Only what changes is shown.")


def test_a_board_is_cut_to_the_last_periods(plan: cr.Plan) -> None:
    found = comparison(plan)
    assert found.before is not None
    more = pl.concat([found.before.with_columns(period=pl.lit(f"20{n:02}Q1")) for n in range(14)])
    figure = figures(replace(found, before=pl.concat([found.before, more.unique(["subject", "period", "question"])])))["board-flag"]
    periods = {row["x"] for row in values(figure.spec())}
    assert len(periods) == MOST_PERIODS
    assert min(periods) > "2005"
    assert "Of 4 subjects with a change the 4 with the most, the last 12 periods." in figure.note


def test_a_sweep_marks_the_present_value(plan: cr.Plan) -> None:
    (figure,) = figures(sweep(plan)).values()
    rows = values(figure.spec())
    assert {"x": 7.0, "words": "now 7"} in rows
    assert [row["n"] for row in rows if row.get("label") == "red flag"] == [8 * n for n in range(1, 11)]
    assert "red flag: 8 to 80, 56 now" in figure.alt
    assert "red flag: 8 to 80, 56 now" not in figures(without_present(sweep(plan)))["sweep-flag"].alt


def without_present(of: Any) -> Any:
    return replace(of, axes=tuple(replace(axis, present=None) for axis in of.axes))


def test_along_two_parameters_each_outcome_that_varies_has_its_heat_map(plan: cr.Plan) -> None:
    found = figures(sweep_of_two(plan))
    assert list(found) == ["sweep-flag-red", "sweep-flag-yellow", "sweep-flag-black"]
    cells = values(found["sweep-flag-yellow"].spec())
    assert [(cell["x"], cell["y"], cell["n"]) for cell in cells if cell["here"]] == [("7", "10", 24)]
    assert len(cells) == 12


def test_ambiguities_are_bars_where_anything_turns_on_them(plan: cr.Plan) -> None:
    (figure,) = figures(ambiguities(plan)).values()
    assert [row["printed"] for row in values(figure.spec())] == ["74 / 120", "9 / 120"]
    assert figures(replace(ambiguities(plan), ranked=ambiguities(plan).ranked[2:])) == {}


def test_uncertain_counts_are_ranges_with_their_mean_and_what_is_now(plan: cr.Plan) -> None:
    (figure,) = figures(uncertainty(plan)).values()
    assert figure.alt == "Bars. yellow flag: 8.2 (8 to 9); now 8; red flag: 12 (12 to 12); now 12."
    yellow, _ = values(figure.spec())
    assert [yellow[name] for name in ("least", "low", "mean", "now", "high", "most")] == [8, 8, 8.25, 8, 9, 10]


def test_noise_and_bounds_have_a_chart_of_what_is_not_certain(plan: cr.Plan) -> None:
    assert {name: len(values(f.spec())) for name, f in figures([stability(plan), bounds(plan)]).items()} == {"turned": 1, "bounds-flag": 2}
    assert figures(stability(plan))["turned"].alt == "Bars. Flag: 2.5 of 32 (1 to 4)."
    assert figures(bounds(plan), "zh")["bounds-flag"].alt == "条形图。红旗：12 至 14；黄旗：8 至 10。"


def test_nothing_that_changes_has_no_chart(plan: cr.Plan) -> None:
    found = comparison(plan)
    (reform,) = found.reforms
    still = replace(reform, transitions=tuple(t for t in reform.transitions if t.stays), parts=(), affected=reform.affected.head(0))
    assert figures(replace(found, reforms=(still,))) == {}


def test_every_simulation_has_both_languages_and_valid_charts(plan: cr.Plan) -> None:
    for found in everything(plan):
        for lang in ("en", "zh"):
            for name, figure in figures(found, lang).items():  # type: ignore[arg-type]
                assert figure.name == name
                assert figure.title
                assert figure.alt
                assert figure.spec(400, titled=True)["title"]["text"] == [figure.title]


def test_hostile_ids_are_only_data(plan: cr.Plan) -> None:
    found: Comparison = comparison(plan, ids=tuple(f"{HOSTILE}{n}" for n in range(8)))
    spec = figures(found)["board-flag"].spec()
    assert {row["y"] for row in values(spec)} == {f"{HOSTILE}{n}" for n in (0, 2, 3, 5)}
    spec["datasets"] = {}
    for layer in spec["layer"]:
        layer["encoding"]["y"].pop("sort")
    assert HOSTILE not in json.dumps(spec)


@pytest.mark.parametrize(
    ("titles", "letters"),
    [
        (["red flag", "yellow flag", "black flag"], ["R", "Y", "B"]),
        (["红旗", "黄旗", "黑旗"], ["红", "黄", "黑"]),
        (["short", "small"], ["Sh", "Sm"]),
        (["same", "same"], ["1", "2"]),
        ([], []),
    ],
)
def test_letters_tell_titles_apart(titles: list[str], letters: list[str]) -> None:
    assert shortest(titles) == letters


def test_long_labels_are_broken_between_words_and_chinese_characters() -> None:
    assert wrapped("short") == ["short"]
    assert wrapped("undetermined: red flag or yellow flag → in principle not considered") == [
        "undetermined: red flag or yellow flag → in",
        "principle not considered",
    ]
    assert wrapped("红" * 30) == ["红" * (MOST // 2), "红" * (30 - MOST // 2)]
    assert wrapped("x" * 100) == ["x" * MOST, "x" * MOST, "x" * 12]


def test_colours_are_the_documents_else_by_polarity(plan: cr.Plan) -> None:
    assert verdict_colours(plan, "flag") == {"red": "#b01e17", "yellow": "#f6c945", "black": "#1d1b18"}
    assert verdict_colours(plan, "promotion") == {"preferred": "#0072b2", "barred_in_principle": "#d55e00", "conflict": "#f0e442"}
    assert len(set(verdict_colours(plan, "rectification").values())) == 3
    assert [ink_on(colour) for colour in ("#b01e17", "#f6c945", "#1d1b18")] == ["#ffffff", "#000000", "#ffffff"]
