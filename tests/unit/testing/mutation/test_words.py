"""Mutation testing speaks of the same things as all other commands."""

from __future__ import annotations

from pathlib import Path

import cadrerules


def test_a_case_has_one_name_in_chinese() -> None:
    sources = Path(cadrerules.__file__).parent.rglob("*.py")
    assert [path.name for path in sources if "案例" in path.read_text(encoding="utf-8")] == []
