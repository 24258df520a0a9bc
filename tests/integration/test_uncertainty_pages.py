"""The pages on what the text leaves open and on uncertain facts: what they show is what comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cadrerules import cli
from cadrerules.simulate.uncertainty.intervals import LEVEL
from cadrerules.simulate.waiting import FAR

ROOT = Path(__file__).parents[2]
PAGES = {name: (ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8") for name in ("what-the-text-leaves-open", "uncertain-facts")}


def shown(page: str) -> Iterator[tuple[str, str]]:
    """Each command with what the page shows of its output."""
    yield from re.findall(r"```console\n\$ cadrerules (.*?)\n(.*?)```", page, re.DOTALL)


COMMANDS = [(name, *each) for name, page in PAGES.items() for each in shown(page)]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the examples and the page's document."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (document,) = re.findall(r"```yaml\n(.*?)```", PAGES["uncertain-facts"], re.DOTALL)
    (tmp_path / "uncertain.yaml").write_text(document, encoding="utf-8")


@pytest.mark.parametrize(("command", "output"), [each[1:] for each in COMMANDS], ids=[each[1].split()[1] for each in COMMANDS])
def test_commands_show_what_the_page_shows(command: str, output: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([*command.split(), "--lang", "en"])
    assert left.value.code == 0
    out = [line.rstrip() for line in capfd.readouterr().out.splitlines()]
    for part in re.split(r"^\.\.\.\n", output, flags=re.MULTILINE):  # what stands between is left out of the page
        lines = [line.rstrip() for line in part.splitlines()]
        assert "\n".join(lines).strip() in "\n".join(out)


@pytest.mark.parametrize("name", PAGES)
def test_python_examples_print_what_the_page_shows(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGES[name], re.DOTALL)
    exec(example, {})  # noqa: S102 - the page's own code
    printed = capfd.readouterr().out.splitlines()
    assert printed == [line.strip() for line in PAGES[name].partition("It prints\n\n")[2].splitlines()[: len(printed)]]
    assert len(printed) > 1


def test_the_numbers_are_those_of_the_code() -> None:
    assert len(COMMANDS) == 5
    assert (LEVEL, FAR) == (0.95, 1_000_000)
    assert "a million steps away" in PAGES["what-the-text-leaves-open"]
    assert "score interval at 95 %" in PAGES["uncertain-facts"]
