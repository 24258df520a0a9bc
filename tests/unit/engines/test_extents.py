"""Numbers too great for columns are refused or right, never silently wrong."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.engines.columnar import extents
from conformance_runner import language
from conformance_runner.documents import LanguageCase, LanguageFile
from engines import COLUMNAR, ENGINES, Engine

COLUMNS = {"unit": {"type": "text", "key": True}, "team": {"type": "text"}, "n": {"type": "number"}, "m": {"type": "number"}}
NINE = 9 * 10**17
on_columns = pytest.mark.parametrize("engine", [e for e in ENGINES if e.name in COLUMNAR], ids=lambda e: e.name)


def values(engine: Engine, expression: str, rows: list[list[Any]], **views: Any) -> dict[str, str]:
    """What an expression is on rows of unit, team and two numbers."""
    case = LanguageCase.model_validate({"name": "x", "expression": expression, "expect": "x", "views": views})
    given_rows = {"big": {"columns": list(COLUMNS), "rows": rows}}
    file = {"about": "x", "tables": {"big": {"columns": COLUMNS}}, "facts": "v" if views else "big", "rows": given_rows}
    return dict(language.values(LanguageFile.model_validate({**file, "cases": [case]}), case, engine))


@on_columns
@pytest.mark.parametrize("expression", ["n * m", "n * 100", "total(n, per=[team])", "n * 1.0001 > 1", "abs(n) * 3"])
def test_what_64_bits_cannot_hold_is_refused(engine: Engine, expression: str) -> None:
    rows = [["a", "x", NINE, 5], ["b", "x", NINE, 5], ["c", "x", -NINE, 5], ["d", "x", NINE, 5], ["e", "x", NINE, 5]]
    with pytest.raises(cr.UsageError, match="CR-ENGINE-CANNOT") as caught:
        values(engine, expression, rows)
    assert "64" in caught.value.report("en")
    assert "64" in caught.value.report("zh")


@on_columns
def test_what_only_might_be_too_great_is_asked_of_the_engine(engine: Engine) -> None:
    rows = [["a", "x", NINE, 1], ["b", "y", NINE, 2], ["c", "z", 3, NINE]]
    assert values(engine, "total(n, per=[team])", rows) == {"a": str(NINE), "b": str(NINE), "c": "3"}
    assert values(engine, "n * m", [["a", "x", NINE, 1], ["b", "y", 3, 10**17]]) == {"a": str(NINE), "b": str(3 * 10**17)}


@on_columns
def test_ranks_of_means_that_doubles_cannot_tell_apart_are_refused(engine: Engine) -> None:
    means = {"from": "big", "by": ["m", "team"], "columns": {"score": "mean(n)"}}
    rows = [["a", "x", 10**16, 1], ["b", "x", 10**16 + 1, 1], ["c", "y", 10**16 + 1, 1]]
    with pytest.raises(cr.UsageError, match="CR-ENGINE-CANNOT"):
        values(engine, "rank(score, within=[m])", rows, v=means)
    small = [[unit, team, n % 10**16, m] for unit, team, n, m in rows]
    assert values(engine, "rank(score, within=[m])", small, v=means) == {"1/x": "2", "1/y": "1"}


@on_columns
@settings(max_examples=50)
@given(
    numbers=st.lists(st.one_of(st.integers(-20, 20), st.integers(-(10**18) + 1, 10**18 - 1), st.none()), min_size=2, max_size=6),
    expression=st.sampled_from(["n * m", "n + m + n", "total(n, per=[team])", "n * n * m", "mean(n, per=[team]) > mean(m, per=[team])", "rank(mean(n, per=[team]) , within=[team])", "pro_rata(n, m, 7)", "n * 3 - m * 2"]),
)
def test_great_numbers_are_refused_or_right(engine: Engine, numbers: list[int | None], expression: str) -> None:
    cells = ["" if number is None else number for number in numbers]
    rows = [[f"u{i}", "xy"[i % 2], cell, cells[i - 1]] for i, cell in enumerate(cells)]
    with suppress(cr.UsageError):
        assert values(engine, expression, rows) == values(ENGINES[0], expression, rows)


def test_the_limits_are_those_of_columns() -> None:
    assert extents.LARGEST < 2**63
    assert extents.EXACT < 2**53
