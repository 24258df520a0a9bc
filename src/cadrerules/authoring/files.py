"""Formats files: finds the documents of folders, and writes those that have another form, all or none."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from ..errors import Place, PolicyError, Problem, UsageError
from ..load.policies import SET_FILE
from ..whole_files import whole_file
from .checking import documents_beside
from .formatting import Formatted, formatted


def documents_of(paths: Sequence[Path]) -> list[Path]:
    """The documents that paths name: files, and of folders all policy sets in them with what stands beside their documents.

    Raises `UsageError` for a path that isn't there, and `PolicyError` for a folder without a policy set.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(Problem("CR-NO-SUCH-PATH", Place(file=str(path))))
        found.update(dict.fromkeys(_documents(path) if path.is_dir() else [path]))
    return list(found)


def _documents(folder: Path) -> list[Path]:
    sets = sorted(path.parent for path in folder.rglob(SET_FILE))
    if not sets:
        raise PolicyError(Problem("CR-NO-POLICIES", Place(file=str(folder))))
    return sorted({path for each in sets for path in (*each.glob("*.yaml"), *documents_beside(each))})


def formatted_all(paths: Sequence[Path]) -> dict[Path, Formatted]:
    """Every document in its one form; `PolicyError` with all that is wrong with any of them."""
    found, problems = dict[Path, Formatted](), list[Problem]()
    for path in paths:
        try:
            found[path] = formatted(path)
        except PolicyError as error:
            problems += error.problems
    if problems:
        raise PolicyError(problems)
    return found


def rewrite(path: Path, document: Formatted) -> None:
    """Put a formatted document in the place of the file, whole and with the same permissions; `UsageError` where that can't be."""
    target = path.resolve()
    with whole_file(target) as beside:
        beside.write_bytes(document.after.encode())
        shutil.copymode(target, beside)
