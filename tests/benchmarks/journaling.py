"""Posts facts to one journal from threads and processes, counts what is there and times it: `python tests/benchmarks/journaling.py`."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

import cadrerules as cr

if TYPE_CHECKING:
    from servers import Postgres

PLAN = cr.load_policies("market-supervision")
SHAPES = ((1, 1), (8, 1), (1, 4), (8, 4))
"""Threads, and processes with so many each."""


def post(where: str, child: int, threads: int, count: int) -> list[float]:
    """Post so many facts from some threads of this process; the seconds that each took until it was acknowledged."""

    def some(thread: int) -> list[float]:
        found = []
        for number in range(thread, count, threads):
            start = time.perf_counter()
            journal.post("units", {"unit": f"U{child}-{number}"})
            found.append(time.perf_counter() - start)
        return found

    with cr.open_journal(where, PLAN) as journal, ThreadPoolExecutor(threads) as pool:
        return [seconds for found in pool.map(some, range(threads)) for seconds in found]


def load(where: str, threads: int, processes: int, count: int) -> tuple[float, list[float]]:
    """Facts a second, and the seconds of each, of so many facts in all; every one of them is in the journal, whose chain is valid."""
    with cr.open_journal(where, PLAN) as journal:
        before = journal.head().sequence
    jobs = [(where, child, threads, count // processes) for child in range(processes)]
    with multiprocessing.get_context("forkserver").Pool(processes) as pool:
        pool.starmap(post, [(where, f"w{child}", threads, threads) for child in range(processes)])  # imports and connections
        start = time.perf_counter()
        found = [seconds for part in pool.starmap(post, jobs, chunksize=1) for seconds in part]
        took = time.perf_counter() - start
    warming = threads * processes
    with cr.open_journal(where, PLAN) as journal:
        assert journal.head().sequence - before == len(found) + warming
        assert len(journal.facts()["units"]) == before + len(found) + warming
        assert journal.check() == []
    return len(found) / took, found


@contextmanager
def places(name: str) -> Iterator[Iterator[str]]:
    """New journals one after another: files, or databases of a server that writes each commit to disk."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        if name == "sqlite":
            yield (f"{folder}/{number}.db" for number in range(sys.maxsize))
            return
        import servers

        servers.SETTINGS.update(fsync="on", full_page_writes="on", synchronous_commit="on")
        binaries = servers.postgres_binaries()
        assert binaries is not None, "PostgreSQL isn't installed"
        with servers.running_postgres(binaries) as server:
            yield (_database(server, f"j{number}") for number in range(sys.maxsize))


def _database(server: Postgres, name: str) -> str:
    import psycopg

    with psycopg.connect(host=str(server.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
    return f"postgresql+psycopg://postgres@/{name}?host={server.folder}"


def main() -> None:
    """Print a table, a row for each shape of load."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--facts", type=int, default=2_000, help="how many facts in all, for each row")
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = options.parse_args()
    print(f"| {given.database}, {given.facts:,} facts | facts/s | median ms | p99 ms |\n|---|---|---|---|")
    with places(given.database) as journals:
        for threads, processes in SHAPES:
            speed, seconds = load(next(journals), threads, processes, given.facts)
            p99 = quantiles(seconds, n=100)[98]
            print(f"| {processes} processes, {threads} threads each | {speed:,.0f} | {median(seconds) * 1e3:.1f} | {p99 * 1e3:.1f} |", flush=True)


if __name__ == "__main__":
    main()
