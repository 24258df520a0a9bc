"""Short ids for durable_rules, which tells ids apart by a hash of 32 bits alone: none is given whose hash is in use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_BASIS: Final = 2_166_136_261
_PRIME: Final = 16_777_619


def fnv1a(text: str) -> int:
    """The FNV-1a hash of 32 bits of an ASCII text."""
    value = _BASIS
    for byte in text.encode("ascii"):
        value = (value ^ byte) * _PRIME % 2**32
    return value


def distinct(names: Iterable[str]) -> bool:
    """Whether no two of the names share a hash."""
    found = list(names)
    return len({fnv1a(name) for name in found}) == len(found)


class Ids:
    """Gives ids `u1`, `u2`, ... and takes them back."""

    def __init__(self) -> None:
        self._used: set[int] = set()
        self._last = 0

    def new(self) -> str:
        """An id whose hash no id in use has."""
        while True:
            self._last += 1
            name = f"u{self._last}"
            if (value := fnv1a(name)) not in self._used:
                self._used.add(value)
                return name

    def free(self, name: str) -> None:
        """The id isn't in use any more."""
        self._used.discard(fnv1a(name))
