"""The how-to on testing rules: its example runs, and gives what the page shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import cadrerules_market_supervision
from cadrerules.testing.cases import plan_of, read_cases, run_case

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "test-rules.md").read_text(encoding="utf-8")


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plan's documents with the page's cases beside them."""
    source = Path(cadrerules_market_supervision.__file__).parent
    shutil.copytree(source, tmp_path / "policies", ignore=shutil.ignore_patterns("*.py", "cases", "reports", "__pycache__"))
    (tmp_path / "policies" / "cases").mkdir()
    (tmp_path / "policies" / "cases" / "places.yaml").write_text(_block("yaml"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "policies"


def _block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_fails_as_the_page_shows(policies: Path) -> None:
    (document,) = read_cases(policies)
    first, second = (run_case(plan_of(document), document.file, case) for case in document.file.cases)
    assert [str(fault) for fault in first.faults] == [
        "flag / U08 / 2024Q1: the decision is not as expected\n    verdict: expected red, is yellow"
    ]
    assert str(first.faults[0]) in PAGE
    assert second.passed


def test_the_program_lists_gaps(policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(_block("python"), "page", "exec"), {})  # noqa: S102 - the page's own
    assert "('board.commend',) board.commend held\n" in capsys.readouterr().out
