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
    return frame(engine.answer(case, plan, folder, side))


def same_terms(found: pl.DataFrame) -> pl.DataFrame:
    """Findings of either kind in the same columns, in one order."""
    names = {"quarter": "period", "year": "period", "unit": "subject", "indicator": "subject", "rule": "verdict"}
    if "outcome" in found.columns:
        found = found.with_columns(verdict=pl.col("outcome").str.split(".").list.last())
    else:
        found = found.rename(names, strict=False)
    return found.select(pl.col(COLUMNS).cast(pl.String)).sort(COLUMNS)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", PEERS)
def test_by_hand(benchmark: Any, folders: dict[tuple[str, float], Path], name: str, side: str) -> None:
    benchmark.group = f"{CASES[name].title}, {side}"
    found = benchmark.pedantic(by_hand, (CASES[name], side, folders[name, 0.0]), rounds=5)
    assert same_terms(found).equals(same_terms(by_hand(CASES[name], "polars", folders[name, 0.0])))
    assert len(found) > ROWS // 2


@pytest.mark.skipif(bool(engine.missing()), reason=engine.missing())
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", PEERS)
def test_engine(benchmark: Any, folders: dict[tuple[str, float], Path], name: str, side: str) -> None:
    case, folder = CASES[name], folders[name, 0.0]
    benchmark.group = f"{case.title}, {side}"
    found = benchmark.pedantic(evaluated, (case, cr.load_policies(case.plan), folder, side), rounds=5)
    assert found["status"].unique().to_list() == ["holds"]
    assert same_terms(found).equals(same_terms(by_hand(case, side, folder)))


@pytest.mark.skipif(bool(engine.missing()), reason=engine.missing())
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", PEERS)
def test_engine_with_holes(benchmark: Any, folders: dict[tuple[str, float], Path], name: str, side: str) -> None:
    """The whole data are one way to fill the holes: what is surely so is so in them, and nothing else is impossible."""
    case = CASES[name]
    benchmark.group = f"{case.title}, {side}"
    found = benchmark.pedantic(evaluated, (case, cr.load_policies(case.plan), folders[name, 0.01], side), rounds=5)
    sure, open_ = (same_terms(found.filter(pl.col("status") == status)) for status in ("holds", "undetermined"))
    truth = same_terms(by_hand(case, side, folders[name, 0.0]))
    assert sure.join(truth, on=COLUMNS, how="anti").is_empty()
    assert truth.join(pl.concat([sure, open_]), on=COLUMNS, how="anti").is_empty()
    assert len(open_) > 0
