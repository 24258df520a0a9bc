"""A small policy set of parcels and their fees, whose documents a test may change."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import cadrerules as cr

SET = """
format: 1
policy_set: parcels
title: {zh: 包裹, en: Parcels}
tables:
  parcels:
    columns:
      year: {type: year, key: true}
      parcel: {type: text, key: true}
      weight: {type: number, low: 0, step: 0.1}
      fragile: {type: truth}
"""
MORE = """
    format: 1
    policy: more
    title: {zh: 更多, en: More}
    params: {most: {value: 1}}
    facts: parcels
    rules:
      - {id: any, title: {zh: 任, en: Any}, when: weight > param.most, then: fee.high}
"""
"""A further policy, as `plan(more=MORE)` takes it."""
QUESTIONS = """
format: 1
questions:
  fee:
    title: {zh: 费用, en: Fee}
    subject: parcel
    period: year
    verdicts:
      low: {title: {zh: 低, en: low}, polarity: favourable, severity: 1}
      high: {title: {zh: 高, en: high}, polarity: adverse, severity: 2}
    decide: gravest
  care:
    title: {zh: 小心, en: Care}
    subject: parcel
    period: year
    verdicts: {due: {title: {zh: 须小心, en: due}, polarity: neutral}}
    decide: gravest
"""
FEES = """
format: 1
policy: fees
title: {zh: 费用, en: Fees}
clause: "1"
params:
  heavy: {value: 10, step: 0.1, title: {zh: 重, en: heavy}}
  extra: {value: 5, step: 0.1}
interpretations:
  counted:
    options: {plain: {zh: 净重, en: net}, packed: {zh: 毛重, en: gross}}
    default: plain
    why: {zh: 未说明, en: not said}
facts: parcels
derive:
  counts: weight if interpretation.counted == "plain" else weight + 1
  size:
    cases: [{when: counts <= 1, value: small}, {when: counts <= 5, value: middle}, {otherwise: large}]
titles: {counts: {zh: 计重, en: weight that counts}}
rules:
  # a remark
  - {id: low, title: {zh: 低, en: Low}, when: counts <= param.heavy, then: fee.low}
  - {id: high, title: {zh: 高, en: High}, when: counts > param.heavy, then: fee.high}
  - id: care
    title: {zh: 小心, en: Care}
    table: {hit: first, on: [fragile, size], rows: [["true", "-", due], ["-", small, due]]}
    then: care
"""

Make = Callable[..., cr.Plan]


def written(folder: Path, *replaced: tuple[str, str], more: str = "") -> Path:
    """The folder with the documents in it, pieces of them replaced, and perhaps one more policy."""
    folder.mkdir(exist_ok=True, parents=True)
    texts = {"policy_set": SET, "questions": QUESTIONS, "fees": FEES}
    for before, after in replaced:
        (name,) = [name for name, text in texts.items() if before in text]
        texts[name] = texts[name].replace(before, after)
    if more:
        texts["more"] = textwrap.dedent(more)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder
