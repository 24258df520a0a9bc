from __future__ import annotations

from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.testing.cases import Amender, evaluate_case, facts_of, plan_of, read_cases, run_case
from small_marks import CASES, write_marks


def test_a_folder_and_a_file_are_read_alike(tmp_path: Path) -> None:
    file = write_marks(tmp_path)
    assert [d.file for d in read_cases(tmp_path)] == [d.file for d in read_cases(file)] == [d.file for d in read_cases(file.parent)]


def test_a_case_has_its_line(tmp_path: Path) -> None:
    (document,) = read_cases(write_marks(tmp_path))
    assert [document.place(case).line for case in document.file.cases] == [9, 15]


def test_all_faults_of_all_files_are_reported_with_their_places(tmp_path: Path) -> None:
    file = write_marks(tmp_path, CASES.replace("about:", "abuot:"))
    (file.parent / "other.yaml").write_text("format: 1\nas_of: 2025-01-15\ncases:\n  - {name: a}\n", encoding="utf-8")
    with pytest.raises(cr.PolicyError) as caught:
        read_cases(tmp_path)
    assert [(p.code, p.place.file, p.place.line, p.place.column) for p in caught.value.problems] == [
        ("CR-BAD-DOCUMENT", "marks.yaml", 3, 1),
        ("CR-BAD-DOCUMENT", "other.yaml", 4, 5),
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("one step below doesn't", "two points bar", "two cases are named `two points bar`"),
        ("as_of: 2025-01-15\n", "", "`as_of`"),
        ("format: 1", "format: 2", "`format`"),
    ],
)
def test_a_file_that_says_too_little_is_refused(tmp_path: Path, before: str, after: str, said: str) -> None:
    with pytest.raises(cr.PolicyError, match=said):
        read_cases(write_marks(tmp_path, CASES.replace(before, after)))


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(cr.UsageError, match="CR-NO-SUCH-PATH"):
        read_cases(tmp_path / "nothing")


def test_a_file_without_a_set_is_refused_and_one_that_names_its_set_is_not(tmp_path: Path) -> None:
    alone = tmp_path / "alone.yaml"
    alone.write_text("format: 1\nas_of: 2025-01-15\ncases: [{name: a, warnings: 0}]\n", encoding="utf-8")
    (document,) = read_cases(alone)
    with pytest.raises(cr.PolicyError, match="CR-CASES-WITHOUT-SET"):
        plan_of(document)
    alone.write_text(alone.read_text(encoding="utf-8") + "policy_set: market-supervision\n", encoding="utf-8")
    (document,) = read_cases(alone)
    assert plan_of(document).name == "market-supervision"


def test_cases_pass_or_say_what_differs(tmp_path: Path) -> None:
    (document,) = read_cases(write_marks(tmp_path))
    plan, (first, second) = plan_of(document), document.file.cases
    assert run_case(plan, document.file, first).passed
    assert run_case(plan, document.file, second).passed
    stricter = plan.amend({"mark.bar": "2.1"})
    outcome = run_case(stricter, document.file, first)
    assert [str(fault).splitlines()[0] for fault in outcome.faults] == [
        "promotion / P / 2024: 0 decisions instead of 1: -",
        "promotion / P / 2024: there is no decision; expected {question: promotion, subject: P, period: 2024, status: decided, verdict: barred}",
    ]


def test_rows_are_filled_replaced_and_dropped(tmp_path: Path) -> None:
    cases = """\
format: 1
as_of: 2025-01-15
fill: {marks: {year: 2024, cause: own, points: 1}}
given: {marks: {columns: [person, points], rows: [[A, 1], [B, 2], [C, 3]]}}
cases:
  - name: changed
    given: {marks: [{person: B, points: 2.5}, {person: D}]}
    drop: {marks: [{points: 3}]}
    warnings: 0
"""
    (document,) = read_cases(write_marks(tmp_path, cases))
    rows = facts_of(plan_of(document), document.file, document.file.cases[0])["marks"]
    assert {row["person"]: str(row["points"]) for row in rows} == {"A": "1", "B": "2.5", "D": "1"}
    assert {row["note"] for row in rows} == {None}


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("{name: a, given: {mraks: []}, warnings: 0}", "CR-UNKNOWN-TABLE"),
        ("{name: a, absent: [mraks], warnings: 0}", "CR-UNKNOWN-TABLE"),
        ("{name: a, expect_none: [{question: promotoin}]}", "CR-UNKNOWN-QUESTION"),
        ("{name: a, policies: [marks], given: {marks: []}, warnings: 0}", "CR-UNKNOWN-POLICY"),
        ("{name: a, given: {marks: [{points: -1}]}, warnings: 0}", "CR-TOO-LOW"),
    ],
)
def test_what_nobody_knows_fails_the_case_with_its_code(tmp_path: Path, case: str, code: str) -> None:
    head = CASES.split("cases:")[0]
    (document,) = read_cases(write_marks(tmp_path, f"{head}cases: [{case}]\n"))
    outcome = run_case(plan_of(document), document.file, document.file.cases[0])
    assert outcome.error is not None
    assert outcome.error.code == code
    assert not outcome.passed
    assert code in outcome.faults[0].text("zh")


def test_an_error_may_be_what_is_expected(tmp_path: Path) -> None:
    head = CASES.split("cases:")[0]
    text = f"{head}cases:\n  - {{name: a, given: {{marks: [{{points: -1}}]}}, raises: CR-TOO-LOW}}\n  - {{name: b, given: {{marks: []}}, raises: CR-TOO-LOW}}\n"
    (document,) = read_cases(write_marks(tmp_path, text))
    plan, (a, b) = plan_of(document), document.file.cases
    assert run_case(plan, document.file, a).passed
    assert [str(fault) for fault in run_case(plan, document.file, b).faults] == ["a result instead of the error CR-TOO-LOW"]
    with pytest.raises(cr.DataError, match="CR-TOO-LOW"):
        evaluate_case(plan, document.file, a)


def test_plans_are_amended_once_for_the_same_settings(tmp_path: Path) -> None:
    text = CASES.replace("    clause: 2\n", "    params: {mark.bar: 1}\n")
    (document,) = read_cases(write_marks(tmp_path, text))
    plan, (first, second), amend = plan_of(document), document.file.cases, Amender()
    assert amend(plan, first) is amend(plan, first)
    assert amend(plan, first).hash != plan.hash
    assert amend(plan, second) is plan
