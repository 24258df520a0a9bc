"""Made-up rows of any number, the same every time: for timing, where hypothesis would be slow and varied."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite, prod
from typing import TYPE_CHECKING, Any, Final

from ..language.periods import PERIODS, PeriodKind
from ..language.periods import Period as PeriodOf
from ..language.types import Choice, Date, Number, Period, Text, Truth, Type
from ..model.cells import Cell, read_cell
from ..model.facts import REFUSED, UNKNOWN, ColumnSpec, Table, contradictions, targets_first
from ..model.program import bind_policy
from .boundaries import boundaries

if TYPE_CHECKING:
    from ..plan import Plan

Row = dict[str, Any]

_FIRST, _LAST = date(2021, 1, 1), date(2024, 12, 31)
"""Days and periods lie between these."""
_DAYS: Final = (_LAST - _FIRST).days + 1
_SPARSE: Final = 10
"""Tables that need not be there, such as waivers, have so many times fewer rows: they are exceptions."""
_IDS: Final = 40
"""So many things of a kind that others are told apart by as well, such as units with several indicators each."""
_TRIES: Final = 20


def sample_tables(plan: Plan, policy: str, rows: int, *, as_of: date, seed: int = 0, holes: float = 0.0) -> dict[str, list[Row]]:
    """Valid rows of every table that a policy reads, so many of each, without a key twice.

    Keys are counted through, so that rows of several tables meet; numbers lie at the policy's boundaries
    half of the time. `holes` is the share of cells left empty where that is a fact nobody has; where empty has
    another meaning (open-ended, every) half are. Tables that need not be there have a tenth of the rows, and
    one whose keys are too few as many as it can.
    """
    draw = random.Random(seed)  # noqa: S311 - samples, no secret
    names = plan.policy(policy).policy.reads & plan.tables.keys()
    sampler = _Sampler(draw, boundaries(plan, policy, as_of=as_of), holes)
    for name in targets_first({name: plan.tables[name] for name in names}):
        table = plan.tables[name]
        sampler.made[name] = list(sampler.rows(table, rows if table.absent == "unknown" else rows // _SPARSE))
    return {name: sampler.made[name] for name in sorted(names)}


@dataclass
class _Sampler:
    """Makes up tables one after the other."""

    draw: random.Random
    near: Mapping[str, tuple[Cell, ...]]
    holes: float
    made: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, table: Table, count: int) -> Iterator[Row]:
        """So many rows of a table, or as many as its keys allow."""
        pools = self.pools(table, count)
        for number in range(min(count, prod(map(len, pools.values())))):
            key, left = {}, number
            for name, pool in pools.items():
                left, at = divmod(left, len(pool))
                key[name] = pool[at]
            if row := self.row(table, key):
                yield row

    def pools(self, table: Table, count: int) -> dict[str, Sequence[Cell]]:
        """The values of each key column; the last id takes as many as it needs."""
        texts = [name for name in table.key if isinstance(table.columns[name].type, Text)]
        most = dict.fromkeys(texts[:-1], _IDS)
        order = sorted(table.key, key=lambda name: name in texts[-1:])
        return {name: self.known(table.columns[name]) or _key(table.columns[name], most.get(name, count)) for name in order}

    def known(self, column: ColumnSpec) -> list[Cell]:
        """The ids there are of what a column refers to; none where it refers to nothing that was made up."""
        other, _, target = column.about.references.partition(".")
        found: dict[Cell, None] = dict.fromkeys(row[target] for row in self.made.get(other, ()))
        return list(found)

    def row(self, table: Table, key: Row) -> Row | None:
        """A row with this key that contradicts nothing; None where none was met."""
        for _ in range(_TRIES):
            row = {name: key[name] if name in key else self.cell(table, column) for name, column in table.columns.items()}
            if not contradictions(table, row):
                return row
        return None

    def cell(self, table: Table, column: ColumnSpec) -> Cell:
        if ids := self.known(column):
            return self.draw.choice(ids)
        near = self.near.get(f"{table.name}.{column.name}", ())
        return _cell(column, self.draw, near, self.holes)


def _key(column: ColumnSpec, ids: int) -> Sequence[Cell]:
    """The values that a key column takes in turn."""
    match column.type:
        case Choice(options=options):
            return options
        case Period(kind=kind):
            return _periods(kind)
        case Text():
            return [_id(column, number) for number in range(1, ids + 1)]
        case Truth():
            return (True, False)
        case Date():
            return [_FIRST + timedelta(days=day) for day in range(_DAYS)]
        case Number():
            return [read_cell(number, column) for number in range(1, ids + 1)]


def _periods(kind: PeriodKind) -> list[PeriodOf]:
    """All periods of a kind; of any kind, years."""
    of = PERIODS["year" if kind == "any" else kind]
    first = of.of(_FIRST)
    return [first + by for by in range(of.of(_LAST).ordinal - first.ordinal + 1)]


def _id(column: ColumnSpec, number: int) -> str:
    """An id of what a column names, alike in all tables that name it."""
    target = column.about.references.rpartition(".")[2] or column.name
    return f"{target[0].upper()}{number:06}"


def _cell(column: ColumnSpec, draw: random.Random, near: Sequence[Cell], holes: float) -> Cell:
    meant = column.empty not in (UNKNOWN, REFUSED)  # an open end is no hole
    if not column.required and draw.random() < (0.5 if meant else holes):
        return None
    if near and draw.random() < 0.5:
        return draw.choice(near)
    if isinstance(column.type, Text):
        return _id(column, draw.randint(1, _IDS))
    found: Cell = _value(column.type, draw, lambda units, scale: read_cell(Decimal(units).scaleb(-scale), column))
    return found


def _value(of: Type, draw: random.Random, number: Callable[[int, int], Any]) -> Any:
    match of:
        case Number(scale=scale, low=low, high=high):
            one = 10**scale
            least = int(low) if isfinite(low) else int(high) - 20 * one if isfinite(high) else -10 * one
            return number(draw.randint(least, min(int(high), least + 20 * one) if isfinite(high) else least + 20 * one), scale)
        case Choice(options=options):
            return draw.choice(options)
        case Truth():
            return draw.random() < 0.5
        case Date():
            return _FIRST + timedelta(days=draw.randrange(_DAYS))
        case Period(kind=kind):
            return draw.choice(_periods(kind))
        case Text():
            return f"T{draw.randint(1, _IDS)}"


def sample_inputs(plan: Plan, policy: str, rows: int, *, as_of: date, seed: int = 0, holes: float = 0.0) -> list[Row]:
    """So many rows of what a compiled policy takes: facts, and derived columns that need other rows.

    As `sample_tables` otherwise; the rows stand for themselves, so that keys may repeat.
    """
    draw = random.Random(seed)  # noqa: S311 - samples, no secret
    near = boundaries(plan, policy, as_of=as_of)
    inputs = plan.policy(policy).compile(as_of).inputs
    program = bind_policy(plan.policies[policy], plan.policy_set.bindings(as_of), plan.policy_set.context.grains)
    stage = program.own_stage
    table = plan.tables.get(stage.source)
    columns: Mapping[str, ColumnSpec] = table.columns if table else {}
    made: list[Row] = []
    while len(made) < rows:
        row = {
            name: _cell(columns[name], draw, near.get(f"{stage.source}.{name}", ()), holes)
            if name in columns
            else _derived(stage.types[name], draw, holes)
            for name in inputs
        }
        if table is None or not contradictions(table, dict.fromkeys(table.columns) | row):
            made.append(row)
    return made


def _derived(of: Type, draw: random.Random, holes: float) -> Any:
    return None if draw.random() < holes else _value(of, draw, lambda units, scale: Decimal(units).scaleb(-scale))
