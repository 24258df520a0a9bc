"""Tables that stay in columns are validated as rows are: the same rows, or the same problems in the same order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from cadrerules.errors import DataError, Problem
from cadrerules.load import read_tables
from cadrerules.populations.scan import scan_tables
from cadrerules_market_supervision.facts import TABLES

Columns = Mapping[str, Sequence[Any]]

modest = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))

# --- raw columns, each of one type ---------------------------------------------------------------

IDS = st.sampled_from(["U1", "U2", "01", "科室一"])
ODD_IDS = IDS | st.sampled_from([" U1 ", "　U2", "", "  ", "1.2E+17", "a\x00b", "\x1cU1", "x" * 10_001, "王五一"])
NUMBERS = st.sampled_from(["0.5", "85%", "１２", "1.0000001", "-1", "", " 3 ", "abc", "1e30", "NaN", "7"])
QUARTERS = st.sampled_from(["2024Q1", "2024年第三季度", "2024q2", "２０２４Q４", "2024-09", "", "x"])
DAYS = st.sampled_from(["2024-09-01", "2024年9月1日", "2024/9/1", "1800-01-01", "9999-12-31", "2024-02-30", "", "soon"])
TRUTHS = st.sampled_from(["是", "否", "yes", "0", "TRUE", "maybe", ""])
WORDS = st.sampled_from(["优良", "good", "一般", "ordinary", "godo", "", "负责人", "head", "leader", "局领导", "staff"])
WHOLE = st.sampled_from([1, 2, 3, 0, -1, 2024, 1899, 10**14, 10**15, 10**17, 2**63 - 1, -(2**63)])
FLOATS = st.sampled_from([0.5, 1.0, 3.0, 2024.0, 0.1 + 0.2, 1.0000001, 4e6 + 0.123456, 123456789.123456, -0.0, -1.5, 1e17, 1e18, 1e300])
FLOATS = FLOATS | st.sampled_from([float("nan"), float("inf"), 1e15, 999_999_999_999_999.0]) | st.floats(0, 1e13)
DECIMALS = st.sampled_from([Decimal("0.5"), Decimal(1), Decimal("0.1234567"), Decimal("12345678.25"), Decimal(-2), Decimal(2024)])
DATES = st.sampled_from([date(2024, 9, 1), date(2023, 1, 31), date(1800, 1, 1), date(9999, 12, 31), date(2201, 1, 1)])
MOMENTS = st.sampled_from([datetime(2024, 9, 1), datetime(2024, 9, 1, 8, 30), datetime(1800, 1, 1)])
LISTS = st.sampled_from([["a"], []])

TEXTS = {
    "text": IDS,
    "number": NUMBERS,
    "quarter": QUARTERS,
    "day": DAYS,
    "truth": TRUTHS,
    "word": WORDS,
}
TYPED: Sequence[tuple[st.SearchStrategy[Any], Sequence[Any]]] = [
    (WHOLE, [pl.Int64]),
    (st.sampled_from([0, 1, 5, 100]), [pl.Int8, pl.UInt8, pl.Int16, pl.UInt64, pl.Float32, pl.Int128]),
    (FLOATS, [pl.Float64]),
    (DECIMALS, [pl.Decimal(38, 7), pl.Decimal(18, 7), pl.Decimal(30, 10)]),
    (st.booleans(), [pl.Boolean]),
    (DATES, [pl.Date]),
    (MOMENTS, [pl.Datetime("us"), pl.Datetime("ns"), pl.Datetime("ms", "Asia/Shanghai")]),
    (LISTS, [pl.List(pl.String)]),
    (st.none(), [pl.Null]),
    (st.sampled_from(["good", "U1", "head", "2024Q1"]), [pl.Categorical, pl.Enum(["good", "U1", "head", "2024Q1"])]),
]

HEADINGS = {
    "units": {"unit": "text", "name": "text"},
    "progress": {"季度": "quarter", "科室": "text", "indicator": "text", "progress": "number", "regional_rank": "number", "cities": "number"},
    "style": {"quarter": "quarter", "unit": "text", "作风": "word"},
    "staff": {"person": "text", "unit": "text", "职务": "word", "name": "text", "joined": "day", "left": "day", "cadre": "truth"},
    "activities": {"activity": "text", "kind": "word", "actor": "text", "done_on": "day", "days": "number"},
}


@st.composite
def cells(draw: st.DrawFn, kind: str, rows: int, fit: int) -> pl.Series:
    """A column of so many cells; the higher `fit`, the likelier they are such as the column wants."""
    if draw(st.integers(0, 9)) < fit:
        of: tuple[st.SearchStrategy[Any], Any] = TEXTS[kind], pl.String
    elif draw(st.booleans()):
        of = ODD_IDS | TEXTS[draw(st.sampled_from(sorted(TEXTS)))], pl.String
    else:
        values, dtypes = draw(st.sampled_from(TYPED))
        of = values, draw(st.sampled_from(dtypes))
    gaps = draw(st.booleans())
    found = draw(st.lists(st.none() | of[0] if gaps else of[0], min_size=rows, max_size=rows))
    return pl.Series(found, dtype=of[1])


@st.composite
def frame(draw: st.DrawFn, table: str, group: bool) -> pl.DataFrame:
    """A table's frame: most of its columns, perhaps too few or too many."""
    rows, fit = draw(st.integers(0, 6)), draw(st.sampled_from([5, 9, 10]))
    kinds = {heading: kind for heading, kind in HEADINGS[table].items() if draw(st.integers(0, 30))}
    found = {heading: draw(cells(kind, rows, fit)) for heading, kind in kinds.items()}
    if group and draw(st.integers(0, 20)):
        found["bureau"] = draw(cells("text", rows, 9))
    if not draw(st.integers(0, 12)):
        extra = draw(st.sampled_from(["", "单位", "more", " unit"]))
        found[extra] = draw(cells("text", rows, 9))
    return pl.DataFrame(found)


def disputes(draw: Any, group: bool) -> pl.DataFrame:
    keys = ["2024Q1/U1/01", "2024Q1|U1|01", "U1", "2024年第三季度／01／科室一", "U1/U2/head", "x", ""]
    rows = draw(st.integers(0, 4))
    pools = {
        "table": ["progress", "进度", "units", "科室表", "指标进度", "staff", "disputes", "nothing", ""],
        "key": keys,
        "column": ["progress", "名称", "name", "unit", "完成进度", ""],
        "raised_on": ["2024-09-01", "x", ""],
        **({"bureau": ["U1", "U2", ""]} if group else {}),
    }
    return pl.DataFrame(
        {name: draw(st.lists(st.sampled_from(pool), min_size=rows, max_size=rows)) for name, pool in pools.items()},
        schema=dict.fromkeys(pools, pl.String),
    )


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, pl.DataFrame], str]:
    """Some tables and the grouping column."""
    group = draw(st.booleans())
    names = draw(st.lists(st.sampled_from(sorted(HEADINGS)), min_size=1, max_size=4, unique=True))
    found = {name: draw(frame(name, group)) for name in names}
    if draw(st.booleans()):
        found["disputes"] = disputes(draw, group)
    if not draw(st.integers(0, 15)):
        found[draw(st.sampled_from(["科室表", "Units", "nonsense", "unit"]))] = draw(frame("units", group))
    return found, "bureau" if group else ""


# --- frames of each library ----------------------------------------------------------------------


def by_duckdb(frame: pl.DataFrame) -> Any:
    return duckdb.from_arrow(by_arrow(frame))


def by_arrow(frame: pl.DataFrame) -> Any:
    table = frame.to_arrow()
    return table.cast(pa.schema([f.with_type(pa.int64()) if f.type == "null" else f for f in table.schema]))


KINDS: Mapping[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "lazy": lambda frame: frame.lazy(),
    "pandas": lambda frame: frame.to_pandas(),
    "pandas arrow": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": by_duckdb,
    "rows": lambda frame: frame.to_dicts(),
}


def read(source: Any, group: str, **options: Any) -> Any:
    """The rows of each table, or what is wrong."""
    try:
        return {name: list(rows) for name, rows in read_tables(source, TABLES, group_by=group, **options).rows.items()}
    except DataError as error:
        return described(error.problems)


def scanned(source: Any, group: str, **options: Any) -> Any:
    """The same of tables in columns."""
    try:
        found = scan_tables(source, TABLES, group_by=group, **options)
    except DataError as error:
        return described(error.problems)
    return {name: list(rows) for name, rows in found.facts().rows.items()}


def described(problems: Sequence[Problem]) -> list[Any]:
    return [(problem.code, problem.place, problem.text("en"), problem.text("zh")) for problem in problems]


@pytest.mark.parametrize("kind", KINDS)
@given(case=tables())
@modest
def test_any_tables(kind: str, case: tuple[dict[str, pl.DataFrame], str]) -> None:
    frames, group = case
    try:
        given = {name: KINDS[kind](frame) for name, frame in frames.items()}
    except (pa.ArrowException, duckdb.Error, pl.exceptions.PolarsError):
        return  # not every type is one of every library
    found = scanned(given, group)
    assert found == read(given, group)
    assert "CR-NOT-ROWS" not in str(found)


# --- tables that are accepted ---------------------------------------------------------------------

Forms = Sequence[tuple[st.SearchStrategy[Any], Any]]

COUNTS: Forms = [
    (st.integers(3, 9), pl.Int64),
    (st.integers(3, 9), pl.UInt8),
    (st.integers(3, 9).map(float), pl.Float32),
    (st.integers(3, 9).map(Decimal), pl.Decimal(20, 0)),
    (st.integers(3, 9).map(Decimal), pl.Decimal(38, 5)),
    (st.sampled_from(["3", " 4", "５", "6.0", ""]), pl.String),
    (st.none(), pl.Null),
]
POINTS: Forms = [
    (st.integers(0, 9_999).map(lambda n: n / 100), pl.Float64),
    (st.integers(0, 9_999).map(lambda n: Decimal(n).scaleb(-2)), pl.Decimal(12, 2)),
    (st.integers(0, 9_999).map(lambda n: Decimal(n).scaleb(-1)), pl.Decimal(38, 9)),
    (st.sampled_from(["0.5", "85%", "１２.5", " ", "7e1"]), pl.String),
    *COUNTS[:2],
]
ACCEPTED: Mapping[str, Forms] = {
    "id": [
        (st.integers(1, 10**15 - 1), pl.Int64),
        (st.integers(1, 10**6).map(float), pl.Float64),
        (st.integers(1, 10**6).map("U{}".format), pl.String),
        (st.integers(1, 10**6).map(" 科室{}　".format), pl.String),
        (st.integers(1, 10**6).map("{}".format), pl.Categorical),
    ],
    "quarter": [(st.sampled_from(["2024Q1", "2024年第三季度", "２０２４Q４", " 2024q2"]), pl.String)],
    "year": [(st.integers(1990, 2030), pl.Int16), (st.sampled_from(["2024", "2023年"]), pl.String)],
    "count": COUNTS,
    "points": POINTS,
    "day": [
        (st.sampled_from([date(2024, 9, 1), date(1900, 1, 1)]), pl.Date),
        (st.sampled_from([datetime(2024, 9, 1), datetime(2200, 12, 31)]), pl.Datetime("ns")),
        (st.sampled_from(["2024年9月1日", "2024/9/1", "2024-09-01 00:00:00"]), pl.String),
    ],
    "truth": [
        (st.booleans(), pl.Boolean),
        (st.integers(0, 1), pl.Int8),
        (st.sampled_from([0.0, 1.0, -0.0]), pl.Float64),
        (st.sampled_from(["是", "No", "1", ""]), pl.String),
    ],
    "style": [(st.sampled_from(["优良", "good", " 一般"]), pl.String), (st.sampled_from(["good"]), pl.Enum(["good", "bad"]))],
    "role": [(st.sampled_from(["head", "负责人", "局领导"]), pl.String)],
    "cause": [(st.sampled_from(["主观", "objective", ""]), pl.String), (st.none(), pl.Null)],
}
WELL: Mapping[str, Mapping[str, str]] = {
    "units": {"科室": "id", "名称": "id"},
    "progress": {"季度": "quarter", "unit": "id", "指标": "id", "进度": "points", "regional_rank": "count"},
    "style": {"quarter": "quarter", "unit": "id", "style": "style"},
    "staff": {"person": "id", "unit": "id", "role": "role", "left": "day", "党员": "truth", "cadre": "truth"},
    "results": {"year": "year", "unit": "id", "indicator": "id", "regional_rank": "count", "cities": "count"}
    | {"扣分": "points", "cause": "cause", "completed": "truth"},
}
REQUIRED = frozenset({"科室", "季度", "unit", "指标", "quarter", "person", "role", "year", "indicator"})


@st.composite
def accepted(draw: st.DrawFn) -> tuple[dict[str, pl.DataFrame], str]:
    """Tables of cells that are allowed, in the forms that they may have, and perhaps a dispute about one of them."""
    group = "bureau" if draw(st.booleans()) else ""
    found: dict[str, pl.DataFrame] = {}
    for table in draw(st.lists(st.sampled_from(sorted(set(WELL) - {"units"})), min_size=1, max_size=3, unique=True)):
        rows, columns = draw(st.integers(0, 5)), {}
        for heading, kind in WELL[table].items():
            form, dtype = draw(st.sampled_from(ACCEPTED[kind]))
            form = form if heading in REQUIRED else st.none() | form
            columns[heading] = pl.Series(draw(st.lists(form, min_size=rows, max_size=rows)), dtype=dtype)
        if group:
            columns[group] = pl.Series(draw(st.lists(st.sampled_from(["B1", " B2", "３"]), min_size=rows, max_size=rows)), dtype=pl.String)
        found[table] = pl.DataFrame(columns)
    rows_of = read(found, group)
    if draw(st.booleans()) and isinstance(rows_of, dict) and rows_of.get("progress"):
        row = draw(st.sampled_from(rows_of["progress"]))
        key = draw(st.sampled_from(["/", "|", "；"])).join(str(row[name]) for name in ("quarter", "unit", "indicator"))
        cells = {"表": "指标进度", "key": key, "column": "进度", "raised_on": date(2024, 9, 1)}
        found["disputes"] = pl.DataFrame([{**cells, **({group: row[group]} if group else {})}])
    return found, group


@pytest.mark.parametrize("kind", KINDS)
@given(case=accepted())
@modest
def test_tables_that_are_accepted(kind: str, case: tuple[dict[str, pl.DataFrame], str]) -> None:
    frames, group = case
    given = {name: KINDS[kind](frame) for name, frame in frames.items()}
    rows = read(given, group)
    event("refused" if isinstance(rows, list) else f"rows in {sum(bool(found) for found in rows.values())} tables")
    found = scanned(given, group)
    assert found == rows
    assert str(found) == str(rows)  # the same types of cells, and the same order of columns
