"""The page on monitors: its examples print what the page shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "monitor.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_prints_what_the_page_shows() -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert run(EXAMPLES[0]) == shown


def test_the_journal_gives_back_what_was_posted(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
    assert run(EXAMPLES[1], str(tmp_path / "facts.db")) == "red\n"
    assert "It prints `red`." in PAGE


def test_a_shared_monitor_knows_what_another_process_entered(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
    assert run(EXAMPLES[2], str(tmp_path / "facts.db")) == "red\n()\n"
    assert "It prints `red` and, for the call that was made before, `()`." in PAGE


def run(example: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", example, *arguments], capture_output=True, check=True, cwd=ROOT)
    return done.stdout.decode("utf-8")
