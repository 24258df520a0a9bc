"""Measures one case once, in this process: wall and CPU time, and the peak of memory above what imports take."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa  # noqa: F401 - every side counts without the libraries

import cadrerules as cr

from . import engine, peers
from .cases import BY_HAND, CASES, Case


def main(asked: str) -> None:
    """Print as JSON what the `case` costs the `side` on the `folder`."""
    given = json.loads(asked)
    case, side, folder = CASES[given["case"]], given["side"], Path(given["folder"])
    told, before = {"reading": 0.0}, _memory("VmRSS")
    if side.endswith(BY_HAND):
        peer = getattr(peers, f"{side.removesuffix(BY_HAND)}_{case.by_hand}")
        ask: Callable[[], Any] = lambda: peer(folder)  # noqa: E731 - one of two ways to ask
    else:
        plan = cr.load_policies(case.plan)
        used = _cpu()
        tables = engine.read(case, plan, folder)
        told = {"reading": _cpu() - used}
        ask = lambda: engine.answer(case, plan, tables, side)  # noqa: E731
    with tempfile.TemporaryDirectory() as kept:
        print(json.dumps(told | measured(lambda: _drained(case, ask(), Path(kept) / "answer.parquet"), before)))


def measured(work: Callable[[], int], before: int) -> dict[str, float]:
    """Seconds, bytes above those `before`, and the rows that the work says it gave."""
    start, used = time.perf_counter(), _cpu()
    rows = work()
    wall, cpu = time.perf_counter() - start, _cpu() - used
    return {"wall": wall, "cpu": cpu, "memory": max(0, _memory("VmHWM") - before), "rows": rows}


def _cpu() -> float:
    """User and system time of all threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _memory(field: str) -> int:
    """Linux tells this process's own peak; elsewhere the peak so far stands for both."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split(f"{field}:")[1].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _drained(case: Case, answer: Any, file: Path) -> int:
    """How many rows it has, all of them made: written to a file where they may be too many to hold."""
    if case.answer == "decisions":
        return int(answer.write_parquet(file))
    if isinstance(answer, duckdb.DuckDBPyRelation):
        return len(answer.to_arrow_table())
    return len(answer.collect() if isinstance(answer, pl.LazyFrame) else answer)


if __name__ == "__main__":
    main(sys.argv[1])
