"""Intervals for shares that were estimated from draws, and for counts that differ from draw to draw."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Final

LEVEL: Final = 0.95
"""How sure an interval is."""


def wilson(hits: int, draws: int, level: float = LEVEL) -> tuple[float, float]:
    """The score interval for a probability of which `hits` of `draws` draws were seen.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22 (1927), 209-212. Never empty, also where no draw or every draw hits.

    >>> [round(end, 3) for end in wilson(0, 200)], [round(end, 3) for end in wilson(100, 200)]
    ([0.0, 0.019], [0.431, 0.569])
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = hits / draws, z * z / draws
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / draws + spread / draws / 4)
    return max(0.0, middle - half) if hits else 0.0, min(1.0, middle + half) if hits < draws else 1.0


def central(counts: Sequence[int], level: float = LEVEL) -> tuple[int, int]:
    """The least and the greatest count once an equal share of draws is left out at either end, so that `level` of them remain.

    >>> central(list(range(200)))
    (5, 194)
    """
    ordered = sorted(counts)
    left_out = int(len(ordered) * (1 - level) / 2 + 1e-9)
    return ordered[left_out], ordered[-1 - left_out]
