"""What the benchmarks compare with gives exactly what the reference gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from populations import peers
from populations.nation import TABLES, drawn, write
from populations.shape import Nation

import cadrerules as cr

AS_OF = date(2025, 1, 15)
NATION = Nation(3, indicators=3)
PLAN = cr.load_policies("market-supervision")
ROW_RULES = cr.load_policies(Path(peers.__file__).parent / "row_rules")


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return drawn(NATION)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(NATION, tmp_path_factory.mktemp("nation"))


def evaluated(plan: cr.Plan, tables: dict[str, pl.DataFrame], names: list[str]) -> Iterator[tuple[str, cr.Result]]:
    """Each organisation by itself, through the reference."""
    for bureau in tables["units"]["bureau"].unique(maintain_order=True):
        own = {name: tables[name].filter(bureau=bureau).drop("bureau") for name in names}
        yield bureau, plan.evaluate(cr.read_tables(own, plan), as_of=AS_OF)


def found(plan: cr.Plan, tables: dict[str, pl.DataFrame], names: list[str]) -> list[tuple[Any, ...]]:
    return sorted(
        (bureau, finding.period, finding.subject.id, finding.outcome.split(".")[1])
        for bureau, result in evaluated(plan, tables, names)
        for finding in result.findings
    )


@pytest.mark.parametrize("peer", ["polars", "duckdb"])
def test_board(peer: str, tables: dict[str, pl.DataFrame], folder: Path) -> None:
    given = rows(getattr(peers, f"{peer}_board")(folder), ["bureau", "quarter", "unit", "verdict"])
    assert given == found(PLAN, tables, ["progress", "style"])
    assert Counter(row[3] for row in given) == {"black": 239, "red": 168, "yellow": 73, "commended": 53}


@pytest.mark.parametrize("peer", ["polars", "duckdb"])
def test_board_without_some_quarters(peer: str, tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    away = pl.col("unit").is_in(["U01", "U05", "U07"]) & pl.col("quarter").is_in(["2023Q4", "2024Q2"])
    gaps = {**tables, "progress": tables["progress"].filter(~away)}
    for name in ("progress", "style"):
        gaps[name].write_parquet(tmp_path / f"{name}.parquet")
    given = rows(getattr(peers, f"{peer}_board")(tmp_path), ["bureau", "quarter", "unit", "verdict"])
    assert given == found(PLAN, gaps, ["progress", "style"])


@pytest.mark.parametrize("peer", ["polars", "duckdb"])
def test_means_tie_in_any_order_of_their_parts(peer: str, tmp_path: Path) -> None:
    """As floats 0.01 + 0.05 is more than 0.02 + 0.04; here the two units share place 7."""
    parts = {f"U{n:02}": ["0.9", "0.9"] for n in range(1, 7)} | {
        "U07": ["0.01", "0.05"],
        "U08": ["0.02", "0.04"],
    }
    cells = [
        ("B000001", "2024Q1", unit, f"{unit}{n}", Decimal(part))
        for unit, own in parts.items()
        for n, part in enumerate(own)
    ]
    names = ["bureau", "quarter", "unit", "indicator", "progress"]
    progress = pl.DataFrame(cells, names, orient="row").with_columns(pl.col("progress").cast(pl.Decimal(9, 6)))
    progress.write_parquet(tmp_path / "progress.parquet")
    drawn(Nation(1), ["style"])["style"].write_parquet(tmp_path / "style.parquet")
    given = rows(getattr(peers, f"{peer}_board")(tmp_path), ["unit", "verdict"])
    assert given == [(unit, "red") for unit in parts]


@pytest.mark.parametrize("peer", ["polars", "duckdb"])
def test_row_findings(peer: str, tables: dict[str, pl.DataFrame], folder: Path) -> None:
    given = rows(getattr(peers, f"{peer}_row_findings")(folder), ["bureau", "year", "indicator", "rule"])
    assert given == found(ROW_RULES, tables, ["results"])
    assert {row[3] for row in given} == set(peers.ROW_RULES)


@pytest.mark.parametrize("peer", ["polars", "duckdb"])
def test_rows(peer: str, folder: Path) -> None:
    keys = ["bureau", "year", "indicator"]
    judged = getattr(peers, f"{peer}_rows")(folder)
    frame = judged.collect() if isinstance(judged, pl.LazyFrame) else judged.pl()
    assert len(frame) == NATION.organisations * NATION.rows["results"]
    held = frame.unpivot(peers.ROW_RULES, index=keys, variable_name="rule").filter("value").drop("value")
    assert sorted(held.cast({"year": str}).rows()) == rows(peers.polars_row_findings(folder), [*keys, "rule"])


def rows(answer: Any, columns: list[str]) -> list[tuple[Any, ...]]:
    frame = answer.collect() if isinstance(answer, pl.LazyFrame) else answer.pl()
    return sorted(frame.select(pl.col(columns).cast(str)).rows())


def test_ties_occur(tables: dict[str, pl.DataFrame]) -> None:
    means = tables["progress"].group_by("bureau", "quarter", "unit").agg(pl.col("progress").sum())
    tied = means.group_by("bureau", "quarter", "progress").len().filter(pl.col("len") > 1)
    assert len(tied) > 10


def test_a_nation_begins_like_a_larger_one(tables: dict[str, pl.DataFrame]) -> None:
    larger = drawn(Nation(501, indicators=3))
    assert all(larger[name].filter(pl.col("bureau") <= "B000003").equals(tables[name]) for name in TABLES)
    assert larger["units"]["bureau"].n_unique() == 501
    assert all(frame["bureau"].is_sorted() for frame in larger.values())


def test_holes_leave_the_other_cells_as_they_were(tables: dict[str, pl.DataFrame]) -> None:
    holed = drawn(Nation(3, indicators=3, holes=0.1))
    for name, frame in holed.items():
        kept = [pl.col(column).is_null() | (pl.col(column) == tables[name][column]) for column in frame.columns]
        assert frame.select(pl.all_horizontal(kept)).to_series().all(), name
    blank = {
        (name, column)
        for name, frame in holed.items()
        for column in frame.columns
        if _emptier(frame, tables[name], column)
    }
    cells = {("results", column) for column in ("regional_rank", "cities", "deducted", "cause", "completed")}
    assert blank == {("progress", "progress"), ("style", "style"), *cells}
    assert 100 < holed["progress"]["progress"].null_count() < 190


def _emptier(holed: pl.DataFrame, whole: pl.DataFrame, column: str) -> bool:
    return holed[column].null_count() > whole[column].null_count()


@pytest.mark.parametrize("holes", [0.0, 0.01])
def test_every_policy_has_something_to_say(holes: float) -> None:
    whole = drawn(Nation(3, holes=holes))
    results = [result for _, result in evaluated(PLAN, whole, list(whole))]
    assert all(result.not_evaluated == () and result.warnings == () for result in results)
    status = Counter((d.question, d.status) for result in results for d in result.decisions)
    assert {question for question, _ in status} == set(PLAN.questions)
    assert (status["flag", "undetermined"] > 0) == (holes > 0)
