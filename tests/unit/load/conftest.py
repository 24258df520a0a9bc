from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cadrerules.errors import CadreError, Problem
from cadrerules.load import read_tables
from cadrerules.model.facts import FactTables
from cadrerules_market_supervision.facts import TABLES

Read = Callable[..., FactTables]
Refused = Callable[..., list[Problem]]
Folder = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def read() -> Read:
    """Reads a source as the plan's tables."""
    return lambda source, **options: read_tables(source, TABLES, **options)


@pytest.fixture
def refused(read: Read) -> Refused:
    """The problems for which a source is refused; each can be told in both languages."""

    def problems(source: Any, **options: Any) -> list[Problem]:
        with pytest.raises(CadreError) as caught:
            read(source, **options)
        assert all(problem.text(lang) for problem in caught.value.problems for lang in ("en", "zh"))
        return list(caught.value.problems)

    return problems


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Writes files into a folder of their own."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        inside = tmp_path / "data"
        inside.mkdir()
        for name, content in files.items():
            (inside / name).parent.mkdir(parents=True, exist_ok=True)
            (inside / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return inside

    return write
