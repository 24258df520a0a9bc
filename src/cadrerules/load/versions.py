"""Two versions of a policy set as folders: installed sets, folders, revisions, or single documents put into the rest."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import Place, Problem, UsageError
from .policies import SET_FILE
from .revisions import SUFFIXES, Revision, checked_out
from .yaml import read_yaml


@dataclass(frozen=True)
class Version:
    """What somebody named: the folder it lies in, and the one document that is meant, if only one is.

    `shown` is how errors call the folder, where that is another than it is now.
    """

    folder: Path
    document: str = ""
    shown: str = ""

    @property
    def is_set(self) -> bool:
        """Whether a policy set lies there."""
        return (self.folder / SET_FILE).is_file()


@contextmanager
def versions(old: str, new: str, installed: Mapping[str, Path]) -> Iterator[tuple[Version, Version]]:
    """The folders of two versions, each an installed set's name, a folder, a document, or `REV:` with one of these two.

    Of a single document the rest of the set is what surrounds the new version: a folder or set that is named,
    else the document's own folder; where none is there, what surrounds the old one. So two documents differ in
    nothing but themselves. Raises `UsageError` for what isn't there.
    """
    with ExitStack() as stack:
        found = [_version(text, installed, stack) for text in (old, new)]
        around = [version for version in (*reversed(found),) if version.is_set]
        around.sort(key=lambda version: bool(version.document))  # a set that is named as such comes first
        if any(version.document for version in found) and not around:
            raise UsageError(Problem("CR-NO-POLICIES", Place(file=str(found[1].shown or found[1].folder))))
        yield _whole(found[0], around, stack), _whole(found[1], around, stack)


def _version(text: str, installed: Mapping[str, Path], stack: ExitStack) -> Version:
    path = Path(text)
    if text in installed:
        return Version(installed[text])
    if path.is_file() and path.suffix == ".yaml":
        return Version(path.parent, path.name)
    revision = None if path.is_dir() else Revision.parse(text)
    if revision is not None:
        return Version(stack.enter_context(checked_out(revision.folder)), revision.document, str(revision.folder))
    if path.is_dir():
        return Version(path)
    raise UsageError(Problem("CR-UNKNOWN-SET", values={"name": text, "known": ", ".join(installed) or "-"}))


def _whole(version: Version, around: list[Version], stack: ExitStack) -> Version:
    """The version as a whole set: a single document put in the place of its counterpart in the set around."""
    if not version.document:
        return version
    document = version.folder / version.document
    if not document.is_file():
        shown = f"{version.shown}/{version.document}" if version.shown else str(document)
        raise UsageError(Problem("CR-NO-SUCH-PATH", Place(file=shown)))
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cadrerules-")))
    for path in around[0].folder.iterdir():
        if path.is_file() and path.suffix in SUFFIXES:
            shutil.copyfile(path, folder / path.name)
    shutil.copyfile(document, folder / _counterpart(document, folder))
    return Version(folder, shown=version.shown or str(version.folder))


def _counterpart(document: Path, folder: Path) -> str:
    """The file that holds the same policy; else the one of the same name."""
    name = _policy(document)
    same = [path.name for path in sorted(folder.glob("*.yaml")) if name and _policy(path) == name]
    return same[0] if same else document.name


def _policy(document: Path) -> object:
    data = read_yaml(document).data
    return data.get("policy") if isinstance(data, Mapping) else None
