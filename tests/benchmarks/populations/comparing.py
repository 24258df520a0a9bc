"""Measures comparisons with reforms: `python tests/benchmarks/populations/comparing.py --organisations 1300 13000`.

Beside them two evaluations, each with its frame of decisions. Each measurement is a process of its own, the sides take
turns, and medians count; CPU is that of all threads, memory the peak above what the imports take.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

DAY = date(2025, 1, 15)
ONE = {"params": {"board.red_to": 6}}
MANY = {
    "params": {
        **ONE["params"], "assessment.bar_to": 4, "assessment.excellent_from": 4, "rectification.effect_months": 5,
        "obligation.field_days": 50, "obligation.regional_reports": 3, "obligation.training_days": 6,
    }
}  # fmt: skip
TWO = {"params": {"board.red_to": 6, "board.yellow_to": 9}}
SIDES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "two evaluations": ("evaluate", MANY),
    "one number": ("compare", ONE),
    "seven numbers, on most questions": ("compare", MANY),
    "two numbers on the same questions": ("compare", TWO),
}
"""What is done with which changes."""


def evaluated(plan: Any, tables: Any, changes: Mapping[str, Any]) -> int:
    """Evaluate the plan and the changed one, each to a frame of decisions; how many these are."""
    plans = (plan, plan.amend(**changes))
    return sum(len(each.evaluate(tables, as_of=DAY, engine="polars").to_frame("decisions", "polars")) for each in plans)


def compared(plan: Any, tables: Any, changes: Mapping[str, Any]) -> int:
    """Compare the plan with the changed one; how many decisions are affected."""
    import cadrerules as cr

    return len(cr.compare(plan, tables, plan.amend(**changes), as_of=DAY, engine="polars").reforms[0].affected)


WORK: Mapping[str, Callable[[Any, Any, Mapping[str, Any]], int]] = {"evaluate": evaluated, "compare": compared}


def measure(side: str, folder: Path) -> None:
    """Print as JSON what a side costs on a folder of Parquet files."""
    import cadrerules as cr
    from cadrerules.simulate import comparing  # noqa: F401 - every side counts without the libraries
    from populations.measure import _memory, measured

    before = _memory("VmRSS")
    plan = cr.load_policies("market-supervision")
    tables = cr.scan_tables(folder, plan, group_by="bureau")
    work, changes = SIDES[side]
    print(json.dumps(measured(lambda: WORK[work](plan, tables, changes), before) | {"facts": tables.rows}))


def main() -> None:
    """Measure each size as often as asked, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--organisations", nargs="+", type=int, default=[1_300, 13_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--data", type=Path, default=Path("build/populations"), help="where populations are kept")
    asked = parser.parse_args()
    print("| rows of facts | side | wall | CPU | CPU to two evaluations | memory |\n|---|---|---|---|---|---|")
    for organisations in asked.organisations:
        _rows(_population(asked.data, organisations), asked.repeat)


def _population(data: Path, organisations: int) -> Path:
    from populations.nation import write
    from populations.shape import Nation

    folder = data / f"nation-{organisations}-0.01"
    if not (folder / ".made").exists():
        write(Nation(organisations, holes=0.01), folder)
        (folder / ".made").touch()
    return folder


def _rows(folder: Path, repeat: int) -> None:
    runs: dict[str, list[Any]] = {side: [] for side in SIDES}
    for _ in range(repeat):
        for side, found in runs.items():
            done = subprocess.run([sys.executable, __file__, side, str(folder)], capture_output=True, check=True, env=os.environ)
            found.append(json.loads(done.stdout))
    base = median(run["cpu"] for run in runs["two evaluations"])
    for side, found in runs.items():
        wall, cpu, memory = (median(run[name] for run in found) for name in ("wall", "cpu", "memory"))
        print(f"| {found[0]['facts']:,} | {side} | {wall:.3g} s | {cpu:.3g} s | {cpu / base:.2f} | {memory / 2**20:,.0f} MiB |", flush=True)


if __name__ == "__main__":
    measure(sys.argv[1], Path(sys.argv[2])) if len(sys.argv) > 1 and sys.argv[1] in SIDES else main()
