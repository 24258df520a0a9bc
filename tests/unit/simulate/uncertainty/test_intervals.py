"""Intervals of shares and counts, against published and hand-counted values."""

from __future__ import annotations

import pytest

from cadrerules.simulate.uncertainty.intervals import central, wilson


@pytest.mark.parametrize(
    ("hits", "draws", "low", "high"),
    # R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718), (29, 29, 0.8830, 1.0)],
)
def test_score_intervals_are_those_that_were_published(hits: int, draws: int, low: float, high: float) -> None:
    assert wilson(hits, draws) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_intervals_hold_the_share_and_narrow_with_more_draws() -> None:
    for draws in (1, 7, 200):
        for hits in range(draws + 1):
            low, high = wilson(hits, draws)
            assert 0 <= low <= hits / draws <= high <= 1
            assert low < high
    assert wilson(20, 200)[1] - wilson(20, 200)[0] > wilson(200, 2000)[1] - wilson(200, 2000)[0]


def test_a_central_range_leaves_out_as_much_on_either_side() -> None:
    assert central([3]) == (3, 3)
    assert central([5, 1, 3]) == (1, 5)
    assert central(list(range(100, 0, -1))) == (3, 98)
    assert central([0] * 5 + [1] * 190 + [2] * 5) == (1, 1)
    assert central([0] * 6 + [1] * 189 + [2] * 5) == (0, 1)
