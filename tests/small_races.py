"""A small policy set of races: ranks upwards, by time, with rules that rest on places in several ways."""

from __future__ import annotations

from pathlib import Path

import cadrerules as cr

SET = """
format: 1
policy_set: races
title: {zh: 赛跑, en: Races}
tables:
  results:
    columns:
      year: {type: year, key: true}
      runner: {type: text, key: true}
      seconds: {type: number, low: 0, step: 0.1}
      tired: {type: truth}
"""
QUESTIONS = """
format: 1
questions:
  medal:
    title: {zh: 奖牌, en: Medal}
    subject: runner
    period: year
    verdicts:
      gold: {title: {zh: 金牌, en: gold}, polarity: favourable, severity: 2}
      bronze: {title: {zh: 铜牌, en: bronze}, polarity: favourable, severity: 1}
    decide: gravest
  rest:
    title: {zh: 休息, en: Rest}
    subject: runner
    period: year
    verdicts: {due: {title: {zh: 须休息, en: due}, polarity: neutral}}
    decide: gravest
"""
POLICY = """
format: 1
policy: races
title: {zh: 赛跑, en: Races}
clause: "1"
params: {golds: {value: 1}, bronzes: {value: 3}}
interpretations:
  ties:
    options: [competition, dense, ordinal]
    default: competition
    why: {zh: 未说明, en: not said}
facts: results
derive:
  place: rank(seconds, within=[year], order="ascending", ties=interpretation.ties)
  won: place <= param.golds
  again: previous(won)
rules:
  - {id: gold, title: {zh: 金牌, en: Gold}, when: won, then: medal.gold}
  - {id: bronze, title: {zh: 铜牌, en: Bronze}, when: place <= param.bronzes, then: medal.bronze}
  - {id: rest, title: {zh: 休息, en: Rest}, when: won and again or tired, then: rest.due}
"""


def races(folder: Path) -> cr.Plan:
    """The plan, its documents written to a folder."""
    texts = {"policy_set.yaml": SET, "questions.yaml": QUESTIONS, "races.yaml": POLICY}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return cr.load_policies(folder)


def result(year: int, runner: str, seconds: object, *, tired: bool = False) -> dict[str, object]:
    """A runner's row."""
    return {"year": year, "runner": runner, "seconds": seconds, "tired": tired}
