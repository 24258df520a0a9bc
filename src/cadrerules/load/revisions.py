"""The documents of a folder as they stand in a revision of a git repository, put into a folder of their own."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from ..errors import Place, Problem, UsageError
from .yaml import MAX_BYTES

SUFFIXES: Final = (".yaml", ".csv", ".xlsx")
"""Policy documents and the decision tables beside them: nothing else is taken out of a revision."""
MOST_FILES: Final = 1_000
_MOST_BYTES: Final = {".yaml": MAX_BYTES, ".csv": 20_000_000, ".xlsx": 20_000_000}
_PLAIN_FILES: Final = ("100644", "100755")
_QUIET: Final = {
    "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C",
}  # fmt: skip


class Revision(NamedTuple):
    """A folder in a revision, `REV:path`."""

    revision: str
    path: str

    @classmethod
    def parse(cls, text: str) -> Revision | None:
        """The revision and folder that a text names; None where it names none."""
        revision, colon, path = text.partition(":")
        return cls(revision, path) if colon and revision else None

    @property
    def document(self) -> str:
        """The name of the one document that it names; empty for a folder."""
        path = PurePosixPath(self.path)
        return path.name if path.suffix == ".yaml" else ""

    @property
    def folder(self) -> Revision:
        """The folder of the document that it names, or itself."""
        path = self.path[: -len(self.document)] if self.document else self.path
        return Revision(self.revision, path if path in ("", "./") else path.rstrip("/"))

    def __str__(self) -> str:
        return f"{self.revision}:{self.path}"


@contextmanager
def checked_out(of: Revision) -> Iterator[Path]:
    """A folder with the documents of the revision's folder, gone afterwards.

    Reads the repository of the current folder and changes nothing in it; no program of the repository is
    run. Raises `UsageError` without git or repository, and for a revision or folder that isn't there.
    """
    files = _files(of)
    with tempfile.TemporaryDirectory(prefix="cadrerules-") as folder:
        for name, blob in files.items():
            (Path(folder) / name).write_bytes(_git(of, "cat-file", "blob", blob) or b"")
        yield Path(folder)


def _files(of: Revision) -> dict[str, str]:
    """The documents in the folder: the object of each file, by its name."""
    tree = _git(of, "rev-parse", "--verify", "--quiet", f"{_commit(of)}:{of.path}")
    listed = tree and _git(of, "ls-tree", "--full-tree", "-z", "-l", tree.decode().strip())
    if listed is None:
        raise UsageError(Problem("CR-NOT-IN-REVISION", values={"revision": of.revision, "path": of.path or "."}))
    found: dict[str, str] = {}
    for line in filter(None, listed.decode("utf-8", errors="replace").split("\0")):
        about, _, name = line.partition("\t")
        mode, _, blob, size = about.split()
        suffix = PurePosixPath(name).suffix
        if mode in _PLAIN_FILES and suffix in SUFFIXES and "/" not in name and "\\" not in name:
            if int(size) > _MOST_BYTES[suffix] or len(found) == MOST_FILES:
                raise UsageError(Problem("CR-FILE-TOO-LARGE", Place(file=f"{of}/{name}"), {"limit": f"{_MOST_BYTES[suffix]:,} B"}))
            found[name] = blob
    return found


def _commit(of: Revision) -> str:
    """The full name of the commit; `UsageError` where there is no such."""
    if _git(of, "rev-parse", "--git-dir") is None:
        raise UsageError(Problem("CR-NO-REPOSITORY", values={"text": str(of)}))
    dashed = of.revision.startswith("-")  # an option, not a revision
    named = None if dashed else _git(of, "rev-parse", "--verify", "--quiet", f"{of.revision}^{{commit}}")
    if named is None:
        raise UsageError(Problem("CR-UNKNOWN-REVISION", values={"revision": of.revision}))
    return named.decode().strip()


def _git(of: Revision, *arguments: str) -> bytes | None:
    """What git prints; None where it fails."""
    command = ["git", "--no-pager", "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            command, capture_output=True, check=False, stdin=subprocess.DEVNULL, env={**os.environ, **_QUIET}
        )
    except FileNotFoundError:
        raise UsageError(Problem("CR-NO-GIT", values={"text": str(of)})) from None
    return done.stdout if done.returncode == 0 else None
