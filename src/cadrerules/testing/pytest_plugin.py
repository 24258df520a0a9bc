"""The pytest plugin: finds the case files that stand beside a policy set, and costs nothing where there are none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_CASES = re.compile(rb"^cases:", re.MULTILINE)
_FORMAT = re.compile(rb"^format:", re.MULTILINE)
_SET = re.compile(rb"^policy_set:", re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The plugin's options."""
    group = parser.getgroup("cadrerules", "cases of rules")
    group.addoption("--cadrerules-engine", default="scalar", metavar="NAMES", help="run each case on these engines: scalar,polars,duckdb")
    group.addoption("--cadrerules-update", action="store_true", help="rewrite the expectations that differ, keeping comments and layout")
    group.addoption("--cadrerules-coverage", action="store_true", help="tell which rules and conditions the cases cover")
    group.addoption("--cadrerules-lang", default="en", choices=("en", "zh"), metavar="LANG", help="the language of failures: en or zh")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The cases of a file: one beside a policy set, one that names its set, or any case file that is asked for by its path."""
    if file_path.suffix != ".yaml" or not is_case_file(file_path, asked=parent.session.isinitpath(file_path)):
        return None
    from .pytest_cases import CasesFile

    return CasesFile.from_parent(parent, path=file_path)  # type: ignore[no-any-return]


def is_case_file(path: Path, *, asked: bool = False) -> bool:
    """Whether a YAML file holds cases; files of other projects are none of ours, whatever stands in them."""
    in_place = path.parent.name == "cases"
    if in_place and (path.parent.parent / "policy_set.yaml").is_file():
        return True
    if not in_place and not asked:
        return False
    try:
        with path.open("rb") as file:
            text = file.read(1_000_000)
    except OSError:
        return False
    return bool(_CASES.search(text) and _FORMAT.search(text)) and (asked or bool(_SET.search(text)))
