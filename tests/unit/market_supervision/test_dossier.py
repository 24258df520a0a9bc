from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.report.explained import Basis, Dossier, Explanation
from cadrerules_market_supervision.reports.dossier import Shown
from small_bureau import PLAN

BUREAU = Path(__file__).parents[3] / "examples" / "bureau"
DAY = date(2025, 1, 15)


@pytest.fixture(scope="module")
def bureau() -> cr.Result:
    return PLAN.evaluate(BUREAU, as_of=DAY)


def text(result: cr.Result, subject: str, **options: str) -> str:
    return str(result.report("dossier", subject=subject, format="text", **options))  # type: ignore[arg-type]


def test_posts_decisions_and_reasons(bureau: cr.Result) -> None:
    shown = text(bureau, "P182", lang="zh")
    assert shown.startswith("P182 个人评价档案\n=================\n本结论为建议")
    assert "  - U12（质量监督科），职务：负责人，到任：2024-07-01\n" in shown
    assert "  - 提拔重用和职级晋升，期间：2024，结论：原则上不予考虑，条款：2.3.5\n" in shown
    assert "    所计扣分：2.5  [results[2024/U12/I14].deducted]".strip() in shown
    assert "原则上不予考虑的扣分下限" not in shown
    assert "（assessment.bar_from，第 2.3.5 条）：2" in shown
    assert "默认理解，尚无人采纳" in shown


def test_the_reasons_are_those_of_the_explainer(bureau: cr.Result) -> None:
    assert bureau.explain_subject is not None
    explained = bureau.explain_subject("P182", None, "2024", "en", "text")
    reasons = explained[explained.index("Promotion: person P182") : explained.index("What does not apply")]
    assert reasons in text(bureau, "P182", period="2024")


def test_what_waits_says_for_what(bureau: cr.Result) -> None:
    assert (
        "  - Interview, Period: 2024Q3, Verdict: undetermined (to be interviewed or no verdict), Clause: 2.2.3, "
        "Waits for: black quarters in a row: not set; the source prints ** instead of the number\n"
    ) in text(bureau, "P154")


def test_what_does_not_apply_is_told_in_short(bureau: cr.Result) -> None:
    shown = text(bureau, "P182")
    short = shown[shown.index("What does not apply, and why") :]
    assert "black quarters so far ≥ black quarters in a row" in short
    assert "place by mean progress" not in short
    assert bureau.explain_subject is not None
    assert "place by mean progress" in bureau.explain_subject("P182")


def test_a_person_without_decisions_has_a_dossier_too() -> None:
    result = PLAN.evaluate({"staff": [{"person": "P001", "unit": None, "role": "leader"}], "progress": []}, as_of=DAY)
    shown = text(result, "P001")
    assert "No rule applies." in shown
    assert "\nPosts\n-----\n  - –, Post: leader\n" in shown
    assert "No rule applies." in str(result.report("dossier", subject="P001"))


def test_obligations_stand_in_a_table_of_their_own() -> None:
    fields = {"question": "obligation", "subject": {"kind": "person", "id": "P001"}, "period": "2024", "verdict": "unmet"}
    owed = {"owed_by": "P001", "due": "60", "done": "12..20", "short": "40..48"}
    rest = {"status": "decided", "because": ["obligation.field_days"], "clauses": ["2.1.2"]}
    one = Explanation({**fields, **rest, **owed}, Basis("", "", ""), "Obligation", "person", "unmet", (), (), (), (), ())
    facts = cr.read_tables({"progress": []}, PLAN)
    *_, obligations = Shown(Dossier("P001", "person", one.basis, (one,)), PLAN, facts, "en").grids()
    assert [heading.text for heading in obligations.headings] == ["Rule", "Period", "Owed by", "Due", "Done", "Short"]
    assert obligations.rows == [("", "2024", "P001", "60", "12–20", "40–48")]


def test_a_duty_is_named_among_the_decisions(bureau: cr.Result) -> None:
    shown = text(bureau, "P001", period="2024", lang="zh")
    assert "  - 应尽职责：领导干部每年基层调研，期间：2024，结论：未完成，条款：2.1.2\n" in shown
    assert "  - 领导干部每年基层调研，期间：2024，责任方：P001，应完成：60，已完成：55，尚缺：5\n" in shown


def test_markdown_and_page(bureau: cr.Result) -> None:
    assert str(bureau.report("dossier", subject="P182", format="markdown")).startswith("# Dossier of P182\n")
    page = str(bureau.report("dossier", subject="P182", lang="zh"))
    assert "<h1>P182 个人评价档案</h1>" in page
    assert '<th scope="row" role="rowheader" class="" data-heading="事项">提拔重用和职级晋升' in page
    assert "<script" not in page
