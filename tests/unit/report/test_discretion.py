from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from python_calamine import CalamineWorkbook

import cadrerules as cr
from cadrerules.model.result import Result
from small_bureau import EXEMPTION, HEAD, WAIVER, row


def ledger(plan: cr.Plan, **tables: Any) -> dict[str, Any]:
    facts = {"staff": [HEAD], "results": [row(deducted="2.5", cause="subjective")], **tables}
    result = plan.evaluate(facts, as_of=date(2025, 1, 15))
    found: dict[str, Any] = json.loads(result.report("discretion", format="json"))
    return found


def only(found: dict[str, Any]) -> dict[str, Any]:
    (entry,) = found["waivable"]
    assert isinstance(entry, dict)
    return entry


def test_a_finding_that_nobody_waived_stands(plan: cr.Plan) -> None:
    entry = only(ledger(plan))
    assert entry == {
        "rule": "assessment.bar_deduction",
        "clause": ["2.3.5"],
        "outcome": "promotion.barred_in_principle",
        "subject": {"kind": "person", "id": "H"},
        "period": "2024",
        "state": "stands",
        "waivers": [],
        "waivers_not_in_force": [],
        "waits_for": [],
    }


def test_a_waiver_is_told_with_who_why_and_until_when(plan: cr.Plan) -> None:
    entry = only(ledger(plan, waivers=[WAIVER | {"expires_on": "2025-06-30"}]))
    assert (entry["state"], entry["waivers"]) == (
        "waived",
        [{"authority": "局党组", "reason": "另有说明", "decided_on": "2025-01-10", "expires_on": "2025-06-30"}],
    )


def test_a_waiver_that_has_run_out_is_told_but_lifts_nothing(plan: cr.Plan) -> None:
    entry = only(ledger(plan, waivers=[WAIVER | {"expires_on": "2025-01-14"}]))
    assert (entry["state"], entry["waivers"]) == ("stands", [])
    assert [w["expires_on"] for w in entry["waivers_not_in_force"]] == ["2025-01-14"]


def test_a_finding_that_hangs_on_a_disputed_cell_is_disputed(plan: cr.Plan) -> None:
    dispute = {"table": "results", "key": "2024/U/I1", "column": "deducted", "raised_on": "2025-01-06"}
    entry = only(ledger(plan, disputes=[dispute]))
    assert (entry["state"], entry["waits_for"]) == ("disputed", ["results[2024/U/I1].deducted"])


def test_a_finding_under_a_disputed_waiver_is_disputed(plan: cr.Plan) -> None:
    dispute = {"table": "waivers", "key": "assessment.bar_deduction/H/2024", "column": "authority", "raised_on": "2025-01-12"}
    entry = only(ledger(plan, waivers=[WAIVER], disputes=[dispute]))
    assert (entry["state"], entry["waits_for"]) == ("disputed", ["waivers[assessment.bar_deduction/H/2024].authority"])


def test_a_finding_that_waits_for_a_fact_awaits(plan: cr.Plan) -> None:
    entry = only(ledger(plan, results=[row(deducted="2.5", cause=None)]))
    assert (entry["state"], entry["waits_for"]) == ("awaits", ["results[2024/U/I1].cause"])


def test_an_exempted_finding_is_none(plan: cr.Plan) -> None:
    assert ledger(plan, exemptions=[EXEMPTION])["waivable"] == []


def test_decisions_are_listed_by_the_reading_nobody_adopted(small: Callable[..., Result]) -> None:
    found = json.loads(small(readings={"board.ties": "dense"}).report("discretion", format="json"))
    readings = {reading["name"]: reading for reading in found["readings"]}
    assert list(readings) == ["board.ranked", "board.ties"]
    assert readings["board.ties"]["option"] == "dense"
    assert (readings["board.ties"]["default"], readings["board.ties"]["count"]) == (False, 3)
    assert readings["board.ties"]["decisions"] == ["flag/A/2024Q1", "flag/B/2024Q1", "flag/C/2024Q1"]
    assert found["parameters"] == []


def test_decisions_are_listed_by_the_number_they_wait_for(bureau: Result) -> None:
    found = {p["name"]: p for p in json.loads(bureau.report("discretion", format="json"))["parameters"]}
    assert found["board.black_quarters"]["count"] == 4
    assert "interview/P154/2024Q4" in found["board.black_quarters"]["decisions"]
    assert found["obligation.research_report_by"]["count"] == 5


def test_subject_and_period_narrow_it_down(bureau: Result) -> None:
    found = json.loads(bureau.report("discretion", format="json", subject="P154", period="2024Q4"))
    assert found["waivable"] == []
    assert {name for reading in found["readings"] for name in reading["decisions"]} == {"interview/P154/2024Q4"}
    text = bureau.report("discretion", subject="P154", period="2024Q4", lang="zh")
    assert "仅限 P154。\n仅限 2024Q4。\n" in text


def test_the_text_says_it_all(bureau: Result) -> None:
    text = str(bureau.report("discretion"))
    assert "set aside by 局党组 on 2025-01-10, until 2025-12-31: 指标下滑系辖区企业集中外迁所致，本人履职尽责" in text
    assert "not in force: set aside by 局党组 on 2024-12-20, until 2024-12-31" in text
    assert "  - Ties (board.ties)\n      Reading in force  equal place, the next ones skipped (1, 2, 2, 4) (default; adopted by nobody)\n" in text
    assert "      Number            174\n" in text
    assert "  - black quarters in a row (board.black_quarters)\n" in text


def test_the_workbook_has_a_sheet_for_each_part(bureau: Result) -> None:
    content = bureau.report("discretion", format="xlsx", lang="zh")
    assert isinstance(content, bytes)
    assert content == bureau.report("discretion", format="xlsx", lang="zh")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["可豁免的认定", "依据尚无人采纳之理解的结论", "结论所等待的未设定数值"]
    head, first, *_ = book.get_sheet_by_index(0).to_python()
    assert head == ["状态", "对象", "期间", "认定", "结论", "条款", "豁免", "有待查明"]
    assert first[:3] == ["有效", "P032", "2024"]
    assert book.get_sheet_by_index(1).to_python()[1][5] == 174
