"""The page of benchmarks says what was measured, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from populations.page import BEGIN, END, section, write_page

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "tests" / "benchmarks" / "populations" / "figures.json"
PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"


def run(side: str, organisations: int, cpu: list[float], **changed: Any) -> dict[str, Any]:
    told = {"group": "sizes", "case": "board", "side": side, "organisations": organisations, "holes": 0.0, "failed": ""}
    figures = {"reading": [0.125 for _ in cpu], "wall": [0.25 for _ in cpu], "cpu": cpu, "memory": [50 * 2**20 for _ in cpu], "rows": [7 for _ in cpu]}
    return told | figures | changed


def figures(*runs: dict[str, Any]) -> dict[str, Any]:
    machine = {"system": "Linux", "cores": 2, "memory": 8 * 2**30, "python": "3.12.1"}
    return {"machine": machine, "versions": {"polars": "1.2.3"}, "repeat": 3, "runs": list(runs)}


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("|") and "---" not in line]


def test_medians_beside_what_is_written_by_hand() -> None:
    text = section(
        figures(
            run("polars", 10, [9.0, 3.0, 4.0]),
            run("polars by hand", 10, [2.0, 1.0, 90.0]),
            run("polars", 10, [6.0], holes=0.01),
        )
    )
    assert "Linux, 2 cores, 8 GiB of memory, Python 3.12.1;\npolars 1.2.3." in text
    assert rows(text)[1:] == [
        "| 3,200 | none | polars | 125 ms | 250 ms | 4 s | 2.00 | 50 MiB | 7 |",
        "| 3,200 | none | polars by hand |  | 250 ms | 2 s | 1.00 | 50 MiB | 7 |",
        "| 3,200 | 1% | polars | 125 ms | 250 ms | 6 s | 3.00 | 50 MiB | 7 |",
    ]


def test_growth_from_the_smallest_to_the_largest() -> None:
    text = section(figures(run("polars", 1, [2.0]), run("polars", 100, [250.0]), run("polars", 10, [30.0])))
    assert "From 1 to 100 organisations, 100 times as many:" in text
    assert rows(text)[-1] == "| polars | none | 125 times | 1 times |"


def test_crossover() -> None:
    runs = [
        run(side, 5, [1.0], case="nation", group="crossover", wall=[wall])
        for side, wall in (("polars", 0.5), ("scalar", 2.0))
    ]
    assert rows(section(figures(*runs))) == ["| organisations | polars | scalar |", "| 5 | 500 ms | 2 s |"]


def test_what_failed_is_told() -> None:
    text = section(figures(run("duckdb", 10, [], failed="MemoryError")))
    assert "Not measured, because it failed: duckdb, The board" in text
    assert rows(text) == []


def test_only_the_section_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Before\n", encoding="utf-8")
    write_page(figures(run("polars", 1, [1.0])), page)
    page.write_text(page.read_text(encoding="utf-8") + "\nAfter.\n", encoding="utf-8")
    write_page(figures(run("polars", 1, [2.0])), page)
    text = page.read_text(encoding="utf-8")
    assert text == "# Before\n\n" + section(figures(run("polars", 1, [2.0]))) + "\nAfter.\n"
    assert text.count(BEGIN) == text.count(END) == 1


def test_the_page_is_of_the_figures_kept() -> None:
    kept = json.loads(FIGURES.read_text(encoding="utf-8"))
    assert section(kept) in PAGE.read_text(encoding="utf-8")


def test_one_command_measures_and_writes(tmp_path: Path) -> None:
    script = ROOT / "tests" / "benchmarks" / "populations" / "run.py"
    page, kept = tmp_path / "page.md", tmp_path / "figures.json"
    page.write_text("# Page\n", encoding="utf-8")
    size = ["--cases", "board", "--engines", "polars", "--rows", "640", "--repeat", "1"]
    subprocess.run([sys.executable, script, *size, "--data", tmp_path, "--json", kept, "--page", page], check=True)
    measured = json.loads(kept.read_text(encoding="utf-8"))
    peer = next(run for run in measured["runs"] if run["side"] == "polars by hand")
    assert (peer["organisations"], peer["failed"]) == (2, "")
    assert 320 < peer["rows"][0] < 400
    assert all(peer[what][0] > 0 for what in ("wall", "cpu", "memory"))
    assert page.read_text(encoding="utf-8") == "# Page\n\n" + section(measured) + "\n"
