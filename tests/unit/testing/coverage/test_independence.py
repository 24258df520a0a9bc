from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from cadrerules.language.check import check
from cadrerules.language.nodes import Literal
from cadrerules.language.scope import Grain, Scope
from cadrerules.language.types import DATE, TRUTH, Choice, Number
from cadrerules.model.program import Stage
from cadrerules.testing.coverage.conditions import Condition
from cadrerules.testing.coverage.independence import can_be_independent, independent

TYPES: dict[str, Any] = {
    **dict.fromkeys("abc", TRUTH),
    **dict.fromkeys(["x", "y"], Number()),
    **dict.fromkeys(["day", "due"], DATE),
    "word": Choice(("r", "s", "t")),
}
STAGE = Stage("t", ("t",), None, Grain(TYPES, ()), (), "", (), (), TYPES, {})


def condition(text: str) -> Condition:
    node, _ = check(text, Scope(Grain(TYPES, ())))
    return Condition("p", "p.r", "rule", STAGE, node)


def seen(*vectors: str) -> list[dict[str, bool | None]]:
    """Rows of truths of a, b and c, written TFU."""
    return [dict(zip("abc", map({"T": True, "F": False, "U": None}.get, vector), strict=False)) for vector in vectors]


@pytest.mark.parametrize(
    ("text", "vectors", "shown"),
    [
        ("a and b", ["TT", "FT", "TF"], {"a", "b"}),
        ("a and b", ["TT", "FF"], set()),
        ("a or b", ["FF", "TF", "FT"], {"a", "b"}),
        ("a or b", ["TT", "FF"], set()),
        ("a and b and c", ["TTT", "FTT", "TFT"], {"a", "b"}),
        # masked: b differs between the two rows that show a
        ("a and (b or c)", ["TTF", "FFT", "TFF"], {"a", "b"}),
        ("not a and b", ["FT", "TT", "FF"], {"a", "b"}),
        ("b if a else c", ["TTF", "FTF"], {"a"}),
        ("b if a else c", ["TTF", "FTF", "TFF", "FFT", "FFF"], {"a", "b", "c"}),
        # what is unknown shows nothing, unless it is masked
        ("a and b", ["UT", "FT", "TT"], {"a"}),
        ("a and (b or c)", ["TTU", "FTU"], {"a"}),
    ],
)
def test_pairs_of_rows_show_what_decides(text: str, vectors: list[str], shown: set[str]) -> None:
    assert independent(condition(text), seen(*vectors)) == shown


@pytest.mark.parametrize("text", ["a and b or c", "a and (b or c)", "b if a else c", "(a or b) and (not a or c)"])
def test_all_combinations_show_all(text: str) -> None:
    assert independent(condition(text), seen(*map("".join, product("TF", repeat=3)))) == {"a", "b", "c"}
    assert can_be_independent(condition(text), {}) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("text", "able"),
    [
        ("not (x <= 7) and not (x <= 10)", {"x <= 10"}),
        ("x <= 7 or x > 10", {"x <= 7", "x > 10"}),
        ("x < 7 and y < 10", {"x < 7", "y < 10"}),
        ("x >= 2 and x <= 3", {"x >= 2", "x <= 3"}),
        ("x > 3 and x >= 3", {"x > 3"}),
        ("x > 2 and x >= 3", {"x >= 3"}),
        ('word == "r" and word != "s"', {'word == "r"'}),
        ('word in ["r", "s"] and word != "s"', {'word in ["r", "s"]', 'word != "s"'}),
        ("due < day and due < add_months(day, 6)", {"due < day"}),
        ("due < add_months(day, 6) and due >= day", {"due < add_months(day, 6)", "due >= day"}),
        ("day <= due and due > add_months(day, 6)", {"due > add_months(day, 6)"}),
        ("x <= y and x <= 7", {"x <= y", "x <= 7"}),
    ],
)
def test_what_others_rule_out_is_not_asked_for(text: str, able: set[str]) -> None:
    assert can_be_independent(condition(text), {}) == able


def test_the_readings_of_an_interpretation_exclude_one_another() -> None:
    reading = Literal("r", Choice(("r",)), "interpretation.p.i")
    both = condition('word == "r" and word == "s"')
    tree = both.tree
    tree = replace(tree, args=tuple(replace(a, args=(reading, a.args[1])) for a in tree.args))  # type: ignore[union-attr,call-arg]
    assert can_be_independent(Condition("p", "p.r", "rule", STAGE, tree), {"p.i": ("r", "s")}) == set()
