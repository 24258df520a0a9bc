"""Documents as they stand in a revision: read out of git, never run, with a coded error for whatever isn't there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cadrerules.errors import UsageError
from cadrerules.load.revisions import Revision, checked_out

IDENTITY = {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
PLAIN = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def git(*arguments: str) -> str:
    environment = {**os.environ, **IDENTITY, **PLAIN}
    done = subprocess.run(["git", *arguments], check=True, capture_output=True, text=True, env=environment)  # noqa: S607
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a folder of documents, changed once."""
    if shutil.which("git") is None:
        pytest.skip("git isn't installed")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "policies" / "sizes"
    folder.mkdir(parents=True)
    for name in ("size.yaml", "rows.csv", "plugin.py", "notes.md"):
        (folder / name).write_text("first", encoding="utf-8")
    (folder / "inner").mkdir()
    (folder / "inner" / "deep.yaml").write_text("deep", encoding="utf-8")
    (folder / "link.yaml").symlink_to("/etc/hostname")
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    git("tag", "v1")
    (folder / "size.yaml").write_text("second", encoding="utf-8")
    (folder / "plugin.py").unlink()
    git("add", "-A")
    git("commit", "-q", "-m", "second")
    return tmp_path


def files(text: str) -> dict[str, str]:
    revision = Revision.parse(text)
    assert revision is not None
    with checked_out(revision) as folder:
        found = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert not folder.exists()
    return found


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("text", ["v1:policies/sizes", "HEAD~1:policies/sizes/", "main~1:./policies/sizes"])
def test_documents_are_as_they_were_and_nothing_else_is_taken(text: str) -> None:
    assert files(text) == {"size.yaml": "first", "rows.csv": "first"}
    assert files("HEAD:policies/sizes") == {"size.yaml": "second", "rows.csv": "first"}


def test_the_folder_may_be_named_from_where_one_is(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "policies" / "sizes")
    assert files("HEAD:./") == {"size.yaml": "second", "rows.csv": "first"}
    assert files("HEAD:policies/sizes/inner") == {"deep.yaml": "deep"}


def refused(text: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        files(text)
    assert caught.value.report("zh") != caught.value.report("en")
    return caught.value


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("v2:policies/sizes", "CR-UNKNOWN-REVISION", "no revision `v2`"),
        ("--output=x:policies", "CR-UNKNOWN-REVISION", "no revision `--output=x`"),
        ("v1^{tree}:policies", "CR-UNKNOWN-REVISION", "no revision `v1^{tree}`"),
        ("v1:policies/other", "CR-NOT-IN-REVISION", "revision `v1` has no folder `policies/other`"),
        ("v1:policies/sizes/size.yaml", "CR-NOT-IN-REVISION", "no folder `policies/sizes/size.yaml`"),
        ("v1:../outside", "CR-NOT-IN-REVISION", "no folder `../outside`"),
    ],
)
def test_what_is_not_there_is_told(text: str, code: str, words: str) -> None:
    error = refused(text)
    assert error.code == code
    assert words in str(error)


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    assert refused("HEAD:policies").code == "CR-NO-REPOSITORY"


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused("HEAD:policies").code == "CR-NO-GIT"


@pytest.mark.usefixtures("repository")
def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from cadrerules.load import revisions

    monkeypatch.setitem(revisions._MOST_BYTES, ".csv", 4)
    assert refused("v1:policies/sizes").code == "CR-FILE-TOO-LARGE"


@pytest.mark.parametrize("text", ["market-supervision", ":policies", "C"])
def test_other_texts_name_no_revision(text: str) -> None:
    assert Revision.parse(text) is None
