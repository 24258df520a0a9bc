"""A policy set small enough to know all its mutants: lateness at a depot, with who is told and what can be waived."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.testing.cases import CaseDocument, read_cases

SET = """
format: 1
policy_set: depot
title: {en: Depot, zh: 仓库}
tables:
  trips:
    columns:
      year: {type: year, key: true}
      driver: {type: text, key: true}
      late: {type: number, low: 0, step: 0.1}
      grade: {type: choice, options: [good, fair, bad]}
  drivers:
    columns:
      driver: {type: text, key: true}
      post: {type: choice, options: [chief, driver, guard]}
"""
QUESTIONS = """
format: 1
questions:
  bonus:
    title: {en: Bonus, zh: 奖金}
    subject: driver
    period: year
    verdicts:
      paid: {title: {en: paid, zh: 发放}, polarity: favourable, severity: 1}
      stopped: {title: {en: stopped, zh: 停发}, polarity: adverse, severity: 2, waivable: true}
    decide: gravest
  class:
    title: {en: Class, zh: 等次}
    subject: driver
    period: year
    verdicts:
      a: {title: {en: A, zh: 甲}, polarity: neutral}
      b: {title: {en: B, zh: 乙}, polarity: neutral}
    decide: exactly_one
"""
POLICY = """
format: 1
policy: depot
title: {en: Depot, zh: 仓库}
clause: "1.1"
params:
  most: {value: 3, step: 0.1, domain: ">= 0"}
interpretations:
  counted:
    options: [alone, running]
    default: alone
    why: {en: open, zh: 未定}
facts: trips
derive:
  mark:
    cases:
      - {when: late <= 1, value: low}
      - {when: late <= param.most, value: middle}
      - {otherwise: high}
  years: run(mark == "high", gap="breaks")
  much: years >= 2 if interpretation.counted == "running" else mark == "high"
rules:
  - id: paid
    title: {en: Paid, zh: 发放}
    when: grade in ["good", "fair"] and mark != "high"
    then: bonus.paid
    to: {each: drivers, where: post == "chief"}
  - id: stopped
    title: {en: Stopped, zh: 停发}
    when: much
    then: bonus.stopped
  - id: class
    title: {en: Class, zh: 等次}
    table:
      hit: first
      on: [late, grade]
      rows:
        - ["<= 2", good, a]
        - ["-", "-", b]
    then: class
"""
CASES = """
format: 1
policies: [depot]
as_of: 2025-01-15
given:
  drivers: [{driver: D1, post: chief}, {driver: D2, post: guard}]
cases:
  - name: three is not too much
    given: {trips: [{year: 2024, driver: D1, late: 3, grade: good}]}
    expect:
      - {question: bonus, subject: D1, period: 2024, status: decided, verdict: paid}
    expect_none: [{question: bonus, subject: D2}]
  - name: more than three is
    given: {trips: [{year: 2024, driver: D1, late: 3.1, grade: good}]}
    expect: [{question: bonus, subject: D1, period: 2024, status: decided, verdict: stopped}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("policy_set", SET), ("questions", QUESTIONS), ("depot", POLICY)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "depot.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def plan(folder: Path) -> cr.Plan:
    return cr.load_policies(folder)


@pytest.fixture
def cases(folder: Path) -> list[CaseDocument]:
    return read_cases(folder)


@pytest.fixture
def with_case(folder: Path) -> Callable[[str], list[CaseDocument]]:
    """The case files with one more case, pasted at their end."""

    def paste(text: str) -> list[CaseDocument]:
        path = folder / "cases" / "depot.yaml"
        path.write_text(CASES + text, encoding="utf-8")
        return read_cases(folder)

    return paste
