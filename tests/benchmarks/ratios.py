"""Prints a benchmark run as ratios to the first of each group: `python tests/benchmarks/ratios.py RUN.json`."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any


def main(path: str) -> None:
    """A Markdown table per group; times are medians."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for run in json.loads(Path(path).read_text())["benchmarks"]:
        groups[run["group"]].append((run["name"], run["stats"]["median"]))
    for group, runs in groups.items():
        print(f"\n| {group} | median | ratio |\n|---|---|---|")
        for name, median in runs:
            print(f"| {name} | {_shown(median)} | {median / runs[0][1]:.2f} |")


def _shown(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


if __name__ == "__main__":
    main(sys.argv[1])
