"""Questions about rules, and their proofs: what a plan leaves open, contradicts, loses or can never reach.

Needs the extra `verify`. `verify(plan)` asks every question, `difference(old, new)` whether two plans decide alike.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .accepted import AcceptedDoc, read_accepted
    from .checks import verify
    from .found import Example, Found
    from .pairs import Difference, difference

_HOMES = {
    "AcceptedDoc": "accepted",
    "Difference": "pairs",
    "Example": "found",
    "Found": "found",
    "difference": "pairs",
    "read_accepted": "accepted",
    "verify": "checks",
}

__all__ = ["AcceptedDoc", "Difference", "Example", "Found", "difference", "read_accepted", "verify"]


def __getattr__(name: str) -> Any:
    """Load a public name, and the solver with it, when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ..load.files import needing

    with needing("z3", "verify"):
        value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
