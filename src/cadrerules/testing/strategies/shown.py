"""Generated facts as short text, for whoever reads a failing example."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.facts import FactTables


def shown(title: str, facts: FactTables) -> str:
    """A title, then each row in a line: its table and the cells that aren't empty."""
    return "\n    ".join([title, *_lines(facts)])


def _lines(facts: FactTables) -> Iterator[str]:
    for name, rows in facts.rows.items():
        for row in rows:
            cells = ", ".join(f"{column}={cell}" for column, cell in row.items() if cell is not None)
            yield f"{name}: {cells}"
