from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

import cadrerules as cr
from rectifying import UNITS, problem, rectifying
from small_bureau import PLAN

DAY = date(2024, 9, 30)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> cr.Plan:
    return rectifying(tmp_path_factory.mktemp("rectifying"))


def book(plan: cr.Plan, *problems: dict[str, Any], period: str | None = None, lang: Any = "zh", day: date = DAY) -> list[list[Any]]:
    result = plan.evaluate({"units": UNITS, "problems": list(problems)}, as_of=day)
    content = result.report("ledger", period=period, lang=lang)
    assert isinstance(content, bytes)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def states(rows: list[list[Any]]) -> dict[str, tuple[Any, Any, Any]]:
    return {row[0]: (row[8], row[9], row[10]) for row in rows[1:]}


def test_a_problem_with_all_its_cells(plan: cr.Plan) -> None:
    head, row = book(plan, problem("Q1"))
    assert head == ["问题", "方面", "目标任务", "具体措施", "牵头单位", "责任单位", "列入日期", "完成时限", "期限类别", "状态", "剩余天数"]
    assert row == [
        "Q1", "作风", "窗口等候时间减半", "增设窗口，延长服务时间", "U01（综合科）", "U02",
        date(2024, 6, 1), date(2024, 12, 1), "短期", "正常推进", 62,
    ]  # fmt: skip


def test_the_states(plan: cr.Plan) -> None:
    rows = book(
        plan,
        problem("late", due_on="2024-08-31"),
        problem("closed", due_on="2024-09-15", closed_on="2024-09-20"),
        problem("open", due_on=None),
        problem("today", due_on="2024-09-30", listed_on="2022-01-01"),
    )
    assert states(rows) == {
        "late": ("短期", "逾期", -30),
        "closed": ("短期", "已销号", ""),
        "today": ("长期", "正常推进", 0),
        "open": ("未定（短期 或 长期）", "未定（逾期 或 不适用）", ""),
    }
    assert [row[0] for row in rows[1:]] == ["late", "closed", "today", "open"]


def test_the_problems_of_a_month(plan: cr.Plan) -> None:
    problems = [
        problem("before", closed_on="2024-08-31"),
        problem("within", closed_on="2024-09-01"),
        problem("last_day", listed_on="2024-09-30"),
        problem("after", listed_on="2024-10-01"),
        problem("undated", listed_on=None),
    ]
    assert set(states(book(plan, *problems, period="2024-09"))) == {"within", "last_day", "undated"}
    assert set(states(book(plan, *problems, period="2024年8月"))) == {"before", "within", "undated"}
    assert set(states(book(plan, *problems, day=date(2024, 10, 5)))) == {"last_day", "after", "undated"}


def test_a_disputed_date_is_not_known(plan: cr.Plan) -> None:
    dispute = {"table": "problems", "key": "Q1", "column": "due_on", "raised_on": "2024-09-01"}
    result = plan.evaluate({"units": UNITS, "problems": [problem("Q1")], "disputes": [dispute]}, as_of=DAY)
    content = result.report("ledger")
    assert isinstance(content, bytes)
    row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1]
    assert (row[7], row[10]) == ("", "")


def test_a_plan_that_does_not_judge_problems_says_so() -> None:
    result = PLAN.evaluate({"units": UNITS, "problems": [problem("Q1")]}, as_of=DAY, policies=["board"])
    content = result.report("ledger", lang="en")
    assert isinstance(content, bytes)
    row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1]
    assert (row[1], row[8], row[9]) == ("style", "not judged", "not judged")


def test_text_that_looks_like_a_formula_stays_text(plan: cr.Plan) -> None:
    result = plan.evaluate({"units": UNITS, "problems": [problem("=1+1", goal='=HYPERLINK("http://x")')]}, as_of=DAY)
    content = result.report("ledger")
    assert isinstance(content, bytes)
    row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1]
    assert (row[0], row[2]) == ("=1+1", '=HYPERLINK("http://x")')
    sheet = ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert '<autoFilter ref="A1:K2"/>' in sheet


def test_without_the_table_it_is_refused() -> None:
    with pytest.raises(cr.UsageError) as caught:
        PLAN.evaluate({"progress": []}, as_of=DAY).report("ledger")
    assert caught.value.code == "CR-REPORT-NEEDS-TABLE"


def test_the_page_of_a_month_without_problems(plan: cr.Plan, tmp_path: Path) -> None:
    page = str(plan.evaluate({"units": UNITS, "problems": []}, as_of=DAY).report("ledger", lang="zh", format="html"))
    assert "本月没有在办问题。" in page
    assert '<p class="eyebrow">2024年9月</p>' in page
