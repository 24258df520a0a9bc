"""The values at which a policy's rules turn: what columns are compared with, and one step to either side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ..language.bind import fold
from ..language.nodes import Across, Apply, Cohort, Column, Literal, Lookup, Node, walk
from ..language.periods import Period, add_months
from ..language.types import Date, Number
from ..language.values import is_known
from ..model.cells import Cell, read_cell
from ..model.facts import ColumnSpec, Table
from ..model.program import Program, Stage, bind_policy

if TYPE_CHECKING:
    from ..plan import Plan

Back = Callable[[Any], Any]
"""From a value of an expression to that of the column in it."""

_COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=", "in")
_ONE_OF_THEM: Final = ("min", "max", "lowest", "highest", "total", "mean", "previous")
"""Functions that may come out as a value of their first argument."""


def boundaries(plan: Plan, *policies: str, as_of: date | None = None) -> Mapping[str, tuple[Cell, ...]]:
    """Per column, as `table.column`, the cells at which rules turn: each value compared with, and one step around it.

    Values are the constants and parameters (those that are set) of the policies named, or of all, under the readings in force, and
    `as_of` (default: today). A column is followed through derived columns, look-ups and sums; only cells
    that the column may have are given, in order. Comparisons of two columns have no boundary of their own.

    >>> import cadrerules as cr
    >>> plan = cr.load_policies("market-supervision")
    >>> [str(cell) for cell in boundaries(plan, "assessment")["results.deducted"]]
    ['0', '0.01', '1.99', '2', '2.01', '2.99', '3', '3.01']
    """
    return boundaries_of(plan, *policies, as_of=as_of).cells


@dataclass(frozen=True)
class Pair:
    """A column that is compared with another of its row: where `other` has a value, `back` gives its own at the boundary."""

    column: ColumnSpec
    other: ColumnSpec
    back: Back

    def met(self, row: Mapping[str, Cell], by: int) -> dict[str, Cell]:
        """The row with the column at the boundary, or so many steps beside it; as it is where that can't be."""
        cell = row[self.other.name]
        value = None if cell is None else self.other.value(cell)
        if value is None or not is_known(value):
            return dict(row)
        at = _stepped(self.back(value), by)
        found = _cells_at(self.column, [at])
        return {**row, self.column.name: found[0]} if found else dict(row)


@dataclass(frozen=True)
class Boundaries:
    """Where rules turn: per column (`table.column`) the cells at boundaries, per table the columns compared with each other."""

    cells: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)
    pairs: Mapping[str, tuple[Pair, ...]] = field(default_factory=dict)


_KNOWN: dict[tuple[str, tuple[str, ...], date], Boundaries] = {}
_MOST_KNOWN: Final = 500
"""So many boundaries are kept: strategies ask for the same ones again and again."""


def boundaries_of(plan: Plan, *policies: str, as_of: date | None = None) -> Boundaries:
    """The boundaries of the policies named, or of all, those between two columns of a row too."""
    day = as_of or date.today()
    if (plan.hash, policies, day) not in _KNOWN:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[plan.hash, policies, day] = _found(plan, policies, day)
    return _KNOWN[plan.hash, policies, day]


def _found(plan: Plan, policies: Iterable[str], as_of: date) -> Boundaries:
    found: dict[str, set[Any]] = defaultdict(set)
    pairs: dict[str, list[Pair]] = defaultdict(list)
    bindings = plan.policy_set.bindings(as_of)
    for name in policies or plan.policies:
        program = bind_policy(plan.policy(name).policy, bindings, plan.policy_set.context.grains)
        turns = _Turns(program, plan.tables)
        for column, value in turns.values():
            found[column].add(value)
        for column, other, back in turns.pairs():
            pairs[column.partition(".")[0]].append(Pair(_spec(plan.tables, column), _spec(plan.tables, other), back))
    cells = {name: _cells(_spec(plan.tables, name), values) for name, values in sorted(found.items())}
    return Boundaries({name: each for name, each in cells.items() if each}, {n: tuple(p) for n, p in pairs.items()})


def _same(value: Any) -> Any:
    return value


def _spec(tables: Mapping[str, Table], name: str) -> ColumnSpec:
    table, _, column = name.partition(".")
    return tables[table].columns[column]


@dataclass
class _Turns:
    """Finds what the columns of tables are compared with in one bound policy."""

    program: Program
    tables: Mapping[str, Table]

    def __post_init__(self) -> None:
        self.stages = {stage.name: stage for stage in self.program.stages}

    def values(self) -> Iterator[tuple[str, Any]]:
        """Each column with a value that it is compared with, in its own units."""
        for side, other, stage in self.compared():
            if isinstance(other, Literal) and is_known(other.value) and not isinstance(other.value, bool | str):
                yield from ((name, back(other.value)) for name, back in self.columns(side, stage, _same))

    def pairs(self) -> Iterator[tuple[str, str, Back]]:
        """Each column of numbers or dates with one of its table that it is compared with, and the way from that one to it."""
        for side, other, stage in self.compared():
            for name, back in self.columns(side, stage, _same):
                for against, plain in self.columns(other, stage, _same):
                    table = name.partition(".")[0]
                    kinds = {type(_spec(self.tables, each).type) for each in (name, against)}
                    if plain is _same and name != against and against.startswith(f"{table}.") and kinds <= {Number, Date}:
                        yield name, against, back

    def compared(self) -> Iterator[tuple[Node, Node, Stage]]:
        """The two sides of each comparison, either way round, and the stage it stands in."""
        for stage in self.program.stages:
            nodes = [*stage.written.values(), *([stage.where] if stage.where else [])]
            for part in (part for node in nodes for part in walk(fold(node))):
                if isinstance(part, Apply) and part.operator in _COMPARISONS:
                    first, *others = part.args
                    for other in others:
                        yield from ((first, other, stage), (other, first, stage))

    def columns(self, node: Node, stage: Stage, back: Back) -> Iterator[tuple[str, Back]]:
        """The tables' columns whose value an expression may come out as, and the way back to it."""
        match node:
            case Column(name=name, table=table):
                yield from self.named(name, table, stage, back)
            case Lookup(table=table, column=name) if name:
                yield from self.named(name, table, stage, back)
            case Apply(operator="if", args=(_, one, other)):
                yield from (*self.columns(one, stage, back), *self.columns(other, stage, back))
            case Apply(operator="rescale", args=(inner, Literal(value=by))):
                yield from self.columns(inner, stage, lambda value: back(Fraction(value) / by))
            case Apply(operator="+", args=(inner, Literal(value=by))) | Apply(operator="+", args=(Literal(value=by), inner)):
                yield from self.columns(inner, stage, lambda value: back(value - by))
            case Apply(operator="-", args=(inner, Literal(value=by))):
                yield from self.columns(inner, stage, lambda value: back(value + by))
            case Apply(operator="-", args=(Literal(value=of), inner)):
                yield from self.columns(inner, stage, lambda value: back(of - value))
            case Apply(operator="add_months", args=(inner, Literal(value=by))):
                yield from self.columns(inner, stage, lambda value: back(add_months(value, -by)))
            case Apply(operator=name, args=args) if name in _ONE_OF_THEM:
                yield from (found for arg in args for found in self.columns(arg, stage, back))
            case Cohort(function=name, args=(inner, *_)) | Across(function=name, args=(inner, *_)) if name in _ONE_OF_THEM:
                yield from self.columns(inner, stage, back)
            case _:
                return

    def named(self, name: str, table: str, stage: Stage, back: Back) -> Iterator[tuple[str, Back]]:
        """The same for a column by name: one of a table, or what computes it."""
        if not table and name in stage.written:
            yield from self.columns(fold(stage.written[name]), stage, back)
            return
        for source in (table,) if table else stage.sources:
            if source in self.tables and name in self.tables[source].columns:
                yield f"{source}.{name}", back
            elif source in self.stages:
                yield from self.named(name, "", self.stages[source], back)


def _cells(column: ColumnSpec, values: Iterable[Any]) -> tuple[Cell, ...]:
    """The cells at the values and one step around them that the column may have, in order."""
    return _cells_at(column, {near for value in values for near in _around(value)})


def _cells_at(column: ColumnSpec, values: Iterable[Any]) -> tuple[Cell, ...]:
    """The cells with these values that the column may have, in order."""
    if isinstance(of := column.type, Number):
        units = {int(v) for v in values if isinstance(v, int | Fraction) and v == int(v) and of.low <= v <= of.high}
        return tuple(read_cell(Decimal(count).scaleb(-of.scale), column) for count in sorted(units))
    kind = date if isinstance(of, Date) else Period
    return tuple(sorted(value for value in values if isinstance(value, kind)))


def _around(value: Any) -> tuple[Any, ...]:
    if isinstance(value, Fraction) and value.denominator != 1:  # between two steps
        return (value.__floor__(), value.__ceil__())
    return tuple(_stepped(value, by) for by in (-1, 0, 1))


def _stepped(value: Any, by: int) -> Any:
    """A value so many steps further; a day of no calendar is left as it is."""
    if isinstance(value, date):
        return value + timedelta(days=by) if date.min < value < date.max else value
    return value + by
