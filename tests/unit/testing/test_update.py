from __future__ import annotations

from pathlib import Path

import pytest

from cadrerules.testing.cases import plan_of, read_cases, run_case
from cadrerules.testing.update import update_case, written
from small_marks import CASES, POLICY, write_marks


def updated(file: Path) -> list[str]:
    """What is rewritten in the file, and whether its cases then pass."""
    changes = []
    for document in read_cases(file):
        plan = plan_of(document)
        for case in document.file.cases:
            outcome = run_case(plan, document.file, case)
            if not outcome.passed:
                found, after = update_case(document, outcome, plan)
                changes += [change.text() for change in found]
                assert after.passed is all(run_case(plan, d.file, c).passed for d in read_cases(file) for c in d.file.cases if c.name == case.name)
    return changes


def test_only_what_differs_is_rewritten_and_all_else_stays(tmp_path: Path) -> None:
    file = write_marks(tmp_path, CASES.replace("verdict: low", "verdict: high"))
    assert updated(file) == ["two points bar: grade/P/2024.verdict: high -> low"]
    assert file.read_text(encoding="utf-8") == CASES


def test_a_file_that_is_right_is_left_alone(tmp_path: Path) -> None:
    file = write_marks(tmp_path)
    before = file.stat().st_mtime_ns
    assert updated(file) == []
    assert file.stat().st_mtime_ns == before


def test_an_expectation_of_nothing_is_taken_out(tmp_path: Path) -> None:
    file = write_marks(tmp_path, policy=POLICY.replace("bar: {value: 2,", "bar: {value: 2.1,"))
    assert updated(file) == [
        "two points bar: expect: - {question: promotion, subject: P, period: 2024, status: decided, verdict: barred} # proposed -> -"
    ]
    assert "# as the clause says" in file.read_text(encoding="utf-8")
    assert "barred" not in file.read_text(encoding="utf-8")


def test_a_decision_that_is_not_named_is_added(tmp_path: Path) -> None:
    lines = CASES.splitlines(keepends=True)
    short = "".join(line for line in lines if "verdict: low" not in line).replace("    clause: 2\n", "    nothing_else: true\n")
    file = write_marks(tmp_path, short)
    (change,) = updated(file)
    entry = '{question: grade, subject: P, period: "2024", id: grade/P/2024, status: decided, verdict: low, because: [mark.grade]}'
    assert change == f"two points bar: expect: - -> {entry}"
    assert f"verdict: barred}}  # proposed\n      - {entry}\n" in file.read_text(encoding="utf-8")


def test_comments_after_an_entry_in_several_lines_stay(tmp_path: Path) -> None:
    flow = "      - {question: promotion, subject: P, period: 2024, status: decided, verdict: barred}  # proposed\n"
    block = "      - question: promotion\n        subject: P\n        period: 2024\n        # why it is so\n        verdict: barred\n"
    moved = [line for line in CASES.splitlines(keepends=True) if line != flow]
    at = next(n for n, line in enumerate(moved) if "verdict: low" in line) + 1
    text = "".join([*moved[:at], block, "  # what is below the bound\n", *moved[at:]])
    file = write_marks(tmp_path, text, POLICY.replace("bar: {value: 2,", "bar: {value: 2.1,"))
    assert len(updated(file)) == 1
    assert file.read_text(encoding="utf-8") == text.replace(block, "")


def test_one_entry_may_take_another_s_place(tmp_path: Path) -> None:
    text = CASES.replace("subject: P, period: 2024, verdict: low", "subject: Q, period: 2024, verdict: low")
    text = text.replace("    clause: 2\n", "    nothing_else: true\n")
    file = write_marks(tmp_path, text)
    assert [change.split(": ", 2)[1:] for change in updated(file)] == [
        ["expect", "- {question: grade, subject: Q, period: 2024, verdict: low} -> -"],
        ["expect", '- -> {question: grade, subject: P, period: "2024", id: grade/P/2024, status: decided, verdict: low, because: [mark.grade]}'],
    ]


def test_a_last_entry_may_be_replaced_by_another(tmp_path: Path) -> None:
    one = "".join(line for line in CASES.splitlines(keepends=True) if "verdict: low" not in line)
    text = one.replace("subject: P, period: 2024, status", "subject: Q, period: 2024, status").replace("    clause: 2\n", "    nothing_else: true\n")
    file = write_marks(tmp_path, text)
    assert len(updated(file)) == 3
    (document,) = read_cases(file)
    assert [e.subject for e in document.file.cases[0].expect] == ["P", "P"]


def test_line_ends_stay(tmp_path: Path) -> None:
    file = write_marks(tmp_path)
    file.write_bytes(CASES.replace("verdict: low", "verdict: high").replace("\n", "\r\n").encode())
    assert len(updated(file)) == 1
    assert file.read_bytes() == CASES.replace("\n", "\r\n").encode()


def test_what_must_not_be_is_left_to_a_person(tmp_path: Path) -> None:
    file = write_marks(tmp_path, policy=POLICY.replace("bar: {value: 2,", "bar: {value: 1,"))
    before = file.read_text(encoding="utf-8")
    assert updated(file) == []
    assert file.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ("red", "red"),
        ("null", '"null"'),
        ("Yes", '"Yes"'),
        ("2.1", '"2.1"'),
        ("a: b", '"a: b"'),
        ("甲", "甲"),
        (["mark.bar", None], "[mark.bar, null]"),
        ({"a": "1"}, '{a: "1"}'),
        (2, "2"),
    ],
)
def test_values_are_written_so_that_they_are_read_back(value: object, text: str) -> None:
    from cadrerules.load.yaml import read_yaml

    assert written(value) == text
    assert read_yaml(f"x: {text}\n").data["x"] == value
