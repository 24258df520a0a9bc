"""Bounds: surely so many, at most so many, from the verdicts that are possible."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from cadrerules.simulate.uncertainty import bounds
from cadrerules.simulate.uncertainty.extremes import apart
from small_bureau import HEAD, PLAN, row, standing

DAY = date(2025, 1, 15)


def of(frame: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, int]]:
    found = apart(pl.DataFrame(frame, ["question", "outcome"], orient="row"))
    counts = found.group_by("question", "outcome").agg(pl.col("surely").sum(), pl.len().alias("n"))
    return {(q, o): (surely, n) for q, o, surely, n in counts.iter_rows()}


def test_verdicts_that_apply_together_are_counted_each() -> None:
    found = of([("flag", "red+black"), ("flag", "red|nothing+yellow"), ("flag", "red"), ("due", "due|nothing")])
    assert found["flag", "red"] == (2, 3)
    assert found["flag", "black"] == found["flag", "yellow"] == (1, 1)
    assert found["due", "due"] == (0, 1)


def test_least_and_greatest_are_what_every_completion_allows() -> None:
    tables = {"results": [row(deducted=None, cause="subjective"), row(unit="V")], "staff": [HEAD, {**HEAD, "person": "K", "unit": "V"}]}
    found = {(one.question, one.verdict): one for one in bounds(PLAN, tables, as_of=DAY).bounds}
    barred = found["promotion", "barred_in_principle"]
    assert (barred.least, barred.greatest, barred.best, barred.worst, barred.polarity) == (0, 1, 0, 1, "adverse")
    preferred = found["promotion", "preferred"]
    assert (preferred.least, preferred.greatest, preferred.best, preferred.worst) == (0, 0, 0, 0)
    assert found["promotion", "conflict"].best is None


def test_a_favourable_verdict_is_best_at_its_greatest() -> None:
    rows = standing("2024Q3", *(f"U{n}" for n in range(9)))
    rows[0]["progress"] = None
    found = bounds(PLAN, {"progress": rows}, as_of=DAY)
    red = next(one for one in found.bounds if one.verdict == "red")
    assert (red.least, red.greatest, red.best, red.worst) == (6, 8, 8, 6)
    assert found.open["possible"].to_list() == ["red|yellow"] * 2
    assert found.to_dict()["open"][0]["possible"] == ["red", "yellow"]


def test_unset_parameters_are_open_too() -> None:
    rows = standing("2024Q3", *(f"U{n:02}" for n in range(12)))
    tables = {"progress": rows, "style": [{"quarter": "2024Q3", "unit": "U11", "style": "prominent_problems"}], "staff": [{**HEAD, "unit": "U11"}]}
    found = {one.verdict: one for one in bounds(PLAN, tables, as_of=DAY).bounds if one.question == "interview"}
    assert (found["due"].least, found["due"].greatest) == (0, 1)


def test_what_is_all_known_has_one_count() -> None:
    found = bounds(PLAN, {"progress": standing("2024Q3", *(f"U{n}" for n in range(9)))}, as_of=DAY)
    assert {(one.verdict, one.least, one.greatest) for one in found.bounds} == {("red", 7, 7), ("yellow", 2, 2), ("black", 0, 0)}
    assert found.open.is_empty()
    assert bounds(PLAN, {"progress": []}, as_of=DAY).bounds == ()


@pytest.mark.parametrize(("lang", "word"), [("en", "Best case"), ("zh", "最好")])
def test_text_says_that_ends_need_not_be_reached_together(lang: str, word: str) -> None:
    found = bounds(PLAN, {"progress": standing("2024Q3", "U1")}, as_of=DAY)
    text = found.to_text(lang)  # type: ignore[arg-type]
    assert word in text
    assert {"en": "one place can't be had twice", "zh": "一个名次不能由两者同得"}[lang] in text
    assert found.to_frame().columns == ["question", "verdict", "polarity", "least", "greatest", "best", "worst"]
