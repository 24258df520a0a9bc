"""Problems for other programs: as JSON, and as GitHub's workflow commands, which show them beside the lines they are about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePath

from ..errors import Lang, Place, Problem
from .checking import Checked


def as_json(checked: Checked, lang: Lang = "en") -> str:
    """The errors and warnings as JSON, each with severity, code, place, message and hint."""
    problems = [_plain(problem, severity, lang) for severity, problem in _graded(checked)]
    return json.dumps({"policy_set": checked.name, "problems": problems}, ensure_ascii=False, indent=2) + "\n"


def as_github(checked: Checked, lang: Lang = "en") -> str:
    """The errors and warnings as workflow commands of GitHub Actions, one on each line; empty where there are none.

    Files are named from the current folder, as GitHub needs them where it is the repository's root.
    """
    return "".join(f"{workflow_command(severity, problem, lang)}\n" for severity, problem in _graded(checked))


def workflow_command(severity: str, problem: Problem, lang: Lang = "en") -> str:
    """One problem as a workflow command; `severity` is `error`, `warning` or `notice`.

    >>> workflow_command("error", Problem("CR-NO-CASES", Place(file="rules/a,b.yaml", line=3), {"where": "50%"})).partition("::")[2].partition("::")[0]
    'error file=rules/a%2Cb.yaml,line=3,title=CR-NO-CASES'
    """
    place = problem.place
    named = {"file": file_of(place), "line": place.line, "col": place.column, "title": problem.code}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in named.items() if value not in ("", None))
    text = "\n".join(filter(None, (problem.message(lang), problem.hint(lang))))
    return f"::{severity} {properties}::{_data(text)}"


def file_of(place: Place) -> str:
    """The file of a place as a path from the current folder, with slashes; as it is where it lies elsewhere."""
    path = PurePath(place.file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_posix() if place.file else ""


def _graded(checked: Checked) -> Iterator[tuple[str, Problem]]:
    yield from (("error", problem) for problem in checked.errors)
    yield from (("warning", problem) for problem in checked.warnings)


def _plain(problem: Problem, severity: str, lang: Lang) -> dict[str, object]:
    place = problem.place
    return {
        "severity": severity,
        "code": problem.code,
        "file": file_of(place) or None,
        "line": place.line,
        "column": place.column,
        "message": problem.message(lang),
        "hint": problem.hint(lang),
    }


def _data(text: str) -> str:
    """Escape the message of a command, which ends with its line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property of a command, which ends at a comma or colon."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
