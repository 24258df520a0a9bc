"""Asks the solver: whether something can be, and the smallest, plainest tables in which it is.

A witness depends only on which questions have an answer, not on which answer the solver happens to find first: rows
are left out and cells set to the plainest value, in a fixed order, as long as the answer stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, Literal

import z3

from ...language.periods import PERIODS
from ...language.types import Choice, Date, Number, Text
from ...language.types import Period as PeriodType
from ...language.types import Truth as TruthType
from ...model.facts import ALWAYS, NEVER, REFUSED
from .keys import identifier
from .symbols import code, day_code, day_of, lift, variables
from .world import Cell, FactRow, World

LIMIT = 40_000_000
"""How much work one question may take, in the solver's own units; beyond it the question is undecided."""

PLAIN_DAY = date(2024, 1, 1)


class UndecidedError(Exception):
    """The solver gave up within its limit."""


@dataclass(frozen=True)
class Witness:
    """Tables of facts in which something is so, and the parameters that make it so."""

    tables: Mapping[str, list[dict[str, Any]]]
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """`proved` (it can't be), `witness` (it is so here), or `undecided`."""

    answer: Literal["proved", "witness", "undecided"]
    witness: Witness | None = None


def _solver(limit: int) -> Any:
    """A solver that gives up after so much work, and always takes the same steps."""
    solver = z3.Solver()
    solver.set("rlimit", limit)
    solver.set("random_seed", 0)
    return solver


class Search:
    """One solver for a world, asked many questions."""

    def __init__(self, world: World, near: Mapping[tuple[str, str], Sequence[int]] | None = None, limit: int = LIMIT) -> None:
        self.world, self.near = world, near or {}
        self.limit = limit
        self.solver = _solver(limit)
        self._domain: list[tuple[Any, frozenset[str]]] = []
        self._named: dict[str, Cell] = {}

    def can_be(self, *conditions: Any) -> bool | None:
        """Whether all conditions can hold together; None where that stays undecided."""
        self._take_domain()
        self.solver.push()
        self.solver.add(*(z3.simplify(lift(c)) for c in conditions))
        found = self.solver.check()
        self.solver.pop()
        return None if found == z3.unknown else found == z3.sat

    def _model(self) -> Any:
        """What the solver chose; `UndecidedError` where it gave up."""
        if self.solver.check() != z3.sat:
            raise UndecidedError
        return self.solver.model()

    def find(self, *conditions: Any, also: Sequence[Cell] = ()) -> Answer:
        """Whether all conditions can hold together, with the plainest tables in which they do."""
        self._take_domain()
        self.solver.push()
        try:
            self.solver.add(*(z3.simplify(lift(c)) for c in conditions))
            found = self.solver.check()
            if found != z3.sat:
                return Answer("proved" if found == z3.unsat else "undecided")
            return Answer("witness", self._plainest([lift(c) for c in conditions], list(also)))
        except UndecidedError:
            return Answer("undecided")
        finally:
            self.solver.pop()

    def _take_domain(self) -> None:
        """Tell the solver of cells that have come up since."""
        for part in self.world.domain[len(self._domain) :]:
            self.solver.add(part)
            self._domain.append((part, self.world.names_in(part)))

    def domain_of(self, name: str) -> list[Any]:
        """What the world says of a variable."""
        self._take_domain()
        return [part for part, names in self._domain if name in names]

    # --- the plainest witness -----------------------------------------------------------------------

    def _plainest(self, conditions: list[Any], also: list[Cell]) -> Witness:
        rows = [row for rows in self.world.rows.values() for row in rows]
        self._settle([(row.present, z3.BoolVal(False)) for row in reversed(rows)])
        model = self._model()
        there = {row.name: z3.is_true(model.eval(row.present, model_completion=True)) for row in rows}
        asked = variables(*conditions)
        params = {n: c for n, c in self.world.parameters.items() if c.name in asked} | {c.name: c for c in also}
        present = [row for row in rows if there[row.name]]
        cells = [*params.values(), *(cell for row in present for cell in row.cells.values())]
        whole = self.solver
        self.solver = self._with_rows(conditions, [(row.present, z3.BoolVal(there[row.name])) for row in rows], cells)
        try:
            return self._with_cells(present, cells, params)
        finally:
            self.solver = whole

    def _with_rows(self, conditions: list[Any], rows: list[tuple[Any, Any]], cells: list[Cell]) -> Any:
        """A solver for the question where it is settled which rows there are: far less is left to solve."""
        solver, names = _solver(self.limit), {cell.name for cell in cells}
        own = [part for part, of in self._domain if of & names]
        for part in (*conditions, *own):
            solver.add(z3.simplify(z3.substitute(part, *rows)))
        return solver

    def _with_cells(self, present: list[FactRow], cells: list[Cell], params: Mapping[str, Cell]) -> Witness:
        self._named = {cell.name: cell for cell in cells}
        self._settle([(c.known, z3.BoolVal(True)) for c in cells if c.known is not True])
        self._settle([(cell.variable, next(self._plain(cell))) for cell in cells])
        model = self._model()
        tables: dict[str, list[dict[str, Any]]] = {name: [] for name in self.world.rows}
        for row in present:
            tables[row.table.name].append({**row.written, **{n: self._cell(cell, model) for n, cell in row.cells.items()}})
        self._fill(tables)
        return Witness(
            {name: [{k: shown(v) for k, v in row.items()} for row in found] for name, found in tables.items()},
            {name: self._cell(cell, model) for name, cell in params.items()},
        )

    def _settle(self, wishes: list[tuple[Any, Any]]) -> None:
        """Set each variable to what is wished for, or to the first plain value that can be; all at once where that can be."""
        if not wishes:
            return
        if self.solver.check(*(variable == value for variable, value in wishes)) == z3.sat:
            self.solver.add(*(variable == value for variable, value in wishes))
            return
        if len(wishes) > 1:
            half = len(wishes) // 2
            self._settle(wishes[:half])
            self._settle(wishes[half:])
            return
        ((variable, value),) = wishes
        if z3.is_bool(variable):
            self.solver.add(variable != value)
            return
        self._first_possible(variable)

    def _first_possible(self, variable: Any) -> None:
        cell = self._named[variable.decl().name()]
        for value in self._plain(cell):
            if self.solver.check(variable == value) == z3.sat:
                self.solver.add(variable == value)
                return
        self.solver.add(variable == self._model().eval(variable, model_completion=True))


    def _plain(self, cell: Cell) -> Iterator[Any]:
        """Plain values of a cell, the plainest first: what is usual, then round numbers and those that rules compare with."""
        match cell.type:
            case TruthType():
                yield from (z3.BoolVal(True), z3.BoolVal(False))
            case Choice(options=options):
                yield from (z3.IntVal(code(word)) for word in options)
            case Text():
                own = [word for word in self.world.words(cell) if cell.row is None or word not in cell.row.key.values()]
                yield from (z3.IntVal(code(word)) for word in own)
            case Date():
                yield from (z3.IntVal(day_code(day)) for day in self._plain_days(cell))
            case PeriodType(kind=kind):
                at = PERIODS["quarter" if kind == "any" else kind].of(PLAIN_DAY)
                yield from (z3.IntVal(at.ordinal + shift) for shift in (0, 1, -1, 2, -2))
            case Number() as of:
                yield from (z3.IntVal(n) for n in self._plain_numbers(cell, of))

    def _plain_days(self, cell: Cell) -> Iterator[date]:
        if cell.column and cell.column.empty in (NEVER, ALWAYS):
            yield cell.column.empty
        yield from (date(y, m, 1) for y in (2024, 2025, 2026, 2027, 2023, 2028, 2022) for m in (1, 7))
        yield from (date(2024, m, d) for d in (1, 15) for m in range(1, 13))
        yield from (date(2025, 1, d) for d in range(1, 32))

    def _plain_numbers(self, cell: Cell, of: Number) -> Iterator[int]:
        one = 10**of.scale
        place = (cell.row.table.name, cell.column.name) if cell.row and cell.column else ("", cell.name)
        near = [n + shift for n in self.near.get(place, ()) for shift in (0, -1, 1, -one, one)]
        whole = [n * one for n in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 50, 100, 200, 500, 1000)]
        tenths = [n * one // 10 for n in (5, 15, 25, 35)] if of.scale else []
        for number in (*whole, *tenths, *near):
            if (not isfinite(of.low) or number >= of.low) and (not isfinite(of.high) or number <= of.high):
                yield number

    # --- as cells are written -----------------------------------------------------------------------

    def _cell(self, cell: Cell, model: Any) -> Any:
        if cell.known is not True and not z3.is_true(model.eval(cell.known, model_completion=True)):
            return None
        found = model.eval(cell.variable, model_completion=True)
        match cell.type:
            case TruthType():
                return z3.is_true(found)
            case Choice(options=options):
                return next((word for word in options if code(word) == found.as_long()), options[0])
            case Text():
                return next((word for word in self.world.words(cell) if code(word) == found.as_long()), "")
            case Date():
                day = day_of(found.as_long())
                return None if cell.column and day == cell.column.empty else day
            case PeriodType(kind=kind):
                return PERIODS["quarter" if kind == "any" else kind](found.as_long())
            case Number(scale=scale):
                return found.as_long() if scale == 0 else Decimal(found.as_long()).scaleb(-scale)

    def _fill(self, tables: Mapping[str, list[dict[str, Any]]]) -> None:
        """Cells that must not be empty though nothing reads them."""
        for name, rows in tables.items():
            for row in rows:
                for column in self.world.tables[name].columns.values():
                    if column.name not in row:
                        row[column.name] = _filler(column) if column.empty is REFUSED else None


def _filler(column: Any) -> Any:
    match column.type:
        case Date():
            return PLAIN_DAY
        case Choice(options=options):
            return options[0]
        case Text():
            return identifier(column, 1)
        case TruthType():
            return True
        case _:
            return 1


def shown(value: Any) -> Any:
    """A cell as it stands in a file: periods and decimals as text."""
    if isinstance(value, Decimal):
        return str(value.normalize()) if value != value.to_integral() else str(int(value))
    return value if value is None or isinstance(value, bool | int | str | date) else str(value)


