"""The page on watching a journal: its commands run, and show what the page shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "watch-a-journal.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ (.*)\n([^`]*)```", PAGE)
MAKING, WATCHING = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
(LINES,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
REFUSED, PRINTED = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
COMMAND = f"""#!/bin/sh
exec {sys.executable} -c 'from cadrerules.cli import main; main()' "$@"
"""


def python(code: str, folder: Path) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the page's reader is: with the journal, the lines, the example, and the command on the path."""
    made = tmp_path_factory.mktemp("watched")
    (made / "examples").symlink_to(ROOT / "examples")
    (made / "facts.jsonl").write_text(LINES, encoding="utf-8")
    command = made / "bin" / "cadrerules"
    command.parent.mkdir()
    command.write_text(COMMAND, encoding="utf-8")
    command.chmod(0o755)
    python(MAKING, made)
    return made


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=["text", "json", "lines", "tables to begin with"])
def test_the_commands_show_what_the_page_shows(command: str, shown: str, folder: Path) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    variables = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "CADRERULES_LANG": "en"}
    done = subprocess.run([shell, "-c", command], cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.stdout == shown
    if "facts.jsonl" in command:
        assert (done.returncode, done.stderr) == (2, REFUSED)
    else:
        assert done.returncode == 0


def test_the_python_example_prints_what_the_page_shows(folder: Path) -> None:
    assert python(WATCHING, folder) == PRINTED
