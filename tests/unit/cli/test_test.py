from __future__ import annotations

import json
from pathlib import Path

import pytest

from cadrerules import cli
from small_marks import CASES, write_marks

WRONG = CASES.replace("verdict: low", "verdict: high")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(("test", *arguments))
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the policy set `marks` in it, from which the command is given."""
    write_marks(tmp_path / "marks")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_cases_that_pass(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("marks", "--lang", "en") == 0
    assert capfd.readouterr().out.startswith("2 of 2 cases passed in ")


def test_a_case_that_fails(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_marks(inside / "marks", WRONG)
    assert run("marks", "--lang", "en") == 1
    out = capfd.readouterr().out
    assert "marks/cases/marks.yaml:9: two points bar (clause 2)\ngrade / P / 2024: the decision is not as expected\n" in out
    assert 'run it again: cadrerules test "marks/cases/marks.yaml" -k "two points bar"\n' in out
    assert "1 of 2 cases passed in " in out


def test_only_cases_with_a_text_in_their_name(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_marks(inside / "marks", WRONG)
    assert run("marks/cases/marks.yaml", "-k", "BELOW", "--lang", "en") == 0
    assert capfd.readouterr().out.startswith("1 of 1 cases passed")


def test_an_installed_set_by_name(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("market-supervision", "-k", "training.yaml", "--lang", "zh") == 0
    assert "个用例中通过 8 个" in capfd.readouterr().out


def test_engines(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("marks", "--engine", "scalar,duckdb", "--lang", "en") == 0
    assert capfd.readouterr().out.startswith("4 of 4 cases passed")


def test_update_shows_what_it_changed(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = write_marks(inside / "marks", WRONG)
    assert run("marks", "--update", "--lang", "en") == 0
    assert "marks/cases/marks.yaml: two points bar: grade/P/2024.verdict: high -> low\n" in capfd.readouterr().out
    assert file.read_text(encoding="utf-8") == CASES


def test_coverage_and_what_it_must_reach(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("marks", "--coverage", "--lang", "en") == 0
    assert " of 33 obligations\n" in capfd.readouterr().out
    assert run("marks", "--fail-under", "50", "--lang", "en") == 0
    assert run("marks", "--fail-under", "90", "--lang", "en") == 1
    assert capfd.readouterr().err == "coverage is 60.6 %, under the 90 % asked for\n"


def test_only_one_policy(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("market-supervision", "-k", "training.yaml", "--policy", "training", "--coverage", "--lang", "en") == 0
    out = capfd.readouterr().out
    assert " of 20 obligations\n" in out
    assert "board" not in out
    assert run("market-supervision", "-k", "training.yaml", "--policy", "board", "--lang", "en") == 0
    assert capfd.readouterr().out.startswith("0 of 0 cases")
    assert run("marks", "--policy", "board") == 2
    assert "CR-UNKNOWN-POLICY" in capfd.readouterr().err


def test_json(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_marks(inside / "marks", WRONG)
    assert run("marks", "--format", "json", "--coverage") == 1
    data = json.loads(capfd.readouterr().out)
    first, second = data["cases"]
    assert (first["file"], first["line"], first["case"], first["status"]) == ("marks/cases/marks.yaml", 9, "two points bar", "failed")
    assert first["faults"][0]["fields"] == {"verdict": {"expected": "high", "found": "low"}}
    assert second["status"] == "passed"
    assert data["coverage"][0]["obligations"] == 33


def test_html_goes_to_a_file(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_marks(inside / "marks", WRONG.replace("two points bar ", "two <b>points</b> bar "))
    assert run("marks", "--format", "html", "--out", "page.html", "--lang", "zh") == 1
    page = (inside / "page.html").read_text(encoding="utf-8")
    assert "规则覆盖情况" in page
    assert "two &lt;b&gt;points&lt;/b&gt; bar" in page
    assert "<b>points" not in page


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere"], "CR-UNKNOWN-SET"),
        (["marks", "-k", "nothing of the kind"], "CR-NO-CASES"),
        (["marks", "--engine", "abacus"], "CR-NOT-AN-OPTION"),
        (["marks", "--format", "pdf"], "CR-NOT-AN-OPTION"),
        (["marks", "--fail-under", "101"], "CR-CALL"),
        (["empty"], "CR-NO-CASES"),
    ],
)
def test_what_can_not_be_done_leaves_with_two(inside: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], code: str) -> None:
    (inside / "empty").mkdir()
    assert run(*arguments) == 2
    assert code in capfd.readouterr().err


def test_a_faulty_file_leaves_with_two(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_marks(inside / "marks", CASES.replace("about:", "abuot:"))
    assert run("marks", "--lang", "en") == 2
    assert "CR-BAD-DOCUMENT: marks.yaml, line 3, column 1" in capfd.readouterr().err
