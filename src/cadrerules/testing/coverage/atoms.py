"""Atomic comparisons: their value on a row, how near they are to their bound, and what they could be at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from ...language.bind import fold, lower
from ...language.evaluate import RowExpression, lay_out
from ...language.nodes import Across, Apply, Cohort, Column, Literal, Lookup, Node, walk
from ...language.periods import Period
from ...language.text import to_text
from ...language.types import Number
from ...language.values import is_known
from ...model.facts import UNKNOWN, Table
from ...model.program import Program, Stage
from .conditions import ORDERED, Condition

UNSEEN: Final = object()
"""What an atom is on a row on which it was never computed."""
BESIDE: Final[Mapping[str, int]] = {"<=": 1, "<": -1, ">=": -1, ">": 1}
"""By how many steps the left side is off the right one where the comparison, at its bound, turns."""


@dataclass(frozen=True)
class Atom:
    """An atomic comparison that is ready to be looked up on rows: a column of theirs, or an expression over columns."""

    column: str
    expression: RowExpression | None
    constant: Any = UNSEEN
    step: int = 1
    turn: int = 0

    @classmethod
    def of(cls, node: Node) -> Atom:
        """The atom of a bound tree; what other rows are needed for is read where the evaluation has put it."""
        target = fold(node)
        match target:
            case Literal():
                return cls("", None, target.value)
            case Column():
                return cls(target.key, None)
            case Apply():
                *_, whole = lower("", target)
                ordered = target.operator in ORDERED
                step, turn = (_step_of(target.args), BESIDE[target.operator]) if ordered else (1, 0)
                return cls("", lay_out(whole.node), step=step, turn=turn)
            case _:
                return cls(to_text(target), None)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it reads."""
        if self.expression is not None:
            return tuple(name for _, name in self.expression.reads)
        return (self.column,) if self.column else ()

    def look(self, row: Mapping[str, Any]) -> tuple[Any, str]:
        """Its truth on a row, or `UNSEEN`; and `at` or `beside` where it stands at its bound or a step beyond."""
        if self.constant is not UNSEEN:
            return self.constant, ""
        if any(name not in row for name in self.reads):
            return UNSEEN, ""
        if self.expression is None:
            return row[self.column], ""
        values = self.expression.values(row)
        return values[-1], self._near(values) if self.turn else ""

    def _near(self, values: list[Any]) -> str:
        assert self.expression is not None
        left, right = (values[slot] for slot in self.expression.arguments[-1])
        if not (is_known(left) and is_known(right)):
            return ""
        distance = _distance(left, right)
        if distance == 0:
            return "at"
        return "beside" if distance == self.turn * self.step else ""


def _distance(left: Any, right: Any) -> Any:
    if isinstance(left, date):
        return (left - right).days
    return left.ordinal - right.ordinal if isinstance(left, Period) else left - right


def _step_of(args: tuple[Node, ...]) -> int:
    """The least by which two sides can differ, in their common unit."""
    return min((step for arg in args if (step := _step(arg))), default=1)


def _step(node: Node) -> int:
    """The step of a value in the unit that it is compared in; 0 for what is the same on every row."""
    match node:
        case Literal():
            return 0
        case Apply(operator="rescale", args=(inner, Literal(value=factor))):
            return _step(inner) * int(factor)
        case Apply(operator="+" | "-" | "min" | "max" | "negate" | "abs", args=args):
            return _step_of(args)
        case _:
            return 1


# --- what could be --------------------------------------------------------------------------------


@dataclass
class Possible:
    """What the atoms of a policy's conditions could be, going by what its tables may hold."""

    program: Program
    tables: Mapping[str, Table]

    def __post_init__(self) -> None:
        self.stages = {stage.name: stage for stage in self.program.stages}

    def unknown(self, node: Node, condition: Condition) -> bool:
        """Whether some cell that may be empty, some row that may be lacking or some unset number leaves it open."""
        return self._unknown(node, condition.stage, condition.other)

    def _unknown(self, node: Node, stage: Stage, other: str) -> bool:
        match node:
            case Literal():
                return not is_known(node.value)
            case Column(name=name, table=table):
                return self._column(name, stage, table, other)
            case Apply(operator="known"):
                return False
            case Apply(args=args):
                return any(self._unknown(arg, stage, other) for arg in args)
            case Cohort(function=function, args=args):
                return function == "previous" or any(self._unknown(arg, stage, other) for arg in args)
            case Across(args=args, where=where):
                return any(self._unknown(arg, stage, node.table) for arg in (*args, where))
            case Lookup(column=column):
                return bool(column) or self.tables[node.table].absent != "none"
            case _:
                return False

    def _column(self, name: str, stage: Stage, table: str, other: str) -> bool:
        if table in self.stages:
            return self._column(name, self.stages[table], "", "")
        if not table and name in stage.written:
            return self._unknown(stage.written[name], stage, other)
        sources = (table,) if table else (*stage.sources, *((other,) if other else ()))
        for source in sources:
            if source in self.stages and source != stage.name and name in self.stages[source].types:
                return self._column(name, self.stages[source], "", "")
            if source in self.tables and name in self.tables[source].columns:
                return self.tables[source].columns[name].empty is UNKNOWN
        return False

    def beside(self, node: Node, condition: Condition) -> bool:
        """Whether a comparison has a next step; a mean has none."""
        return not any(isinstance(part, Cohort) and part.function == "mean" for part in self._parts(node, condition.stage))

    def _parts(self, node: Node, stage: Stage) -> list[Node]:
        found = walk(node)
        for part in walk(node):
            if isinstance(part, Column) and not part.table and part.name in stage.written:
                found += self._parts(stage.written[part.name], stage)
        return found


def ordered(node: Node) -> bool:
    """Whether an atom compares by order, and not two constants."""
    return isinstance(node, Apply) and node.operator in ORDERED and not all(isinstance(arg, Literal) for arg in node.args)


def base_of(node: Node, written: Mapping[str, Node]) -> tuple[str, Any] | None:
    """A value as a base and a distance from it: of a number nothing and the number, of a date the date and months.

    None for what isn't known at all.
    """
    match node:
        case Literal(origin=origin, value=date()) if origin:
            return origin, 0
        case Literal(value=int() | Fraction() as value, type=Number(scale=scale)):
            return "", Fraction(value) / 10**scale
        case Column(table="", name=name) if name in written and isinstance(written[name], Apply):
            return base_of(written[name], written) if _shifts(written[name]) else (name, 0)
        case Apply(operator="add_months", args=(base, Literal(value=int() as months))):
            return to_text(base), months
        case Literal():
            return None
        case _:
            return to_text(node), 0


def _shifts(node: Node) -> bool:
    return isinstance(node, Apply) and node.operator == "add_months"
