"""Hypothesis strategies for valid tables of facts, made from the tables' own declarations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ...language.periods import PERIODS, Period
from ...language.types import Choice, Date, Number, Text, Truth
from ...language.types import Period as PeriodType
from ...model.cells import Cell, read_cell
from ...model.facts import UNKNOWN, ColumnSpec, Facts, FactTables, Row, Table, contradictions
from ..boundaries import Boundaries, boundaries_of

if TYPE_CHECKING:
    from ...plan import Plan

Rows = list[dict[str, Cell]]
Given = Mapping[str, SearchStrategy[Any]]

FIRST_DAY, LAST_DAY = date(2023, 9, 1), date(2025, 3, 31)
"""Dates and periods lie between these days: few enough to meet, and across the ends of two years and a leap day."""

_DAYS = [
    *(date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)),
    *(date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31), date(2025, 1, 1)),
]
_NONE: Given = {}
_NOWHERE = Boundaries()


def facts_rows(
    model: type[Facts],
    min_rows: int = 0,
    max_rows: int = 5,
    holes: bool = True,
    given: Given = _NONE,
    near: Plan | Boundaries | None = None,
) -> SearchStrategy[Rows]:
    """Lists of valid rows of one table: each a dict with a cell for every column, no key twice, none contradictory.

    Numbers lie in their column's domain, on its step, mostly at or near its ends; choices, dates and
    periods come from small pools, ids from a pool per column name (`U1`, `U2`, ... for `unit`), so that rows of
    several tables meet. With `holes`, cells whose content would be unknown are sometimes empty; cells where
    empty has another meaning (open-ended, every) are so in any case. `given` replaces the strategy of
    a column by one of your own; `ValueError` for no column of the table. `near` is a plan at whose boundaries
    cells lie half of the time: at and one step beside what its rules compare them with.

    >>> from hypothesis import strategies as st
    >>> from cadrerules.model.remedies import Waivers
    >>> rows = facts_rows(Waivers, max_rows=2, given={"rule": st.just("board.black")})
    """
    unknown = sorted(given.keys() - model.spec.columns.keys())
    if unknown:
        raise ValueError(f"table {model.spec.name} has no column {unknown[0]}")
    row = table_row(model.spec, turns(near), holes=holes, given=given)
    by_key = tuple(model.spec.key)
    return st.lists(row, min_size=min_rows, max_size=max_rows, unique_by=lambda r: tuple(r[name] for name in by_key))


def table_row(
    table: Table, near: Boundaries = _NOWHERE, *, holes: bool = True, given: Given = _NONE
) -> SearchStrategy[dict[str, Cell]]:
    """Valid rows of a table, of which some meet the boundaries of a policy."""
    parts = {
        name: given[name] if name in given else _near(column, near.cells.get(f"{table.name}.{name}", ()), holes)
        for name, column in table.columns.items()
    }
    row = _records(parts)
    if pairs := [pair for pair in near.pairs.get(table.name, ()) if pair.column.name not in given]:
        moved = st.tuples(row, st.sampled_from(pairs), st.sampled_from((-1, 0, 1)))
        row = st.one_of(row, moved.map(lambda drawn: drawn[1].met(drawn[0], drawn[2])))
    return row.filter(lambda cells: not contradictions(table, cells))


def turns(near: Plan | Boundaries | None) -> Boundaries:
    """The boundaries of a plan."""
    return near if isinstance(near, Boundaries) else _NOWHERE if near is None else boundaries_of(near)


def _near(column: ColumnSpec, near: tuple[Cell, ...], holes: bool) -> SearchStrategy[Cell]:
    usual = cells(column, holes=holes)
    return st.one_of(st.sampled_from(near), usual) if near else usual


def tables(
    *models: type[Facts],
    min_rows: int = 0,
    max_rows: int = 5,
    holes: bool = True,
    given: Given = _NONE,
    near: Plan | Boundaries | None = None,
) -> SearchStrategy[FactTables]:
    """Valid tables, as `read_tables` gives them; what a cell refers to stands in the other table, if that is drawn.

    A row whose reference finds none is left out, so a table may have fewer than `min_rows`. `given` is
    keyed `table.column`; `ValueError` for one that isn't there. The other arguments are those of `facts_rows`.

    >>> from cadrerules.model.remedies import Disputes, Waivers
    >>> both = tables(Waivers, Disputes, max_rows=3)
    """
    specs = {model.spec.name: model.spec for model in models}
    own: dict[str, dict[str, SearchStrategy[Any]]] = {name: {} for name in specs}
    for path, strategy in given.items():
        table, _, column = path.partition(".")
        if table not in own:
            raise ValueError(f"there is no table {table}")
        own[table][column] = strategy
    at = turns(near)
    rows = {m.spec.name: facts_rows(m, min_rows, max_rows, holes, own[m.spec.name], at) for m in models}
    return _records(rows).map(lambda drawn: settled(specs, drawn))


def cells(column: ColumnSpec, *, holes: bool = True) -> SearchStrategy[Cell]:
    """Valid cells of a column, `None` for an empty one."""
    filled = _FILLED[type(column.type)](column)
    if column.required or (column.empty is UNKNOWN and not holes):
        return filled
    return st.one_of(filled, filled, filled, st.none())


def _records(parts: Mapping[str, SearchStrategy[Any]]) -> SearchStrategy[dict[str, Any]]:
    """Dicts with these entries, always in this order."""
    return st.tuples(*parts.values()).map(lambda values: dict(zip(parts, values, strict=True)))


def settled(specs: Mapping[str, Table], drawn: Mapping[str, Iterable[Row]]) -> FactTables:
    """The tables without the rows that name what isn't there."""
    rows, before = {name: list(each) for name, each in drawn.items()}, -1
    while before != (before := sum(map(len, rows.values()))):
        for table in specs.values():
            for name, column in table.columns.items():
                other, _, target = column.about.references.partition(".")
                if other in rows:
                    there = {row[target] for row in rows[other]} | {None}
                    rows[table.name] = [row for row in rows[table.name] if row[name] in there]
    return FactTables(specs, {name: tuple(found) for name, found in rows.items()})


# --- cells of each type -----------------------------------------------------------------------------


def _numbers(column: ColumnSpec) -> SearchStrategy[Cell]:
    """Numbers at and near the ends of the domain, and some within."""
    of: Any = column.type
    one = 10**of.scale
    low = of.low if isfinite(of.low) else of.high - 10 * one if isfinite(of.high) else -5 * one
    high = of.high if isfinite(of.high) else low + 10 * one
    ends = {low, low + 1, low + one, low + 2 * one, low + 3 * one, low + 3 * one + 1, high - one, high - 1, high}
    units = st.one_of(st.sampled_from(sorted(end for end in ends if low <= end <= high)), st.integers(low, high))
    return units.map(lambda count: read_cell(Decimal(count).scaleb(-of.scale), column))


def _choices(column: ColumnSpec) -> SearchStrategy[Cell]:
    of: Any = column.type
    return st.sampled_from(of.options)


def _ids(column: ColumnSpec) -> SearchStrategy[Cell]:
    target = column.about.references.rpartition(".")[2] or column.name
    return st.integers(1, 4).map(lambda number: f"{target[0].upper()}{number}")


def _truths(_: ColumnSpec) -> SearchStrategy[Cell]:
    return st.booleans()


def _dates(_: ColumnSpec) -> SearchStrategy[Cell]:
    return st.one_of(st.sampled_from(_DAYS), st.dates(FIRST_DAY, LAST_DAY))


def _periods(column: ColumnSpec) -> SearchStrategy[Cell]:
    of: Any = column.type
    kinds = PERIODS.values() if of.kind == "any" else (PERIODS[of.kind],)
    return st.sampled_from([period for kind in kinds for period in _around(kind)])


def _around(kind: type[Period]) -> list[Period]:
    """The last few periods of 2023 and the first of 2024, and those around the year's other end."""
    return sorted(
        {kind.of(end + timedelta(days=shift)) for end in (_DAYS[0], _DAYS[8]) for shift in (-95, -8, 0, 1, 8, 95)}
    )


_FILLED = {
    Text: _ids,
    Number: _numbers,
    Truth: _truths,
    Choice: _choices,
    Date: _dates,
    PeriodType: _periods,
}
