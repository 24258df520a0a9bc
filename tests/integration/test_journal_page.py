"""The page on journals: its example runs, and prints what the page shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "keep-a-journal.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_page_shows(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    shown = PAGE.partition("It prints\n\n")[2].partition("\n\n")[0]
    done = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [line.removeprefix("    ") for line in shown.splitlines()]
