from __future__ import annotations

import json
from pathlib import Path

import pytest

from cadrerules import cli

BUREAU = str(Path(__file__).parents[3] / "examples" / "bureau")
DAY = ("--as-of", "2025-01-15")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["report", *arguments, "--lang", "en"])
    code = left.value.code
    assert isinstance(code, int)
    return code


def refused(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(*arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


def test_a_report_goes_to_the_output(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("board", BUREAU, *DAY, "--period", "2024Q3", "--format", "text") == 0
    out, err = capfd.readouterr()
    assert out.startswith("Red and black board Quarter 3 of 2024\n")
    assert err == "As of 2025-01-15\n"


def test_the_usual_options_bear_on_it(capfd: pytest.CaptureFixture[str]) -> None:
    options = ("--set", "board.black_quarters=2", "--interpret", "board.ties=dense", "--policy", "board", "--policies", "market-supervision")
    assert run("discretion", BUREAU, *DAY, "--format", "json", *options) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["parameters"] == []
    assert {reading["name"]: reading["option"] for reading in found["readings"]}["board.ties"] == "dense"
    assert all(not reading["name"].startswith("assessment.") for reading in found["readings"])


def test_without_a_name_the_reports_are_listed(capfd: pytest.CaptureFixture[str]) -> None:
    err = refused(capfd)
    assert err.startswith("CR-WHICH-REPORT: no report is named\n    there are: board (Red and black board), ")
    assert "ledger (Rectification ledger)" in refused(capfd, "bord", BUREAU)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("board",), "CR-CALL"),
        (("board", BUREAU, "--format", "pdf"), "CR-NOT-AN-OPTION"),
        (("board", BUREAU, *DAY, "--subject", "U01"), "CR-NOT-FOR-REPORT"),
        (("board", BUREAU, *DAY, "--period", "2024-09"), "CR-REPORT-PERIOD"),
        (("board", BUREAU, *DAY, "--period", "2031Q1"), "CR-NOTHING-TO-REPORT"),
        (("dossier", BUREAU, *DAY), "CR-REPORT-NEEDS-SUBJECT"),
        (("dossier", BUREAU, *DAY, "--subject", "P999"), "CR-UNKNOWN-SUBJECT"),
        (("discretion", BUREAU, *DAY, "--format", "xlsx"), "CR-NEEDS-OUT"),
        (("board", BUREAU + "/nowhere", *DAY), "CR-"),
    ],
)
def test_what_can_not_be_done_is_told_with_a_code(
    arguments: tuple[str, ...], code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert refused(capfd, *arguments).startswith(code)


def test_a_workbook_is_written_whole(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("discretion", BUREAU, *DAY, "--format", "xlsx", "--out", str(tmp_path / "x.xlsx")) == 0
    assert (tmp_path / "x.xlsx").read_bytes()[:2] == b"PK"
    assert run("discretion", BUREAU, *DAY, "--format", "xlsx", "--out", str(tmp_path / "no" / "x.xlsx")) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["x.xlsx"]
    assert "CR-CANT-WRITE" in capfd.readouterr().err
