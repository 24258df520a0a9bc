"""The bureau of the examples as a warehouse has it: tables with typed columns, cells in dispute empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import cadrerules as cr
from cadrerules.engines.columnar.rows import open_disputes
from cadrerules.language import types
from cadrerules.model.facts import FactTables, Table, written_key

AS_OF = date(2025, 1, 15)


def bureau() -> tuple[cr.Plan, FactTables]:
    """The plan and the bureau's facts."""
    plan = cr.load_policies("market-supervision")
    return plan, cr.read_tables("examples/bureau", plan)


def typed(plan: cr.Plan, facts: FactTables) -> Iterator[tuple[Table, list[tuple[Any, ...]]]]:
    """Each table with its rows of typed cells."""
    disputed = open_disputes(facts, AS_OF)
    for name, table in plan.tables.items():
        empty = {(d.key, d.column) for d in disputed.get(name, ())}
        rows = [dict(row) for row in facts[name]] if name in facts else []
        yield table, [tuple(_typed(table, row, column, empty) for column in table.columns) for row in rows]


def _typed(table: Table, row: Mapping[str, Any], column: str, empty: set[tuple[str, str]]) -> Any:
    cell = row[column]
    if cell is None or (written_key(row[name] for name in table.key), column) in empty:
        return None
    of = table.columns[column].type
    if isinstance(of, types.Period):
        return int(str(cell)) if of.kind == "year" else str(cell)
    return Decimal(str(cell)) if isinstance(of, types.Number) and of.scale else cell


def sql_type(of: types.Type) -> str:
    """The type of a column in SQL."""
    match of:
        case types.Number(scale=scale):
            return f"DECIMAL(18, {scale})" if scale else "BIGINT"
        case types.Truth():
            return "BOOLEAN"
        case types.Date():
            return "DATE"
        case types.Period(kind="year"):
            return "BIGINT"
        case _:
            return "VARCHAR(1000)"


def statements(plan: cr.Plan, facts: FactTables) -> Iterator[str]:
    """What makes the tables and fills them, in DuckDB and in PostgreSQL."""
    for table, rows in typed(plan, facts):
        columns = ", ".join(f'"{name}" {sql_type(spec.type)}' for name, spec in table.columns.items())
        yield f'CREATE TABLE "{table.name}" ({columns})'
        for row in rows:
            yield f'INSERT INTO "{table.name}" VALUES ({", ".join(map(_literal, row))})'  # noqa: S608 - tests' own


def _literal(cell: Any) -> str:
    if cell is None:
        return "NULL"
    if isinstance(cell, bool | int | Decimal):
        return str(cell)
    return "'" + str(cell).replace("'", "''") + "'"
