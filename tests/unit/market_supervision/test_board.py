from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import cadrerules as cr
from small_bureau import HEAD, PLAN, STAGE, standing, style

BUREAU = Path(__file__).parents[3] / "examples" / "bureau"
DAY = date(2025, 1, 15)
UNITS = ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "U", "L")


@pytest.fixture(scope="module")
def bureau() -> cr.Result:
    return PLAN.evaluate(BUREAU, as_of=DAY)


def evaluated(plan: cr.Plan = PLAN, **tables: Any) -> cr.Result:
    facts = {"progress": standing("2024Q1", *UNITS) + standing("2024Q2", *UNITS), **tables}
    return plan.evaluate(facts, as_of=DAY, policies=STAGE)


def text(result: cr.Result, **options: Any) -> str:
    return str(result.report("board", format="text", **options))


def test_places_flags_and_means(bureau: cr.Result) -> None:
    shown = text(bureau, period="2024Q3", lang="zh").splitlines()
    at = shown.index("● 红旗（第 1 至 7 名）")
    assert shown[at + 1].split() == ["1–2", "竞争执法科（U08）", "98.4%"]
    assert "■ 黑旗（第 11 名及以后）" in shown


def test_an_open_flag_says_what_it_may_be_and_what_it_waits_for(bureau: cr.Result) -> None:
    shown = text(bureau, period="2024Q3")
    line = next(line for line in shown.splitlines() if "(U12)" in line)
    assert line.split(maxsplit=1)[0] == "7–8"
    assert line.endswith("82.7%  ● Red flag or ▲ Yellow flag [Waits for: Progress (2024Q3/U09/I11)]")


def test_the_latest_quarter_with_flags_is_the_default() -> None:
    assert text(evaluated()).startswith("Red and black board Quarter 2 of 2024\n")


def test_means_are_rounded_half_up_for_reading_only() -> None:
    rows = [{"quarter": "2024Q1", "unit": "A", "indicator": f"I{n}", "progress": p} for n, p in enumerate(("0.5", "0.501"))]
    assert "  50.1%" in text(PLAN.evaluate({"progress": rows}, as_of=DAY))


def test_points_are_not_shown_as_percentages() -> None:
    assert "  100.0\n" in text(evaluated())


def test_a_mean_with_an_unknown_part_is_not_known() -> None:
    rows = [{"quarter": "2024Q1", "unit": "A", "indicator": f"I{n}", "progress": p} for n, p in enumerate(("0.5", None))]
    assert text(PLAN.evaluate({"progress": rows}, as_of=DAY)).count("not known") == 1


def test_commendations_and_interviews_of_the_quarter() -> None:
    facts = {"staff": [HEAD], "style": style("A", Q2="good") + style("U", Q2="prominent_problems")}
    plan = PLAN.amend(params={"board.black_quarters": 2})
    shown = text(evaluated(plan, **facts))
    assert "\nCommended in a circular\n  A\n" in shown
    assert "\nHeads to be interviewed\n  U, head H\n" in shown
    assert "\nHeads to be interviewed\n  none this quarter\n" in text(evaluated(plan, **facts), period="2024Q1")


def test_an_interview_that_waits_for_the_number_says_so() -> None:
    facts = {"staff": [HEAD], "style": style("U", Q2="prominent_problems")}
    assert "  U, head H [Waits for: black quarters in a row: not set; " in text(evaluated(**facts))


def test_ranked_by_indicator_each_indicator_has_its_row() -> None:
    rows = [{"quarter": "2024Q1", "unit": "A", "indicator": f"I{n:02}", "progress": f"0.{90 - n}"} for n in range(12)]
    plan = PLAN.amend(interpretations={"board.ranked": "indicator"})
    shown = text(plan.evaluate({"progress": rows}, as_of=DAY))
    assert "12 indicators ranked" in shown
    assert "    7  A (I06)                             84.0%\n" in shown
    assert "   12  A (I11)                             79.0%\n" in shown


def test_readings_nobody_adopted_are_named(bureau: cr.Result) -> None:
    assert "\n  Ties: equal place, the next ones skipped (1, 2, 2, 4)\n" in text(bureau)


def test_a_quarter_without_flags_is_refused(bureau: cr.Result) -> None:
    with pytest.raises(cr.UsageError) as caught:
        bureau.report("board", period="2020Q1")
    assert caught.value.code == "CR-NOTHING-TO-REPORT"
    assert "2024Q4" in str(caught.value)


def test_the_picture_is_xml_whatever_the_names() -> None:
    units = [{"unit": unit, "name": "<script>&\"'</script>" * 3 if unit == "A" else None} for unit in UNITS]
    picture = str(evaluated(units=units).report("board", format="svg", lang="zh"))
    root = ElementTree.fromstring(picture)  # noqa: S314 - our own
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "<script>&\"'</scri…" in texts
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


def test_the_page_shows_shapes_and_words_beside_colours(bureau: cr.Result) -> None:
    page = str(bureau.report("board", period="2024Q3", lang="zh"))
    assert '<html lang="zh-CN">' in page
    assert "<title>红黑榜 2024年第三季度</title>" in page
    for mark, flag in (("●", "红旗"), ("▲", "黄旗"), ("■", "黑旗"), ("◇", "尚未确定")):
        assert mark in page
        assert flag in page
    assert PLAN.hash[:12] in page
    assert "<script" not in page


def test_a_long_flag_is_spread_over_the_width() -> None:
    many = standing("2024Q1", *(f"U{n:03}" for n in range(60)))
    page = str(PLAN.evaluate({"progress": many}, as_of=DAY).report("board"))
    assert page.count('<div class="spread">') == 1
    assert page.count('<table aria-labelledby="black">') == 3
    assert "size: A3 landscape" in page
