"""The page on counterfactuals: its example runs, and what it shows is what comes out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "counterfactuals.md").read_text(encoding="utf-8")


def blocks() -> list[list[str]]:
    """The indented blocks of the page outside fences."""
    plain = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    return [[line.strip() for line in found.splitlines()] for found in re.findall(r"(?:^    .*\n)+", plain, re.MULTILINE)]


def run(*command: str) -> list[str]:
    done = subprocess.run([sys.executable, *command], capture_output=True, check=True, cwd=ROOT)
    return [line.strip() for line in done.stdout.decode("utf-8").splitlines()]


def test_the_command_shows_what_the_page_shows() -> None:
    (command,), shown, _ = blocks()
    code = "import sys; from cadrerules.cli import main; sys.exit(main())"
    lines = run("-c", code, *command.split()[1:], "--lang", "en")
    start = lines.index("What would change it") + 1
    assert lines[start : start + len(shown)] == shown
    assert lines[start + len(shown)] == ""


def test_the_python_example_prints_what_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUTF8", "1")
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert run("-c", example) == blocks()[2]
