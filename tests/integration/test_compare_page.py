"""The page on comparing policies: its commands run, and what it shows is what comes out."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "compare-policies.md").read_text(encoding="utf-8")
DOCUMENTS = ROOT / "policies" / "cadrerules_market_supervision"
EDITS = {
    "board.yaml": [("red_to: {value: 7", "red_to: {value: 6")],
    "assessment.yaml": [
        ("bar_to: {value: 3", "bar_to: {value: 3.5"),
        ("open: {zh: 取消上限, en: no upper bound}\n    default: literal", "open: {zh: 取消上限, en: no upper bound}\n    default: open"),
    ],
}


def run(where: Path, *command: str) -> list[str]:
    done = subprocess.run([sys.executable, *command], capture_output=True, check=True, cwd=where)
    return done.stdout.decode("utf-8").splitlines()


CODE = "import sys; from cadrerules.cli import main; sys.exit(main())"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with the next version of the plan."""
    shutil.copytree(DOCUMENTS, tmp_path / "next", ignore=shutil.ignore_patterns("*.py*", "reports"))
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for name, edits in EDITS.items():
        text = (tmp_path / "next" / name).read_text("utf-8")
        for before, after in edits:
            assert before in text
            text = text.replace(before, after)
        (tmp_path / "next" / name).write_text(text, "utf-8")
    return tmp_path


def test_the_command_shows_what_the_page_shows(here: Path) -> None:
    block = re.findall(r"```console\n\$ cadrerules (policy diff market.*? --data .*?)\n(.*?)```", PAGE, re.DOTALL)
    ((command, shown),) = block
    lines = run(here, "-c", CODE, *command.split(), "--lang", "en")
    assert lines[2:] == shown.splitlines()


def test_proofs_say_what_the_page_says(here: Path) -> None:
    pytest.importorskip("z3")
    lines = run(here, "-c", CODE, "policy", "diff", "market-supervision", "next", "--lang", "en")
    shown = re.findall(r"^  \w.*(?:as this case shows|proved)$", PAGE, re.MULTILINE)
    assert len(shown) == 2
    assert set(shown) <= set(lines)


def test_the_python_example_prints_what_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUTF8", "1")
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    shown = [line.strip() for line in PAGE.partition("It prints\n\n")[2].splitlines()[:2]]
    assert run(ROOT, "-c", example) == shown
