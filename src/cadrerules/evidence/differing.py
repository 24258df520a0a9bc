"""Where two documents, as plain data, say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Differing = tuple[str, Any, Any]
"""A path, what stands there in the first, and in the second; None where nothing does."""


def differing(first: Any, second: Any, path: str = "") -> Iterator[Differing]:
    """Every smallest part that differs, with its path; parts of lists go by their names or ids."""
    one, other = _named(first), _named(second)
    if first == second:
        return
    if one is None or other is None:
        yield path, first, second
        return
    for name in dict.fromkeys((*one, *other)):
        yield from differing(one.get(name), other.get(name), f"{path}.{name}".lstrip("."))


def _named(found: Any) -> dict[str, Any] | None:
    """The parts of an object, or of a list of objects that have names; None for anything else."""
    if isinstance(found, dict):
        return found
    if isinstance(found, list) and found and all(isinstance(one, dict) and {"name", "id"} & one.keys() for one in found):
        return {str(one.get("name", one.get("id"))): one for one in found}
    return None
