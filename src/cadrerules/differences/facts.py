"""The same facts as each version of a policy set reads them: once for all versions whose tables are alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model.facts import ColumnarTables, FactTables, Table

if TYPE_CHECKING:
    from ..plan import Plan

Source = FactTables | ColumnarTables | Mapping[str, Any] | str | Path
"""Facts in any form that `Plan.evaluate` takes."""


@dataclass
class Facts:
    """Facts that several plans are to be evaluated on."""

    source: Source
    group_by: str = ""
    read: list[tuple[Mapping[str, Table], FactTables | ColumnarTables]] = field(default_factory=list)

    def under(self, plan: Plan) -> FactTables | ColumnarTables:
        """The facts as the plan reads them; raises what `read_tables` raises."""
        for tables, held in self.read:
            if tables == plan.tables:
                return held
        held = self._held(plan)
        self.read.append((plan.tables, held))
        return held

    def _held(self, plan: Plan) -> FactTables | ColumnarTables:
        source, group_by = self.source, self.group_by
        if isinstance(source, FactTables) and {n: source.tables.get(n) for n in plan.tables} != dict(plan.tables):
            group_by = source.group or group_by
            source = {name: [dict(row) for row in rows] for name, rows in source.rows.items()}
        return plan.held(source, group_by)
