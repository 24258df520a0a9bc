"""`--group-by` and `--group` on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cadrerules import cli

DAY = ("--as-of", "2025-01-15", "--lang", "en")
GROUPED = (*DAY, "--group-by", "bureau")


@pytest.fixture
def data(tmp_path: Path) -> str:
    """Two bureaux with the same ids, and one with a person that only it has."""
    progress = ["bureau,quarter,unit,indicator,progress", "B02,2024Q1,U01,I1,1", "B02,2024Q1,U02,I1,2", "B01,2024Q1,U01,I1,1"]
    staff = ["person,unit,role,bureau,name", "P01,U01,head,B01,职工甲一", "P01,U01,head,B02,", "P07,U01,head,B03,"]
    problems = ["problem,aspect,listed_on,due_on,goal,measures,lead_unit,responsible_unit,effect_on,closed_on,bureau"]
    for name, lines in {"progress": progress, "staff": staff, "problems": problems}.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(tmp_path)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    code = left.value.code
    assert isinstance(code, int)
    return code


def refused(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The first line of the error."""
    assert run(*arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err.splitlines()[0]


def test_evaluate_keeps_organisations_apart(data: str, capfd: pytest.CaptureFixture[str]) -> None:
    options = ("--set", "board.red_to=1", "--set", "board.yellow_to=1", "--policy", "board")
    assert run("evaluate", data, *GROUPED, *options, "--format", "json") == 0
    plain = json.loads(capfd.readouterr().out)
    assert plain["group_by"] == "bureau"
    assert {d["id"]: (d["group"], d["verdict"]) for d in plain["decisions"] if d["question"] == "flag"} == {
        "B01/flag/U01/2024Q1": ("B01", "red"),
        "B02/flag/U01/2024Q1": ("B02", "black"),
        "B02/flag/U02/2024Q1": ("B02", "red"),
    }


def test_evaluate_shows_the_organisation_first(data: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("evaluate", data, *GROUPED, "--policy", "board") == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines[1:5]] == [
        ["bureau", "Subject", "Period"], ["B01", "U01", "2024Q1"], ["B02", "U01", "2024Q1"], ["B02", "U02", "2024Q1"],
    ]  # fmt: skip
    assert run("evaluate", data, *GROUPED, "--policy", "board", "--format", "csv") == 0
    rows = list(csv.reader(capfd.readouterr().out.lstrip("\ufeff").splitlines()))
    assert [row[:2] for row in rows[:2]] == [["bureau", "id"], ["B01", "B01/flag/U01/2024Q1"]]


def test_evaluate_can_keep_to_one_organisation(data: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("evaluate", data, *GROUPED, "--group", "B02", "--policy", "board", "--format", "json") == 0
    assert {d["group"] for d in json.loads(capfd.readouterr().out)["decisions"]} == {"B02"}
    assert refused(capfd, "evaluate", data, *GROUPED, "--group", "B09") == "CR-UNKNOWN-GROUP: no table has the organisation `B09`"


def test_what_lacks_the_column_or_needs_it_is_refused(data: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert refused(capfd, "evaluate", data, *DAY).startswith("CR-UNKNOWN-HEADING: problems.csv")
    assert refused(capfd, "evaluate", data, *DAY, "--group-by", "region") == (
        "CR-GROUP-MISSING: problems.csv: table `problems` lacks the grouping column `region`"
    )
    assert refused(capfd, "evaluate", data, *DAY, "--group-by", "unit").startswith("CR-GROUP-IS-COLUMN")
    assert refused(capfd, "evaluate", data, *DAY, "--extra-columns", "ignore", "--group", "B01").startswith("CR-")
    (Path(data) / "staff.csv").unlink()
    (Path(data) / "problems.csv").unlink()
    ungrouped = (*DAY, "--extra-columns", "ignore", "--group", "B01")
    (Path(data) / "progress.csv").write_text("quarter,unit,indicator,progress\n", encoding="utf-8")
    for command in (("evaluate", data), ("explain", data, "U01"), ("report", "board", data)):
        assert refused(capfd, *command, *ungrouped).startswith("CR-NOT-GROUPED: `B01` can't be chosen")


def test_explain_takes_the_only_organisation_that_has_the_subject(data: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("explain", data, "P07", *GROUPED) == 0
    assert "bureau B03. This is a proposal" in capfd.readouterr().out
    assert run("explain", data, "P01", *GROUPED, "--group", "B02", "--counterfactual", "--format", "json") == 0
    assert json.loads(capfd.readouterr().out)["group"] == "B02"
    assert refused(capfd, "explain", data, "P01", *GROUPED) == "CR-WHICH-GROUP: one organisation must be chosen of 2: B01, B02"
    assert refused(capfd, "explain", data, "P99", *GROUPED).startswith("CR-UNKNOWN-SUBJECT")
    assert refused(capfd, "explain", data, "P07", *GROUPED, "--group", "B01").startswith("CR-UNKNOWN-SUBJECT")


def test_a_report_is_about_one_organisation(data: str, capfd: pytest.CaptureFixture[str]) -> None:
    board = ("report", "board", data, *GROUPED, "--format", "text")
    assert refused(capfd, *board) == "CR-WHICH-GROUP: one organisation must be chosen of 3: B01, B02, B03"
    assert run(*board, "--group", "B02") == 0
    out = capfd.readouterr().out
    assert "2 units ranked" in out
    assert "bureau B02. This is a proposal" in out
    assert run("report", "dossier", data, *GROUPED, "--group", "B03", "--subject", "P07", "--format", "text") == 0
    assert "bureau B03. " in capfd.readouterr().out


def test_pseudonyms_differ_between_organisations(data: str, tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]) -> None:
    key = tmp_path_factory.mktemp("key") / "person.key"
    key.write_bytes(bytes(range(32)))
    hidden = (*GROUPED, "--pseudonymise", str(key))
    heads = set()
    for bureau in ("B01", "B02"):
        assert run("explain", data, "P01", *hidden, "--group", bureau) == 0
        out = capfd.readouterr().out
        assert "P01" not in out
        heads.add(out.splitlines()[0])
    assert len(heads) == 2
    assert run("evaluate", data, *hidden, "--format", "json") == 0
    assert "P01" not in capfd.readouterr().out
