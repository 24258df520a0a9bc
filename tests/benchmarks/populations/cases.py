"""What is measured: each case's tables and sizes, and who answers it. Imports nothing heavy: the runner reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BY_HAND = " by hand"
"""Ends the name of a side that is a hand-written peer: `polars by hand` answers for `polars`."""


@dataclass(frozen=True)
class Case:
    """One question to a population: of a policy set, some or all policies, on some or all tables.

    `per_organisation` is the number of rows each organisation has of the table that counts; `by_hand`
    the ending of the peers' names.
    """

    title: str
    plan: str = "market-supervision"
    policies: tuple[str, ...] | None = None
    tables: tuple[str, ...] = ()
    counted: str = ""
    per_organisation: int = 1
    by_hand: str = ""
    answer: str = "findings"

    def organisations(self, rows: int) -> int:
        """How many have that many rows between them."""
        return max(1, round(rows / self.per_organisation))


CASES: Mapping[str, Case] = {
    "rows": Case(
        "Five conditions on each year-end result",
        plan=str(Path(__file__).parent / "row_rules"),
        policies=("rows",),
        tables=("results",),
        counted="rows of `results`",
        per_organisation=80,
        by_hand="rows",
        answer="truths",
    ),
    "board": Case(
        "The board: means, places with ties, runs of red quarters",
        policies=("board",),
        tables=("progress", "style"),
        counted="rows of `progress`",
        per_organisation=320,
        by_hand="board",
    ),
    "nation": Case("The whole plan", counted="organisations", answer="decisions"),
}
