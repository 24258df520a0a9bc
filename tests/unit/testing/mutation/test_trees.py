"""Mutants of expressions: each operator on an expression of its own."""

from __future__ import annotations

import pytest

from cadrerules.language.parse import parse
from cadrerules.language.text import to_text
from cadrerules.testing.mutation.trees import variants


def of(text: str, operator: str, *, condition: bool = True) -> list[str]:
    """The texts that one operator makes of an expression."""
    return [to_text(v.node) for v in variants(parse(text), condition=condition) if v.operator == operator]


@pytest.mark.parametrize(
    ("text", "operator", "expected"),
    [
        ("a <= 3", "threshold", ["a <= 4", "a <= 2"]),
        ("a > 2.5", "threshold", ["a > 2.6", "a > 2.4"]),
        ("a > 0", "threshold", ["a > 1"]),
        ("add_months(a, 6)", "threshold", ["add_months(a, 7)", "add_months(a, 5)"]),
        ("a < b", "comparison", ["a <= b"]),
        ("a <= b", "comparison", ["a < b"]),
        ("a > b", "comparison", ["a >= b"]),
        ("a >= b", "comparison", ["a > b"]),
        ('a == "x"', "comparison", ['a != "x"']),
        ('a != "x"', "comparison", ['a == "x"']),
        ("not (a < b)", "polarity", ["a < b"]),
        ("known(a)", "polarity", ["not known(a)"]),
        ('a in ["x", "y"]', "polarity", ['not a in ["x", "y"]']),
        ("a", "polarity", ["not a"]),
        ("exists(t)", "polarity", ["not exists(t)"]),
        ("a and b and c", "conjunct", ["b and c", "a and c", "a and b"]),
        ("a and b or c", "disjunct", ["c", "a and b"]),
        ("a <= b < c", "conjunct", ["b < c", "a <= b"]),
        ('a in ["x", "y"]', "option", ['a in ["y"]', 'a in ["x"]']),
        ("a if c else b", "branch", ["b if c else a"]),
        ("a + b - c", "arithmetic", ["a + b + c", "a - b - c"]),
        ("any(a)", "aggregate", ["all(a)"]),
        ("all(a, per=[k])", "aggregate", ["any(a, per=[k])"]),
        ("lowest(a)", "aggregate", ["highest(a)"]),
        ("min(a, b)", "aggregate", ["max(a, b)"]),
        ("any(t.a == b)", "aggregate", ["all(t.a == b)"]),
        ("total(a, per=[k, l])", "grouping", ["total(a, per=[l])", "total(a, per=[k])"]),
        ("previous(a)", "sequence", ["a"]),
        ('run(a, gap="breaks")', "sequence", ['run(a, gap="skips")']),
        ("run(a, gap=interpretation.gap)", "sequence", ['run(a, gap="breaks")', 'run(a, gap="skips")']),
        (
            "rank(a, within=[k])",
            "sequence",
            [
                'rank(a, within=[k], order="ascending")',
                'rank(a, within=[k], ties="dense")',
                'rank(a, within=[k], ties="ordinal")',
            ],
        ),
        ('interpretation.x == "y" and a', "reading", ["True and a", "False and a"]),
    ],
)
def test_operators(text: str, operator: str, expected: list[str]) -> None:
    assert of(text, operator) == expected


def test_a_column_is_negated_only_where_a_truth_is_asked_for() -> None:
    assert of("a", "polarity", condition=False) == []
    assert of("a + 1 > b", "polarity") == []
    assert of("1 if a else 2", "polarity", condition=False) == ["1 if not a else 2"]
    assert of("count(t.a, where=t.b)", "polarity", condition=False) == ["count(not t.a, where=t.b)", "count(t.a, where=not t.b)"]


def test_every_mutant_reads_as_the_tree_it_is() -> None:
    text = 'not (a and b) or (c if interpretation.x == "y" else run(d, gap="skips") >= 2 - e) and min(e, 1) < any(t.f != e)'
    for variant in variants(parse(text), condition=True):
        assert to_text(parse(to_text(variant.node))) == to_text(variant.node) != text
