"""Flips that no combination tells apart are solved as one, and as each would be alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cadrerules.differences.patterns import marked, members, solved
from cadrerules.differences.shares import shares

COUNT = 3
EVERYONE = frozenset(range(COUNT))
GAMES = st.lists(st.sets(st.frozensets(st.integers(0, COUNT - 1), min_size=1)), min_size=1, max_size=12)
"""Of each flip the combinations that bring it about, besides all together."""


@given(GAMES)
def test_each_flip_has_the_shares_it_has_alone(games: list[set[frozenset[int]]]) -> None:
    def wins(game: set[frozenset[int]], some: frozenset[int]) -> bool:
        return some == EVERYONE or some in game

    asked: list[frozenset[int]] = []

    def brings(some: frozenset[int]) -> int:
        asked.append(some)
        return marked(wins(game, some) for game in games)

    found = {}
    for each, flips in solved(COUNT, (1 << len(games)) - 1, brings):
        found |= dict.fromkeys(members(flips), each)
    assert found == {at: shares(COUNT, lambda some, game=game: wins(game, some)) for at, game in enumerate(games)}
    assert len(asked) == 2**COUNT * len({frozenset(game | {EVERYONE}) for game in games})


@given(st.lists(st.booleans()))
def test_marks_and_members_are_inverse(marks: list[bool]) -> None:
    assert [*members(marked(marks))] == [at for at, mark in enumerate(marks) if mark]
