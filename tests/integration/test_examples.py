"""The numbered examples, each run as its header says; those that take more have a test file of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import cadrerules as cr

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
NUMBERED = sorted(EXAMPLES.glob("[0-9][0-9]_*"))
ELSEWHERE = {
    "00_make_bureau": "test_bureau_data.py",
    "04_plugin": "test_example_plugin.py",
    "11_service": "test_example_service.py",
}
AS_OF = ["--as-of", "2025-01-15"]


def run(name: str, *arguments: object, status: int = 0) -> subprocess.CompletedProcess[str]:
    """An example run as a program, with warnings as errors."""
    command = [sys.executable, "-W", "error", str(EXAMPLES / f"{name}.py"), *map(str, arguments)]
    env = os.environ | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=env, check=False)
    assert done.returncode == status, done.stderr
    return done


@pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.name)
def test_every_example_has_a_header_a_line_in_the_readme_and_a_test(path: Path) -> None:
    if path.is_dir():
        header = next(iter(path.glob("README.md")), path / f"{path.name[3:]}.py").read_text(encoding="utf-8")
        assert header.startswith(("# ", '"""'))
    else:
        assert f"\n    python examples/{path.name}" in path.read_text(encoding="utf-8").split('"""')[1]
    shown = f"`{path.name}/`" if path.is_dir() else f"`{path.name}`"
    assert shown in (EXAMPLES / "README.md").read_text(encoding="utf-8")
    if path.name in ELSEWHERE:
        assert path.name in Path(__file__).with_name(ELSEWHERE[path.name]).read_text(encoding="utf-8")
    else:
        assert f"test_{path.stem}" in globals()


def test_01_embed() -> None:
    said = run("01_embed").stdout
    assert "CR-NOT-A-PERIOD: progress, row 1" in said
    assert "CR-TOO-LOW: progress, row 1" in said
    assert "460 decisions, 216 of them undetermined" in said
    assert "person P182: barred_in_principle (assessment.bar_deduction; clause 2.3.5)" in said
    assert "结论：原则上不予考虑" in said
    assert said.endswith("red flags: 55 with seven places a quarter, 38 with five\n")


def test_02_batch(tmp_path: Path) -> None:
    """Three bureaus: one is refused, the others are done; mended and run again, only it is."""
    pa = pytest.importorskip("pyarrow", reason="pyarrow isn't installed")
    pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow isn't installed")
    pytest.importorskip("jinja2", reason="jinja2 isn't installed")
    data, out = tmp_path / "data", tmp_path / "out"
    for name in ("north", "south"):
        shutil.copytree(EXAMPLES / "bureau", data / name)
    (data / "west").mkdir()
    plan = cr.load_policies("market-supervision")
    progress = [{"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": "80.25"}]
    pq.write_table(pa.Table.from_pylist(progress), data / "west" / "progress.parquet")
    good = (data / "south" / "style.csv").read_text(encoding="utf-8-sig")
    (data / "south" / "style.csv").write_text(good + "2024Q9,U01,good\n", encoding="utf-8")

    first = run("02_batch", data, out, *AS_OF, status=1)
    assert first.stdout == "north: 460 decisions, 216 of them undetermined\nwest: 1 decisions, 0 of them undetermined\n"
    assert "south: refused\nCR-NOT-A-PERIOD: style.csv" in first.stderr
    assert sorted(path.name for path in out.iterdir()) == ["north", "west"]
    found = pq.read_table(out / "north" / "decisions.parquet")
    result = plan.evaluate(EXAMPLES / "bureau", as_of=date(2025, 1, 15))
    assert found.equals(result.to_frame("decisions", "pyarrow"))
    assert pq.read_table(out / "north" / "findings.parquet").num_rows == len(result.findings)
    assert "<html" in (out / "north" / "report.html").read_text(encoding="utf-8")
    assert json.loads((out / "north" / "done.json").read_text())["policies"] == plan.hash

    (data / "south" / "style.csv").write_text(good, encoding="utf-8")
    again = run("02_batch", data, out, *AS_OF)
    assert again.stdout == "north: nothing new\nsouth: 460 decisions, 216 of them undetermined\nwest: nothing new\n"
    (data / "south" / "style.csv").write_text(good + "2024Q9,U01,good\n", encoding="utf-8")
    run("02_batch", data, out, *AS_OF, status=1)
    assert not (out / "south").exists()
    assert "west: nothing new" not in run("02_batch", data, out, "--as-of", "2025-02-01", status=1).stdout
    assert "error" in run("02_batch", tmp_path / "nothing", out, status=2).stderr


def test_10_monitor(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
    said = run("10_monitor", tmp_path / "bureau.db").stdout
    assert "   decision commendation U1 2024Q2 changes: undetermined -> commended\n" in said
    assert "   decision commendation U1 2024Q2 ends: commended -> -\n" in said
    assert said.endswith("   CR-TOO-LOW\nAfter a restart: as before\nThe journal: whole\n")
