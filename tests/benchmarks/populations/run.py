"""Measures populations: `python tests/benchmarks/populations/run.py --json RUN.json --page docs/explanation/benchmarks.md`.

Each measurement is a process of its own; the engines and what is written by hand take turns, and
medians count. `--from RUN.json` only writes the page again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from populations.cases import BY_HAND, CASES, Case  # noqa: E402 - a script finds its own package
from populations.page import write_page  # noqa: E402

MEASURED = ("cadrerules", "polars", "duckdb", "pyarrow")
HOLES = 0.01


@dataclass
class Runner:
    """Makes populations once and measures sides on them, each in a fresh process."""

    data: Path
    engines: list[str]
    peers: list[str]
    repeat: int
    group: str = "sizes"
    runs: list[dict[str, Any]] = field(default_factory=list)

    def sizes(self, name: str, organisations: list[int], holes: tuple[float, ...] = (0.0, HOLES)) -> None:
        """A case at several sizes; what is written by hand never sees holes."""
        for count in organisations:
            for share in holes:
                self.take_turns(name, count, share, [*self.engines, *self._peers(name, share)])

    def _peers(self, name: str, holes: float) -> list[str]:
        wanted = CASES[name].by_hand and not holes and self.group == "sizes"
        return [engine + BY_HAND for engine in self.peers] if wanted else []

    def take_turns(self, name: str, organisations: int, holes: float, sides: list[str]) -> None:
        """Every side once, and again; a side that fails isn't asked again."""
        if not sides:
            return
        told = {side: self._run(name, side, organisations, holes) for side in sides}
        folder = self.population(name, organisations, holes)
        for _ in range(self.repeat):
            for side, run in told.items():
                if not run["failed"]:
                    self._once(run, {"case": name, "side": side, "folder": str(folder)})
        self.runs += told.values()

    def _run(self, name: str, side: str, organisations: int, holes: float) -> dict[str, Any]:
        told = {"group": self.group, "case": name, "side": side, "organisations": organisations, "holes": holes}
        return {**told, "failed": "", "reading": [], "wall": [], "cpu": [], "memory": [], "rows": []}

    def _once(self, run: dict[str, Any], asked: dict[str, Any]) -> None:
        answer = child("measure", asked)
        if answer.returncode:
            last = (answer.stderr.strip().splitlines() or ["stopped by the system"])[-1]
            run["failed"] = last.replace(str(self.data), "DATA")
        else:
            for what, figure in json.loads(answer.stdout).items():
                run[what].append(figure)
        told = [run["case"], run["organisations"], run["holes"], run["side"], run["failed"] or answer.stdout.strip()]
        print(*told, file=sys.stderr)

    def population(self, name: str, organisations: int, holes: float) -> Path:
        """The folder of tables, made unless it is there."""
        folder = self.data / f"{name}-{organisations}-{holes}"
        if not (folder / ".made").exists():
            asked = {
                "folder": str(folder),
                "tables": CASES[name].tables,
                "organisations": organisations,
                "holes": holes,
            }
            child("nation", asked).check_returncode()
            (folder / ".made").touch()
        return folder


def child(module: str, asked: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """A module of this package run on a JSON object."""
    path = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", f"populations.{module}", json.dumps(asked)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path})


def machine() -> dict[str, Any]:
    """What it ran on, without names."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"system": platform.system(), "cores": os.cpu_count(), "memory": memory, "python": platform.python_version()}


def main() -> None:
    """Measure as asked, keep the figures, write the page."""
    asked = _arguments()
    if asked.source:
        figures = json.loads(asked.source.read_text(encoding="utf-8"))
    else:
        figures = {"machine": machine(), "versions": {name: version(name) for name in MEASURED}, "repeat": asked.repeat}
        figures["runs"] = _all_runs(asked)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if asked.page:
        write_page(figures, asked.page)


def _all_runs(asked: argparse.Namespace) -> list[dict[str, Any]]:
    runner = Runner(asked.data, asked.engines, asked.engines, asked.repeat)
    for name, case in _chosen(asked.cases):
        if case.by_hand:
            runner.sizes(name, [case.organisations(int(rows)) for rows in asked.rows])
        else:
            runner.sizes(name, asked.organisations, holes=(HOLES,))
    if "crossover" in asked.cases:
        runner.engines, runner.group = [*asked.engines, "scalar"], "crossover"
        for name in ("board", "nation"):
            runner.sizes(name, asked.crossover, holes=(0.0,))
    return runner.runs


def _chosen(names: list[str]) -> Iterator[tuple[str, Case]]:
    return ((name, case) for name, case in CASES.items() if name in names)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", choices=[*CASES, "crossover"], default=[*CASES, "crossover"])
    parser.add_argument("--engines", nargs="+", choices=["polars", "duckdb"], default=["polars", "duckdb"])
    parser.add_argument("--rows", nargs="+", type=float, default=[1e6, 1e7], help="of results, of progress")
    parser.add_argument("--organisations", nargs="+", type=int, default=[1000, 10_000], help="of the whole plan")
    parser.add_argument("--crossover", nargs="+", type=int, default=[1, 2, 5, 10, 20, 50, 100], help="organisations")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--data", type=Path, default=Path("build/populations"), help="where populations are kept")
    parser.add_argument("--json", type=Path, help="the file for the figures")
    parser.add_argument("--from", dest="source", type=Path, help="figures of an earlier run, instead of measuring")
    parser.add_argument("--page", type=Path, help="the page whose section is written anew")
    return parser.parse_args()


if __name__ == "__main__":
    main()
