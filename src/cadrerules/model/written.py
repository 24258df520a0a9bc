"""Expressions as they stand in documents: text, place, and whose names they may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ..language.source import Source
from .documents import CasesDoc

Path: TypeAlias = tuple[str | int, ...]
Locate = Callable[[Path, str], Source]
"""Gives the source of the expression at a path of the document."""


@dataclass(frozen=True, slots=True)
class Written:
    """An expression, the policy whose names it may use, and where it stands in that policy's document."""

    text: str | CasesDoc
    path: Path
    policy: str = ""
