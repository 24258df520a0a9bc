from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadrerules.differences.shares import EXACT, ORDERS, Brings, shares

HALF = Fraction(1, 2)


def winning(*sets: set[int]) -> Brings:
    return lambda some: any(one <= some for one in sets)


@pytest.mark.parametrize(
    ("count", "sets", "values", "sufficient"),
    [
        (1, [{0}], [1], [(0,)]),
        (2, [{0}], [1, 0], [(0,)]),
        (2, [{0, 1}], [HALF, HALF], [(0, 1)]),
        (2, [{0}, {1}], [HALF, HALF], [(0,), (1,)]),
        (3, [{0, 1}, {0, 2}], [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)], [(0, 1), (0, 2)]),
        (3, [{0, 1, 2}], [Fraction(1, 3)] * 3, [(0, 1, 2)]),
    ],
)
def test_shares_of_small_games(count: int, sets: list[set[int]], values: list[Fraction], sufficient: list[tuple[int, ...]]) -> None:
    found = shares(count, winning(*sets))
    assert list(found.values) == values
    assert list(found.sufficient) == sufficient
    assert found.exact


def test_what_hinders_has_a_negative_share() -> None:
    """Cause 1 undoes cause 0 unless 2 is there: of six orders it wins in none and loses in one."""
    found = shares(3, lambda some: 0 in some and (1 not in some or 2 in some))
    assert found.values == (Fraction(5, 6), Fraction(-1, 6), Fraction(1, 3))
    assert found.sufficient == ((0,),)


@given(st.integers(1, 4).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.frozensets(st.integers(0, n - 1)), max_size=10))))
def test_shares_are_the_average_over_all_orders(game: tuple[int, set[frozenset[int]]]) -> None:
    count, won = game
    everyone = frozenset(range(count))

    def brings(some: frozenset[int]) -> bool:
        return some == everyone or (bool(some) and some in won)

    orders = list(permutations(range(count)))
    gained = [0] * count
    for order in orders:
        for place, one in enumerate(order):
            gained[one] += brings(frozenset(order[: place + 1])) - brings(frozenset(order[:place]))
    found = shares(count, brings)
    assert list(found.values) == [Fraction(n, len(orders)) for n in gained]
    assert sum(found.values) == 1
    for some in found.sufficient:
        assert brings(frozenset(some))


def test_of_many_causes_some_orders_are_drawn_always_the_same() -> None:
    count = EXACT + 2
    brings = winning({0, 1})
    found = shares(count, brings)
    assert (found.exact, found.orders) == (False, ORDERS)
    assert sum(found.values) == 1
    assert found.values[2:] == (0,) * (count - 2)
    assert min(found.values[:2]) > Fraction(1, 3)
    assert found.sufficient == ((0, 1),)
    assert shares(count, brings) == found
