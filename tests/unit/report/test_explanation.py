from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
import cadrerules_market_supervision
from cadrerules.hookspecs import hookimpl
from cadrerules.model.result import Result, Subject
from cadrerules.plugins import plugin_manager

Small = Callable[..., Result]
AS_OF = date(2025, 1, 15)

RED_EN = """\
Flag: unit A, 2024Q1
====================
Verdict: red flag
This is a proposal for a person to confirm. As of 2025-01-15; policies market-supervision, version {version}.

Why
---
  - Red flag (board.red, clause 2.2.3)
    - flag is "red flag": true
      - place ≤ 7 (last place with a red flag): true
        - place: 1
          - place by mean progress among those of the same quarter: 1
            - Unit A: 0.9 (this one)
              - mean of Progress for the same quarter, unit: 0.9
                - Progress (Indicator I1): 0.9  [progress[2024Q1/A/I1].progress]
            - Unit B: 0.8
            - Unit C: 0.7

Numbers used
------------
  - last place with a red flag (board.red_to, clause 2.2.3): 7
  - last place with a yellow flag (board.yellow_to, clause 2.2.3): 10

Readings of the text it rests on
--------------------------------
  - What is ranked (board.ranked, clause 2.2.3): units by their mean progress (default; adopted by nobody)
  - Ties (board.ties, clause 2.2.3): equal place, the next ones skipped (1, 2, 2, 4) (default; adopted by nobody)
"""

YELLOW_ZH = """\
红黑榜：科室 C，2024Q1
======================
结论：黄旗
本结论为建议，须由有权人员确认。截至 2025-01-15；政策集 market-supervision，版本 {version}。

依据
----
  - 黄旗（board.yellow，第 2.2.3 条）
    - 旗帜为“黄旗”：成立
      - 名次 ≤ 2（红旗止于第几名）：不成立
        - 名次：3
          - 同一季度内按平均完成进度排列的名次：3
            - 科室 A：0.9
            - 科室 B：0.8
            - 科室 C：0.7（本对象）
              - 同一季度、科室的完成进度平均值：0.7
                - 完成进度（指标 I1）：0.7  [progress[2024Q1/C/I1].progress]
      - 名次 ≤ 10（黄旗止于第几名）：成立
        - 名次：3（同上）

所用数值
--------
  - 红旗止于第几名（board.red_to，第 2.2.3 条）：2
  - 黄旗止于第几名（board.yellow_to，第 2.2.3 条）：10

所依据的条文理解
----------------
  - 排名对象（board.ranked，第 2.2.3 条）：各科室按其指标的平均进度排名（默认理解，尚无人采纳）
  - 并列名次（board.ties，第 2.2.3 条）：并列者同名次，其后不跳（1、2、2、3）（本次选用，尚无人采纳）
"""


def section(text: str, heading: str) -> list[str]:
    """The lines below a heading, up to the next empty one."""
    lines = text.splitlines()
    start = lines.index(heading)
    return lines[start + 2 : lines.index("", start) if "" in lines[start:] else None]


def test_a_decision_in_english(small: Small) -> None:
    result = small()
    expected = RED_EN.format(version=result.policies["hash"][:12])
    assert result.decision("flag", "A").explain() == expected


def test_a_decision_in_chinese_with_settings_of_its_own(small: Small) -> None:
    result = small({"board.red_to": 2}, {"board.ties": "dense"})
    expected = YELLOW_ZH.format(version=result.policies["hash"][:12])
    assert result.decision("flag", "C").explain("zh") == expected


def test_what_an_undetermined_decision_waits_for(bureau: Result) -> None:
    text = bureau.decision("interview", "P093", "2023Q3").explain()
    assert "Undetermined. Still possible: to be interviewed, no verdict" in text
    assert section(text, "What it waits for") == [
        "  - Style (the cell is empty)  [style[2023Q3/U11].style]",
        "  - black quarters in a row: not set; the source prints ** instead of the number  [board.black_quarters]",
    ]
    assert "black quarters so far ≥ black quarters in a row (not set): unknown" in text
    assert "          - Quarter 2023Q1: true\n          - Quarter 2023Q2: true\n" in text


def test_a_disputed_cell_is_marked(bureau: Result) -> None:
    text = bureau.decision("excellent", "P067", "2024").explain("zh")
    assert section(text, "有待查明") == ["  - 扣分（存在争议，视为未知）  [results[2024/U08/I09].deducted]"]
    assert "    - 科室 U08，指标 I09，职务 负责人" in text
    assert "        - 扣分：未知（存在争议，视为未知）  [results[2024/U08/I09].deducted]" in text


def test_a_waived_rule_names_authority_and_reason(bureau: Result) -> None:
    text = bureau.decision("promotion", "P137", "2024").explain()
    assert "Verdict: none; what applied was set aside" in text
    assert section(text, "Set aside by a waiver")[:3] == [
        "  - In principle not considered after two years among the last three (assessment.bar_ranking, clause 2.3.5)",
        "    - leads to: in principle not considered",
        "    - set aside by 局党组 on 2025-01-10, until 2025-12-31: 指标下滑系辖区企业集中外迁所致，本人履职尽责",
    ]


def test_an_outranked_rule_is_told(bureau: Result) -> None:
    text = bureau.decision("promotion", "P032", "2024").explain()
    assert section(text, "Applies too, but does not decide")[:3] == [
        "  - Preferred after two years among the first three (assessment.prefer, clause 2.3.5)",
        "    - leads to: preferred",
        "    - the verdict above outranks it",
    ]
    assert "Year 2023: true" in text  # the earlier year's facts are shown, not only this one's
    assert "[results[2023/U04/I04].regional_rank]" in text


def test_an_open_rule_that_cannot_change_the_verdict(plan: cr.Plan) -> None:
    ranks = {"2023": (1, "0"), "2024": (None, "2.5")}
    results = [
        {
            "year": y,
            "unit": "A",
            "indicator": "I",
            "regional_rank": r,
            "cities": 14,
            "deducted": d,
            "cause": "subjective",
            "completed": True,
        }
        for y, (r, d) in ranks.items()
    ]
    staff = [{"person": "P1", "unit": "A", "role": "head"}]
    result = plan.evaluate({"results": results, "staff": staff}, as_of=AS_OF)
    text = result.decision("promotion", "P1", "2024").explain()
    assert "Verdict: in principle not considered" in text
    assert "Still open, but can't change the verdict" in text
    assert "Regional rank: unknown (the cell is empty)  [results[2024/A/I].regional_rank]" in text


def test_an_adopted_reading_says_by_whom(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(Path(cadrerules_market_supervision.__file__).parent, folder)
    set_file, board = folder / "policy_set.yaml", folder / "board.yaml"
    set_file.write_text(set_file.read_text("utf-8") + "tables_of: market-supervision\n", "utf-8")
    text = board.read_text("utf-8")
    adopted = "    adopted: {choice: dense, by: 局党组, on: 2025-01-02}\n"
    board.write_text(text.replace("  ties:\n", f"  ties:\n{adopted}"), "utf-8")
    plan = cr.load_policies(folder)
    result = plan.evaluate(
        {"progress": [{"quarter": "2024Q1", "unit": "A", "indicator": "I", "progress": 1}]}, as_of=AS_OF
    )
    decision = result.decision("flag", "A")
    assert "(1, 2, 2, 3) (adopted by 局党组 on 2025-01-02)" in decision.explain()
    readings = {r["name"]: r for r in json.loads(decision.explain(format="json"))["interpretations"]}
    assert readings["board.ties"]["adopted"] is True
    assert readings["board.ties"]["adopted_on"] == "2025-01-02"
    assert readings["board.ranked"]["adopted"] is False


# --- formats -------------------------------------------------------------------------------------


class _Reader(HTMLParser):
    """Checks that tags are balanced and remembers tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


EVIL = "<img src=x onerror=alert(1)>*_[`|"


def evil(plan: cr.Plan) -> Result:
    rows = [{"quarter": "2024Q1", "unit": EVIL, "indicator": "I", "progress": 1}]
    return plan.evaluate({"progress": rows}, as_of=AS_OF)


def test_html_is_escaped_and_whole(plan: cr.Plan) -> None:
    page = evil(plan).decision("flag", EVIL).explain("zh", "html")
    reader = _Reader()
    reader.feed(page)
    assert reader.open == []
    assert reader.tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "h3",
        "p",
        "strong",
        "ul",
        "li",
        "code",
    }
    assert page.startswith('<!doctype html>\n<html lang="zh-CN">\n')
    assert f"红黑榜：科室 {EVIL}，2024Q1" in reader.text


def test_markdown_is_escaped(plan: cr.Plan) -> None:
    text = evil(plan).decision("flag", EVIL).explain("en", "markdown")
    assert text.startswith(
        "# Flag: unit \\<img src=x onerror=alert(1)\\>\\*\\_\\[\\`\\|, 2024Q1\n\n**Verdict: red flag**\n\n"
    )
    assert "\n## Why\n\n- Red flag (board.red, clause 2.2.3)\n  - flag is" in text


def test_json_has_the_decision_and_all_behind_it(bureau: Result) -> None:
    decision = bureau.decision("promotion", "P182", "2024")
    plain = json.loads(decision.explain("zh", "json"))
    assert {name: plain[name] for name in type(decision).model_fields if name != "group"} == decision.model_dump(mode="json")
    assert plain["title"] == "提拔重用和职级晋升：人员 P182，2024"
    (finding,) = plain["findings"]
    assert (finding["rule"], finding["standing"], finding["clauses"]) == (
        "assessment.bar_deduction",
        "behind",
        ["2.3.5"],
    )
    (case,) = finding["cases"]
    assert case["row"] == {"year": "2024", "unit": "U12", "indicator": "I14", "person": "P182", "role": "head"}
    first = case["lines"][1]
    assert (first["expression"], first["raw"], first["value"]) == (
        "at_stake >= param.assessment.bar_from",
        "true",
        "成立",
    )
    assert [s["name"] for s in plain["settings"]] == ["assessment.bar_from", "assessment.bar_to"]


def test_an_unknown_format_is_refused(bureau: Result) -> None:
    with pytest.raises(cr.UsageError) as caught:
        bureau.decisions[0].explain("en", "pdf")  # type: ignore[arg-type]
    assert caught.value.code == "CR-NOT-AN-OPTION"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_explanation_leaves_the_rule_language_in(bureau: Result, lang: Any) -> None:
    subjects = sorted({d.subject.id for d in bureau.decisions})
    texts = [decision.explain(lang) for decision in bureau.decisions[::7]]
    for text in [*texts, *(_subject(bureau, subject, lang=lang) for subject in subjects[::20])]:
        assert not [
            word for word in ("previous(", "run(", "rank(", "param.", "interpretation.", " == ") if word in text
        ]


# --- why not ------------------------------------------------------------------------------------


def _subject(result: Result, *asked: Any, **options: Any) -> str:
    assert result.explain_subject is not None
    return str(result.explain_subject(*asked, **options))


def test_only_what_is_not_met_is_listed(small: Small) -> None:
    text = _subject(small(), "B", "commendation", "2024Q1")
    assert text.startswith("unit B\n======\n")
    assert "No rule applies.\n" in text
    assert text.endswith(
        "Commendation, 2024Q1\n"
        "  - Commended for red flags in a row and a good work style (board.commend, clause 2.2.3)\n"
        "    - red quarters so far ≥ 2 (red quarters in a row): false\n"
        "      - red quarters so far: 1\n"
        "        - Quarter 2024Q1: true\n"
        '          - flag is "red flag": true\n'
        "            - place ≤ 7 (last place with a red flag): true\n"
        "              - place: 2\n"
        "                - place by mean progress among those of the same quarter: 2\n"
        "                  - Unit A: 0.9\n"
        "                  - Unit B: 0.8 (this one)\n"
        "                    - mean of Progress for the same quarter, unit: 0.8\n"
        "                      - Progress (Indicator I1): 0.8  [progress[2024Q1/B/I1].progress]\n"
        "                  - Unit C: 0.7\n"
    )


def test_rules_that_hold_are_explained_and_the_others_say_why_not(bureau: Result) -> None:
    plain = json.loads(_subject(bureau, "P182", "promotion", "2024", "en", "json"))
    assert [d["id"] for d in plain["decisions"]] == ["promotion/P182/2024"]
    (group,) = plain["not_applying"]
    assert (group["question"], group["period"]) == ("promotion", "2024")
    assert [rule["rule"] for rule in group["rules"]] == ["assessment.prefer", "assessment.bar_ranking"]
    assert {rule["standing"] for rule in group["rules"]} == {"fails"}


def test_a_rule_that_no_row_bears_on_says_so(bureau: Result) -> None:
    counts = {"promotion": 3, "excellent": 2, "interview": 1}
    for question, count in counts.items():
        assert _subject(bureau, "P001", question, lang="zh").count("    - 数据中没有与该人员有关的记录\n") == count
    assert "红旗" not in _subject(bureau, "P001", lang="zh")  # rules about units are no matter of a person


def test_a_rule_without_its_tables_says_so(small: Small) -> None:
    text = _subject(small(), "A", "flag")
    assert "not evaluated" not in text
    plan = cr.load_policies("market-supervision")
    staff = [{"person": "P1", "unit": "A", "role": "head"}]
    text = _subject(plan.evaluate({"staff": staff}, as_of=AS_OF), "P1", "promotion")
    assert text.count("not evaluated: there is no table results (Year-end results)") == 3


@pytest.mark.parametrize(
    ("asked", "code"),
    [(("nobody",), "CR-UNKNOWN-SUBJECT"), (("P001", "flags"), "CR-UNKNOWN-QUESTION")],
)
def test_unknown_names_are_refused(bureau: Result, asked: tuple[str, ...], code: str) -> None:
    with pytest.raises(cr.UsageError) as caught:
        _subject(bureau, *asked)
    assert caught.value.code == code


def test_where_each_verdict_is_decided_apart_only_its_own_rule_is_told(plan: cr.Plan) -> None:
    rows = [{"quarter": "2024Q1", "unit": "A", "indicator": i, "progress": p} for i, p in {"I1": 1, "I2": 0}.items()]
    amended = plan.amend({"board.red_to": 1}, {"board.ranked": "indicator"})
    result = amended.evaluate({"progress": rows}, as_of=AS_OF)
    assert [d.verdict for d in result.decisions] == ["red", "yellow"]
    for decision, own, other in zip(result.decisions, ("red", "yellow"), ("yellow", "red"), strict=True):
        text = decision.explain()
        assert f"board.{own}, clause" in text
        assert f"board.{other}, clause" not in text


def test_a_finding_made_in_python_says_that_it_has_no_steps(plan: cr.Plan) -> None:
    finding = cr.Finding(
        rule="extra.rule",
        clause=("9.9",),
        outcome="excellent.barred",
        waivable=False,
        subject=Subject(kind="person", id="P1"),
        period="2024",
        status="holds",
    )

    class Plugin:
        @hookimpl
        def cadrerules_findings(self) -> Iterable[cr.Finding]:
            return [finding]

    manager = plugin_manager(Plugin())
    result = cr.load_policies("market-supervision", plugins=manager).evaluate({"units": [{"unit": "A"}]}, as_of=AS_OF)
    text = result.decision("excellent", "P1").explain("zh")
    assert "  - extra.rule（extra.rule，第 9.9 条）\n    - 由插件以 Python 代码得出，没有可展示的步骤\n" in text
