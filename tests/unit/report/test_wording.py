from __future__ import annotations

import pytest

import cadrerules as cr
from cadrerules.errors import Lang
from cadrerules.report.wording import Wording


def wording(plan: cr.Plan, lang: Lang, rule: str = "assessment.bar_ranking") -> Wording:
    policy = plan.policies[rule.partition(".")[0]]
    return Wording.of(policy, plan.rules[rule], plan.policy_set.context, lang, {"assessment.last": "3"})


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("regional_rank > cities - param.assessment.last", "Regional rank > Cities ranked - 3 (how many are the last)", "全区排名 > 参评市数 - 3（后几名）"),
        ('role in ["head", "key_staff"]', 'Role is one of "head", "key staff"', "职务属于“负责人”、“业务骨干”之一"),
        ('cause == "subjective" and not exempt', 'Cause is "subjective" and not (exempted for a tolerated error)', "原因为“主观”且并非（已容错免责）"),
        ("not (exempt or completed)", "not (exempted for a tolerated error or Task completed)", "并非（已容错免责或任务完成）"),
        ("left >= last_day(period)", "Left ≥ last day of the period", "离任日期 ≥ 期间最后一日"),
        ("deducted if subjective else 0", "Points deducted if for subjective reasons, else 0", "若属主观原因则扣分，否则0"),
        ("exists(exemptions)", "there is a row in Exemptions", "“容错免责”中有相应记录"),
        ("total(own_lost, per=[year, unit])", "total of points lost on this indicator for subjective reasons for the same year, unit", "同一年度、科室的本项指标主观扣分合计"),
        ("previous(last_this_year, per=[unit])", "one period earlier: among the last this year", "上一期：当年居后列"),
        ("months_between(joined, as_of) >= 2.5", "whole months from Joined to the day of evaluation ≥ 2.5", "到任日期至评价日期的整月数 ≥ 2.5"),
        ("cities - (regional_rank - 1)", "Cities ranked - (Regional rank - 1)", "参评市数 - （全区排名 - 1）"),
        ("in_force.from", "in_force.from", "in_force.from"),
    ],
)  # fmt: skip
def test_an_expression_in_words(plan: cr.Plan, text: str, en: str, zh: str) -> None:
    assert wording(plan, "en", "assessment.bar_deduction").expression(text) == en
    assert wording(plan, "zh", "assessment.bar_deduction").expression(text) == zh


@pytest.mark.parametrize(
    ("raw", "en", "zh"),
    [
        ("true", "true", "成立"),
        ("false", "false", "不成立"),
        ("unknown", "unknown", "未知"),
        ("2.5", "2.5", "2.5"),
        ("3..5", "3 to 5", "3 至 5"),
        ("at least 0", "at least 0", "不小于 0"),
        ("at most 2.5", "at most 2.5", "不大于 2.5"),
        ("9999-12-31", "none", "无"),
        ("barred_in_principle", "in principle not considered", "原则上不予考虑"),
        ("objective or subjective", "objective or subjective", "客观或主观"),
        ("more or less", "more or less", "more or less"),
    ],
)
def test_a_value_in_words(plan: cr.Plan, raw: str, en: str, zh: str) -> None:
    assert wording(plan, "en", "assessment.bar_deduction").value(raw) == en
    assert wording(plan, "zh", "assessment.bar_deduction").value(raw) == zh


@pytest.mark.parametrize(
    ("cell", "raw", "en", "zh"),
    [
        ("results[2024/A/I].completed", "false", "no", "否"),
        ("results[2024/A/I].cause", "objective", "objective", "客观"),
        ("results[2024/A/I].deducted", "at least 0", "unknown", "未知"),
        ("results[2024/at least 1/I].unit", "at least 1", "at least 1", "at least 1"),
        ("staff[P1/A/head].left", "9999-12-31", "none", "无"),
    ],
)
def test_a_fact_in_words(plan: cr.Plan, cell: str, raw: str, en: str, zh: str) -> None:
    for lang, expected in (("en", en), ("zh", zh)):
        words = wording(plan, lang)  # type: ignore[arg-type]
        assert words.value(raw, words.spec(cell)) == expected


def test_a_row_is_named_by_its_key(plan: cr.Plan) -> None:
    row = {"unit": "U05", "role": "head"}
    assert wording(plan, "en").label(row) == "Unit U05, Role head"
    assert wording(plan, "zh").label(row) == "科室 U05，职务 负责人"
