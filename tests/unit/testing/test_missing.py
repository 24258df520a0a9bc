"""Cases that are made for what no case shows: they show it, and can be pasted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.testing.cases import read_cases, run_case
from cadrerules.testing.coverage import Coverage
from cadrerules.testing.missing import Made, Missing, missing_cases

HEAD = "format: 1\npolicy_set: market-supervision\nas_of: 2024-12-29\ncases:\n"


@pytest.fixture(scope="module")
def plan() -> cr.Plan:
    return cr.load_policies("market-supervision")


@pytest.fixture(scope="module")
def made(plan: cr.Plan) -> Missing:
    return missing_cases(plan, Coverage(plan, ["training"]).report())


def pasted(tmp_path: Path, cases: tuple[Made, ...]) -> Path:
    file = tmp_path / "made.yaml"
    file.write_text(HEAD + "\n".join(case.text() for case in cases), encoding="utf-8")
    return file


def test_without_cases_most_obligations_get_one(plan: cr.Plan, made: Missing) -> None:
    lacking = Coverage(plan, ["training"]).report().lacking
    assert len(made.left) < len(lacking) / 3


def test_what_was_made_covers_what_is_not_left(plan: cr.Plan, made: Missing) -> None:
    coverage = Coverage(plan, ["training"])
    for case in made.cases:
        file = case.as_file()
        coverage.add(file, file.cases[0])
    assert set(coverage.report().gaps()) == set(made.left)


def test_pasted_into_a_file_the_cases_pass(plan: cr.Plan, made: Missing, tmp_path: Path) -> None:
    (document,) = read_cases(pasted(tmp_path, made.cases))
    for case in document.file.cases:
        assert run_case(plan, document.file, case).faults == ()


def test_a_boundary_is_a_round_day_and_the_next(plan: cr.Plan) -> None:
    report = Coverage(plan, ["rectification"]).report()
    atoms = [d for d in report.dues if d.obligation.kind == "boundary" and d.atom == "due_on <= one_year"]
    found = missing_cases(plan, replace(report, dues=tuple(atoms)))
    assert found.left == ()
    days = {c.gap.want: (str(c.tables["problems"][0]["listed_on"]), str(c.tables["problems"][0]["due_on"])) for c in found.cases}
    assert days == {"at": ("2024-01-01", "2025-01-01"), "beside": ("2024-01-01", "2025-01-02")}
    assert [[d.verdict for d in c.decisions if d.question == "horizon"] for c in found.cases] == [["short"], ["medium"]]


def test_nothing_is_made_where_nothing_lacks(plan: cr.Plan, made: Missing) -> None:
    coverage = Coverage(plan, ["training"])
    for case in made.cases:
        file = case.as_file()
        coverage.add(file, file.cases[0])
    again = missing_cases(plan, coverage.report())
    assert again.cases == ()
