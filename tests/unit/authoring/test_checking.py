from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import cadrerules_market_supervision
from cadrerules import UsageError
from cadrerules.authoring.annotations import as_github, as_json, workflow_command
from cadrerules.authoring.checking import Checked, check
from cadrerules.errors import Place, Problem


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the plan's documents, with one of its case files, that may be spoilt; beside the current folder."""
    copy = tmp_path / "rules"
    shutil.copytree(Path(cadrerules_market_supervision.__file__).parent, copy, ignore=shutil.ignore_patterns("*.py*", "reports"))
    for path in (copy / "cases").iterdir():
        if path.name != "kinds.yaml":
            path.unlink()
    spoil(copy / "policy_set.yaml", "organisation:", "tables_of: market-supervision\norganisation:")
    monkeypatch.chdir(tmp_path)
    return Path("rules")


def spoil(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def line_of(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def test_the_shipped_plan_has_no_problems() -> None:
    assert check("market-supervision") == Checked("market-supervision")


def test_every_document_is_looked_at(folder: Path) -> None:
    spoil(folder / "board.yaml", 'when: flag == "red"', "when: flg == 1")
    spoil(folder / "cases" / "kinds.yaml", "format: 1", "format: 2")
    spoil(folder / "population.yaml", "sizes:", "size:")
    (folder / "accepted.yaml").write_text("- one\n", "utf-8")
    found = check(folder)
    assert found.name == "rules"
    assert found.warnings == ()
    codes = {(Path(problem.place.file).name, problem.code) for problem in found.errors}
    assert codes >= {("board.yaml", "CR-UNKNOWN-NAME"), ("kinds.yaml", "CR-BAD-DOCUMENT"), ("population.yaml", "CR-BAD-DOCUMENT"), ("accepted.yaml", "CR-UNKNOWN-DOCUMENT")}


def test_what_the_register_of_clauses_says_otherwise_is_a_warning(folder: Path) -> None:
    clauses, training = folder / "clauses.yaml", folder / "training.yaml"
    spoil(clauses, "rules: [training.evaluation]", "rules: [training.assessment]")
    found = check(folder)
    assert found.errors == ()
    assert [(p.code, p.place.file, p.place.line) for p in found.warnings] == [
        ("CR-RULE-EXPECTED", str(clauses), line_of(clauses, "training.assessment")),
        ("CR-RULE-UNLISTED", str(training), line_of(training, "id: evaluation")),
    ]


def test_a_rule_without_a_clause_is_a_warning(folder: Path) -> None:
    spoil(folder / "training.yaml", 'clause: "2.3.4"\n\ninterpretations', "\ninterpretations")
    assert ("CR-RULE-UNCITED", line_of(folder / "training.yaml", "id: evaluation")) in [(p.code, p.place.line) for p in check(folder).warnings]


def test_a_set_nobody_knows_is_refused() -> None:
    with pytest.raises(UsageError):
        check("nowhere")


def test_a_folder_without_a_set_is_an_error(tmp_path: Path) -> None:
    assert [problem.code for problem in check(tmp_path).errors] == ["CR-NO-POLICIES"]


# --- for other programs -----------------------------------------------------------------------------


def test_annotations_stand_at_their_lines(folder: Path) -> None:
    spoil(folder / "board.yaml", 'when: flag == "red"', "when: flg == 1")
    line = line_of(folder / "board.yaml", "flg == 1")
    column = (folder / "board.yaml").read_text("utf-8").splitlines()[line - 1].index("flg") + 1
    for source in (folder, folder.resolve()):
        commands = as_github(check(source)).splitlines()
        assert f"::error file=rules/board.yaml,line={line},col={column},title=CR-UNKNOWN-NAME::" in "\n".join(commands)
        assert all(command.startswith("::error ") for command in commands)


def test_what_a_command_would_take_for_its_own_is_escaped() -> None:
    problem = Problem("CR-BAD-DOCUMENT", Place(file="a:b,c%.yaml", line=2, column=3), {"reason": "50 % of\r\n`a`, ::set"})
    assert workflow_command("warning", problem) == (
        "::warning file=a%3Ab%2Cc%25.yaml,line=2,col=3,title=CR-BAD-DOCUMENT::50 %25 of%0D%0A`a`, ::set"
        "%0A`cadrerules policy schema` prints what a document may hold"
    )
    assert workflow_command("error", Problem("CR-WHICH-REPORT", values={"known": "-"}), "zh") == "::error title=CR-WHICH-REPORT::未指明报告名称%0A可用的报告：-"


def test_warnings_are_annotations_too(folder: Path) -> None:
    spoil(folder / "clauses.yaml", "rules: [training.evaluation]", "rules: [training.evaluation, training.more]")
    (command,) = as_github(check(folder)).splitlines()
    assert command.startswith(f"::warning file=rules/clauses.yaml,line={line_of(folder / 'clauses.yaml', 'training.more')},col=")
    assert "training.more" in command


def test_as_json(folder: Path) -> None:
    spoil(folder / "training.yaml", "when: evaluations < needed", "when: evaluations < neded")
    told = json.loads(as_json(check(folder), "zh"))
    assert told["policy_set"] == "rules"
    (problem,) = told["problems"]
    assert problem | {"message": "", "hint": ""} == {
        "severity": "error",
        "code": "CR-UNKNOWN-NAME",
        "file": "rules/training.yaml",
        "line": line_of(folder / "training.yaml", "neded"),
        "column": 25,
        "message": "",
        "hint": "",
    }
    assert "neded" in problem["message"]
    assert "needed" in problem["hint"]
