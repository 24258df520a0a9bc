"""Tables as the language sees them: rows of values, with disputed cells unknown and rows out of force left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...language.operators import OPERATORS
from ...model.facts import FactTables, Row, Table, written_key

Values = dict[str, Any]
Key = tuple[Any, ...]

_at_most, _and = OPERATORS["<="].meaning, OPERATORS["and"].meaning
PRESENT = "(present)"
"""The column that tells whether a row counts as of the date, where that is unknown."""


@dataclass
class Frame:
    """Rows of values in order of their keys; `disputed` are the cells that count as unknown for that reason.

    For the frame of a view `members` holds, per key, the rows it was made from.
    """

    name: str
    key: tuple[str, ...]
    rows: list[Values]
    disputed: frozenset[tuple[Key, str]] = frozenset()
    members: Mapping[Key, list[Values]] = field(default_factory=dict)

    def key_of(self, row: Mapping[str, Any]) -> Key:
        """The row's key."""
        return tuple(row[name] for name in self.key)

    def cell(self, row: Mapping[str, Any], column: str = "") -> str:
        """The name of a row or cell for people: `results[2024/U05/I03].deducted`."""
        return cell_name(self.name, self.key_of(row), column)


def cell_name(table: str, key: Key, column: str = "") -> str:
    """The name of a row or cell: `results[2024/U05/I03].deducted`."""
    return f"{table}[{'/'.join(map(str, key))}]" + (f".{column}" if column else "")


def table_frame(table: Table, facts: FactTables, as_of: date) -> Frame:
    """The frame of one table as of a date."""
    disputed = frozenset(_disputed(table, facts, as_of))
    cells = sorted(facts[table.name], key=lambda row: [str(row[name] or "") for name in table.key])
    rows = [row_values(table, row, disputed, as_of) for row in cells]
    return Frame(table.name, table.key, [row for row in rows if row.get(PRESENT, True) is not False], disputed)


def row_values(table: Table, cells: Row, disputed: frozenset[tuple[Key, str]], as_of: date) -> Values:
    """The values of one row of a table as of a date, those of cells in dispute unknown."""
    row = {name: column.value(cells[name]) for name, column in table.columns.items()}
    if disputed:
        key = tuple(row[name] for name in table.key)
        row |= {name: table.columns[name].unknown for k, name in disputed if k == key}
    if table.counts:
        row[PRESENT] = _present(table.counts, row, as_of)
    return row


def _present(counts: tuple[str, str], row: Values, as_of: date) -> bool | None:
    """Whether a row counts: from its first day to its last, both included."""
    first, last = counts
    begun = _at_most(row[first], as_of) if first else True
    return _and(begun, _at_most(as_of, row[last]) if last else True)  # type: ignore[no-any-return]


def _disputed(table: Table, facts: FactTables, as_of: date) -> Iterator[tuple[Key, str]]:
    """The cells of a table that are in dispute: raised by the date and not resolved by it."""
    raised = [d for d in facts["disputes"] if d["table"] == table.name] if "disputes" in facts else []
    open_cells = [
        d for d in raised if d["raised_on"] <= as_of and (d["resolved_on"] is None or d["resolved_on"] > as_of)
    ]
    if not open_cells:
        return
    keys = {written_key(row[name] for name in table.key): row for row in facts[table.name]}
    for dispute in open_cells:
        if row := keys.get(dispute["key"]):
            yield tuple(table.columns[name].value(row[name]) for name in table.key), dispute["column"]
