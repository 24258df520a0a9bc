"""The page on synthetic populations: its commands, code and descriptions run, and its tables are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules import cli
from cadrerules.simulate.distribution_documents import KINDS
from cadrerules.simulate.synthetic import draw_tables, drawing
from cadrerules.simulate.synthetic.documents import ColumnDoc, PartDoc, TableDoc

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "synthetic-populations.md").read_text(encoding="utf-8")
POPULATION, DISTRIBUTIONS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^\$ cadrerules (.*)$", PAGE, re.MULTILINE)


@pytest.mark.slow
def test_every_command_and_block_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "draws.yaml").write_text(DISTRIBUTIONS, encoding="utf-8")
    assert len(COMMANDS) == 2
    for command in COMMANDS:
        with pytest.raises(SystemExit) as left:
            cli.main([*command.replace(" 1000 ", " 4 ").split(), "--lang", "en"])  # fewer, for speed
        assert left.value.code == 0
    assert "units: 80 rows" in capfd.readouterr().out
    assert (tmp_path / "flags.parquet").stat().st_size > 100
    assert len(BLOCKS) == 3
    names: dict[str, Any] = {}
    for block in BLOCKS:
        exec(block, names)  # noqa: S102 - the page's own code
    assert len(names["facts"].rows) == 13
    assert set(names["causes"]) <= {"subjective", "objective"}


def test_the_description_is_one(tmp_path: Path) -> None:
    (tmp_path / "population.yaml").write_text(POPULATION, encoding="utf-8")
    tables = draw_tables(cr.load_policies("market-supervision"), organisations=3, population=tmp_path / "population.yaml")
    assert {name: frame.height for name, frame in tables.items() if name != "progress"} == {"units": 60, "style": 480}
    assert 930 < tables["progress"].height < 960


def test_every_entry_stands_in_the_tables() -> None:
    told = set(re.findall(r"^\| `(\w+)", PAGE, re.MULTILINE)) | set(re.findall(r"^\| `\w+: \w+`, `(\w+)`", PAGE, re.MULTILINE))
    assert {*KINDS, *ColumnDoc.kinds, *PartDoc.model_fields, *TableDoc.model_fields} <= told
    assert f"{drawing.BLOCK}\norganisations" in PAGE
