from __future__ import annotations

import sys
from datetime import date
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.cli.decision_table import decision_table
from cadrerules.errors import Lang

AS_OF = date(2025, 1, 15)
PROGRESS = [{"quarter": "2024Q1", "unit": u, "indicator": "I", "progress": p} for u, p in (("A", 1), ("B", 0))]
STYLE = [{"quarter": "2024Q1", "unit": "B", "style": "prominent_problems"}]
STAFF = [{"person": "P1", "unit": "B", "role": "head", "joined": "2024-01-01"}]
RESULTS = [
    {"year": y, "unit": "B", "indicator": "I", "regional_rank": 14, "cities": 14, "deducted": 0, "cause": None, "completed": True}
    for y in ("2023", "2024")
]  # fmt: skip
WAIVERS = [
    {
        "rule": "assessment.bar_ranking",
        "subject": "P1",
        "period": "2024",
        "authority": "局党组",
        "reason": "r",
        "decided_on": "2025-01-01",
    }
]

ENGLISH = """\
Flag
Subject  Period  Verdict     Rules        Waits for
A        2024Q1  red flag    board.red
B        2024Q1  black flag  board.black

Interview
Subject  Period  Verdict                                        Rules            Waits for
P1       2024Q1  undetermined: to be interviewed or no verdict  board.interview  board.black_quarters

Promotion
Subject  Period  Verdict       Rules                                      Waits for
P1       2024    none, waived  assessment.bar_ranking (waived by 局党组)

Summary
Flag       red flag      1
Flag       black flag    1
Interview  undetermined  1
Promotion  none, waived  1
4 decisions, proposals for a person to confirm
"""

CHINESE = """\
红黑榜
对象  期间    结论  规则         有待查明
A     2024Q1  红旗  board.red
B     2024Q1  黑旗  board.black

约谈
对象  期间    结论                    规则             有待查明
P1    2024Q1  未定：应当约谈或不适用  board.interview  board.black_quarters

提拔重用和职级晋升
对象  期间  结论        规则                                  有待查明
P1    2024  无，已豁免  assessment.bar_ranking（局党组豁免）

汇总
红黑榜              红旗        1
红黑榜              黑旗        1
约谈                未定        1
提拔重用和职级晋升  无，已豁免  1
共 4 项结论，均为建议，须由有权人员确认
"""


def table(lang: Lang, *, terminal: bool = False, **tables: Any) -> str:
    plan = cr.load_policies("market-supervision").amend({"board.red_to": 1, "board.yellow_to": 1})
    facts = {"progress": PROGRESS, "style": STYLE, "staff": STAFF, "results": RESULTS, "waivers": WAIVERS, **tables}
    return decision_table(plan, plan.evaluate(facts, as_of=AS_OF), lang, terminal=terminal)


@pytest.fixture(autouse=True)
def _any_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.mark.parametrize(("lang", "expected"), [("en", ENGLISH), ("zh", CHINESE)])
def test_a_table_per_question_and_a_summary(lang: Lang, expected: str) -> None:
    assert table(lang) == expected


def test_no_decision_at_all() -> None:
    text = table("en", progress=[], style=[], staff=[], results=[], waivers=[])
    assert text == "0 decisions, proposals for a person to confirm\n"


def test_colours_only_where_a_terminal_is_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32mred flag" in table("en", terminal=True)
    assert "\x1b" not in table("en", terminal=False)


@pytest.mark.parametrize("width", [80, 140])
def test_no_line_is_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = table("en").splitlines()
    assert max(map(len, lines)) <= width
    whole = "P1       2024Q1  undetermined: to be interviewed or no verdict  board.interview  board.black_quarters"
    assert (whole in lines) is (width == 140)


def test_what_looks_like_markup_is_text() -> None:
    rows = [{"quarter": "2024Q1", "unit": "[red]x:smile:", "indicator": "I", "progress": 1}]
    assert "\n[red]x:smile:  2024Q1  red flag" in table("en", progress=rows, style=[], staff=[], results=[], waivers=[])


def test_of_many_missing_facts_a_few_are_named() -> None:
    rows = [{"quarter": "2024Q1", "unit": f"U{i}", "indicator": "I", "progress": None} for i in range(5)]
    text = table("zh", progress=rows, style=[], staff=[], results=[], waivers=[])
    assert "progress[2024Q1/U2/I].progress" in "".join(text.split())
    assert "另有 2 项" in text
