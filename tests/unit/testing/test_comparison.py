from __future__ import annotations

from datetime import date
from typing import Any

from cadrerules.model.result import Decision, Finding, NotEvaluated, Result, Subject
from cadrerules.testing.case_documents import Case
from cadrerules.testing.comparison import faults

PERSON = Subject(kind="person", id="P")


def decision(question: str = "flag", verdict: str | None = "red", because: tuple[str, ...] = ("a.b",)) -> Decision:
    return Decision(id="x", question=question, subject=PERSON, period="2024", status="decided", verdict=verdict, because=because)


def result(*decisions: Decision, **more: Any) -> Result:
    return Result({}, date(2025, 1, 15), more.pop("findings", ()), decisions, more.pop("not_evaluated", ()), **more)


def said(found: Result, *, by_rule: tuple[str, ...] = (), **case: Any) -> list[str]:
    return [str(fault) for fault in faults(found, Case(name="a", **case), by_rule)]


WANTED = {"question": "flag", "subject": "P", "period": "2024"}


def test_only_named_fields_are_compared() -> None:
    assert said(result(decision()), expect=[WANTED]) == []
    assert said(result(decision()), expect=[WANTED | {"verdict": "red"}]) == []


def test_what_differs_is_said_field_by_field() -> None:
    assert said(result(decision()), expect=[WANTED | {"verdict": None, "because": ["a.c"], "status": "decided"}]) == [
        ("flag / P / 2024: the decision is not as expected\n"
        "    verdict: expected null, is red\n"
        "    because: expected [a.c], is [a.b]")
    ]


def test_every_decision_on_a_named_place_must_be_named() -> None:
    assert said(result(decision(), decision(verdict="black")), expect=[WANTED]) == [
        ("flag / P / 2024: 2 decisions instead of 1: {id: x, question: flag, subject: P, period: 2024, status: decided, verdict: red, because: [a.b]}; "
        "{id: x, question: flag, subject: P, period: 2024, status: decided, verdict: black, because: [a.b]}")
    ]


def test_a_question_by_rule_is_compared_rule_by_rule() -> None:
    found = result(decision(), decision(verdict="black", because=("a.c",)))
    wanted = [WANTED | {"because": ["a.c"], "verdict": "black"}]
    assert said(found, expect=wanted, by_rule=("flag",)) == []
    assert said(found, expect=wanted, by_rule=("flag",), nothing_else=True) == []
    assert len(said(found, expect=wanted)) == 1


def test_what_must_not_be_is_named() -> None:
    assert said(result(decision()), expect_none=[{"question": "flag", "subject": "Q"}]) == []
    (fault,) = said(result(decision()), expect_none=[{"question": "flag"}])
    assert fault.startswith("flag / P / 2024: a decision that should not be: {id: x")
    assert len(said(result(decision(), decision("other")), expect=[WANTED], nothing_else=True)) == 1


def test_findings_gaps_and_warnings() -> None:
    finding = Finding(rule="a.b", clause=("1",), outcome="flag.red", waivable=False, subject=PERSON, period="2024", status="holds")
    gap = NotEvaluated(policy="a", rule=None, tables=("t",), reason="")
    found = result(findings=[finding], not_evaluated=[gap], warnings=[{"en": "beware", "zh": "注意"}])
    assert said(found, expect_findings=[{"rule": "a.b", "subject": "P", "outcome": "flag.red"}]) == []
    assert said(found, expect_findings=[{"rule": "a.b", "subject": "P", "status": "undetermined"}]) == [
        "a.b / P: the finding is not as expected\n    status: expected undetermined, is holds"
    ]
    assert said(found, expect_findings=[{"rule": "a.c", "subject": "P"}]) == [
        "a.c / P: there is no such finding; expected {rule: a.c, subject: P}"
    ]
    assert said(found, not_evaluated=[{"policy": "a", "tables": ["t"]}], warnings=1) == []
    assert said(found, not_evaluated=[], warnings=0) == [
        "not evaluated: [[a, null, [t]]] instead of []",
        "1 warnings instead of 0: beware",
    ]


def test_both_languages_tell_a_fault() -> None:
    (fault,) = faults(result(decision()), Case(name="a", expect=[WANTED | {"verdict": "black"}]))  # type: ignore[list-item]
    assert fault.text("zh") == "flag / P / 2024：结论与预期不符\n    verdict：预期 black，实为 red"
