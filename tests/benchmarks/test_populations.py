"""Whole populations: each engine and what is written by hand in the same technology, on some 100,000 rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from populations import engine, peers
from populations.cases import CASES, Case
from populations.nation import write
from populations.shape import Nation

import cadrerules as cr

ROWS = 100_000
SIDES = ["polars", "duckdb"]
PEERS = [name for name, case in CASES.items() if case.by_hand]
COLUMNS = ["bureau", "period", "subject", "verdict"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, float], Path]:
    root = tmp_path_factory.mktemp("populations")
    return {
        (name, holes): write(
            Nation(CASES[name].organisations(ROWS), holes=holes), root / f"{name}{holes}", CASES[name].tables
        )
        for name in PEERS
        for holes in (0.0, 0.01)
    }


def frame(answer: Any) -> pl.DataFrame:
    """Whatever a side gives, as a frame in memory."""
    if isinstance(answer, pl.DataFrame):
        return answer
    return answer.collect() if isinstance(answer, pl.LazyFrame) else answer.pl()


def by_hand(case: Case, side: str, folder: Path) -> pl.DataFrame:
    return frame(getattr(peers, f"{side}_{case.by_hand}")(folder))


def evaluated(case: Case, plan: cr.Plan, folder: Path, side: str) -> pl.DataFrame:
    return frame(engine.answer(case, plan, engine.read(case, plan, folder), side))


def same_terms(found: pl.DataFrame) -> pl.DataFrame:
    """Findings, or rows with truths, of either side as findings in the same columns and one order."""
    if "among_first" in found.columns or "rows.among_first" in found.columns:
        found = _as_findings(found.rename(lambda name: name.removeprefix("rows.")))
    names = {"quarter": "period", "year": "period", "unit": "subject", "indicator": "subject", "rule": "verdict"}
    if "outcome" in found.columns:
        found = found.with_columns(verdict=pl.col("outcome").str.split(".").list.last())
    else:
        found = found.rename(names, strict=False)
    return found.select(pl.col(COLUMNS).cast(pl.String)).sort(COLUMNS)


def _as_findings(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each truth that isn't false."""
    long = rows.drop("unit").unpivot(index=["bureau", "year", "indicator"], variable_name="rule", value_name="holds")
    return long.filter(pl.col("holds").fill_null(value=True))


def sure_and_open(found: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What surely holds, and what may."""
    if "status" in found.columns:
        return tuple(same_terms(found.filter(pl.col("status") == s)) for s in ("holds", "undetermined"))  # type: ignore[return-value]
    rules = [name for name in found.columns if name.startswith("rows.")]
    sure = same_terms(found.with_columns(pl.col(rules).fill_null(value=False)))
    return sure, same_terms(found).join(sure, on=COLUMNS, how="anti")


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", PEERS)
def test_by_hand(benchmark: Any, folders: dict[tuple[str, float], Path], name: str, side: str) -> None:
    benchmark.group = f"{CASES[name].title}, {side}"
    found = benchmark.pedantic(by_hand, (CASES[name], side, folders[name, 0.0]), rounds=5)
    assert same_terms(found).equals(same_terms(by_hand(CASES[name], "polars", folders[name, 0.0])))
    assert len(found) > ROWS // 2


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", PEERS)
def test_engine(benchmark: Any, folders: dict[tuple[str, float], Path], name: str, side: str) -> None:
    case, folder = CASES[name], folders[name, 0.0]
    benchmark.group = f"{case.title}, {side}"
    found = benchmark.pedantic(evaluated, (case, cr.load_policies(case.plan), folder, side), rounds=5)
    assert sure_and_open(found)[1].is_empty()
    assert same_terms(found).equals(same_terms(by_hand(case, side, folder)))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", PEERS)
def test_engine_with_holes(benchmark: Any, folders: dict[tuple[str, float], Path], name: str, side: str) -> None:
    """The whole data are one way to fill the holes: what is surely so is so in them, and nothing else is impossible."""
    case = CASES[name]
    benchmark.group = f"{case.title}, {side}"
    found = benchmark.pedantic(evaluated, (case, cr.load_policies(case.plan), folders[name, 0.01], side), rounds=5)
    sure, open_ = sure_and_open(found)
    truth = same_terms(by_hand(case, side, folders[name, 0.0]))
    assert sure.join(truth, on=COLUMNS, how="anti").is_empty()
    assert truth.join(pl.concat([sure, open_]), on=COLUMNS, how="anti").is_empty()
    assert len(open_) > 0
