"""Decision tables in files beside their policy: read like tables of facts, with errors that point into the file."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

import cadrerules as cr

SET = """
format: 1
policy_set: t
title: {en: T, zh: 例}
tables:
  marks:
    columns:
      pupil: {type: text, key: true}
      points: {type: number, step: 0.1, low: 0, high: 10}
      kind: {type: choice, options: [a, b]}
"""
QUESTIONS = """
format: 1
questions:
  grade:
    title: {en: Grade, zh: 等次}
    subject: pupil
    period: none
    verdicts:
      top: {title: {en: top, zh: 优}, polarity: favourable}
      fair: {title: {en: fair, zh: 良}, polarity: neutral}
      poor: {title: {en: poor, zh: 差}, polarity: adverse}
    decide: exactly_one
"""
POLICY = """
format: 1
policy: marking
title: {en: Marking, zh: 评分}
facts: marks
rules:
  - id: grade
    title: {en: Grades, zh: 等次}
    table: {hit: HIT, on: [points, kind], SOURCE}
    then: grade
"""
ROWS = [["points", "kind", "grade"], ["8..10", "-", "top"], ["5..7.9", "a", "fair"], ["< 5", "a", "poor"]]
ROWS += [["< 8", "b", "poor"]]
MARKS = [("p1", 8, "a"), ("p2", "", "a"), ("p3", 5, "b"), ("p4", "7.9", "a"), ("p5", "4.9", "")]


def folder(path: Path, source: str, hit: str = "unique") -> Path:
    (path / "policy_set.yaml").write_text(SET, encoding="utf-8")
    (path / "questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    text = POLICY.replace("SOURCE", source).replace("HIT", hit)
    (path / "marking.yaml").write_text(text, encoding="utf-8")
    return path


def csv_file(path: Path, rows: list[list[str]]) -> None:
    quoted = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    (path / "bands.csv").write_text(quoted, encoding="utf-8")


def verdicts(path: Path) -> dict[str, object]:
    plan = cr.load_policies(path)
    rows = [{"pupil": pupil, "points": points, "kind": kind} for pupil, points, kind in MARKS]
    result = plan.evaluate(cr.read_tables({"marks": rows}, plan))
    return {d.subject.id: d.verdict or d.possible for d in result.decisions}


EXPECTED = {"p1": "top", "p2": ("top", "fair", "poor"), "p3": "poor", "p4": "fair", "p5": "poor"}


def test_a_csv_beside_the_document(tmp_path: Path) -> None:
    csv_file(tmp_path, ROWS)
    assert verdicts(folder(tmp_path, "file: bands.csv")) == EXPECTED


def test_a_sheet_of_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "bands.xlsx") as book:
        book.add_worksheet("other").write_row(0, 0, ["x"])
        sheet = book.add_worksheet("bands")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    assert verdicts(folder(tmp_path, "file: bands.xlsx, sheet: bands")) == EXPECTED


def test_the_same_table_has_the_same_hash_wherever_it_stands(tmp_path: Path) -> None:
    csv_file(tmp_path, ROWS)
    in_file = cr.load_policies(folder(tmp_path, "file: bands.csv")).hash
    inline = f"rows: {ROWS[1:]}".replace("'", '"')
    assert cr.load_policies(folder(tmp_path, inline)).hash == in_file


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        ({0: ["kind", "points", "grade"]}, "CR-TABLE-HEADINGS", None),
        ({2: ["5..7.9", "a"]}, "CR-TABLE-ROW", None),
        ({2: ["5..8", "a", "fair"]}, "CR-ROWS-OVERLAP", 3),
        ({2: ["5..7.9", "c", "fair"]}, "CR-NO-SUCH-WORD", 3),
        ({2: ["5..7.9", "a", "good"]}, "CR-UNKNOWN-OUTCOME", None),
        ({2: ["5 <", "a", "fair"]}, "CR-SYNTAX", 3),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_is_wrong_is_found_in_the_file(
    tmp_path: Path, change: dict[int, list[str]], code: str, line: int | None
) -> None:
    csv_file(tmp_path, [change.get(n, row) for n, row in enumerate(ROWS)])
    with pytest.raises(cr.PolicyError) as caught:
        cr.load_policies(folder(tmp_path, "file: bands.csv"))
    assert caught.value.code == code
    if line is not None:
        assert (caught.value.problems[0].place.file, caught.value.problems[0].place.line) == ("bands.csv", line)


def test_overlap_is_no_fault_where_the_first_row_counts(tmp_path: Path) -> None:
    csv_file(tmp_path, [ROWS[0], ["8..10", "-", "top"], ["5..10", "-", "fair"], ["-", "-", "poor"]])
    found = verdicts(folder(tmp_path, "file: bands.csv", "first"))
    assert found == {"p1": "top", "p2": ("top", "fair", "poor"), "p3": "fair", "p4": "fair", "p5": "poor"}


def test_a_file_or_sheet_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(cr.PolicyError):
        cr.load_policies(folder(tmp_path, "file: bands.csv"))
    with pytest.raises(cr.PolicyError) as caught:
        cr.load_policies(folder(tmp_path, 'file: "../bands.csv"'))
    assert caught.value.code == "CR-BAD-DOCUMENT"
