from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from cadrerules.errors import CATALOGUE, Problem
from cadrerules.language.periods import Month, Period, Quarter, Week, Year, parse_period
from cadrerules.model.cells import read_cell
from cadrerules.model.facts import ALWAYS, EVERY, NEVER, REFUSED, Column, Facts


class Samples(Facts, table="samples"):
    key: Annotated[str, Column(key=True)]
    text: str | None
    whole: Annotated[int | None, Column(low=1, high=100)]
    points: Annotated[Decimal | None, Column(low=0, step="0.01")]
    progress: Annotated[Decimal | None, Column(step="0.000001")]
    flag: bool | None
    day: date | None
    until: Annotated[date | None, Column(empty=NEVER)]
    since: Annotated[date | None, Column(empty=ALWAYS)]
    every: Annotated[str | None, Column(key=True, empty=EVERY)]
    needed: Annotated[str, Column(empty=REFUSED)]
    year: Year | None
    quarter: Quarter | None
    month: Month | None
    week: Week | None
    period: Period | None
    style: Annotated[Literal["good", "bad"] | None, Column(words={"good": ("优良", "好"), "bad": ("差",)})]


def read(column: str, raw: object) -> Any:
    return read_cell(raw, Samples.spec.columns[column])


def refused(column: str, raw: object) -> Problem:
    with pytest.raises(PydanticCustomError) as caught:
        read(column, raw)
    problem = Problem(caught.value.type, values=caught.value.context or {})
    assert caught.value.message() == problem.message("en")
    assert "{" not in problem.text("zh") + problem.text("en")
    return problem


def code(column: str, raw: object) -> str:
    return refused(column, raw).code


@pytest.mark.parametrize(
    "column", ["text", "whole", "points", "flag", "day", "until", "since", "every", "quarter", "style"]
)
@pytest.mark.parametrize("raw", [None, "", "  ", "\t", "　"])
def test_an_empty_cell_is_none(column: str, raw: object) -> None:
    assert read(column, raw) is None


@pytest.mark.parametrize("column", ["key", "needed"])
@pytest.mark.parametrize("raw", [None, "", " 　"])
def test_a_needed_cell_must_not_be_empty(column: str, raw: object) -> None:
    assert code(column, raw) == "CR-EMPTY-CELL"


@pytest.mark.parametrize(
    ("raw", "cell"),
    [
        ("01", "01"),
        ("1", "1"),
        (" U1 ", "U1"),
        ("Ｕ１", "Ｕ１"),
        ("123456789012345678", "123456789012345678"),
        (7, "7"),
        (7.0, "7"),
        (Decimal("7.0"), "7"),
        (-3, "-3"),
        (123456789012345, "123456789012345"),
        (1e14, "100000000000000"),
        ("1E5", "1E5"),
        ("true", "true"),
        ("2024-09-01", "2024-09-01"),
        ("a\nb", "a\nb"),
        (np.int64(5), "5"),
    ],
)
def test_text_is_kept_as_written(raw: object, cell: str) -> None:
    assert read("key", raw) == cell


@pytest.mark.parametrize(
    "raw", [10**15, 1e17, 123456789012345678, "1.23457E+17", "1E+10", " 1.5e+17 ", Decimal(10**17)]
)
def test_an_id_that_became_a_number_is_refused_with_the_advice(raw: object) -> None:
    problem = refused("key", raw)
    assert problem.code == "CR-ID-BECAME-NUMBER"
    assert "format the column as text" in problem.hint("en")
    assert "文本格式" in problem.hint("zh")


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (True, "truth value"),
        (2.5, "number that is not whole"),
        (Decimal("0.1"), "number that is not whole"),
        (float("nan"), "number that is not whole"),
        (date(2024, 3, 1), "date"),
        ([1], "list"),
        ({"a": 1}, "object"),
        (time(3), "`time`"),
        (b"x", "`bytes`"),
    ],
)
def test_what_is_no_text_is_refused(raw: object, found: str) -> None:
    problem = refused("key", raw)
    assert problem.code == "CR-NOT-TEXT"
    assert problem.message() == f"this cell needs text, but holds a {found}"


def test_texts_have_limits() -> None:
    assert read("text", "x" * 10_000) == "x" * 10_000
    assert code("text", "x" * 10_001) == "CR-CELL-TOO-LONG"
    assert code("whole", "1" * 10_001) == "CR-CELL-TOO-LONG"
    assert code("text", "a\0b") == "CR-BAD-CHARACTER"
    assert code("text", "a\ud800b") == "CR-BAD-CHARACTER"


@pytest.mark.parametrize(
    ("column", "raw", "cell"),
    [
        ("whole", "7", 7),
        ("whole", " ７ ", 7),
        ("whole", "7.0", 7),
        ("whole", 7, 7),
        ("whole", 7.0, 7),
        ("whole", np.int64(7), 7),
        ("whole", Decimal("7.00"), 7),
        ("points", "2.5", Decimal("2.5")),
        ("points", "２．５", Decimal("2.5")),
        ("points", "2.50", Decimal("2.5")),
        ("points", "+2.5", Decimal("2.5")),
        ("points", ".5", Decimal("0.5")),
        ("points", "1e2", Decimal(100)),
        ("points", "0", Decimal(0)),
        ("points", "85%", Decimal("0.85")),
        ("points", "85 ％", Decimal("0.85")),
        ("progress", "12.3456%", Decimal("0.123456")),
        ("progress", "-0.000001", Decimal("-0.000001")),
        ("progress", 0.1, Decimal("0.1")),
        ("progress", 0.1 + 0.2, Decimal("0.3")),
        ("progress", 1 / 3 - 1 / 3 + 0.3333330000001, Decimal("0.333333")),
        ("progress", 2.9999999999, Decimal(3)),
        ("progress", "999999999999.999999", Decimal("999999999999.999999")),
    ],
)
def test_numbers_are_exact(column: str, raw: object, cell: object) -> None:
    found = read(column, raw)
    assert found == cell
    assert type(found) is type(cell)
    assert str(found) == str(cell)


@pytest.mark.parametrize(
    "raw", ["-", "无", "N/A", "nan", "NaN", "inf", "1_000", "1,000", "0x10", "1 2", "%", "٣", "1e99999", True]
)
def test_what_is_no_number_is_refused(raw: object) -> None:
    assert code("points", raw) == "CR-NOT-A-NUMBER"


@pytest.mark.parametrize(
    "raw",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        pd.NaT,
        pd.NA,
    ],
)
@pytest.mark.parametrize("column", ["points", "whole", "flag", "day", "quarter", "style", "text"])
def test_nan_and_infinity_are_refused_in_every_column(column: str, raw: object) -> None:
    assert code(column, raw) in {
        "CR-NOT-A-NUMBER",
        "CR-NOT-A-TRUTH-VALUE",
        "CR-NOT-A-DATE",
        "CR-NOT-A-PERIOD",
        "CR-NOT-A-CHOICE",
        "CR-NOT-TEXT",
    }


@pytest.mark.parametrize(
    ("column", "raw"),
    [
        ("points", "0.001"),
        ("points", Decimal("0.001")),
        ("points", 0.005),
        ("whole", "1.5"),
        ("whole", 1.5),
        ("whole", "85%"),
        ("progress", "0.0000001"),
        ("progress", "0.30000000000000004"),
        ("progress", Decimal("1e-999999")),
        ("progress", 0.300000002),
    ],
)
def test_a_number_off_its_step_is_refused(column: str, raw: object) -> None:
    assert code(column, raw) == "CR-OFF-STEP"


@pytest.mark.parametrize(
    "raw",
    [
        "1e18",
        "1" * 19,
        10**18,
        1e300,
        pytest.param(10**5000, id="huge"),
        Decimal("1e999999"),
        "1e9999",
        Decimal("0." + "1" * 900),
    ],
)
def test_a_number_has_at_most_eighteen_digits(raw: object) -> None:
    assert code("progress", raw) == "CR-NUMBER-TOO-LARGE"


def test_bounds_are_shown_as_the_column_writes_them() -> None:
    assert refused("points", "-0.01").message() == "`-0.01` is below 0, the lowest that can be"
    assert refused("whole", 0).message() == "`0` is below 1, the lowest that can be"
    assert refused("whole", "101").message("zh") == "“101”大于最大值 100"
    assert (read("whole", 1), read("whole", 100)) == (1, 100)


@given(st.decimals(-(10**6), 10**6, places=6))
@settings(deadline=None)
def test_every_way_to_write_a_number_gives_the_same(number: Decimal) -> None:
    assert read("progress", str(number)) == number
    assert read("progress", number) == number
    assert read("progress", float(number)) == number
    assert read("progress", f"{number:f}") == number
    assert read("progress", f"{number * 100:f}%") == number


@pytest.mark.parametrize(
    "raw", [True, 1, 1.0, Decimal(1), "1", "true", "TRUE", "True", "yes", "是", " 是 ", "ｙｅｓ", np.True_]
)
def test_true(raw: object) -> None:
    assert read("flag", raw) is True


@pytest.mark.parametrize("raw", [False, 0, 0.0, Decimal(0), "0", "false", "no", "No", "否", "０"])
def test_false(raw: object) -> None:
    assert read("flag", raw) is False


@pytest.mark.parametrize("raw", [2, "2", "y", "对", "✓", 0.5, [True]])
def test_neither(raw: object) -> None:
    assert code("flag", raw) == "CR-NOT-A-TRUTH-VALUE"


@pytest.mark.parametrize(
    "raw",
    [
        "2024-09-01",
        "2024-9-1",
        "2024/9/1",
        "2024年9月1日",
        "２０２４年９月１日",
        "2024-09-01 00:00:00",
        "2024-09-01T00:00:00.000",
        "2024/9/1 0:00",
        date(2024, 9, 1),
        datetime(2024, 9, 1),
        pd.Timestamp("2024-09-01"),
        np.datetime64("2024-09-01"),
    ],
)
def test_dates(raw: object) -> None:
    assert read("day", raw) == date(2024, 9, 1)
    assert type(read("day", raw)) is date


@pytest.mark.parametrize(
    "raw",
    ["2024-02-30", "2024", "9/1/2024", "2024-09/01", "20240901", 45536.0, 45536, True, "昨天", "2024Q1"],
)
def test_what_is_no_date_is_refused(raw: object) -> None:
    assert code("day", raw) == "CR-NOT-A-DATE"


def test_a_day_has_no_time() -> None:
    assert code("day", datetime(2024, 9, 1, 8, 30)) == "CR-DATE-WITH-TIME"
    assert code("day", datetime(2024, 9, 1, tzinfo=UTC)) == "CR-DATE-WITH-TIME"
    assert code("day", "2024-09-01 08:30:00") == "CR-NOT-A-DATE"


def test_a_date_far_off_is_a_slip_unless_an_empty_cell_means_it() -> None:
    assert code("day", "0204-09-01") == "CR-DATE-OUT-OF-RANGE"
    assert code("day", "9999-12-31") == "CR-DATE-OUT-OF-RANGE"
    assert read("until", "9999-12-31") == date.max
    assert read("since", "0001-01-01") == date.min
    assert code("since", "9999-12-31") == "CR-DATE-OUT-OF-RANGE"


@pytest.mark.parametrize(
    ("column", "raw", "text"),
    [
        ("year", "2024", "2024"),
        ("year", 2024, "2024"),
        ("year", 2024.0, "2024"),
        ("year", Decimal(2024), "2024"),
        ("year", "２０２４年", "2024"),
        ("year", Year(2024), "2024"),
        ("quarter", "2024年第三季度", "2024Q3"),
        ("quarter", "2024Ｑ３", "2024Q3"),
        ("month", "2024年9月", "2024-09"),
        ("month", "2024/9", "2024-09"),
        ("week", "2024-W37", "2024-W37"),
        ("period", "2024Q3", "2024Q3"),
        ("period", 2024, "2024"),
    ],
)
def test_periods(column: str, raw: object, text: str) -> None:
    assert read(column, raw) == parse_period(text)


@pytest.mark.parametrize(
    ("column", "raw"),
    [
        ("quarter", "2024"),
        ("quarter", 2024),
        ("year", "2024Q3"),
        ("year", Quarter.parse("2024Q3")),
        ("year", date(2024, 1, 1)),
        ("period", date(2024, 9, 1)),
        ("period", "2024Q5"),
        ("period", 2024.5),
        ("period", 1),
        pytest.param("period", 10**5000, id="huge"),
        ("period", True),
        pytest.param("period", Week(10**12), id="far-week"),
        ("month", "2024-13"),
        ("week", "2024-W60"),
    ],
)
def test_what_is_no_such_period_is_refused(column: str, raw: object) -> None:
    assert code(column, raw) == "CR-NOT-A-PERIOD"


def test_a_period_error_names_the_kind_in_both_languages() -> None:
    problem = refused("quarter", "2024")
    assert problem.message("en") == "`2024` is not a quarter"
    assert problem.message("zh") == "“2024”不是季度"
    assert "2024年第三季度" in problem.hint("zh")


@pytest.mark.parametrize("raw", ["good", " good ", "优良", "好", "ｇｏｏｄ"])
def test_choices(raw: str) -> None:
    assert read("style", raw) == "good"


def test_a_wrong_word_gets_the_nearest() -> None:
    problem = refused("style", "goood")
    assert problem.message() == "`goood` is none of `good`, `bad`"
    assert problem.hint() == "did you mean `good`?"
    assert "`优良`" in refused("style", "优").hint("zh")
    assert code("style", 1) == "CR-NOT-A-CHOICE"


def test_quoted_values_are_short_and_on_one_line() -> None:
    assert refused("day", "x" * 9_000).values["value"] == "x" * 40 + "…"
    assert refused("day", "a\nb\0c").values["value"] == "a b?c"
    assert refused("whole", 10**30).values["value"] == "1.000E+30"


_anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(),
    st.text("0123456789.%-/年月日Q季度eE+"),
    st.dates(),
    st.datetimes(),
    st.binary(),
    st.lists(st.integers(), max_size=2),
)


@given(st.sampled_from(sorted(Samples.spec.columns)), _anything)
@settings(deadline=None, max_examples=500)
def test_whatever_the_cell_it_is_read_or_refused_with_a_code(column: str, raw: object) -> None:
    spec = Samples.spec.columns[column]
    try:
        cell = read_cell(raw, spec)
    except PydanticCustomError as error:
        refusal = error.type
    else:
        accepted(column, cell)
        return
    assert refusal in CATALOGUE


def accepted(column: str, cell: Any) -> None:
    """What was read is read again as the same, and has a value."""
    spec = Samples.spec.columns[column]
    assert cell is None or type(cell) in {str, int, Decimal, bool, date, Year, Quarter, Month, Week}
    if cell is not None:
        assert read_cell(cell, spec) == cell
        assert read_cell(str(cell), spec) == cell
        spec.value(cell)
