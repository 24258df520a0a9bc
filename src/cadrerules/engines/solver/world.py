"""A small world of tables: how many rows of each there are, under which keys, and their cells as variables.

Keys are settled, all other cells and which rows there are is left to the solver. What is proved, is proved of all
tables of this size; `describe` says of which.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import isfinite
from typing import Any

import z3

from ...language.periods import PERIODS, Quarter
from ...language.scope import CALENDAR
from ...language.types import Choice, Date, Number, Text, Type
from ...language.types import Period as PeriodType
from ...language.types import Truth as TruthType
from ...model.facts import ALWAYS, NEVER, UNKNOWN, ColumnSpec, Table
from . import days
from .expressions import PRESENT, Row, evaluate
from .keys import identifier, identifier_of, pool, told, written
from .operators import apply
from .shape import Shape
from .sizes import OPEN_KEYS
from .symbols import (
    NOTHING,
    TRUE,
    Symbol,
    Thing,
    Truth,
    both,
    code,
    conjunction,
    day_code,
    either,
    lift,
    truth,
    variables,
)

FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2030, 12, 31)
"""Dates that are variables lie between these days."""


@dataclass(eq=False)
class Cell:
    """A variable of the world: what the solver chooses, and what a person would rather see."""

    name: str
    variable: Any
    type: Type
    column: ColumnSpec | None = None
    known: Any = True
    row: FactRow | None = None


@dataclass(eq=False)
class FactRow:
    """A row of a table: its key, whether it is there, and its cells."""

    table: Table
    key: Mapping[str, Any]
    present: Any
    cells: dict[str, Cell] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name for people."""
        return f"{self.table.name}[{'/'.join(map(str, self.written.values()))}]"

    @property
    def written(self) -> dict[str, Any]:
        """Its key as it is written."""
        return {name: written(self.table.columns[name], value) for name, value in self.key.items()}


@dataclass(eq=False)
class World:
    """Tables of variables, shared by all policies that are run in it; `unset` are the parameters that are variables."""

    tables: Mapping[str, Table]
    shape: Shape
    as_of: date
    organisation: str | None
    unset: Mapping[str, Type]

    def __post_init__(self) -> None:
        self.domain: list[Any] = []
        self._names: dict[int, frozenset[str]] = {}
        self.parameters: dict[str, Cell] = {}
        self.rows: dict[str, list[FactRow]] = {}
        for name in self.shape.columns:
            self.rows[name] = [self._row(self.tables[name], key) for key in self._keys(self.tables[name])]
        for row in itertools.chain.from_iterable(self.rows.values()):  # cells of text may hold any row's ids
            self._fill(row)
            self._forbid_contradictions(row)
            self._refer(row)
        self._in_order()

    @cached_property
    def frames(self) -> dict[str, list[Row]]:
        """The tables and the calendar as rows of symbols."""
        found = {name: [self._symbols(row) for row in rows] for name, rows in self.rows.items()}
        for name, grain in CALENDAR.items():
            kind = grain.key[0]
            at = PERIODS[kind].of(self.as_of)  # type: ignore[index]
            found[name] = [{kind: Thing(at + shift), PRESENT: TRUE} for shift in (-1, 0)]
        return found

    def frames_copy(self) -> dict[str, list[Row]]:
        """The same, for a run that adds columns of its own."""
        return {name: [dict(row) for row in rows] for name, rows in self.frames.items()}

    @property
    def cells(self) -> Iterator[Cell]:
        """All cells, in order of tables, rows and columns."""
        for rows in self.rows.values():
            for row in rows:
                yield from row.cells.values()

    def parameter(self, name: str, of: Type) -> Symbol:
        """A parameter that isn't set: one variable wherever it is named."""
        if name not in self.parameters:
            self.parameters[name] = self._cell(f"param.{name}", of)
        return Thing(self.parameters[name].variable)

    def names_in(self, part: Any) -> frozenset[str]:
        """The variables that a part of the domain is about; looked for once, however many solvers ask."""
        key = part.get_id()
        if key not in self._names:
            self._names[key] = variables(part)
        return self._names[key]

    # --- rows ---------------------------------------------------------------------------------------

    def _keys(self, table: Table) -> Iterator[dict[str, Any]]:
        pools = [self._pool(table, name) for name in table.key]
        for values in itertools.product(*pools):
            key = dict(zip(table.key, values, strict=True))
            if self._matters(table, key):
                yield key

    def _matters(self, table: Table, key: Mapping[str, Any]) -> bool:
        """Whether the row is one of the first id's, or the only one of another that is there to be compared with."""
        spread = self.shape.spread.get(table.name)
        if spread is None or key[spread] == self._pool(table, spread)[0]:
            return True
        return all(key[name] == self._pool(table, name)[0] for name in self._fixed(table, spread))

    def _fixed(self, table: Table, spread: str) -> list[str]:
        """The keys of which those that are only compared with have the first."""
        return [name for name in table.key if name != spread and isinstance(table.columns[name].type, OPEN_KEYS)]

    def _in_order(self) -> None:
        """Rows that are there to be compared with are alike, so those of later ids are there only after the earlier."""
        for name, spread in self.shape.spread.items():
            if (name, spread) in self.shape.named:
                continue
            others = [row for row in self.rows[name] if row.key[spread] != self._pool(row.table, spread)[0]]
            periods: dict[tuple[Any, ...], list[FactRow]] = {}
            for row in others:
                periods.setdefault(tuple(v for k, v in row.key.items() if k != spread), []).append(row)
            for rows in periods.values():
                self.domain += [z3.Implies(later.present, earlier.present) for earlier, later in itertools.pairwise(rows)]

    def _pool(self, table: Table, name: str) -> list[Any]:
        return pool(self.shape, table, name)

    def _row(self, table: Table, key: Mapping[str, Any]) -> FactRow:
        row = FactRow(table, key, None)
        row.present = z3.Bool(f"{row.name}")
        return row

    def _fill(self, row: FactRow) -> None:
        for name, column in row.table.columns.items():
            matters = (row.table.name, name) in self.shape.read or name in (row.table.counts or ())
            if name not in row.key and matters:
                row.cells[name] = self._cell(f"{row.name}.{name}", column.type, column, row)

    def _symbols(self, row: FactRow) -> Row:
        symbols: Row = {name: Thing(value) for name, value in row.key.items()}
        symbols |= {name: _symbol(cell) for name, cell in row.cells.items()}
        symbols |= {name: NOTHING for name in row.table.columns if name not in symbols}
        return {**symbols, PRESENT: conjunction(truth(row.present), *self._in_force(row.table, symbols))}

    def _in_force(self, table: Table, symbols: Row) -> Iterator[Truth]:
        """Whether a row counts as of the day, where it does so only from one day to another."""
        first, last = table.counts or ("", "")
        for operator, name in (("<=", first), (">=", last)):
            if name:
                counts = apply(operator, [symbols[name], Thing(self.as_of)])
                assert isinstance(counts, Truth)
                yield counts

    def _forbid_contradictions(self, row: FactRow) -> None:
        symbols = self._symbols(row)
        for _, condition in row.table.conditions:
            if all(name in row.cells or name in row.key for _, name in condition.reads):
                forbidden = evaluate(condition.nodes[-1], symbols, self)
                assert isinstance(forbidden, Truth)
                if forbidden.sure is not False:
                    self.domain.append(z3.Not(lift(forbidden.sure)))

    def _refer(self, row: FactRow) -> None:
        """What a row names must be there, where the other table is."""
        for name, column in row.table.columns.items():
            table, _, key = column.about.references.partition(".")
            if table not in self.rows or not (name in row.key or name in row.cells):
                continue
            cell = row.cells.get(name)
            here = cell.variable if cell else code(row.key[name])
            named = [both(other.present, here == code(other.key[key])) for other in self.rows[table]]
            known = cell.known if cell else True
            self.domain.append(z3.Implies(lift(both(row.present, known)), lift(either(*named))))

    # --- cells --------------------------------------------------------------------------------------

    def _cell(self, name: str, of: Type, column: ColumnSpec | None = None, row: FactRow | None = None) -> Cell:
        variable = z3.Bool(name) if isinstance(of, TruthType) else z3.Int(name)
        known: Any = True
        if column and column.empty is UNKNOWN and (column_of(row), column.name) in self.shape.asked_whether_known:
            known = z3.Bool(f"{name}?")
        cell = Cell(name, variable, of, column, known, row)
        self.domain += self._within(cell)
        return cell

    def _within(self, cell: Cell) -> Iterator[Any]:
        """What a cell may hold."""
        variable = cell.variable
        match cell.type:
            case Number(low=low, high=high):
                yield from ([variable >= int(low)] if isfinite(low) else [])
                yield from ([variable <= int(high)] if isfinite(high) else [])
            case Choice(options=options):
                yield z3.Or(*(variable == code(word) for word in options))
            case Text():
                yield z3.Or(*(variable == code(word) for word in self.words(cell)))
            case Date():
                never = [day for day in (NEVER, ALWAYS) if cell.column and cell.column.empty == day]
                yield lift(either(days.is_a_day(variable, FIRST_DAY, LAST_DAY), *(variable == day_code(d) for d in never)))
            case PeriodType(kind=kind):
                first, last = ((Quarter if kind == "any" else PERIODS[kind]).of(d) for d in (FIRST_DAY, LAST_DAY))
                yield both(variable >= first.ordinal, variable <= last.ordinal)
            case _:
                pass

    def words(self, cell: Cell) -> list[str]:
        """The ids that a cell of text may hold: those of the world's rows, and one of nobody's."""
        column = cell.column
        target = column.about.references if column else ""
        if target:
            table, _, name = target.partition(".")
            known = [str(row.key[name]) for row in self.rows.get(table, []) if name in row.key]
            return list(dict.fromkeys(known)) or [identifier_of(name, 1)]
        own = [identifier(column, 1)] if column else []
        ids = [str(v) for rows in self.rows.values() for row in rows for v in row.key.values() if isinstance(v, str)]
        return list(dict.fromkeys([*own, *ids, *([self.organisation] if self.organisation else []), *self.shape.words]))

    # --- for people ---------------------------------------------------------------------------------

    def describe(self) -> str:
        """The size of the world in words: of which tables something is proved."""
        about = "; ".join(self._of_table(name, rows) for name, rows in self.rows.items() if rows)
        free = f"; any value of {', '.join(sorted(self.parameters))}" if self.parameters else ""
        days = f"; dates from {FIRST_DAY} to {LAST_DAY}" if any(isinstance(cell.type, Date) for cell in self.cells) else ""
        return f"all tables of at most these rows: {about or 'none'}{days}; every cell known that isn't asked about; as of {self.as_of}{free}"

    def _of_table(self, name: str, rows: Sequence[FactRow]) -> str:
        """How many rows of a table there are, and with which keys."""
        table, spread = self.tables[name], self.shape.spread.get(name)
        keys = ", ".join(f"{key} {told(self.shape, table, key)}" for key in table.key)
        fixed = [key for key in (self._fixed(table, spread) if spread else ()) if len(self._pool(table, key)) > 1]
        firsts = ", ".join(f"{key} {written(table.columns[key], self._pool(table, key)[0])}" for key in fixed)
        only = f", of {spread} {told(self.shape, table, spread, after=1)} only {firsts}" if spread and fixed else ""
        return f"{len(rows)} {name} ({keys}{only})"


def column_of(row: FactRow | None) -> str:
    """The name of a row's table."""
    return row.table.name if row else ""


def _symbol(cell: Cell) -> Symbol:
    if isinstance(cell.type, TruthType):
        return truth(cell.variable) if cell.known is True else Truth(both(cell.known, cell.variable), either(z3.Not(cell.known), cell.variable))
    return Thing(cell.variable, cell.known)
