"""What is uncertain, as a document says it, and what can't be."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.errors import CadreError
from cadrerules.simulate.uncertainty import read_uncertain
from cadrerules.simulate.uncertainty.documents import noise_of, sizes_of
from small_bureau import PLAN


def problems(**content: Any) -> list[str]:
    with pytest.raises(cr.PolicyError) as caught:
        read_uncertain({"format": 1, **content}, PLAN.tables)
    return [problem.code for problem in caught.value.problems]


def test_each_way_is_read_and_bound_to_its_column(tmp_path: Path) -> None:
    file = tmp_path / "uncertain.yaml"
    file.write_text(
        "format: 1\n"
        "distributions: {style.style: {observed: true}}\n"
        "replace: {results.deducted: {constant: 2.5}}\n"
        "noise: {progress.progress: {normal: {mean: 0, sd: 0.5}}}\n"
    )
    found = read_uncertain(file, PLAN.tables)
    assert [(way, name, one.column.name) for way, name, one in found.items()] == [
        ("distributions", "style.style", "style"),
        ("replace", "results.deducted", "deducted"),
        ("noise", "progress.progress", "progress"),
    ]
    assert sizes_of(found) == {"progress.progress": "sd 0.5"}


def test_keys_remedies_and_cells_that_are_not_missing_are_no_columns_to_draw() -> None:
    quarter, normal = {"constant": "2024Q3"}, {"normal": {"mean": 0, "sd": 1}}
    assert problems(distributions={"progress.quarter": quarter}) == ["CR-DRAWN-KEY"]
    assert problems(noise={"progress.unit": normal}) == ["CR-DRAWN-KEY"]
    assert problems(replace={"waivers.reason": {"constant": "x"}}) == ["CR-DRAWN-REMEDY"]
    assert problems(distributions={"staff.left": {"days": ["2024-01-01", "2024-12-31"]}}) == ["CR-DRAWN-EMPTY"]
    read_uncertain({"format": 1, "replace": {"staff.left": {"days": ["2024-01-01", "2024-12-31"]}}}, PLAN.tables)


@pytest.mark.parametrize(
    ("column", "doc"),
    [
        ("style.style", {"normal": {"mean": 0, "sd": 1}}),
        ("progress.progress", {"constant": 1}),
        ("progress.progress", {"normal": {"mean": 0, "sd": 1}, "low": 0}),
        ("progress.progress", {"normal": {"mean": 0, "sd": 1}, "holes": 0.1}),
        ("progress.progress", {"uniform": [-1, 1], "outside": "clip"}),
        ("progress.progress", {"normal": {"mean": "cities", "sd": 1}}),
    ],
)
def test_noise_is_of_numbers_alone(column: str, doc: Any) -> None:
    assert problems(noise={column: doc}) == ["CR-NOISE-TYPE"]


def test_a_problem_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "uncertain.yaml"
    file.write_text("format: 1\ndistributions:\n  progress.unit: {constant: U1}\n")
    with pytest.raises(cr.PolicyError) as caught:
        read_uncertain(file, PLAN.tables)
    assert [(problem.code, problem.place.line) for problem in caught.value.problems] == [("CR-DRAWN-KEY", 3)]


def test_all_problems_are_told_together_in_both_languages() -> None:
    with pytest.raises(CadreError) as caught:
        read_uncertain({"format": 1, "distributions": {"progress.unit": {"constant": "U"}, "progress.nothing": {"constant": 1}}}, PLAN.tables)
    assert [problem.code for problem in caught.value.problems] == ["CR-DRAWN-KEY", "CR-UNKNOWN-NAME"]
    assert "主键" in caught.value.report("zh")


def test_noise_of_a_size_is_normal() -> None:
    found = noise_of({"progress.progress": Decimal("0.25")}, PLAN.tables)
    assert sizes_of(found) == {"progress.progress": "sd 0.25"}
    assert sizes_of(read_uncertain({"format": 1, "noise": {"progress.progress": {"uniform": [-1, 1]}}}, PLAN.tables)) == {
        "progress.progress": "uniform"
    }
    with pytest.raises(cr.PolicyError):
        noise_of({"style.style": Decimal(1)}, PLAN.tables)
