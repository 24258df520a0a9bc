"""Help for those who test rules; what it needs beyond the library is in the extra `testing`.

`assert_engines_agree` and `mutate` are loaded when they are first used; `cadrerules.testing.strategies` needs hypothesis.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .agreement import assert_engines_agree
    from .mutation import mutate

_HOMES = {"assert_engines_agree": "agreement", "mutate": "mutation"}

__all__ = ["assert_engines_agree", "mutate"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
