"""Policy documents: every fault with its code and place, all of them in one report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cadrerules.errors import PolicyError
from cadrerules.load.policies import read_policy_set
from small_register import SET

QUESTIONS = """\
format: 1
questions:
  size:
    title: {zh: 大小, en: Size}
    subject: thing
    period: year
    verdicts: {big: {title: {zh: 大, en: big}, polarity: neutral}}
    decide: gravest
"""
POLICY = """\
format: 1
policy: size
title: {zh: 大小, en: Size}
params:
  limit: {value: 3}
facts: things
derive:
  large: size > param.limit
rules:
  - {id: big, title: {zh: 大, en: Big}, when: large, then: size.big}
"""


def problems(folder: Path, **changes: tuple[str, str]) -> list[tuple[str, str, int | None, int | None]]:
    """The problems of the set after replacing a text in one of its documents: code, file, line, column."""
    for name, text in {"policy_set": SET, "questions": QUESTIONS, "size": POLICY}.items():
        old, new = changes.get(name, ("", ""))
        assert old in text
        (folder / f"{name}.yaml").write_text(text.replace(old, new) if old else text, encoding="utf-8")
    try:
        read_policy_set(folder)
    except PolicyError as error:
        return [(p.code, Path(p.place.file).name, p.place.line, p.place.column) for p in error.problems]
    return []


def test_a_set_that_is_right_has_none(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("document", "old", "new", "expected"),
    [
        ("size", "size > param.limit", "siz > param.limit", ("CR-UNKNOWN-NAME", "size.yaml", 8, 10)),
        ("size", "size > param.limit", "size > param.limits", ("CR-UNKNOWN-NAME", "size.yaml", 8, 17)),
        ("size", "size > param.limit", "size + 1", ("CR-NOT-A-TRUTH", "size.yaml", 10, 46)),
        ("size", "large: size > param.limit", "large: huge\n  huge: large", ("CR-CYCLE", "size.yaml", 8, None)),
        ("size", "  large:", "  size:", ("CR-NAME-TAKEN", "size.yaml", 8, None)),
        ("size", "then: size.big", "then: size.bigg", ("CR-UNKNOWN-OUTCOME", "size.yaml", 10, None)),
        ("size", "facts: things", "facts: thing", ("CR-UNKNOWN-TABLE", "size.yaml", 6, None)),
        ("size", "{value: 3}", '{value: 0, domain: ">= 1"}', ("CR-BAD-PARAMETER", "size.yaml", 5, None)),
        ("size", "{value: 3}", '{value: 3, domain: "more"}', ("CR-BAD-DOMAIN", "size.yaml", 5, None)),
        ("size", "{value: 3}", "{}", ("CR-BAD-DOCUMENT", "size.yaml", 5, 10)),
        ("size", "policy: size", "policy: size\npolicies: 1", ("CR-BAD-DOCUMENT", "size.yaml", 3, 1)),
        ("policy_set", "size: {", "spec: {", ("CR-BAD-DOCUMENT", "policy_set.yaml", 5, 11)),
        ("questions", "period: year", "period: quarter", ("CR-WRONG-PERIOD", "size.yaml", 10, None)),
        ("questions", "subject: thing", "subject: person", ("CR-NO-SUBJECT", "size.yaml", 10, None)),
    ],
)
def test_each_fault_has_a_code_and_a_place(tmp_path: Path, document: str, old: str, new: str, expected: Any) -> None:
    assert problems(tmp_path, **{document: (old, new)}) == [expected]


def test_all_faults_of_a_document_are_in_one_report(tmp_path: Path) -> None:
    faults = problems(tmp_path, size=("large: size > param.limit", "large: siz > 1\n  other: size > param.x"))
    assert [fault[0] for fault in faults] == ["CR-UNKNOWN-NAME", "CR-UNKNOWN-NAME"]


def test_a_folder_without_a_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        read_policy_set(tmp_path)
    assert caught.value.code == "CR-NO-POLICIES"
