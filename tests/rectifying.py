"""A small policy set on problems, for reports that read its decisions by question and verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cadrerules as cr

_SET = "format: 1\npolicy_set: rectifying\ntitle: {zh: 整改, en: Rectifying}\ntables_of: market-supervision\n"
_QUESTIONS = """
format: 1
questions:
  horizon:
    title: {zh: 整改期限, en: Horizon}
    subject: problem
    period: none
    verdicts:
      short: {title: {zh: 短期, en: short}, polarity: neutral}
      long: {title: {zh: 长期, en: long}, polarity: neutral}
    decide: exactly_one
  rectification:
    title: {zh: 整改进展, en: Rectification}
    subject: problem
    period: none
    verdicts:
      overdue: {title: {zh: 逾期, en: overdue}, polarity: adverse, waivable: true}
    decide: gravest
"""
_POLICY = """
format: 1
policy: rectification
title: {zh: 整改, en: Rectification}
clause: "2.1.2"
facts: problems
rules:
  - {id: short, title: {zh: 短期, en: Short}, when: "months_between(listed_on, due_on) <= 12", then: horizon.short}
  - {id: long, title: {zh: 长期, en: Long}, when: "months_between(listed_on, due_on) > 12", then: horizon.long}
  - {id: overdue, title: {zh: 逾期, en: Overdue}, when: "as_of > due_on and closed_on > as_of", then: rectification.overdue}
"""


def rectifying(folder: Path) -> cr.Plan:
    """The plan, its documents written to a folder."""
    for name, text in {"policy_set": _SET, "questions": _QUESTIONS, "rectification": _POLICY}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return cr.load_policies(folder)


def problem(name: str, **cells: Any) -> dict[str, Any]:
    """A problem with all that it must name, but for the cells given."""
    plain = {
        "problem": name,
        "aspect": "style",
        "listed_on": "2024-06-01",
        "due_on": "2024-12-01",
        "goal": "窗口等候时间减半",
        "measures": "增设窗口，延长服务时间",
        "lead_unit": "U01",
        "responsible_unit": "U02",
        "effect_on": None,
        "closed_on": None,
    }
    return {**plain, **cells}


UNITS = [{"unit": "U01", "name": "综合科"}, {"unit": "U02", "name": None}]
