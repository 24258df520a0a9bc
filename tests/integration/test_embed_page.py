"""The pages on embedding and on threads: what they show stands in the examples, prints what they say, and leaves no public name out."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import cadrerules as cr

ROOT = Path(__file__).parents[2]
EMBED = (ROOT / "docs" / "how-to" / "embed.md").read_text(encoding="utf-8")
THREADS = (ROOT / "docs" / "explanation" / "threads.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```python\n(.*?)```", EMBED, re.DOTALL)


@pytest.mark.parametrize("code", SHOWN, ids=range(len(SHOWN)))
def test_what_is_shown_stands_in_an_example(code: str) -> None:
    examples = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("[0-9][0-9]_*/*.py"))]
    examples += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("[0-9][0-9]_*.py"))]
    assert any(code in example for example in examples)


def test_the_batch_job_says_what_the_page_says(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow isn't installed")
    pytest.importorskip("jinja2", reason="jinja2 isn't installed")
    (line,) = re.findall(r"^    (python examples/02_batch.+)$", EMBED, re.MULTILINE)
    command = [str(tmp_path / part) if part == "out" else part for part in shlex.split(line)]
    for said in ("bureau: 460 decisions, 216 of them undetermined", "bureau: nothing new"):
        done = subprocess.run([sys.executable, *command[1:]], capture_output=True, text=True, check=True, cwd=ROOT)
        assert done.stdout == said + "\n"
        assert f"`{said}`" in EMBED
    assert all(f"`{path.name}`" in EMBED for path in (tmp_path / "out" / "bureau").iterdir())


def test_each_thread_s_own_relation() -> None:
    pytest.importorskip("duckdb", reason="duckdb isn't installed")
    (code,) = re.findall(r"```python\n(.*?)```", THREADS, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert f"It prints `{done.stdout.strip()}`." in THREADS


@pytest.mark.parametrize("name", cr.__all__)
def test_every_public_name_stands_in_the_table_of_threads(name: str) -> None:
    table = [line for line in THREADS.splitlines() if line.startswith("| ")]
    assert any(re.search(rf"`{name}\b", line.split("|")[1]) for line in table)
