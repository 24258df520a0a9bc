"""Shares of changes in many flips at once: flips that no combination of changes tells apart are solved together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .shares import Shares, shares

Brings = Callable[[frozenset[int]], int]
"""Which flips a set of changes, by number, brings about: a set of flips, as the bits of a whole number."""


def solved(count: int, flips: int, brings: Brings) -> Iterator[tuple[Shares, int]]:
    """The shares of so many changes in each of some flips, and the flips of which they are the shares.

    One flip is solved, and with it all others that come and go with it in every combination that was asked
    for; so the work grows with the different patterns there are, not with the flips.

    >>> both = frozenset({0, 1})
    >>> found = solved(2, 0b111, lambda some: 0b111 if some == both else 0b010 if 0 in some else 0)
    >>> [([str(share) for share in each.values], bin(of)) for each, of in found]
    [(['1/2', '1/2'], '0b101'), (['1', '0'], '0b10')]
    """
    while flips:
        one, alike = flips & -flips, [flips]

        def holds(some: frozenset[int], one: int = one, alike: list[int] = alike) -> bool:
            brought = brings(some)
            alike.append(alike.pop() & (brought if brought & one else ~brought))
            return bool(brought & one)

        yield shares(count, holds), alike[0]
        flips &= ~alike[0]


def marked(marks: Iterable[bool]) -> int:
    """The flips that are marked, as bits, the first one lowest.

    >>> bin(marked([True, False, True, True]))
    '0b1101'
    """
    return int("".join("1" if mark else "0" for mark in marks)[::-1] or "0", 2)


def members(flips: int) -> Iterator[int]:
    """The numbers of the flips in a set.

    >>> list(members(0b1101))
    [0, 2, 3]
    """
    return (at for at, bit in enumerate(reversed(f"{flips:b}")) if bit == "1")
