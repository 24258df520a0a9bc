from __future__ import annotations

import pytest

from cadrerules.language.parse import parse
from cadrerules.language.text import to_text


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("(first<=day) and (day<=last)", "first <= day <= last"),
        ("known(day) and (first <= day and day < last)", "known(day) and first <= day < last"),
        ("not (3 > place and place > 1)", "not 3 > place > 1"),
        ("a + 1 < b and b < c * 2 and c * 2 <= d", "a + 1 < b < c * 2 <= d"),
        ("(a if b else c) < d and d < 2", "(a if b else c) < d < 2"),
        # no chain: other directions, other operands, equalities, a part that is none
        ("a <= b and b >= c", "a <= b and b >= c"),
        ("a <= b and c <= d", "a <= b and c <= d"),
        ("a == b and b == c", "a == b and b == c"),
        ("known(a) and a <= b and b <= c", "known(a) and a <= b and b <= c"),
        # brackets around `and` in `or`, none around what needs none
        ("a or b and c", "a or (b and c)"),
        ("a or b <= c <= d", "a or b <= c <= d"),
        ("(a and b) or (c or d)", "(a and b) or (c or d)"),
        ("a and (b or c)", "a and (b or c)"),
        ("not (a and b) or c", "not (a and b) or c"),
    ],
)
def test_conditions_are_printed_for_readers_and_read_as_the_same(written: str, printed: str) -> None:
    assert to_text(parse(written)) == printed
    assert parse(printed) == parse(written)
