"""Measures sweeps: `python tests/benchmarks/populations/sweeping.py --organisations 12500 125000`.

200 values of one parameter on year-end results, whoever is alike evaluated once; beside it some of the values one by one
with the polars engine, from which the cost of all is reckoned. Each side is a process of its own; CPU is that of all
threads, memory the peak above what the imports take.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

DAY = date(2025, 1, 15)
TABLES = ["units", "staff", "results", "waivers", "exemptions"]
TOGETHER, APART = "assessment.bar_to=1.01..3.00", "assessment.bar_to=1.01,2.00,3.00"
"""200 values at once, and those that are evaluated one by one."""


def swept(plan: Any, tables: Any, setting: str, *, compress: bool) -> Any:
    """The sweep over the values of one parameter."""
    import cadrerules as cr

    return cr.sweep(plan, tables, [setting], as_of=DAY, engine="polars", compress=compress)


def measure(side: str, folder: Path) -> None:
    """Print as JSON what a side costs on a folder of Parquet files."""
    import cadrerules as cr
    from cadrerules.simulate import sweeping  # noqa: F401 - every side counts without the libraries
    from populations.measure import _memory, measured

    plan = cr.load_policies("market-supervision")
    tables = cr.scan_tables(folder, plan, group_by="bureau")
    setting = TOGETHER if side == "together" else APART
    found: list[Any] = []

    def work() -> int:
        found.append(swept(plan, tables, setting, compress=side == "together"))
        return len(found[0].points)

    told = measured(work, _memory("VmRSS"))
    stands = {c.question: (c.decisions, c.representatives) for c in found[0].compression}
    print(json.dumps({**told, "input": tables.rows, "stands": stands}))


def main() -> None:
    """Measure both sides on nations of some sizes and print a line for each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--organisations", type=int, nargs="+", default=[1250])
    asked.add_argument("--side", default="")
    asked.add_argument("--folder", type=Path)
    given = asked.parse_args()
    if given.side:
        measure(given.side, given.folder)
        return
    for count in given.organisations:
        with tempfile.TemporaryDirectory() as folder:
            _both(count, Path(folder))


def _both(organisations: int, folder: Path) -> None:
    from populations.nation import write
    from populations.shape import Nation

    write(Nation(organisations), folder, TABLES)
    told = {side: _once(side, folder) for side in ("apart", "together")}
    each = told["apart"]["cpu"] / told["apart"]["rows"]
    together = told["together"]
    times = each * together["rows"] / together["cpu"]
    print(
        f"{organisations} organisations, {together['input']:,} rows: each value {each:.1f} s CPU,"
        f" {together['rows']} values together {together['cpu']:.1f} s ({times:.0f} times less),"
        f" memory {told['apart']['memory'] / 2**20:.0f} and {together['memory'] / 2**20:.0f} MiB, {together['stands']}"
    )


def _once(side: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--side", side, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    main()
