"""Values as JSON and back, partly known ones too."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import inf
from typing import Any

import pytest

from cadrerules.language.as_json import from_json, to_json
from cadrerules.language.periods import Quarter, Year
from cadrerules.language.types import DATE, TEXT, TRUTH, Choice, Number, Period, Type
from cadrerules.language.values import ANY_DATE, ANYTHING, Among, Between

KINDS = Choice(("a", "b", "c"))


@pytest.mark.parametrize(
    ("value", "of", "written"),
    [
        (250, Number(2), "2.5"),
        (300, Number(2), 3),
        (-5, Number(1), "-0.5"),
        (Fraction(200, 3), Number(), "200/3"),
        (Between(3, 5), Number(), {"known": False, "from": 3, "to": 5}),
        (Between(-inf, 15), Number(1), {"known": False, "to": "1.5"}),
        (Between(-inf, inf), Number(), {"known": False}),
        (True, TRUTH, True),
        (None, TRUTH, {"known": False}),
        ("7", TEXT, "7"),
        (ANYTHING, TEXT, {"known": False}),
        ("a", KINDS, "a"),
        (Among(frozenset("ba")), KINDS, {"known": False, "among": ["a", "b"]}),
        (date(2024, 9, 1), DATE, "2024-09-01"),
        (ANY_DATE, DATE, {"known": False}),
        (Between(date(2024, 1, 1), date.max), DATE, {"known": False, "from": "2024-01-01"}),
        (Quarter.parse("2024Q3"), Period("quarter"), "2024Q3"),
        (Year(2024), Period("any"), "2024"),
        (ANYTHING, Period("year"), {"known": False}),
    ],
)
def test_there_and_back(value: Any, of: Type, written: Any) -> None:
    assert to_json(value, of) == written
    assert from_json(written, of) == value


@pytest.mark.parametrize(
    ("found", "of"),
    [
        (True, Number()),
        (1, TRUTH),
        (1, TEXT),
        (None, TEXT),
        (2.5, Number(1)),
        ("1E+999999", Number()),
        ("1/0", Number()),
        ("nan", Number()),
        ("2024-13-01", DATE),
        ("2024", Period("quarter")),
        ({"known": True}, Number()),
        ({"known": False, "beside": 1}, Number()),
    ],
)
def test_what_is_no_value_of_the_type_is_refused(found: Any, of: Type) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several makers, each with words of its own
        from_json(found, of)
