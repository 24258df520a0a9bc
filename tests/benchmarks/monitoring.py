"""Times a monitor on facts of the board against evaluating everything anew: `python tests/benchmarks/monitoring.py`."""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import quantiles
from typing import Any

import cadrerules as cr
from cadrerules.monitor.monitor import Monitor

AS_OF = date(2025, 1, 15)
QUARTERS = [f"202{year}Q{quarter}" for year in (3, 4) for quarter in (1, 2, 3, 4)]
PLAN = cr.load_policies("market-supervision").amend(params={"board.black_quarters": 2})


def board(units: int) -> cr.FactTables:
    """Eight quarters of progress and style."""
    dice = random.Random(1)  # noqa: S311 - no secret
    keys = [(quarter, f"U{unit}") for quarter in QUARTERS for unit in range(units)]
    progress = [progress_row(q, u, dice) for q, u in keys]
    style = [{"quarter": q, "unit": u, "style": dice.choice(["good", "ordinary", "prominent_problems"])} for q, u in keys]
    return cr.read_tables({"progress": progress, "style": style}, PLAN)


def progress_row(quarter: str, unit: str, dice: random.Random) -> dict[str, Any]:
    return {"quarter": quarter, "unit": unit, "indicator": "I1", "progress": dice.randrange(10_000) / 100}


def facts(units: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Corrections without end, half of progress, half of style."""
    dice = random.Random(2)  # noqa: S311 - likewise
    while True:
        quarter, unit = dice.choice(QUARTERS), f"U{dice.randrange(units)}"
        yield "progress", progress_row(quarter, unit, dice)
        yield "style", {"quarter": quarter, "unit": unit, "style": dice.choice(["good", "ordinary", "prominent_problems"])}


def times(monitor: Monitor, units: int, count: int) -> list[float]:
    """Seconds for each of so many facts."""
    found = []
    for (table, row), _ in zip(facts(units), range(count), strict=False):
        start = time.perf_counter()
        monitor.correct(table, row)
        found.append(time.perf_counter() - start)
    return found


def whole(units: int, count: int) -> list[float]:
    """Seconds for evaluating everything anew so many times."""
    tables, found = board(units), []
    for _ in range(count):
        start = time.perf_counter()
        result = PLAN.evaluate(tables, as_of=AS_OF, policies=["board"], engine="scalar")
        assert result.decisions
        found.append(time.perf_counter() - start)
    return found


def line(name: str, units: int, seconds: list[float]) -> str:
    """A row of the table: facts per second, and the time that one in a hundred takes longer than."""
    p99 = quantiles(seconds, n=100)[98] if len(seconds) > 1 else seconds[0]
    return f"| {name} | {units:,} | {len(seconds) / sum(seconds):,.1f} | {p99 * 1e3:,.1f} |"


def resident() -> float:
    """The resident size now, in MB, as Linux tells it."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def measured(units: int, count: int, anew: int) -> Iterator[str]:
    """The rows of the table at so many units."""
    for engine in ("stream", "scalar"):
        monitor = PLAN.monitor(facts=board(units), as_of=AS_OF, policies=["board"], engine=engine)
        yield line(f"monitor, {engine}", units, times(monitor, units, count))
    yield line("everything anew", units, whole(units, anew))


def memory(many: int, units: int) -> Iterator[str]:
    """The rows of a table of the resident size in the course of so many facts, with either engine."""
    for engine in ("stream", "scalar"):
        monitor = PLAN.monitor(facts=board(units), as_of=AS_OF, policies=["board"], engine=engine)
        sizes = []
        for done, (table, row) in enumerate(facts(units)):
            if done in (many // 100, many // 4, many // 2, many):
                sizes.append(f"{resident():.1f}")
            if done == many:
                break
            monitor.correct(table, row)
        yield f"| monitor, {engine} | {' | '.join(sizes)} |"


def main() -> None:
    """Print the table of speed, or with `--memory FACTS` that of memory."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--memory", type=int, metavar="FACTS", help="print MB resident after 1%%, 25%%, 50%% and all of so many facts")
    options.add_argument("--units", type=int, default=5, help="of how many units, for --memory")
    given = options.parse_args()
    if given.memory:
        print(f"| {given.units} units | 1% | 25% | 50% | {given.memory:,} facts |\n|---|---|---|---|---|")
        for row in memory(given.memory, given.units):
            print(row, flush=True)
        return
    print("| | units | facts/s | p99 ms |\n|---|---|---|---|")
    for units, count, anew in ((20, 2_000, 50), (1_000, 300, 5)):
        for row in measured(units, count, anew):
            print(row, flush=True)


if __name__ == "__main__":
    main()
