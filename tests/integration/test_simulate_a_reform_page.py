"""The page on simulating a reform: its commands run, and what it shows is what comes out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "simulate-a-reform.md").read_text(encoding="utf-8")
CODE = "import sys; from cadrerules.cli import main; sys.exit(main())"


def run(*command: str) -> list[str]:
    done = subprocess.run([sys.executable, *command], capture_output=True, check=True, cwd=ROOT)
    return done.stdout.decode("utf-8").splitlines()


def test_the_command_shows_what_the_page_shows() -> None:
    ((command, shown),) = re.findall(r"```console\n\$ cadrerules (simulate compare .*)\n([^`]*)```", PAGE)
    assert run("-c", CODE, *command.split(), "--lang", "en") == shown.splitlines()


def test_the_reform_is_the_example() -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    example = (ROOT / "examples" / "reforms" / "no_way_past_three_points.yaml").read_text(encoding="utf-8")
    assert example.partition("\n")[2] == shown


def test_the_python_example_prints_what_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUTF8", "1")
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    shown = [line.strip() for line in PAGE.partition("It prints\n\n")[2].splitlines()[:3]]
    assert run("-c", example) == shown
