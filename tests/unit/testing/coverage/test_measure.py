from __future__ import annotations

import json
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.testing.cases import plan_of, read_cases
from cadrerules.testing.coverage import Coverage, Report
from cadrerules.testing.coverage.page import as_page
from cadrerules.testing.coverage.text import as_text
from small_marks import CASES, POLICY, write_marks

BAR = "param.mark.bar <= points and points <= param.mark.most and cause == \"own\""
HEAD = CASES.split("cases:")[0]


def report(folder: Path, cases: str = CASES, policy: str = POLICY) -> Report:
    (document,) = read_cases(write_marks(folder, cases, policy))
    coverage = Coverage(plan_of(document))
    for case in document.file.cases:
        coverage.add(document.file, case)
    return coverage.report()


def one(points: str, more: str = "") -> str:
    """A case file with one person's points."""
    return f"{HEAD}cases: [{{name: a, given: {{marks: [{{points: {points}{more}}}]}}, warnings: 0}}]\n"


def shown(found: Report) -> set[str]:
    """What is shown, in short."""
    return {f"{d.obligation.kind}: {d.atom}: {d.obligation.want}" for d in found.dues if d.obligation in found.shown}


def test_every_obligation_of_a_small_set(tmp_path: Path) -> None:
    found = report(tmp_path, one("2"))
    asked = {kind: of for kind, (_, of) in found.by_kind.items()}
    assert asked == {"rule": 9, "row": 3, "atom": 12, "boundary": 6, "independence": 3}


def test_what_one_row_shows(tmp_path: Path) -> None:
    assert shown(report(tmp_path, one("2"))) == {
        *("rule: mark.bar: held", "rule: mark.grade/low: held", "rule: mark.grade/high: failed"),
        *("row: grade_row_1: not_hit", "row: grade_row_2: hit"),
        *("atom: param.mark.bar <= points: true", "atom: points <= param.mark.most: true", 'atom: cause == "own": true'),
        *("atom: points < 2: false", "boundary: param.mark.bar <= points: at", "boundary: points < 2: at"),
    }


@pytest.mark.parametrize(
    ("points", "seen"),
    [
        ("1.9", {"boundary: param.mark.bar <= points: beside", "boundary: points < 2: beside"}),
        ("1.8", set()),
        ("3", {"boundary: points <= param.mark.most: at"}),
        ("3.1", {"boundary: points <= param.mark.most: beside"}),
        ("3.2", set()),
        ("null", set()),
    ],
)
def test_bounds_are_met_on_the_step_of_the_column(tmp_path: Path, points: str, seen: set[str]) -> None:
    assert {line for line in shown(report(tmp_path, one(points))) if line.startswith("boundary")} == seen


@pytest.mark.parametrize(
    ("points", "rows"),
    [("1", {"row: grade_row_1: hit"}), ("2", {"row: grade_row_1: not_hit", "row: grade_row_2: hit"}), ("null", set())],
)
def test_of_a_table_the_first_row_that_is_met_is_hit(tmp_path: Path, points: str, rows: set[str]) -> None:
    assert {line for line in shown(report(tmp_path, one(points))) if line.startswith("row")} == rows


def test_what_is_unknown_is_seen_as_such(tmp_path: Path) -> None:
    found = shown(report(tmp_path, one("null")))
    assert {line for line in found if "un" in line} == {
        *("rule: mark.bar: undetermined", "rule: mark.grade/high: undetermined", "rule: mark.grade/low: undetermined"),
        *("atom: param.mark.bar <= points: unknown", "atom: points <= param.mark.most: unknown", "atom: points < 2: unknown"),
    }


def test_independence_takes_a_pair_of_rows(tmp_path: Path) -> None:
    cases = f"{HEAD}cases:\n  - {{name: a, given: {{marks: [{{points: 2}}]}}, warnings: 0}}\n  - {{name: b, given: {{marks: [{{points: 2, cause: other}}]}}, warnings: 0}}\n"
    assert {line for line in shown(report(tmp_path, cases)) if line.startswith("indep")} == {'independence: cause == "own": decides'}


def test_full_coverage_leaves_no_gap(tmp_path: Path) -> None:
    rows = ["2", "1.9", "3", "3.1", "2, cause: other", "null", "2, cause: null"]
    marks = ", ".join(f"{{person: P{n}, points: {row}}}" for n, row in enumerate(rows))
    found = report(tmp_path, f"{HEAD}cases: [{{name: a, given: {{marks: [{marks}]}}, warnings: 0}}]\n")
    assert found.gaps() == []
    assert found.percent == 100
    assert found.by_clause == {"1": (14, 14), "2": (19, 19)}


def test_layout_plays_no_part(tmp_path: Path) -> None:
    other = POLICY.replace(
        'when: between and cause == "own"', 'when: "((param.bar)  <= points) and (points <= param.most) and (cause   == \'own\')"'
    )
    assert other != POLICY
    one_way, another = report(tmp_path / "a"), report(tmp_path / "b", policy=other)
    assert {due.obligation for due in one_way.dues} == {due.obligation for due in another.dues}
    assert one_way.shown == another.shown


def test_gaps_name_rule_clause_condition_and_what_is_wanted(tmp_path: Path) -> None:
    found = report(tmp_path)
    (gap,) = [g for g in found.gaps("mark.bar") if g.kind == "atom" and g.want == "false" and g.atom.startswith("points <=")]
    assert (gap.policy, gap.owner, gap.rows, gap.rules, gap.clauses) == ("mark", "mark.bar", "mark.facts", ("mark.bar",), ("2",))
    assert gap.condition == BAR


def test_a_case_that_must_raise_shows_nothing(tmp_path: Path) -> None:
    assert shown(report(tmp_path, one("-1"))) == set()


def test_policies_nobody_tests_count(tmp_path: Path) -> None:
    plan = cr.load_policies("market-supervision")
    assert Coverage(plan).report().covered == 0
    assert {d.obligation.policy for d in Coverage(plan, ["training"]).report().dues} == {"training"}


@pytest.mark.parametrize(("lang", "said"), [("en", "points < 2: never false; never unknown"), ("zh", "points < 2：从未为假；从未未知")])
def test_text_and_page_say_the_same(tmp_path: Path, lang: cr.errors.Lang, said: str) -> None:
    found = report(tmp_path, one("1.9"))
    text, page = as_text(found, lang), as_page([found], lang)
    assert "11/33" in text.replace(" of ", "/") or "33" in text
    assert "never false" in text if lang == "en" else "从未为假" in text
    assert "points &lt; 2" in page
    assert "<script" not in page


def test_json_holds_the_figures(tmp_path: Path) -> None:
    data = json.loads(json.dumps(report(tmp_path, one("2")).to_dict()))
    assert (data["covered"], data["obligations"], data["percent"]) == (11, 33, 33.33)
    assert data["rules"][0] == {
        "rule": "mark.bar", "clauses": ["2"], "covered": 5, "obligations": 19, "percent": 26.31,
        "held": True, "failed": False, "undetermined": False,
    }
    assert len(data["gaps"]) == 22
