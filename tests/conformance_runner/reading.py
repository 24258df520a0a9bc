"""Finds and reads the case files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from cadrerules.load.yaml import read_yaml
from conformance_runner.documents import Cell, Compact, Given, LanguageFile, PlanFile, Rows

FOLDER = Path(__file__).parents[1] / "conformance"
File = TypeVar("File", LanguageFile, PlanFile)


def case_files(kind: str, model: type[File]) -> dict[str, File]:
    """The case files of a folder by name, `language/rank.yaml`; case names are unique within a file."""
    return {f"{kind}/{path.name}": _read(path, model) for path in sorted((FOLDER / kind).glob("*.yaml"))}


def _read(path: Path, model: type[File]) -> File:
    file = model.model_validate(read_yaml(path).data)
    names = [case.name for case in file.cases]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{path.name}: {sorted(twice)} twice")
    return file


@cache
def language_files() -> Mapping[str, LanguageFile]:
    """The files with cases of the rule language."""
    return case_files("language", LanguageFile)


@cache
def plan_files() -> Mapping[str, PlanFile]:
    """The files with cases of the plan."""
    return case_files("plan", PlanFile)


def dict_rows(rows: Rows) -> list[dict[str, Cell]]:
    """Rows as dicts, whichever way they are written."""
    if isinstance(rows, Compact):
        return [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]
    return rows


def full_tables(
    given: Given, models: Mapping[str, Any], fill: Mapping[str, Mapping[str, Cell]]
) -> dict[str, list[dict[str, Cell]]]:
    """The tables with every column in every row: what a row leaves out is taken from `fill`, else empty."""
    return {
        name: [{**dict.fromkeys(models[name].spec.columns), **fill.get(name, {}), **row} for row in dict_rows(rows)]
        for name, rows in given.items()
    }
