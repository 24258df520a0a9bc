"""Values for the variables of a solver's world: drawn within what the tables may hold, and held by a solver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import z3
from hypothesis import strategies as st

from cadrerules.engines.solver.search import Search, Witness
from cadrerules.engines.solver.symbols import Truth, lift
from cadrerules.engines.solver.world import Cell, FactRow, World
from cadrerules.language.periods import PERIODS
from cadrerules.language.types import Choice, Date, Number, Text
from cadrerules.language.types import Truth as TruthType
from cadrerules.model.facts import ALWAYS, NEVER

DAYS = [
    *(date(2021, 12, 31), date(2022, 6, 30), date(2023, 6, 29), date(2023, 8, 31), date(2023, 12, 31), date(2024, 1, 1)),
    *(date(2024, 2, 28), date(2024, 2, 29), date(2024, 6, 28), date(2024, 6, 29), date(2024, 6, 30), date(2024, 11, 30)),
    *(date(2024, 12, 1), date(2024, 12, 22), date(2024, 12, 23), date(2024, 12, 29), date(2024, 12, 30), date(2024, 12, 31)),
    *(date(2025, 1, 31), date(2025, 6, 30), date(2026, 2, 28), date(2027, 12, 31)),
]
"""Days about the evaluation, at the ends of weeks, months and years, and so many months before and after."""
Near = Mapping[tuple[str, str], Sequence[int]]
"""Numbers that rules compare a column with, by table and column."""
NOWHERE: Near = {}


@dataclass
class Filling:
    """What each variable is; `solver` holds them, with the world's own conditions."""

    solver: z3.Solver = field(repr=False)
    equations: list[Any] = field(default_factory=list, repr=False)

    def put(self, variable: Any, value: Any) -> None:
        """Let a variable have a value."""
        self.equations.append(variable == lift(value))
        self.solver.add(self.equations[-1])

    @cached_property
    def model(self) -> Any:
        """The only model that there is."""
        assert self.solver.check() == z3.sat
        return self.solver.model()

    def value(self, expression: Any) -> Any:
        """What an expression comes to."""
        return z3.simplify(self.model.eval(lift(expression), model_completion=True))

    def solved(self, truth: Truth) -> bool | None:
        """What a truth comes to; None where it is open."""
        sure, possible = (z3.is_true(self.value(part)) for part in (truth.sure, truth.possible))
        assert possible or not sure
        return sure if sure is possible else None

    def witness(self, world: World) -> Witness:
        """The tables and parameters, written out as those of any witness."""
        found = Search(world).find(*self.equations).witness
        assert found is not None
        return found


@st.composite
def filling(draw: st.DrawFn, world: World, near: Near = NOWHERE, days: Sequence[date] = DAYS) -> Filling:
    """Values for all of the world's variables, within its conditions."""
    found = Filling(z3.Solver())
    for cell in world.parameters.values():
        found.put(cell.variable, draw(cells(world, cell, near, days)))
    for row in all_rows(world):
        values = draw(whole_row(world, row, near, days))
        for name, cell in row.cells.items():
            found.put(cell.variable, values[name])
            if cell.known is not True:
                found.put(cell.known, draw(st.integers(0, 3).map(bool)))
    found.solver.add(*world.domain)
    assert found.solver.check() == z3.sat, "the world leaves out what the tables may hold"
    for row in all_rows(world):  # rows that are only compared with come in order of their ids
        there = draw(st.integers(0, 5).map(bool))
        found.put(row.present, there if found.solver.check(row.present == there) == z3.sat else not there)
    return found


def all_rows(world: World) -> Iterator[FactRow]:
    """All rows of a world."""
    for rows in world.rows.values():
        yield from rows


def whole_row(world: World, row: FactRow, near: Near, days: Sequence[date]) -> st.SearchStrategy[dict[str, Any]]:
    """Values for the cells of a row that its table doesn't refuse."""
    drawn = st.fixed_dictionaries({name: cells(world, cell, near, days) for name, cell in row.cells.items()})
    weighed = [c for _, c in row.table.conditions if all(n in row.cells or n in row.key for _, n in c.reads)]
    return drawn.filter(lambda values: not any(condition.value({**row.key, **values}) is True for condition in weighed))


def cells(world: World, cell: Cell, near: Near, days: Sequence[date]) -> st.SearchStrategy[Any]:
    """Values of a cell, as the language has them, near those that rules compare with."""
    match cell.type:
        case TruthType():
            return st.booleans()
        case Choice(options=options):
            return st.sampled_from(options)
        case Text():
            return st.sampled_from(world.words(cell))
        case Date():
            ends = [cell.column.empty] * 8 if cell.column and cell.column.empty in (NEVER, ALWAYS) else []
            return st.sampled_from([*days, *ends])
        case Number() as of:
            return st.sampled_from([n for n in numbers(cell, of, near) if of.low <= n <= of.high])
        case of:
            return st.sampled_from([PERIODS[of.kind].of(world.as_of) + shift for shift in (-1, 0)])


def numbers(cell: Cell, of: Number, near: Near) -> list[int]:
    """Small numbers, and those that rules compare with, with their neighbours."""
    place = (cell.row.table.name, cell.column.name) if cell.row and cell.column else ("", "")
    named = [n + shift for n in near.get(place, ()) for shift in (-1, 0, 1)]
    return [*named, *(n * 10**of.scale for n in range(7)), *(10**of.scale * n // 2 for n in (1, 5))]
