"""Columns of cells as Arrow tables, which every engine of SQL takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from ..columnar.expressions import Kind
from ..columnar.rows import Columns
from ..columnar.tables import Cells

TYPES: Mapping[Kind, Any] = {
    "int": pa.int64(),
    "float": pa.float64(),
    "text": pa.string(),
    "day": pa.date32(),
    "truth": pa.bool_(),
    "list": pa.list_(pa.string()),
}
"""The Arrow type of each kind of column."""


def arrow_tables(columns: Mapping[str, Columns], cells: Mapping[str, Cells]) -> dict[str, Any]:
    """Each table's cells as an Arrow table."""
    return {name: _table(columns[name], one.source.columns) for name, one in cells.items()}


def _table(columns: Columns, kinds: Mapping[str, Kind]) -> Any:
    schema = pa.schema([(name, TYPES[kind]) for name, kind in kinds.items()])
    return pa.table({name: columns[name] for name in kinds}, schema)
