"""Look-ups: the row of another table with the same key, or whether there is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ...language.bind import Step
from ...language.nodes import Lookup
from ...language.types import unknown
from ...language.values import is_known
from ...model.facts import EVERY, Table
from ...model.program import Stage
from .cohorts import may_match
from .frames import PRESENT, Frame, Key, Values


def look_up(
    step: Step, stage: Stage, rows: list[Values], frames: Mapping[str, Frame], tables: Mapping[str, Table]
) -> None:
    """Put what stands in another table's row, or whether there is one, into a step's column of every row."""
    node = step.node
    assert isinstance(node, Lookup)
    table = tables[node.table]
    if node.table not in frames:
        absent = unknown(table.types[node.column]) if node.column else (False if table.absent == "none" else None)
        for row in rows:
            row[step.name] = absent
        return
    index = Index(frames[node.table], table, stage.types)
    for row in rows:
        if not all(is_known(row[name]) for name in index.shared):
            found = [dict(other, **{PRESENT: None}) for other in index.perhaps_matching(row)]
        else:
            found = index.matching(row)
        row[step.name] = _column_of(found, node.column, table) if node.column else _exists(found)


def _exists(found: list[Values]) -> bool | None:
    present = [row.get(PRESENT, True) for row in found]
    return True if True in present else None if None in present else False


def _column_of(found: list[Values], column: str, table: Table) -> Any:
    surely = [row for row in found if row.get(PRESENT, True)]
    return surely[0][column] if len(surely) == 1 and len(found) == 1 else table.columns[column].unknown


class Index:
    """Finds the rows of a table with the same key values; an empty key cell may match every value."""

    def __init__(self, frame: Frame, table: Table, here: Mapping[str, Any]) -> None:
        self.shared = tuple(name for name in table.key if name in here)
        self.wild = tuple(name for name in self.shared if table.columns[name].empty is EVERY)
        self.unknowns = {name: table.columns[name].unknown for name in self.wild}
        self.patterns: dict[tuple[str, ...], dict[Key, list[Values]]] = defaultdict(lambda: defaultdict(list))
        for row in frame.rows:
            fixed = tuple(n for n in self.shared if n not in self.wild or row[n] != self.unknowns[n])
            self.patterns[fixed][tuple(row[n] for n in fixed)].append(row)

    def perhaps_matching(self, row: Values) -> list[Values]:
        """The rows whose key may turn out to agree with the row's values, not all of which are known."""
        return [
            other
            for fixed, by_key in self.patterns.items()
            for key, others in by_key.items()
            if may_match(row, fixed, key)
            for other in others
        ]

    def matching(self, row: Values) -> list[Values]:
        """The rows whose key agrees with the row's values."""
        found: list[Values] = []
        for fixed, rows in self.patterns.items():
            found += rows.get(tuple([row[name] for name in fixed]), ())
        return found
