"""The page on millions of rows: what it shows runs, block after block, and its numbers are those of the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cadrerules import cli
from cadrerules.populations import evaluation as populations
from cadrerules.populations import scan_checks

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "populations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^\$ cadrerules (.*)$", PAGE, re.MULTILINE)


def test_every_block_and_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in BLOCKS:
        exec(block, names)  # noqa: S102 - the page's own code
    assert len(BLOCKS) == 4
    assert names["count"] == len(names["result"].decisions) > 3
    assert "U01" in capfd.readouterr().out
    (tmp_path / "decisions.parquet").unlink()
    for command in COMMANDS:
        with pytest.raises(SystemExit) as left:
            cli.main(command.split())
        assert left.value.code == 0
    assert len(COMMANDS) == 2
    assert (tmp_path / "decisions.parquet").stat().st_size > 100


def test_the_numbers_are_those_of_the_code() -> None:
    assert f"more than {populations.FEW_ROWS:,} rows" in PAGE
    assert f"first {scan_checks.MOST_SHOWN:,} rows" in PAGE
    assert "about two million rows" in PAGE
    assert populations.BATCH_ROWS == 2_000_000
