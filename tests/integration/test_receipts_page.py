"""The page on receipts and replay: what stands there runs in order, and shows what the page shows."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "receipts-and-replay.md").read_text(encoding="utf-8")
CODE = "import sys; from cadrerules.cli import main; sys.exit(main())"
STEP = re.compile(
    r"```python\n(?P<python>[^`]*)```(?:\n\nIt prints\n\n(?P<prints>(?:    .*\n)+))?"
    r"|```console\n\$ cadrerules (?P<console>.*)\n(?P<shows>[^`]*)```"
    r"|^    cadrerules (?P<command>.*)$",
    re.MULTILINE,
)


def steps() -> Iterator[tuple[list[str], list[str] | None]]:
    """What the page says to run, in order, and what it says comes out; None where it doesn't say."""
    for found in STEP.finditer(PAGE):
        if found["python"]:
            yield [found["python"]], [line[4:] for line in found["prints"].splitlines()] if found["prints"] else None
        elif found["console"]:
            yield [CODE, *shlex.split(found["console"])], found["shows"].splitlines()
        else:
            yield [CODE, *shlex.split(found["command"])], None


def test_the_page_runs_as_written(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    ran = list(steps())
    assert len(ran) == 10
    assert sum(shown is not None for _, shown in ran) == 3
    for step, shown in ran:
        env = {**os.environ, "CADRERULES_LANG": "en"}
        done = subprocess.run([sys.executable, "-c", *step], cwd=tmp_path, capture_output=True, env=env, check=False)
        assert done.returncode == 0, done.stderr.decode()
        assert shown in (None, done.stdout.decode("utf-8").splitlines())
    assert len((tmp_path / "receipts.jsonl").read_bytes().splitlines()) > 400
    assert b"flag/U06/2025Q1" in (tmp_path / "replay.csv").read_bytes()
