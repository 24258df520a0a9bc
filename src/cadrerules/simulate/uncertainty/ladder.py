"""A ranking as one of its rows sees it whose value changes, the others' staying as they are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from .rankings import Ranking, Standing

Way = Literal["up", "down"]


@dataclass(frozen=True)
class Ladder:
    """The values of a ranking in order, all of them known; inside greater is better, whichever way it is ranked."""

    ranking: Ranking

    def holding(self, value: Any) -> Sequence[Standing]:
        """The rows with a value."""
        return [self.ranking.standings[at] for at in self._at.get(self._good(value), ())]

    def turning(self, mine: Standing, way: Way) -> int | None:
        """The nearest place above, or below, at which the rules say something else of a row; None where there is none."""
        assert mine.place is not None
        up, down = self._turns[self.ranking.alike(mine)]
        return (up if way == "up" else down)[mine.place - 1]

    def reach(self, mine: Standing, to: int, way: Way) -> tuple[Any, int, bool] | None:
        """The other row's value nearest to its own with which a row gets at least so high (or low), the place, and whether it takes more."""
        steps, own = self._steps, self._good(mine.value)
        if way == "up":
            start = bisect_left(steps, own)
            at = bisect_left(steps, True, start, key=lambda good: self._beside(mine, good, way) <= to)
        else:
            at = bisect_left(steps, True, 0, bisect_right(steps, own), key=lambda good: self._beside(mine, good, way) < to) - 1
        if not 0 <= at < len(steps):
            return None
        place, beside = self._place(mine, steps[at]), self._beside(mine, steps[at], way)
        enough = place <= to if way == "up" else place >= to
        return self._good(steps[at]), place if enough else beside, not enough

    # --- places -------------------------------------------------------------------------------------

    def _good(self, value: Any) -> Any:
        return -value if self.ranking.order == "ascending" else value

    @cached_property
    def _at(self) -> Mapping[Any, list[int]]:
        """By value, where the rows that have it stand among all."""
        found: dict[Any, list[int]] = defaultdict(list)
        for at, one in enumerate(self.ranking.standings):
            found[self._good(one.value)].append(at)
        return found

    @cached_property
    def _steps(self) -> list[Any]:
        """The different values, the worst first."""
        return sorted(self._at)

    @cached_property
    def _all(self) -> list[Any]:
        """The values that places are counted by: of equal ones each, or one in a dense ranking."""
        return self._steps if self.ranking.ties == "dense" else sorted(self._good(one.value) for one in self.ranking.standings)

    def _above(self, mine: Standing, good: Any, *, equal: bool) -> int:
        """How many of the others' values are better than a value, or as good."""
        own = self._good(mine.value)
        counts = self.ranking.ties != "dense" or len(self._at[own]) == 1  # without one's own, of which a dense ranking may need another's
        above = len(self._all) - (bisect_left if equal else bisect_right)(self._all, good)
        return above - (counts and (own >= good if equal else own > good))

    def _place(self, mine: Standing, good: Any) -> int:
        tied = self._at.get(good, []) if self.ranking.ties == "ordinal" else []
        earlier = bisect_left(tied, self._index[id(mine)])
        return 1 + self._above(mine, good, equal=False) + earlier

    def _beside(self, mine: Standing, good: Any, way: Way) -> int:
        """The place just above a value, or just below it."""
        return 1 + self._above(mine, good, equal=way == "down")

    @cached_property
    def _index(self) -> Mapping[int, int]:
        return {id(one): at for at, one in enumerate(self.ranking.standings)}

    # --- outcomes -----------------------------------------------------------------------------------

    @cached_property
    def _turns(self) -> Mapping[tuple[Any, ...], tuple[list[int | None], list[int | None]]]:
        """For rows that are alike, from each place the nearest above and below at which another outcome is known."""
        kinds = {self.ranking.alike(one): one for one in self.ranking.standings}
        places = range(1, len(self.ranking.standings) + 1)
        found = {}
        for alike, one in kinds.items():
            said = [self.ranking.verdict(one, place) for place in places]
            down = _next(said[::-1])
            found[alike] = _next(said), [None if n is None else len(said) + 1 - n for n in reversed(down)]
        return found


def _next(said: Sequence[str | None]) -> list[int | None]:
    """From each place the nearest before it of which something else is said; what isn't known is passed over."""
    found: list[int | None] = []
    last: int | None = None  # the latest place with another outcome than the current run's
    current: tuple[str, int] | None = None
    for place, word in enumerate(said, 1):
        if word is not None and current is not None and word != current[0]:
            last = current[1]
        if word is not None:
            current = (word, place)
        found.append(None if word is None else last)
    return found
