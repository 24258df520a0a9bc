"""A policy set on marks with cases beside it, small enough to see what they cover."""

from __future__ import annotations

from pathlib import Path

SET = """\
format: 1
policy_set: marks
title: {zh: 评分, en: Marks}
tables:
  marks:
    columns:
      year: {type: year, key: true}
      person: {type: text, key: true}
      points: {type: number, step: 0.1, low: 0}
      cause: {type: choice, options: [own, other]}
      note: {type: text, empty: none}
"""
QUESTIONS = """\
format: 1
questions:
  promotion:
    title: {zh: 晋升, en: Promotion}
    subject: person
    period: year
    verdicts:
      barred: {title: {zh: 不予晋升, en: barred}, polarity: adverse}
    decide: exactly_one
  grade:
    title: {zh: 等级, en: Grade}
    subject: person
    period: year
    verdicts:
      high: {title: {zh: 高, en: high}, polarity: favourable}
      low: {title: {zh: 低, en: low}, polarity: adverse}
    decide: exactly_one
"""
POLICY = """\
format: 1
policy: mark
title: {zh: 评分, en: Marks}
clause: "1"
params:
  bar: {value: 2, step: 0.1}
  most: {value: 3, step: 0.1}
facts: marks
derive:
  between: param.bar <= points and points <= param.most
rules:
  - {id: bar, title: {zh: 不予晋升, en: Barred}, clause: "2", when: between and cause == "own", then: promotion.barred}
  - id: grade
    title: {zh: 等级, en: Grade}
    table: {hit: first, on: [points], rows: [["< 2", high], ["-", low]]}
    then: grade
"""
CASES = """\
# How marks are judged.
format: 1
about: one person in one year
as_of: 2025-01-15
fill:
  marks: {year: 2024, person: P, cause: own}
cases:
  # the lower bound is included
  - name: two points bar   # as the clause says
    clause: 2
    given: {marks: [{points: 2}]}
    expect:
      - {question: promotion, subject: P, period: 2024, status: decided, verdict: barred}  # proposed
      - {question: grade, subject: P, period: 2024, verdict: low}
  - name: one step below doesn't
    given: {marks: [{points: 1.9}]}
    expect:
      - {question: grade, subject: P, period: 2024, verdict: high}
    expect_none: [{question: promotion}]
"""


def write_marks(folder: Path, cases: str = CASES, policy: str = POLICY) -> Path:
    """The policy set in a folder, with a file of cases beside it; the path of that file."""
    texts = {"policy_set.yaml": SET, "questions.yaml": QUESTIONS, "mark.yaml": policy, "cases/marks.yaml": cases}
    (folder / "cases").mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "cases" / "marks.yaml"
