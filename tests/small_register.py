"""A policy set of three rules with a register of clauses, whose documents may be changed."""

from __future__ import annotations

from pathlib import Path

SET = """\
format: 1
policy_set: things
title: {zh: 物, en: Things}
tables:
  things: {columns: {year: {type: year, key: true}, thing: {type: text, key: true}, size: {type: number}}}
"""
QUESTIONS = """\
format: 1
questions:
  size:
    title: {zh: 大小, en: Size}
    subject: thing
    period: year
    verdicts:
      big: {title: {zh: 大, en: big}, polarity: neutral, severity: 2}
      small: {title: {zh: 小, en: small}, polarity: neutral, severity: 1}
    decide: {choose: size.both, own: gravest, other: each}
"""
POLICY = """\
format: 1
policy: size
title: {zh: 大小, en: Size}
clause: "1"  # of the policy
params:
  limit: {value: 3, clause: "1"}
  floor: {unset: {zh: 原文未写, en: left out}, clause: "2", title: {zh: 下限, en: the floor}}
interpretations:
  both:
    options: {own: {zh: 甲, en: one}, other: {zh: 乙, en: another}}
    default: own
    clause: "1"
    why: {zh: 未说明, en: not said}
  stray: {options: [left, right], default: left, clause: "2", why: {zh: 未说明, en: not said}}
facts: things
rules:
  - {id: big, title: {zh: 大物, en: Big one}, when: size > param.limit, then: size.big}
  - id: small
    title: {zh: 小物, en: Small one}
    when: size < param.floor
    clause: "2"
    then: size.small
"""
CLAUSES = """\
format: 1
clauses:
  - clause: "1"
    title: {zh: 大, en: Big}
    status: computable
    rules: [size.big]
  - clause: "1"
    title: {zh: 借用, en: Borrowed}
    status: computable
    through: [size.big, size.gone]
  - clause: "2"
    title: {zh: 小, en: Small}
    status: computable
    rules: [size.small, size.tiny]
  - clause: "2"
    title: {zh: 美观, en: Beauty}
    status: needs_judgement
    note: {zh: 由人看, en: people look}
  - clause: "3"
    title: {zh: 空, en: Nothing yet}
    status: computable
"""


def write(folder: Path, **changes: tuple[str, str]) -> Path:
    """The folder, with the set's documents after replacing a text in some of them."""
    for name, text in {"policy_set": SET, "questions": QUESTIONS, "size": POLICY, "clauses": CLAUSES}.items():
        old, new = changes.get(name, ("", ""))
        assert old in text
        (folder / f"{name}.yaml").write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return folder
