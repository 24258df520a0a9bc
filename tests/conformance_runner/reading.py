"""Finds and reads the case files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import cadrerules_market_supervision
from cadrerules.load.yaml import read_yaml
from cadrerules.testing.case_documents import CaseFile
from cadrerules.testing.cases import read_cases
from conformance_runner.documents import LanguageFile

LANGUAGE = Path(__file__).parents[1] / "conformance" / "language"
PLAN = Path(cadrerules_market_supervision.__file__).parent


@cache
def language_files() -> Mapping[str, LanguageFile]:
    """The files with cases of the rule language, by name, `language/rank.yaml`."""
    return {f"language/{path.name}": _read(path) for path in sorted(LANGUAGE.glob("*.yaml"))}


def _read(path: Path) -> LanguageFile:
    file = LanguageFile.model_validate(read_yaml(path).data)
    names = [case.name for case in file.cases]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{path.name}: {sorted(twice)} twice")
    return file


@cache
def plan_files() -> Mapping[str, CaseFile]:
    """The files with cases of the plan, by name, `plan/board.yaml`."""
    return {f"plan/{document.path.name}": document.file for document in read_cases(PLAN)}
