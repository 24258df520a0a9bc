"""A policy's SQL on typed tables gives what the library gives, and says what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pytest
import sqlglot

import cadrerules as cr
from cadrerules.engines.sql.functions import DIALECTS
from cadrerules.engines.sql.text import OUTPUTS, Asked, policy_sql
from cadrerules.model.facts import FactTables
from cadrerules.model.result import Result
from servers import Postgres
from typed_bureau import AS_OF, bureau, statements

Records = list[Mapping[str, Any]]
LISTS = ("clause", "possible", "because", "clauses", "overridden", "waived_by")
FIELDS = {
    "findings": ("rule", "outcome", "clause", "waivable", "subject", "subject_kind", "period", "status"),
    "decisions": (
        *("id", "question", "subject", "subject_kind", "period", "status", "verdict", "possible", "because", "clauses"),
        *("overridden", "waived_by", "owed_by", "due", "done", "short"),
    ),
}


@pytest.fixture(scope="module")
def whole() -> tuple[cr.Plan, FactTables, Result]:
    plan, facts = bureau()
    return plan, facts, plan.evaluate(facts, as_of=AS_OF, engine="scalar")


def asked(plan: cr.Plan, **changes: Any) -> Asked:
    return replace(Asked(tuple(plan.policies), "duckdb", AS_OF), **changes)


def expected(result: Result, of: str) -> list[tuple[Any, ...]]:
    records = result.findings if of == "findings" else result.decisions
    return sorted((tuple(_cell(record, name) for name in FIELDS[of]) for record in records), key=repr)


def _cell(record: Any, name: str) -> Any:
    if name in ("subject", "subject_kind"):
        return record.subject.id if name == "subject" else record.subject.kind
    return getattr(record, name)


def found(rows: list[tuple[Any, ...]], columns: list[str], of: str) -> list[tuple[Any, ...]]:
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    cells = ([tuple(r[n]) if n in LISTS else r[n] for n in FIELDS[of]] for r in records)
    return sorted(map(tuple, cells), key=repr)


def duck(plan: cr.Plan, facts: FactTables) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for statement in statements(plan, facts):
        connection.execute(statement)
    return connection


def columns_of(text: str) -> list[str]:
    tree = sqlglot.parse_one(text, dialect="postgres")
    return [select.alias_or_name for select in tree.selects]


@pytest.mark.parametrize("of", OUTPUTS)
def test_the_whole_plan_in_postgresql(of: str, whole: Any, postgres: Postgres) -> None:
    plan, facts, result = whole
    text = policy_sql(plan, asked(plan, of=of, dialect="postgres"))
    rows = postgres.query(text, setup=list(statements(plan, facts)), database="localised")
    assert found(rows, columns_of(text), of) == expected(result, of)


@pytest.mark.parametrize("of", OUTPUTS)
def test_the_whole_plan_in_duckdb(of: str, whole: Any) -> None:
    plan, facts, result = whole
    answer = duck(plan, facts).execute(policy_sql(plan, asked(plan, of=of)))
    columns = [column for column, *_ in answer.description]
    assert found(answer.fetchall(), columns, of) == expected(result, of)


def test_complete_tables_need_less(whole: Any) -> None:
    plan, _, _ = whole
    board = asked(plan, policies=("board",))
    full, complete = (policy_sql(plan, replace(board, complete=value)) for value in (False, True))
    assert len(complete) < 0.8 * len(full)
    assert "-- No cell may be empty." in complete.splitlines()


def test_organisations_are_kept_apart(whole: Any) -> None:
    plan, facts, result = whole
    text = policy_sql(plan, asked(plan, policies=("board",), group="bureau"))
    connection = duck(plan, facts)
    for name in plan.tables:
        connection.execute(f"alter table {name} add column bureau varchar")
        connection.execute(f"update {name} set bureau = 'B1'")  # noqa: S608
    for name in plan.tables:
        connection.execute(f"insert into {name} select * replace ('B2' as bureau) from {name}")  # noqa: S608
    answer = connection.execute(text)
    columns = [column for column, *_ in answer.description]
    rows = answer.fetchall()
    want = [row for row in expected(result, "decisions") if row[1] in ("flag", "commendation", "interview")]
    assert columns[0] == "bureau"
    for name in ("B1", "B2"):
        own = found([row for row in rows if row[0] == name], columns, "decisions")
        assert [row[1:] for row in own] == [row[1:] for row in want if row[1] in {row[1] for row in own}]
        assert own


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_part_is_named_and_no_column_taken_blindly(dialect: Any, whole: Any) -> None:
    plan, _, _ = whole
    tree = sqlglot.parse_one(policy_sql(plan, asked(plan, policies=("board",), dialect=dialect)), dialect=dialect)
    assert not [star for star in tree.find_all(sqlglot.exp.Star) if not isinstance(star.parent, sqlglot.exp.Count)]
    assert {"board_standing", "board_red", "progress_cells", "question_flag"} <= {cte.alias for cte in tree.find_all(sqlglot.exp.CTE)}


def test_what_it_rests_on_stands_above_it(whole: Any) -> None:
    plan, _, _ = whole
    amended = plan.amend(params={"board.red_to": 5}, interpretations={"board.ties": "dense"})
    lines = policy_sql(amended, asked(plan, policies=("board",), complete=True)).splitlines()
    assert f"-- Policy set {amended.hash}" in lines
    assert "-- Gives the decisions of board as of 2025-01-15." in lines
    assert "-- Parameter board.red_to = 5" in lines
    assert "-- Parameter board.black_quarters = not set" in lines
    assert "-- Reading board.ties = dense" in lines
    assert "-- Reads progress: quarter TEXT '2024Q3', unit TEXT, progress DECIMAL(18, 6)" in lines
    assert any("board.red: " in line and "clause 2.2.3" in line for line in lines)


def test_chinese_remarks(whole: Any) -> None:
    plan, _, _ = whole
    text = policy_sql(plan, asked(plan, policies=("board",), lang="zh"))
    assert "-- 得出 board 的结论，截至 2025-01-15。" in text.splitlines()
    assert "-- 参数 board.black_quarters = 未设定" in text.splitlines()


def test_a_policy_without_rules_on_tables_has_no_sql(whole: Any) -> None:
    plan, _, _ = whole
    nothing = [name for name, policy in plan.policies.items() if not policy.relations]
    with pytest.raises(cr.UsageError) as error:
        policy_sql(plan, asked(plan, policies=tuple(nothing)))
    assert error.value.problems[0].code == "CR-SQL-NOTHING"


Ordinal = Callable[[str], int]


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2020, 12, 31), date(2021, 1, 3), date(1999, 9, 9)])
@pytest.mark.parametrize("kind", ["year", "quarter", "month", "week"])
@pytest.mark.parametrize("column", ["own", "any"])
def test_a_period_is_read_as_its_number(kind: Any, day: date, column: str) -> None:
    from cadrerules.engines.columnar.expressions import text
    from cadrerules.engines.columnar.relations import Pick, Rows
    from cadrerules.engines.columnar.typed import period
    from cadrerules.engines.columnar.values import coded
    from cadrerules.engines.sql.statement import sql_text
    from cadrerules.language.periods import PERIODS

    one = PERIODS[kind].of(day)
    of = kind if column == "own" else "any"
    relation = Pick(Rows({"at": "int"}, ((1,),)), {"ordinal": period(text(str(one)), of)})
    assert duckdb.sql(sql_text(relation, "duckdb")).fetchall() == [(coded(one, of),)]
