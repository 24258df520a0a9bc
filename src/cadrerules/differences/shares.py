"""Shares of several causes in one effect, whatever their order: Shapley values, and the smallest sets that suffice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial

EXACT = 8
"""So many causes at most have every combination tried: 256 of them."""
ORDERS, SEED = 100, 1
"""Of more causes so many orders are drawn, from this seed."""

Brings = Callable[[frozenset[int]], bool]
"""Whether a set of causes, by number, brings about the effect."""


@dataclass(frozen=True, slots=True)
class Shares:
    """The share of each cause, in their order, of a sum of one, and the smallest sets of them that suffice.

    `exact` where every combination was tried; else `orders` were drawn, and `sufficient` are those met in them.
    """

    values: tuple[Fraction, ...]
    sufficient: tuple[tuple[int, ...], ...]
    exact: bool = True
    orders: int = 0


def shares(count: int, brings: Brings) -> Shares:
    """The Shapley value of each of so many causes: its contribution, averaged over all orders in which they may come.

    All of them together bring about the effect, none of them doesn't. Exact for at most `EXACT`.

    >>> shares(2, lambda causes: len(causes) == 2).values
    (Fraction(1, 2), Fraction(1, 2))
    """
    return _exact(count, brings) if count <= EXACT else _drawn(count, brings)


def _exact(count: int, brings: Brings) -> Shares:
    everyone = range(count)
    sets = [frozenset(some) for size in range(count + 1) for some in combinations(everyone, size)]
    worth = {some: brings(some) for some in sets}
    values = [
        sum((_weight(len(some), count) * (worth[some | {one}] - worth[some]) for some in sets if one not in some), Fraction())
        for one in everyone
    ]
    return Shares(tuple(values), tuple(_smallest(some for some in sets if worth[some])))


def _weight(size: int, count: int) -> Fraction:
    """How often, of all orders, just so many come before a given one and the rest after it."""
    return Fraction(factorial(size) * factorial(count - size - 1), factorial(count))


def _smallest(sets: Iterator[frozenset[int]]) -> list[tuple[int, ...]]:
    """Of sets in order of size those that have no other within them."""
    found: list[frozenset[int]] = []
    for some in sets:
        if not any(less <= some for less in found):
            found.append(some)
    return [tuple(sorted(some)) for some in found]


def _drawn(count: int, brings: Brings) -> Shares:
    draw = random.Random(SEED)  # noqa: S311 - a sample that is the same every time, no secret
    gained = [0] * count
    met: set[frozenset[int]] = set()
    for _ in range(ORDERS):
        order = draw.sample(range(count), count)
        before, had = frozenset[int](), False
        for one in order:
            before |= {one}
            has = brings(before)
            gained[one] += has - had
            had = has
        met.add(_pruned(frozenset(range(count)), order, brings))
    smallest = _smallest(iter(sorted(met, key=lambda some: (len(some), sorted(some)))))
    return Shares(tuple(Fraction(n, ORDERS) for n in gained), tuple(smallest), exact=False, orders=ORDERS)


def _pruned(everyone: frozenset[int], order: list[int], brings: Brings) -> frozenset[int]:
    """What is left where each in turn is left out, as long as the rest suffice."""
    left = everyone
    for one in order:
        if brings(left - {one}):
            left -= {one}
    return left
