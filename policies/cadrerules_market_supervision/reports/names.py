"""What units are called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cadrerules import FactTables
from cadrerules.errors import Lang

from .words import word


@dataclass(frozen=True)
class Names:
    """The names of the units in the tables; a unit without one goes by its id."""

    facts: FactTables
    lang: Lang

    @cached_property
    def _units(self) -> dict[str, str]:
        rows = self.facts.rows.get("units", ())
        return {row["unit"]: row["name"] for row in rows if row.get("name")}

    def unit(self, unit: str) -> str:
        """The name alone."""
        return self._units.get(unit, unit)

    def both(self, unit: str) -> str:
        """The id, and the name beside it."""
        return unit + word("brackets", self.lang, self._units[unit]) if unit in self._units else unit
