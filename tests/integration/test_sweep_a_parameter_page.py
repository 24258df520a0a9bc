"""The page on sweeps: its commands run, and what it shows is what comes out."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "sweep-a-parameter.md").read_text(encoding="utf-8")
CODE = "import sys; from cadrerules.cli import main; sys.exit(main())"
SHOWN = re.findall(r"```console\n\$ cadrerules (simulate sweep .*)\n([^`]*)```", PAGE)


def run(*command: str) -> list[str]:
    done = subprocess.run([sys.executable, *command], capture_output=True, check=True, cwd=ROOT)
    return done.stdout.decode("utf-8").splitlines()


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=["one parameter", "two parameters"])
def test_the_commands_show_what_the_page_shows(command: str, shown: str) -> None:
    assert run("-c", CODE, *shlex.split(command), "--lang", "en") == shown.splitlines()


def test_the_python_example_prints_what_the_page_shows() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert run("-c", example) == [PAGE.partition("It prints\n\n")[2].splitlines()[0].strip()]
