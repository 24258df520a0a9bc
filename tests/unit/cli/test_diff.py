from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import cadrerules as cr
import cadrerules_market_supervision
from cadrerules import cli
from small_parcels import written

ROWS = "year,parcel,weight,fragile\n2024,A,9.5,false\n2024,B,9,\n"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["policy", "diff", *arguments])
    code = left.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two versions of a policy set and facts."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "old")
    written(tmp_path / "new", ("value: 10,", "value: 9,"))
    written(tmp_path / "words", ("en: High", "en: Dear"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "parcels.csv").write_text(ROWS, "utf-8")
    return tmp_path


COMMON = ("--data", "data", "--as-of", "2025-01-15", "--lang", "en", "--no-proofs")


@pytest.mark.usefixtures("here")
def test_the_three_formats_and_a_file(capfd: pytest.CaptureFixture[str]) -> None:
    old, new = cr.load_policies("old"), cr.load_policies("new")
    found = old.diff(new, "data", as_of=date(2025, 1, 15), proofs=False)
    assert run("old", "new", *COMMON) == 0
    assert capfd.readouterr().out == found.to_text()
    assert run("old", "new", *COMMON, "--format", "markdown") == 0
    assert capfd.readouterr().out == found.to_markdown()
    assert run("old", "new", *COMMON, "--format", "json", "--out", "found.json") == 0
    assert json.loads(Path("found.json").read_text("utf-8")) == json.loads(json.dumps(found.to_dict()))
    assert [flip["subject"]["id"] for flip in found.to_dict()["flips"]] == ["A"]


@pytest.mark.usefixtures("here")
def test_the_exit_status_tells_whether_decisions_differ(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("old", "new", *COMMON, "--exit-code") == 1
    assert "1 decision flips" in capfd.readouterr().out
    assert run("old", "words", *COMMON, "--exit-code") == 0
    assert run("old", "old", *COMMON, "--exit-code") == 0
    assert run("old", "new", "--no-proofs", "--exit-code") == 0


@pytest.mark.skipif(shutil.which("git") is None, reason="git isn't installed")
def test_revisions_are_compared_with_the_folder(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    who = {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
    for command in (["init", "-q"], ["add", "old", "new"], ["commit", "-q", "-m", "both"]):
        subprocess.run(["git", *command], check=True, env=environment)  # noqa: S607
    assert run("HEAD:old/fees.yaml", "new/fees.yaml", *COMMON) == 0
    assert "Documents: 1 changed" in capfd.readouterr().out
    assert run("HEAD:old/nothing.yaml", "new", *COMMON) == 2
    assert "CR-NO-SUCH-PATH: HEAD:old/nothing.yaml" in capfd.readouterr().err
    (here / "old" / "fees.yaml").write_text("format: 1\npolicy: [\n", "utf-8")
    assert run("HEAD:old", "new", *COMMON) == 0
    assert "~ parameter fees.heavy (clause 1)\n        value: 10 -> 9\n" in capfd.readouterr().out
    subprocess.run(["git", "commit", "-q", "-a", "-m", "broken"], check=True, env=environment)  # noqa: S607
    assert run("HEAD:old", "new", *COMMON) == 2
    error = capfd.readouterr().err
    assert "HEAD:old" in error
    assert "cadrerules-" not in error


def test_a_single_document_is_compared_within_the_rest_of_its_set(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The questions of `new` differ too, but are none of what was asked for."""
    questions = here / "new" / "questions.yaml"
    questions.write_text(questions.read_text("utf-8").replace("severity: 2", "severity: 7"), "utf-8")
    (here / "drafts").mkdir()
    shutil.copy(here / "new" / "fees.yaml", here / "drafts" / "charges.yaml")
    for old, new in (
        ("old/fees.yaml", "new/fees.yaml"), ("old", "drafts/charges.yaml"), ("old/fees.yaml", "drafts/charges.yaml"),
    ):  # fmt: skip
        assert run(old, new, *COMMON, "--exit-code") == 1
        text = capfd.readouterr().out
        assert "Documents: 1 changed, 0 added, 0 removed" in text
        assert "~ parameter fees.heavy (clause 1)\n        value: 10 -> 9\n" in text
    assert run("old", "new", *COMMON) == 0
    assert "verdict fee.high" in capfd.readouterr().out
    assert run("drafts/charges.yaml", "drafts/charges.yaml", *COMMON) == 2
    assert "CR-NO-POLICIES" in capfd.readouterr().err
    (here / "drafts" / "charges.yaml").write_text("format: 1\npolicy: fees\n", "utf-8")
    assert run("old", "drafts/charges.yaml", *COMMON) == 2
    error = capfd.readouterr().err
    assert "drafts" in error
    assert "cadrerules-" not in error


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("old", "nowhere"), "CR-UNKNOWN-SET"),
        (("HEAD:old", "new"), "CR-NO-REPOSITORY"),
        (("old", "data"), "CR-NO-POLICIES"),
        (("old", "new", "--format", "html"), "CR-NOT-AN-OPTION"),
        (("old", "new", "--as-of", "soon"), "CR-NOT-A-DAY"),
        (("old",), "CR-CALL"),
    ],
)
def test_what_can_not_be_compared_is_refused(arguments: tuple[str, ...], code: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments, "--lang", "en") == 2
    assert code in capfd.readouterr().err


def test_persons_may_have_pseudonyms(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    bureau = Path(__file__).parents[3] / "examples" / "bureau"
    changed = tmp_path / "new"
    shutil.copytree(Path(cadrerules_market_supervision.__file__).parent, changed, ignore=shutil.ignore_patterns("*.py*"))
    text = (changed / "board.yaml").read_text("utf-8")
    (changed / "board.yaml").write_text(text.replace("blacks >= param.black_quarters", "blacks >= 1"), "utf-8")
    asked = ("market-supervision", str(changed), "--data", str(bureau), "--as-of", "2025-01-15", "--no-proofs", "--format", "json")
    assert run(*asked) == 0
    plain = json.loads(capfd.readouterr().out)
    assert run(*asked, "--pseudonymise", str(key)) == 0
    coded = json.loads(capfd.readouterr().out)
    named = {flip["subject"]["id"] for flip in plain["flips"]}
    assert len(plain["flips"]) == len(coded["flips"]) > 0
    assert all(one.startswith("P") for one in named)
    assert not named & {flip["subject"]["id"] for flip in coded["flips"]}


def test_colours_only_for_a_terminal(here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("old", "new", *COMMON) == 0
    plain = capfd.readouterr().out
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda self: True, raising=False)
    assert run("old", "new", *COMMON) == 0
    coloured = capfd.readouterr().out
    assert "\x1b[" in coloured
    assert "value: 10 -> 9" in coloured
