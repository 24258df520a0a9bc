"""Random numbers that follow from a seed and names alone, whatever else is drawn and in whatever order."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


def dice(seed: int, *names: str | int) -> np.random.Generator:
    """The generator of these names: always the same for a seed, and independent of that of any other names.

    >>> [int(dice(1, "results.deducted", 0).integers(100)) for _ in range(2)]
    [17, 17]
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=tuple(_number(name) for name in names)))


def _number(name: str | int) -> int:
    """A number for a name; one that is a number stands for itself."""
    return name if isinstance(name, int) else int.from_bytes(blake2b(name.encode(), digest_size=8).digest())
