"""A sweep of those who stand for others, beside each value evaluated on all rows, as `ratios.py` tells of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from populations.nation import write
from populations.shape import Nation
from populations.sweeping import TABLES, swept

import cadrerules as cr

PLAN = cr.load_policies("market-supervision")
ORGANISATIONS = 20
VALUES = "assessment.bar_to=1.1..3/0.1"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> cr.ColumnarTables:
    folder: Path = write(Nation(ORGANISATIONS, holes=0.01), tmp_path_factory.mktemp("nation"), TABLES)
    return cr.scan_tables(folder, PLAN, group_by="bureau")


@pytest.mark.benchmark(group="sweeping")
@pytest.mark.slow
@pytest.mark.parametrize("compress", [False, True], ids=["each value", "together"])
def test_sweeping(benchmark: Any, tables: cr.ColumnarTables, compress: bool) -> None:
    found = benchmark.pedantic(swept, (PLAN, tables, VALUES), {"compress": compress}, rounds=3)
    assert len(found.points) == 20


def test_both_count_the_same(tables: cr.ColumnarTables) -> None:
    together = swept(PLAN, tables, "assessment.bar_to=1.5..3/0.5", compress=True)
    assert together.points == swept(PLAN, tables, "assessment.bar_to=1.5..3/0.5", compress=False).points
    (promotion,) = (c for c in together.compression if c.question == "promotion")
    assert promotion.representatives is not None
    assert promotion.decisions > 5 * promotion.representatives
