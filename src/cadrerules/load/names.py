"""Tables and columns go by several names: their own, their titles and further aliases."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from ..model.facts import Table


def normal(name: str) -> str:
    """The name as names are compared: full-width characters plain, without case or outer space."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def accepted(names: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """Each accepted name, normalised, and what it names; a thing's own name goes before another's title."""
    others = {normal(other): own for own, all_others in names.items() for other in all_others}
    return {**others, **{normal(own): own for own in names}}


def table_names(tables: Iterable[Table]) -> Mapping[str, str]:
    """Each accepted name of a table, normalised, and the table's own."""
    return accepted({table.name: (table.title.en, table.title.zh) for table in tables})
