"""Notebooks show simulations as small tables, escaped, in the language of the environment."""

from __future__ import annotations

import pytest

import cadrerules as cr
from simulated import HOSTILE, ambiguities, bounds, comparison, stability, sweep, sweep_of_two, uncertainty


def test_simulations_are_small_tables(plan: cr.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CADRERULES_LANG", raising=False)
    shown = comparison(plan)._repr_html_()
    left = ' style="text-align:left"'
    assert f"<td{left}>Flag</td><td>32</td><td>4</td><td{left}>12.5 %</td><td>0</td><td>4</td><td>0</td>" in shown
    assert f"<td{left}>red flag</td><td>8</td><td>16</td>" in sweep(plan)._repr_html_()
    assert f'<th scope="col"{left}>5, 9</th>' in sweep_of_two(plan)._repr_html_()
    assert f"<td{left}>What is ranked (board.ranked)</td><td{left}>interpretation</td><td>74</td><td>120</td>" in ambiguities(plan)._repr_html_()


def test_uncertain_facts_are_counts(plan: cr.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CADRERULES_LANG", raising=False)
    assert "<td>8</td>" in uncertainty(plan)._repr_html_()
    assert "How firm decisions stand against noise" in stability(plan)._repr_html_()
    assert "<td>12</td><td>14</td><td>14</td><td>12</td>" in bounds(plan)._repr_html_()


def test_they_are_chinese_where_the_environment_is(plan: cr.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CADRERULES_LANG", "zh")
    assert "红黑榜" in comparison(plan)._repr_html_()
    assert "应先明确的事项" in ambiguities(plan)._repr_html_()


def test_they_run_nothing(plan: cr.Plan) -> None:
    shown = comparison(plan, title=HOSTILE)._repr_html_()
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)" in shown
