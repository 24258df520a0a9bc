"""`policy new`, `format`, `check` and `schema` as they are typed."""

from __future__ import annotations

import io
import json
import shutil
import stat
import sys
from pathlib import Path

import pytest

import command

ROOT = Path(__file__).parents[3]
PLUGIN = ROOT / "examples" / "04_plugin" / "supplier_review"


def run(*arguments: str, lang: str = "en") -> tuple[int, str, str]:
    done = command.run(*arguments, lang=lang)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new package, in the current folder."""
    monkeypatch.chdir(tmp_path)
    assert run("policy", "new", "canteen-rules")[0] == 0
    return Path("canteen-rules")


def spoil(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


# --- new --------------------------------------------------------------------------------------------


def test_a_new_package_tells_what_is_next(tmp_path: Path) -> None:
    code, out, err = run("policy", "new", "canteen-rules", "--dir", str(tmp_path), lang="zh")
    assert (code, err) == (0, f"已写入：{tmp_path / 'canteen-rules'}\n")
    assert out.startswith(f"接下来：\n  cd {tmp_path / 'canteen-rules'}\n  pip install")
    assert "  cadrerules test canteen-rules\n" in out


def test_a_second_one_is_refused(package: Path) -> None:
    code, out, err = run("policy", "new", package.name)
    assert (code, out) == (2, "")
    assert err.startswith("CR-CANT-WRITE: ")


# --- check ------------------------------------------------------------------------------------------


def test_a_package_checks_without_being_installed(package: Path) -> None:
    assert run("policy", "check", f"{package}/src/canteen_rules") == (0, "canteen-rules: no problems\n", "")
    assert run("policy", "check", f"{package}/src/canteen_rules", "--format", "github") == (0, "", "")
    assert json.loads(run("policy", "check", f"{package}/src/canteen_rules", "--format", "json")[1]) == {"policy_set": "canteen-rules", "problems": []}


def test_a_warning_is_told_and_fails_nothing(package: Path) -> None:
    documents = package / "src" / "canteen_rules"
    spoil(documents / "clauses.yaml", "rules: [standing.commend]", "rules: [standing.commend, standing.praise]")
    code, out, err = run("policy", "check", str(documents))
    assert (code, out) == (0, "canteen-rules: no errors; warnings: 1\n")
    assert err.startswith("Warning: CR-RULE-EXPECTED: canteen-rules/src/canteen_rules/clauses.yaml, line 10, column ")
    code, out, err = run("policy", "check", str(documents), "--format", "github")
    assert (code, err) == (0, "")
    assert out.startswith("::warning file=canteen-rules/src/canteen_rules/clauses.yaml,line=10,col=")


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_an_error_is_status_2(package: Path, form: str) -> None:
    documents = package / "src" / "canteen_rules"
    spoil(documents / "standing.yaml", "faults == 0", "fault == 0")
    code, out, err = run("policy", "check", str(documents), "--format", form)
    assert code == 2
    assert "CR-UNKNOWN-NAME" in (err if form == "text" else out)
    assert (out if form == "text" else err) == ""


# --- format -----------------------------------------------------------------------------------------


def test_documents_are_rewritten_and_told(package: Path) -> None:
    documents = package / "src" / "canteen_rules"
    path = documents / "standing.yaml"
    before = path.read_text("utf-8")
    path.chmod(0o640)
    spoil(path, "faults == 0", "(faults==0)")
    assert run("policy", "format", f"{package}/src", "--check") == (1, f"{path}\n", "1 of 5 documents would change\n")
    code, out, err = run("policy", "format", str(package), "--diff", "--check", lang="zh")
    assert (code, err) == (1, "共 5 个文档，需更改 1 个\n")
    assert "-    when: points >= param.best_points and (faults==0)\n+    when: points >= param.best_points and faults == 0\n" in out
    assert run("policy", "format", f"{package}/src") == (0, "", f"Formatted: {path}\n1 of 5 documents changed\n")
    assert path.read_text("utf-8") == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert run("policy", "format", f"{package}/src", "--check") == (0, "", "0 of 5 documents would change\n")


def test_a_link_stays_one(package: Path) -> None:
    target, link = package / "src" / "canteen_rules" / "standing.yaml", package / "linked.yaml"
    spoil(target, "faults == 0", "(faults==0)")
    link.symlink_to(target.resolve())
    assert run("policy", "format", str(link))[0] == 0
    assert link.is_symlink()
    assert "(faults==0)" not in target.read_text("utf-8")


def test_nothing_is_written_where_any_document_is_faulty(package: Path) -> None:
    documents = package / "src" / "canteen_rules"
    spoil(documents / "standing.yaml", "faults == 0", "(faults==0)")
    spoil(documents / "questions.yaml", "decide:", "decides:")
    spoil(documents / "cases" / "standing.yaml", "as_of:", "as_off:")
    kept = {path: path.read_bytes() for path in documents.rglob("*") if path.is_file()}
    code, out, err = run("policy", "format", str(documents))
    assert (code, out) == (2, "")
    assert err.count("CR-BAD-DOCUMENT") >= 3
    assert "questions.yaml" in err
    assert "cases/standing.yaml" in err
    assert {path: path.read_bytes() for path in documents.rglob("*") if path.is_file()} == kept


def test_single_files_of_any_kind(tmp_path: Path) -> None:
    reform = tmp_path / "reform.yaml"
    reform.write_text("params: {board.red_to: 6}\nreform: Fewer\n", "utf-8")
    shutil.copy(PLUGIN / "review.yaml", tmp_path)
    assert run("policy", "format", str(reform), str(tmp_path / "review.yaml")) == (0, "", f"Formatted: {reform}\n1 of 2 documents changed\n")
    assert reform.read_text("utf-8") == "reform: Fewer\nparams: {board.red_to: 6}\n"


@pytest.mark.parametrize(("make", "code"), [(None, "CR-NO-SUCH-PATH"), ("folder", "CR-NO-POLICIES"), ("services: {}\n", "CR-UNKNOWN-DOCUMENT")])
def test_what_can_not_be_formatted_is_refused(make: str | None, code: str, tmp_path: Path) -> None:
    path = tmp_path / "thing.yaml"
    if make == "folder":
        path.mkdir()
    elif make:
        path.write_text(make, "utf-8")
    status, out, err = run("policy", "format", str(path))
    assert (status, out) == (2, "")
    assert err.startswith(code)


def test_from_standard_input_to_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    def given(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogateescape"))))

    given("params: {board.red_to:  6}\nreform: 少\n")
    assert run("policy", "format", "-") == (0, "reform: 少\nparams: {board.red_to: 6}\n", "")
    given("params: {board.red_to:  6}\nreform: 少\n")
    assert run("policy", "format", "-", "--check") == (1, "", "")
    given("reform: 少\nparams: {board.red_to: 6}\n")
    assert run("policy", "format", "-", "--check", "--diff") == (0, "", "")
    given("reform: \udcff\n")
    status, out, err = run("policy", "format", "-")
    assert (status, out, err[:16]) == (2, "", "CR-YAML-CONTROL:")


# --- schema -----------------------------------------------------------------------------------------


def test_all_schemas_go_into_a_folder(tmp_path: Path) -> None:
    code, out, err = run("policy", "schema", "--into", str(tmp_path / "schemas"))
    assert (code, out) == (0, "")
    assert f"Written: {tmp_path / 'schemas' / 'cases.schema.json'}\n" in err
    assert (tmp_path / "schemas" / "cases.schema.json").read_text("utf-8") == run("policy", "schema", "cases")[1]
