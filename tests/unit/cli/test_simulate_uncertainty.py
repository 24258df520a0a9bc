"""`cadrerules simulate interpretations`, `uncertainty`, `noise`, `bounds` and `margins`: what they print and refuse."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from cadrerules import cli
from cadrerules.simulate.uncertainty import tally
from small_bureau import standing, style

UNIFORM = "format: 1\ndistributions: {progress.progress: {uniform: [90, 100]}}\n"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([*arguments, "--policies", "market-supervision"])
    code = left.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = standing("2024Q3", *(f"U{n}" for n in range(9)))
    rows[8]["progress"] = None
    return written(tmp_path / "facts.json", {"progress": rows, "style": style("U1", Q3="good")})


def written(file: Path, tables: Any) -> Path:
    file.write_text(json.dumps(tables), encoding="utf-8")
    return file


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "uncertain.yaml"
    file.write_text(UNIFORM, encoding="utf-8")
    return file


def commands(data: Path, document: Path) -> dict[str, tuple[str, ...]]:
    return {
        "interpretations": ("simulate", "interpretations", str(data)),
        "uncertainty": ("simulate", "uncertainty", str(data), "--distributions", str(document), "--draws", "5"),
        "noise": ("simulate", "noise", str(data), "--noise", "progress.progress=1", "--draws", "5"),
        "bounds": ("simulate", "bounds", str(data)),
        "margins": ("simulate", "margins", str(data)),
    }


KINDS = {"interpretations": "ambiguities", "uncertainty": "uncertainty", "noise": "noise", "bounds": "bounds", "margins": "margins"}


@pytest.mark.parametrize("name", KINDS)
def test_each_gives_json_csv_and_text(name: str, data: Path, document: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command = (*commands(data, document)[name], "--as-of", "2025-01-15")
    out = tmp_path / "out.json"
    assert run(*command, "--format", "json", "--out", str(out)) == 0
    plain = json.loads(out.read_text(encoding="utf-8"))
    assert (plain["kind"], plain["as_of"], plain["policies"]["name"]) == (KINDS[name], "2025-01-15", "market-supervision")
    capfd.readouterr()
    assert run(*command, "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out.removeprefix("\ufeff"))))
    assert name == "margins" or rows
    assert run(*command, "--lang", "zh") == 0
    assert "截至 2025-01-15" in capfd.readouterr().out


def test_the_order_of_interpretations_is_told(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("simulate", "interpretations", str(data), "--as-of", "2025-01-15", "--interpret", "board.ties=dense") == 0
    out = capfd.readouterr().out
    assert "1. What is ranked (board.ranked, clause 2.2.3)" in out
    assert "dense" not in out.split("No decision on these facts")[0]


def test_other_facts_tell_who_took_whose_place(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = standing("2024Q3", *(f"U{n}" for n in range(9)))
    before, after = written(tmp_path / "before.json", {"progress": rows}), tmp_path / "after.json"
    rows[7]["progress"] = 200
    written(after, {"progress": rows})
    assert run("simulate", "margins", str(before), "--after", str(after), "--as-of", "2025-01-15") == 0
    out = capfd.readouterr().out
    assert "red flag -> yellow flag" in out
    assert "U7 came in" in out


def test_a_reform_tells_who_takes_whose_place(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = standing("2024Q3", *(f"U{n}" for n in range(9)))
    rows[8]["progress"] = rows[6]["progress"]
    data, reform = written(tmp_path / "facts.json", {"progress": rows}), tmp_path / "reform.yaml"
    reform.write_text("reform: Ties go by id\ninterpretations: {board.ties: ordinal}\n", encoding="utf-8")
    command = ("simulate", "margins", str(data), "--as-of", "2025-01-15", "--lang", "en")
    assert run(*command, "--reform", str(reform)) == 0
    assert "U8       2024Q3  Flag      red flag -> yellow flag  7 -> 8  passed by U6" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("noise", "--noise", "progress.progress"), "CR-NOT-A-SETTING"),
        (("noise", "--noise", "progress.progress=much"), "CR-NOT-A-SETTING"),
        (("noise", "--noise", "progress.progress=-1"), "CR-NOT-A-SETTING"),
        (("noise", "--noise", "progress.progress=1", "--noise", "progress.progress=2"), "CR-GIVEN-TWICE"),
        (("noise", "--noise", "progress.unit=1"), "CR-DRAWN-KEY"),
        (("noise",), "CR-CALL"),
        (("uncertainty",), "CR-CALL"),
        (("uncertainty", "--distributions", "nowhere.yaml"), "CR-YAML-UNREADABLE"),
        (("bounds", "--format", "xlsx"), "CR-NOT-AN-OPTION"),
        (("bounds", "--engine", "pandas"), "CR-NOT-AN-OPTION"),
    ],
)
def test_what_cannot_be_is_refused(command: tuple[str, ...], code: str, data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("simulate", command[0], str(data), *command[1:]) == 2
    assert code in capfd.readouterr().err


def test_an_interrupted_run_leaves_no_file(
    data: Path, document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "out.json"
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(tally, "outcomes", interrupted)
    command = commands(data, document)["uncertainty"]
    with pytest.raises(SystemExit) as left:
        cli.main([*command, "--policies", "market-supervision", "--out", str(out)])
    assert left.value.code == 130
    assert sorted(tmp_path.iterdir()) == before


def test_persons_stay_under_pseudonyms(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"0123456789abcdef")
    tables = {
        "results": [{"year": 2024, "unit": "U", "indicator": "I", "regional_rank": 7, "cities": 14, "deducted": None, "cause": "subjective", "completed": True}],
        "staff": [{"person": "LiLei", "unit": "U", "role": "head"}],
    }
    data = written(tmp_path / "facts.json", tables)
    assert run("simulate", "bounds", str(data), "--as-of", "2025-01-15", "--format", "json", "--pseudonymise", str(key)) == 0
    out = capfd.readouterr().out
    assert '"P-' in out
    assert "LiLei" not in out


def test_one_organisation_may_be_chosen(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = [{**r, "bureau": name} for name in ("A", "B") for r in standing("2024Q3", *(f"U{n}" for n in range(9)))]
    data = written(tmp_path / "facts.json", {"progress": rows})
    assert run("simulate", "margins", str(data), "--group-by", "bureau", "--group", "A", "--as-of", "2025-01-15", "--format", "json") == 0
    found = json.loads(capfd.readouterr().out)
    assert {one["group"] for one in found["margins"]} == {"A"}
