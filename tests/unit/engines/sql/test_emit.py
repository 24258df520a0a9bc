"""Relations as text: what goes into one SELECT, what gets a name, and nothing that isn't needed."""

from __future__ import annotations

import pytest

from cadrerules.engines.columnar.expressions import (
    TRUE,
    Aggregate,
    Col,
    Over,
    call,
    coalesce,
    equal,
    less,
    plus,
    product,
    surely,
    text,
    whole,
)
from cadrerules.engines.columnar.relations import Extend, Group, Join, Keep, Pick, Relation, Rows, Series, Source, Union
from cadrerules.engines.sql.emit import in_parts, planned
from cadrerules.engines.sql.functions import Dialect
from sql_engines import written

UNIT, N, QUARTER = Col("unit", "text"), Col("n", "int"), Col("quarter", "int")
BOARD = Source("board", {"unit": "text", "quarter": "int", "n": "int", "unused": "text"})
STYLE = Source("style", {"their": "text", "good": "truth"})
TOTALS = Group(BOARD, ("unit",), {"total": Aggregate("sum", (N,), "int"), "idle": Aggregate("max", (N,), "int")})
TOTAL = Col("total", "int")


def place(*order: str) -> Over:
    return Over("rank", (), ("quarter",), tuple((name, True) for name in order), "int")


SHARED = Extend(BOARD, {"place": place("n")}, "ranked")

CASES: dict[str, tuple[Relation, str]] = {
    "a condition above columns is their WHERE": (
        Keep(Pick(BOARD, {"unit": UNIT, "twice": product(N, whole(2))}), equal(UNIT, text("U'01"))),
        "SELECT unit, n * 2 AS twice FROM board WHERE unit = 'U''01'",
    ),
    "a condition on what is computed and given comes after it": (
        Keep(Pick(BOARD, {"twice": product(N, whole(2))}), less(Col("twice", "int"), whole(3))),
        "WITH board_rows AS (SELECT n * 2 AS twice FROM board) SELECT twice FROM board_rows WHERE twice < 3",
    ),
    "a condition comes after windows": (
        Keep(Pick(SHARED, {"unit": UNIT, "place": Col("place", "int")}), less(Col("place", "int"), whole(3))),
        (
            'WITH ranked AS (SELECT unit, RANK() OVER (PARTITION BY "quarter" ORDER BY n DESC) AS place FROM board) '
            "SELECT unit, place FROM ranked WHERE place < 3"
        ),
    ),
    "a window on a window comes after it": (
        Pick(Extend(SHARED, {"again": place("place")}), {"again": Col("again", "int")}),
        (
            'WITH ranked AS (SELECT "quarter", RANK() OVER (PARTITION BY "quarter" ORDER BY n DESC) AS place FROM board) '
            'SELECT RANK() OVER (PARTITION BY "quarter" ORDER BY place DESC) AS again FROM ranked'
        ),
    ),
    "what is read once goes into what reads it": (
        Pick(Extend(BOARD, {"a": plus(N, whole(1)), "b": product(Col("a", "int"), whole(2))}), {"b": Col("b", "int")}),
        "SELECT (n + 1) * 2 AS b FROM board",
    ),
    "what is read twice is computed once": (
        Pick(Extend(BOARD, {"a": plus(N, whole(1)), "b": product(Col("a", "int"), Col("a", "int"))}), {"b": Col("b", "int")}),
        "WITH board_rows AS (SELECT n + 1 AS a FROM board) SELECT a * a AS b FROM board_rows",
    ),
    "only aggregates that are needed": (
        Pick(TOTALS, {"unit": UNIT, "total": coalesce(TOTAL, whole(0))}),
        "SELECT unit, COALESCE(CAST(SUM(n) AS BIGINT), 0) AS total FROM board GROUP BY unit",
    ),
    "a group of keys alone": (
        Group(BOARD, ("unit", "quarter"), {}),
        'SELECT unit, "quarter" FROM board GROUP BY unit, "quarter"',
    ),
    "an inner join takes both sides' conditions": (
        Join(Keep(Pick(BOARD, {"unit": UNIT, "n": N}), less(whole(0), N)), Keep(STYLE, Col("good", "truth")), (("unit", "their"),)),
        "SELECT board.unit, board.n, style.good FROM board JOIN style ON board.unit = style.their WHERE 0 < board.n AND style.good",
    ),
    "a left join keeps its second's conditions to itself": (
        Join(Pick(BOARD, {"unit": UNIT}), Keep(STYLE, surely(Col("good", "truth"))), (("unit", "their"),), "left"),
        "SELECT board.unit, style.good FROM board LEFT JOIN style ON board.unit = style.their AND style.good",
    ),
    "what a left join brings is null where nothing is found, constants too": (
        Pick(
            Join(Pick(BOARD, {"unit": UNIT}), Pick(STYLE, {"their": Col("their", "text"), "found": TRUE}), (("unit", "their"),), "left"),
            {"found": Col("found", "truth")},
        ),
        (
            "WITH style_rows AS (SELECT their, TRUE AS found FROM style) "
            "SELECT style_rows.found FROM board LEFT JOIN style_rows ON board.unit = style_rows.their"
        ),
    ),
    "a left join of single rows of which nothing is needed is left out": (
        Pick(Join(BOARD, Pick(TOTALS, {"u": UNIT, "total": TOTAL}), (("unit", "u"),), "left"), {"n": N}),
        "SELECT n FROM board",
    ),
    "what is read twice has one name": (
        Union((Pick(SHARED, {"unit": UNIT, "place": Col("place", "int")}), Pick(SHARED, {"unit": UNIT, "place": whole(0)}))),
        (
            'WITH ranked AS (SELECT unit, RANK() OVER (PARTITION BY "quarter" ORDER BY n DESC) AS place FROM board) '
            "SELECT unit, place FROM ranked UNION ALL SELECT unit, CAST(0 AS BIGINT) AS place FROM ranked"
        ),
    ),
    "a table joined to itself has two names": (
        Join(Pick(BOARD, {"unit": UNIT}), Pick(BOARD, {"other": UNIT, "n": N}), (("unit", "other"),)),
        "SELECT board.unit, board_2.n FROM board JOIN board AS board_2 ON board.unit = board_2.unit",
    ),
    "every combination": (
        Join(Pick(BOARD, {"unit": UNIT}), Series("q", 1, 4), ()),
        "SELECT board.unit, qs.q FROM board CROSS JOIN RANGE(1, 5) AS qs(q)",
    ),
    "one row of which nothing is needed is no table": (
        Pick(Join(Series("only", 1, 1), Series("q", 1, 4), ()), {"q": Col("q", "int")}),
        "SELECT q FROM RANGE(1, 5) AS qs(q)",
    ),
    "rows written out": (
        Rows({"unit": "text", "n": "int"}, (("U01", 1), ("U02", None))),
        (
            "SELECT unit, n FROM (SELECT 'U01' AS unit, CAST(1 AS BIGINT) AS n UNION ALL "
            "SELECT 'U02' AS unit, CAST(NULL AS BIGINT) AS n) AS written"
        ),
    ),
    "no rows": (
        Rows({"unit": "text"}, ()),
        "SELECT unit FROM (SELECT CAST(NULL AS TEXT) AS unit WHERE FALSE) AS written",
    ),
}


@pytest.mark.parametrize("what", CASES)
def test_a_relation_is_written(what: str) -> None:
    relation, expected = CASES[what]
    assert written(relation, "duckdb") == expected


OWN: dict[Dialect, str] = {
    "duckdb": 'SELECT unit || \'?\' AS t, CAST(SUM(n) OVER (PARTITION BY unit ORDER BY "quarter" '
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS s FROM board WHERE unit < 'U'",
    "spark": "SELECT unit || '?' AS t, SUM(n) OVER (PARTITION BY unit ORDER BY `quarter` "
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s FROM board WHERE unit < 'U'",
    "postgres": 'SELECT unit || \'?\' AS t, CAST(SUM(n) OVER (PARTITION BY unit ORDER BY "quarter" '
    'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS s FROM board WHERE unit COLLATE "C" < \'U\' COLLATE "C"',
}


@pytest.mark.parametrize("dialect", OWN)
def test_each_dialect_has_its_own_words(dialect: Dialect) -> None:
    running = Over("sum", (N,), ("unit",), (("quarter", False),), "int")
    relation = Pick(Keep(BOARD, less(UNIT, text("U"))), {"t": call("concat", "text", UNIT, text("?")), "s": running})
    assert written(relation, dialect) == OWN[dialect]


def test_a_remark_stands_at_the_select_of_its_relation() -> None:
    noted = Pick(BOARD, {"unit": UNIT}, "board.red")
    made = planned(Union((noted, Pick(BOARD, {"unit": UNIT}))), {"board.red": "Red flags"})
    assert [(named.name, named.comment) for named in made.named] == [("board_red", "Red flags")]


def test_the_tables_and_columns_that_are_read() -> None:
    assert planned(Pick(TOTALS, {"total": TOTAL})).tables == {"board": {"unit", "n"}}


def test_what_is_read_twice_is_a_part_of_its_own() -> None:
    once = Keep(SHARED, less(Col("place", "int"), whole(3)))
    twice = Union((Pick(once, {"unit": UNIT}), Pick(once, {"unit": text("all")})))
    parts = [(name, [named.name for named in part.named]) for name, part in in_parts(planned(twice))]
    assert parts == [("ranked_2", ["ranked"]), ("", [])]
