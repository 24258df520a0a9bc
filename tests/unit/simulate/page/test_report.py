"""The page says what changes, how many and who, what it rests on and how to make it again; nothing in it breaks out."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape
from io import StringIO

import polars as pl
import pytest
from ruamel.yaml import YAML

import cadrerules as cr
from cadrerules.model.texts import Texts
from cadrerules.simulate.page import scripts, to_html
from cadrerules.simulate.page.reforms import document
from cadrerules.simulate.page.sections import MOST_ROWS
from cadrerules.simulate.reforms import Reform, read_reform
from simulated import (
    DATA,
    HOSTILE,
    ambiguities,
    bounds,
    comparison,
    everything,
    stability,
    sweep,
    sweep_of_two,
    uncertainty,
)

pytestmark = pytest.mark.usefixtures("light")


def text(page: str) -> str:
    """What a page says, without its tags, style and scripts."""
    body = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_a_comparison_is_told(plan: cr.Plan) -> None:
    found = comparison(plan)
    said = text(found.to_html(command="cadrerules simulate compare x --reform y.yaml"))
    for part in (
        "Red flags end at place 3",
        "Fewer red flags.",
        "~ parameter board.red_to (last place with a red flag) 2.2.3 value 7 6",
        "~ interpretation board.ties (Ties) 2.2.3 in_force competition dense",
        "6 decisions change 0 better 6 worse 2 affected (person) 4 affected (unit)",
        "Flag 32 4 12.5 % 0 4 0",
        "Promotion no decision in principle not considered worse person 1 1 50.0 %",
        "Staff: Role (none) Promotion preferred no decision worse person 1 1 50.0 %",
        "Flag unit U01 2024Q2 red flag yellow flag worse parameter board.red_to (last place with a red flag)",
        "The command cadrerules simulate compare x --reform y.yaml",
        f"market-supervision {plan.hash}",
        found.reforms[0].plan.hash,
        DATA.hash,
        "As of 2025-01-15",
        f"cadrerules {cr.__version__}",
        "A simulation gives proposals for people to weigh",
        "board.red_to: 6",
    ):
        assert part in said, part


def test_several_reforms_stand_side_by_side(plan: cr.Plan) -> None:
    said = text(to_html(comparison(plan, reforms=2)))
    assert "Reforms side by side" in said
    assert said.count("Which part of the reform") == 2
    assert len(re.findall("Who Flag: before and after|Who Red flags", said)) == 2


def test_chinese_pages_are_chinese(plan: cr.Plan) -> None:
    page = to_html([comparison(plan), sweep(plan), ambiguities(plan)], "zh", command="cadrerules simulate")
    assert '<html lang="zh-CN">' in page
    said = text(page)
    for part in ("模拟：market-supervision", "红旗 黄旗 变差 科室", "改了什么", "“红旗止于第几名”现值为 7。", "应先明确的事项", "如何重现"):
        assert part in said, part
    assert "Flag" not in said
    assert "worse" not in said


def test_a_sweep_tells_every_value_and_what_makes_no_difference(plan: cr.Plan) -> None:
    said = text(sweep(plan).to_html())
    assert "Sweep: last place with a red flag" in said
    assert "last place with a red flag is 7 now." in said
    assert "No value makes a difference to: Commendation." in said
    assert "7 Flag red flag 56" in said
    assert "Interview 96 too few decisions are alike" in said
    assert "7 10 Flag yellow flag 24" in text(sweep_of_two(plan).to_html())


def test_ambiguities_are_ranked_with_their_readings(plan: cr.Plan) -> None:
    said = text(ambiguities(plan).to_html())
    assert "What is ranked (board.ranked) interpretation 2.2.3 units by their mean progress 74 120 unit 18 Flag 60, Interview 14" in said
    assert "black quarters in a row (board.black_quarters) parameter 2.2.3 - 9 120 person 9 Interview 9" in said
    assert "What is ranked (board.ranked) all of the bureau's indicators together 74" in said


def test_uncertain_facts_are_told(plan: cr.Plan) -> None:
    said = text(to_html([uncertainty(plan), stability(plan), bounds(plan)]))
    for part in (
        "Cells drawn: Progress: Progress 2. 31 decisions come out as now in every draw.",
        "Flag yellow flag 8 8.2 8 9 8 10",
        "Flag unit U08 2024Q1 undetermined: yellow flag or black flag black flag 75.0 % 30.0 – 70.0 %",
        "Standard deviations: Progress: Progress: 0.5.",
        "Flag 32 5 2.5 7.8 % 1 4",
        "Flag unit U03 2024Q4 red flag yellow flag 30.0 % 20.0 – 50.0 %",
        "Flag red flag 12 14 14 12",
        "Flag unit U08 2024Q1 undetermined: yellow flag or black flag How to",
    ):
        assert part in said, part


def test_long_lists_are_cut_with_a_note(plan: cr.Plan) -> None:
    found = comparison(plan)
    (reform,) = found.reforms
    many = pl.concat([reform.affected.tail(1)] * (MOST_ROWS + 3))
    page = replace(found, reforms=(replace(reform, affected=many),)).to_html()
    assert "The first 5,000 of 5,003 rows; `--format csv` writes all of them." in text(page)
    assert page.count('<th scope="row">Promotion</th><td>person</td><td>P2</td>') == MOST_ROWS


def test_the_browser_may_run_the_pages_own_scripts_alone_and_fetch_nothing(plan: cr.Plan) -> None:
    page = to_html(sweep(plan))
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    texts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in texts]
    assert len(texts) == 2
    assert unescape(policy) == f"default-src 'none'; style-src 'unsafe-inline'; script-src {' '.join(digests)}"
    assert not re.findall(r"(?:src|href)=|url\(|@import", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))


def test_without_charts_there_is_no_library(plan: cr.Plan) -> None:
    page = to_html(replace(ambiguities(plan), ranked=()))
    assert "vegaEmbed = " not in page
    assert "Nothing to show." in page


def test_nothing_of_the_data_breaks_out(plan: cr.Plan) -> None:
    units = tuple(f"{HOSTILE}{n}" for n in range(8))
    found = comparison(plan, ids=units, title=f"<b>{HOSTILE}")
    page = to_html([found, sweep(plan)], command=f"echo '{HOSTILE}'", title=HOSTILE)
    assert "<script>alert" not in page
    assert "<b>" not in re.sub(r"<b>[\d,]+</b>", "", page)
    assert page.count("<script") == page.count("</script>") == 4
    (charts,) = re.findall(r'<script type="application/json" id="charts">(.*?)</script>', page, re.DOTALL)
    assert HOSTILE in {row["y"].rstrip("0123456789") for spec in json.loads(charts) for rows in spec["datasets"].values() for row in rows if "told" in row}


def test_embedded_data_ends_no_script() -> None:
    held = {"</script>": ["<!--", "]]>", "&lt;", "\u2028", "红"]}
    made = scripts.embedded(held)
    assert json.loads(made) == held
    assert not set("<>&\u2028") & set(made)


def test_the_same_page_each_time(plan: cr.Plan) -> None:
    assert to_html(everything(plan)) == to_html(everything(plan))


def test_a_reform_is_shown_as_the_document_that_it_could_be_read_from() -> None:
    made = Reform(
        Texts(zh="更少: #红旗", en="fewer"),
        "why: 'so'",
        {"board.red_to": 6, "board.black_quarters": None},
        {"board.ties": "dense"},
        {"board.red": {"when": 'flag == "red"'}, "board.yellow": None},
    )
    read = read_reform(YAML(typ="safe").load(StringIO(document(made))))
    assert (read.called("zh"), read.called("en"), read.why("en")) == ("更少: #红旗", "fewer", made.reason)
    assert (read.params, read.interpretations, read.rules) == (made.params, made.interpretations, made.rules)
