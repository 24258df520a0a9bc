"""The values at which a policy's rules turn: what columns are compared with, and one step to either side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ..language.bind import fold
from ..language.nodes import Across, Apply, Cohort, Column, Literal, Lookup, Node, walk
from ..language.periods import Period, add_months
from ..language.types import Number
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
    found: dict[str, set[Any]] = defaultdict(set)
    bindings = plan.policy_set.bindings(as_of or date.today())
    for name in policies or plan.policies:
        program = bind_policy(plan.policy(name).policy, bindings, plan.policy_set.context.grains)
        for column, value in _Turns(program, plan.tables).all():
            found[column].add(value)
    cells = {name: _cells(_spec(plan.tables, name), values) for name, values in sorted(found.items())}
    return {name: each for name, each in cells.items() if each}


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

    def all(self) -> Iterator[tuple[str, Any]]:
        """Each column with a value that it is compared with, in its own units."""
        for stage in self.program.stages:
            nodes = [*stage.written.values(), *([stage.where] if stage.where else [])]
            for part in (part for node in nodes for part in walk(fold(node))):
                yield from self.compared(part, stage)

    def compared(self, node: Node, stage: Stage) -> Iterator[tuple[str, Any]]:
        if not isinstance(node, Apply) or node.operator not in _COMPARISONS:
            return
        first, *others = node.args
        pairs = [(first, other) for other in others] + [(other, first) for other in others]
        for side, other in pairs:
            if isinstance(other, Literal) and is_known(other.value) and not isinstance(other.value, bool | str):
                yield from ((name, back(other.value)) for name, back in self.columns(side, stage, lambda value: value))

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
    around = {near for value in values for near in _around(value)}
    if isinstance(of := column.type, Number):
        units = sorted({int(value) for value in around if isinstance(value, int | Fraction) and of.low <= value <= of.high})
        return tuple(read_cell(Decimal(count).scaleb(-of.scale), column) for count in units)
    kind = type(column.type).__name__
    return tuple(sorted(value for value in around if isinstance(value, date if kind == "Date" else Period)))


def _around(value: Any) -> tuple[Any, ...]:
    if isinstance(value, date):
        return tuple(value + timedelta(days=by) for by in (-1, 0, 1) if date.min < value < date.max)
    if isinstance(value, Period):
        return (value + -1, value, value + 1)
    floor = int(value // 1)
    return tuple({floor - 1, floor, floor + 1, *((floor + 2,) if value != floor else ())})
