"""The call as it was typed, for those who want to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextvars import ContextVar

_TYPED: ContextVar[tuple[str, ...]] = ContextVar("typed", default=())


def remember(name: str, arguments: Sequence[str]) -> None:
    """Keep the program's name and its arguments for this call."""
    _TYPED.set((name, *arguments))


def call() -> str:
    """The call for a shell; empty where none was remembered."""
    return shlex.join(_TYPED.get())
