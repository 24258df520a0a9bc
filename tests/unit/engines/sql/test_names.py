"""What SQL keeps to itself is quoted."""

from __future__ import annotations

import duckdb
import pytest

from cadrerules.engines.sql.names import RESERVED, Taken, identifier
from servers import Postgres


@pytest.mark.parametrize(
    ("name", "written"),
    [("unit", "unit"), ("score_1", "score_1"), ("group", '"group"'), ("Unit", '"Unit"'), ("单位", '"单位"'), ('a"b', '"a""b"'), ("1st", '"1st"')],
)
def test_a_name_is_quoted_where_it_must_be(name: str, written: str) -> None:
    assert identifier(name).sql("duckdb") == written


def test_all_that_duckdb_reserves_is_quoted() -> None:
    found = duckdb.sql("select keyword_name from duckdb_keywords() where keyword_category in ('reserved', 'type_function')")
    assert {name for (name,) in found.fetchall()} <= RESERVED


def test_all_that_postgresql_reserves_is_quoted(postgres: Postgres) -> None:
    assert {name for (name,) in postgres.query("select word from pg_get_keywords() where catcode in ('R', 'T')")} <= RESERVED


def test_a_fresh_name_is_had_by_nothing_else() -> None:
    taken = Taken({"progress"})
    assert [taken.fresh(stem) for stem in ("progress", "progress", "board.red", "board_red", "")] == [
        "progress_2",
        "progress_3",
        "board_red",
        "board_red_2",
        "rows",
    ]
