"""Every primitive function gives the same on Polars, DuckDB, PostgreSQL and Spark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

import pytest

from cadrerules.engines.columnar.expressions import (
    OPERATIONS,
    Aggregate,
    Call,
    Col,
    Const,
    Expr,
    Kind,
    Over,
    call,
    text,
    whole,
)
from cadrerules.engines.columnar.relations import Group, Pick, Relation, Rows
from cadrerules.engines.sql.functions import DIALECTS
from sql_engines import ENGINES, listed, runner, written

T, F, N = True, False, None
FIRST, LAST, LEAP = date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29)


@dataclass(frozen=True)
class Function:
    """Arguments of some kinds, what they give, and rows: the arguments' values and the result."""

    kinds: tuple[Kind, ...]
    gives: Kind
    rows: Sequence[tuple[Any, ...]]
    constants: tuple[Expr, ...] = ()


def _ints(*rows: tuple[Any, ...], constants: tuple[Expr, ...] = ()) -> Function:
    return Function(("int",) * (len(rows[0]) - 1), "int", rows, constants)


def _truths(*rows: tuple[Any, ...]) -> Function:
    return Function(("truth",) * (len(rows[0]) - 1), "truth", rows)


CASES: Mapping[str, Sequence[Function]] = {
    "and": [_truths((T, T, T), (T, F, F), (T, N, N), (F, N, F), (N, N, N))],
    "or": [_truths((T, F, T), (F, F, F), (T, N, T), (F, N, N), (N, N, N))],
    "not": [_truths((T, F), (F, T), (N, N))],
    "eq": [
        Function(("int", "int"), "truth", [(1, 1, T), (1, 2, F), (N, 1, N)]),
        Function(("text", "text"), "truth", [("职工001", "职工001", T), ("a", "A", F), ("", "", T), (N, "", N)]),
        Function(("day", "day"), "truth", [(FIRST, FIRST, T), (FIRST, LAST, F)]),
        Function(("truth", "truth"), "truth", [(T, T, T), (T, F, F), (T, N, N)]),
    ],
    "lt": [
        Function(("int", "int"), "truth", [(-1, 0, T), (0, 0, F), (N, 0, N), (2**40, 2**41, T)]),
        Function(("text", "text"), "truth", [("B", "a", T), ("a", "B", F), ("Z", "中", T), ("", "a", T), ("", "", F)]),
        Function(("day", "day"), "truth", [(FIRST, LAST, T), (LAST, FIRST, F)]),
        Function(("float", "float"), "truth", [(-inf, 0.5, T), (inf, inf, F)]),
    ],
    "le": [
        Function(("int", "int"), "truth", [(0, 0, T), (1, 0, F), (N, 0, N)]),
        Function(("text", "text"), "truth", [("B", "a", T), ("a", "B", F), ("a", "a", T)]),
    ],
    "add": [_ints((1, 2, 3), (2**40, 2**40, 2**41), (N, 1, N)), Function(("float", "float"), "float", [(0.5, inf, inf)])],
    "sub": [_ints((1, 2, -1), (1, -2, 3), (N, 1, N))],
    "mul": [_ints((3, -2, -6), (2**31, 2**31, 2**62), (N, 1, N)), Function(("float", "float"), "float", [(0.5, -inf, -inf)])],
    "div": [Function(("float", "float"), "float", [(1.0, 4.0, 0.25), (1.0, inf, 0.0), (N, 1.0, N)])],
    "floor": [Function(("float",), "float", [(1.5, 1.0), (-1.5, -2.0), (N, N)])],
    "floordiv": [
        _ints((7, 1), (-7, -2), (-8, -2), (0, 0), (N, N), constants=(whole(4),)),
        _ints((2**53 + 1, 2, 2**52), (-1, 3, -1), (9, 3, 3)),
    ],
    "mod": [_ints((7, 3), (-7, 1), (-8, 0), (N, N), constants=(whole(4),)), _ints((-1, 3, 2), (2**53 + 1, 2, 1))],
    "abs": [_ints((-3, 3), (3, 3), (N, N))],
    "least": [_ints((1, 2, 1), (N, 2, 2), (N, N, N)), Function(("day", "day"), "day", [(FIRST, LAST, FIRST), (N, LAST, LAST)])],
    "greatest": [_ints((1, 2, 2), (N, 2, 2), (N, N, N)), Function(("float", "float"), "float", [(inf, 1.0, inf)])],
    "is_null": [Function(("text",), "truth", [("", F), (N, T)])],
    "coalesce": [_ints((1, 2, 1), (N, 2, 2), (N, N, N)), _truths((F, T, F), (N, T, T))],
    "double": [Function(("int",), "float", [(3, 3.0), (N, N)])],
    "whole": [Function(("float",), "int", [(3.0, 3), (-3.0, -3), (N, N)])],
    "year": [Function(("day",), "int", [(LEAP, 2024), (FIRST, 1), (LAST, 9999), (N, N)])],
    "month": [Function(("day",), "int", [(LEAP, 2), (LAST, 12), (N, N)])],
    "dom": [Function(("day",), "int", [(LEAP, 29), (LAST, 31), (N, N)])],
    "month_days": [Function(("day",), "int", [(LEAP, 29), (date(2023, 2, 1), 28), (LAST, 31), (FIRST, 31), (N, N)])],
    "make_day": [Function(("int", "int", "int"), "day", [(2024, 2, 29, LEAP), (1, 1, 1, FIRST), (9999, 12, 31, LAST), (N, 1, 1, N)])],
    "add_days": [Function(("day", "int"), "day", [(LEAP, 1, date(2024, 3, 1)), (FIRST, 3652058, LAST), (LEAP, -60, date(2023, 12, 31)), (N, 1, N)])],
    "add_months": [
        Function(("day", "int"), "day", [(date(2024, 1, 31), 1, LEAP), (LEAP, 12, date(2025, 2, 28)), (LEAP, -1, date(2024, 1, 29)), (N, 1, N)])
    ],
    "days": [Function(("day", "day"), "int", [(LEAP, date(2024, 3, 1), 1), (LAST, FIRST, -3652058), (N, LEAP, N)])],
    "text": [Function(("int",), "text", [(7, "7"), (-7, "-7"), (N, N)]), Function(("day",), "text", [(LEAP, "2024-02-29"), (N, N)])],
    "part": [
        Function(("text",), "text", [("2024Q3", "Q"), ("2024", ""), ("年月日时分秒", "分"), (N, N)], (whole(5), whole(1))),
        Function(("text",), "text", [("2024Q3", "2024"), ("20", "20")], (whole(1), whole(4))),
    ],
    "number": [Function(("text",), "int", [("2024", 2024), ("03", 3), (N, N)]), _ints((5, 5))],
    "scaled": [Function(("float",), "int", [(2.01, 201), (-0.5, -50), (0.29, 29), (N, N)], (whole(100),))],
    "concat": [Function(("text", "text"), "text", [("a", "b", "ab"), ("", "b", "b"), (N, "b", N)])],
    "chosen": [
        Function(
            ("truth", "text", "truth", "text"),
            "list",
            [(T, "a", T, "b", ("a", "b")), (F, "a", T, "b'\\", ("b'\\",)), (N, "a", F, "b", ()), (T, "", F, "b", ("",))],
        )
    ],
    "possible": [Function(("truth", "text", "truth", "text"), "list", [(T, "a", T, "", ("a", N)), (F, "a", F, "", ())])],
    "pad": [Function(("int",), "text", [(7, "07"), (12, "12"), (123, "123"), (N, N)], (whole(2),))],
}


def _relation(name: str, function: Function) -> Pick:
    arguments: dict[str, Kind] = {f"a{i}": kind for i, kind in enumerate(function.kinds)}
    rows = Rows({"at": "int", **arguments}, tuple((i, *row[:-1]) for i, row in enumerate(function.rows)))
    columns = tuple(Col(column, kind) for column, kind in arguments.items())
    return Pick(rows, {"at": Col("at", "int"), "given": call(name, function.gives, *columns, *function.constants)})


def test_every_function_is_tried() -> None:
    assert {*CASES} == {*OPERATIONS}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_a_function_gives_the_same_everywhere(name: str, engine: str, request: pytest.FixtureRequest) -> None:
    run = runner(engine, request)
    for function in CASES[name]:
        found = [given for _, given in sorted(listed(run(_relation(name, function))))]
        assert found == [row[-1] for row in function.rows], function


@pytest.mark.parametrize("engine", ENGINES)
def test_constants_are_the_same_everywhere(engine: str, request: pytest.FixtureRequest) -> None:
    constants: list[Const] = [
        *(whole(n) for n in (0, -1, 2**31, -(2**60), None)),
        *(text(t) for t in ("", "'", '"', "\\", "a\nb", "--", "职工001", None)),
        *(Const(day, "day") for day in (FIRST, LAST, None)),
        *(Const(truth, "truth") for truth in (True, False, None)),
        *(Const(number, "float") for number in (0.5, -0.5, inf, -inf, None)),
        *(Const(words, "list") for words in ((), ("a", "'"), None)),
    ]
    relation = Pick(Rows({"at": "int"}, ((1,),)), {f"c{i}": constant for i, constant in enumerate(constants)})
    (row,) = listed(runner(engine, request)(relation))
    assert row == tuple(constant.value for constant in constants)


# --- windows and aggregates ---------------------------------------------------------------------

TABLE = Rows(
    {"who": "text", "at": "int", "n": "int", "t": "truth", "word": "text"},
    (
        ("P001", 1, 5, True, "B"),
        ("P001", 2, 5, False, "a"),
        ("P001", 4, -2, None, None),
        ("P002", 1, 3, False, "中"),
        ("P002", 2, None, None, "A"),
    ),
)
AT: Sequence[tuple[str, bool]] = (("at", False),)
N_, T_, WORD = Col("n", "int"), Col("t", "truth"), Col("word", "text")
WINDOWS: Mapping[str, tuple[Over, list[Any]]] = {
    "row_number": (Over("row_number", (), ("who",), (("at", True),), "int"), [3, 2, 1, 2, 1]),
    "rank": (Over("rank", (), (), (("at", False),), "int"), [1, 3, 5, 1, 3]),
    "dense_rank": (Over("dense_rank", (), (), (("at", True),), "int"), [3, 2, 1, 3, 2]),
    "running sum": (Over("sum", (Col("at", "int"),), ("who",), tuple(AT), "int"), [1, 3, 7, 1, 3]),
    "running max": (Over("max", (Col("at", "int"),), ("who",), tuple(AT), "int"), [1, 2, 4, 1, 2]),
    "max before": (Over("max_before", (Col("at", "int"),), ("who",), tuple(AT), "int"), [None, 1, 2, None, 1]),
    "lag": (Over("lag", (N_,), ("who",), tuple(AT), "int"), [None, 5, 5, None, 3]),
    "lag 2": (Over("lag", (T_,), ("who",), tuple(AT), "truth", 2), [None, None, True, None, None]),
    "sum of all": (Over("sum", (N_,), ("who",), (), "int"), [8, 8, 8, 3, 3]),
    "max of all": (Over("max", (N_,), (), (), "int"), [5, 5, 5, 5, 5]),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_windows_give_the_same_everywhere(engine: str, request: pytest.FixtureRequest) -> None:
    run = runner(engine, request)
    for name, (over, expected) in WINDOWS.items():
        relation = Pick(TABLE, {"who": Col("who", "text"), "at": Col("at", "int"), "given": over})
        assert [row[-1] for row in sorted(run(relation), key=lambda row: row[:2])] == expected, name


AGGREGATES: Mapping[str, tuple[Aggregate, list[Any]]] = {
    "count": (Aggregate("count", (), "int"), [3, 2]),
    "sum": (Aggregate("sum", (N_,), "int"), [8, 3]),
    "min": (Aggregate("min", (N_,), "int"), [-2, 3]),
    "max": (Aggregate("max", (N_,), "int"), [5, 3]),
    "max text": (Aggregate("max", (WORD,), "text"), ["a", "中"]),
    "any": (Aggregate("any", (Call("coalesce", (T_, Const(False, "truth")), "truth"),), "truth"), [True, False]),
    "distinct": (Aggregate("distinct", (N_,), "int"), [2, 1]),
    "first": (Aggregate("first", (Col("who", "text"),), "text"), ["P001", "P002"]),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_aggregates_give_the_same_everywhere(engine: str, request: pytest.FixtureRequest) -> None:
    run = runner(engine, request)
    for name, (aggregate, expected) in AGGREGATES.items():
        assert [row[1] for row in sorted(run(Group(TABLE, ("who",), {"given": aggregate})))] == expected, name


@pytest.mark.parametrize("engine", ENGINES)
def test_a_group_without_keys_is_one_row_even_of_nothing(engine: str, request: pytest.FixtureRequest) -> None:
    relation: Relation = Group(Rows({"n": "int"}, ()), (), {"n_1": Aggregate("count", (), "int"), "sum": Aggregate("max", (N_,), "int")})
    assert runner(engine, request)(relation) == [(0, None)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_division_needs_no_care_where_nothing_is_negative(dialect: Any) -> None:
    of = call("mod", "int", Col("n", "int"), whole(12))
    quotient = written(Pick(TABLE, {"q": call("floordiv", "int", of, whole(4))}), dialect)
    assert "(n % 12 + 12) % 12" in quotient.replace("((n % 12) + 12)", "(n % 12 + 12)")
    assert quotient.count("% 4") == 0
