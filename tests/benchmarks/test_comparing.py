"""A reform compared with the plan, beside two evaluations: at most 1.3 times their CPU, as `ratios.py` tells of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from populations.comparing import DAY, MANY, ONE, compared, evaluated
from populations.nation import write
from populations.shape import Nation

import cadrerules as cr

PLAN = cr.load_policies("market-supervision")
ORGANISATIONS = 20


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> cr.ColumnarTables:
    folder: Path = write(Nation(ORGANISATIONS, holes=0.01), tmp_path_factory.mktemp("nation"))
    return cr.scan_tables(folder, PLAN, group_by="bureau")


@pytest.mark.benchmark(group="comparing")
@pytest.mark.slow
@pytest.mark.parametrize(("work", "changes"), [(evaluated, ONE), (compared, ONE), (compared, MANY)], ids=["two evaluations", "one number", "seven numbers"])
def test_comparing(benchmark: Any, tables: cr.ColumnarTables, work: Callable[..., int], changes: Any) -> None:
    found = benchmark.pedantic(work, (PLAN, tables, changes), rounds=3)
    assert found > ORGANISATIONS


def test_those_affected_are_those_whose_decisions_differ(tables: cr.ColumnarTables) -> None:
    """The flags, commendations and interviews that the plans don't both decide alike."""
    new = PLAN.amend(**ONE)
    keys = ["bureau", "question", "subject_kind", "subject", "period"]
    sides = [
        plan.evaluate(tables, as_of=DAY, engine="polars", policies=["board"]).to_frame("decisions", "polars").select(*keys, "verdict", "possible")
        for plan in (PLAN, new)
    ]
    both = sides[0].join(sides[1], on=[*keys, "verdict", "possible"], how="inner", nulls_equal=True)
    differing = {row for side in sides for row in side.join(both, on=keys, how="anti").select(keys).rows()}
    affected = cr.compare(PLAN, tables, new, as_of=DAY, engine="polars").reforms[0].affected
    assert {*affected.select("group", "question", "kind", "subject", "period").rows()} == differing
