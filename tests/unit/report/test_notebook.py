"""Notebooks show results, decisions and plans: small, escaped, in the language of the environment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.report import notebook
from small_bureau import HEAD, PLAN, WAIVER, row, standing

DAY = date(2025, 1, 15)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(notebook.LANGUAGE, raising=False)


def evaluated(**more: str) -> cr.Result:
    facts = {"staff": [HEAD], "results": [row(deducted="2.5", cause="subjective")], "waivers": [WAIVER | more]}
    return PLAN.evaluate(facts | {"progress": standing("2024Q1", "U", "V")}, as_of=DAY, policies=["board", "assessment"])


def test_a_result_counts_its_verdicts() -> None:
    shown = evaluated()._repr_html_()
    left = notebook._LEFT
    assert f"<td{left}>flag</td><td{left}>red</td><td>2</td>" in shown
    assert "This is a proposal for a person to confirm. As of 2025-01-15" in shown


def test_a_result_is_chinese_where_the_environment_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(notebook.LANGUAGE, "zh_CN")
    assert "评估结果" in evaluated()._repr_html_()


def test_a_result_in_columns_is_not_evaluated_for_show(monkeypatch: pytest.MonkeyPatch) -> None:
    result = PLAN.evaluate({"progress": standing("2024Q1", "U", "V")}, as_of=DAY, policies=["board"], engine="polars")
    shown = result._repr_html_()
    assert "Its decisions are in columns" in shown
    assert "_all" not in vars(result.decisions)
    decision = result.decision("flag", "U", "2024Q1")
    monkeypatch.setattr(cr.Decision, "explain", lambda *_, **__: pytest.fail("explained"))
    assert "flag" in decision._repr_html_()


def test_a_decision_shows_its_explanation_below_the_notebooks_headings() -> None:
    shown = evaluated().decision("flag", "U", "2024Q1")._repr_html_()
    assert "<h3>Flag: unit U, 2024Q1</h3>" in shown
    assert "<h1>" not in shown
    assert "<style" not in shown


def test_a_decision_on_its_own_shows_what_it_says() -> None:
    alone = cr.Decision(id="x", question="flag", subject={"kind": "unit", "id": HOSTILE}, period=None, status="decided", verdict="red")  # type: ignore[arg-type]
    assert "&lt;script&gt;" in alone._repr_html_()
    assert "<script" not in alone._repr_html_()


def test_facts_are_escaped() -> None:
    result = evaluated(reason=HOSTILE)
    for decision in result.decisions:
        assert "<script" not in decision._repr_html_()
    assert any("&lt;script&gt;alert" in decision._repr_html_() for decision in result.decisions)


def test_a_plan_shows_its_policies_and_a_policy_its_rules() -> None:
    shown = PLAN._repr_html_()
    assert PLAN.hash[:12] in shown
    assert "Red and black board" in shown
    assert "board.black_quarters" in shown
    rules = PLAN.policy("board")._repr_html_()
    assert "Red flag" in rules
    assert "flag == &quot;red&quot;" in rules


def test_many_rows_are_cut() -> None:
    shown = notebook.fragment("t", ["a"], [(n,) for n in range(notebook.MOST_ROWS + 7)])
    assert "7 more rows" in shown
    assert shown.count("<tr>") == notebook.MOST_ROWS + 1


def test_importing_results_loads_no_notebook(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = "import cadrerules as cr, sys; cr.Result; assert 'cadrerules.report.notebook' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
