"""One form for each value, on any machine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadrerules.journal.canonical import canonical, digest


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": 2, "中": "文"}, '{"a":2,"b":1,"中":"文"}'),
        ({"a": {"d": [], "c": ()}}, '{"a":{"c":[],"d":[]}}'),
        (Decimal("2.50"), '"2.5"'),
        (Decimal("-0.0"), "0"),
        (Decimal("7.00"), "7"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), '"0.0000001"'),
        (Fraction(5, 2), '"2.5"'),
        (Fraction(-1, 8), '"-0.125"'),
        (Fraction(1, 3), '"1/3"'),
        (Fraction(4, 2), "2"),
        (date(2026, 3, 31), '"2026-03-31"'),
        (datetime(2026, 3, 31, 8, 0, 0, 5, tzinfo=UTC), '"2026-03-31T08:00:00.000005+00:00"'),
        ([True, False, None, 1, "1"], '[true,false,null,1,"1"]'),
        ({"b", "a"}, '["a","b"]'),
        ('a\n"\u2028', '"a\\n\\"\u2028"'),
    ],
)
def test_the_one_form(value: object, written: str) -> None:
    assert canonical(value) == written.encode()


def test_a_digest_is_sha_256_of_the_form() -> None:
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize("value", [1.5, b"a", object(), {1: 2}, [{None: 1}]])
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        canonical(value)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1E+999999", "1E-999999"])
def test_numbers_that_cannot_be_written_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a number"):
        canonical(Decimal(text))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_equal_numbers_are_written_alike(number: Decimal) -> None:
    assert canonical(number) == canonical(Fraction(number)) == canonical(Decimal(f"{number:.7f}"))
