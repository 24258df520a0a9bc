"""From a bound rule to patterns: the alternatives of its condition, each a chain of tests on consecutive periods."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from ...language.nodes import Apply, Cohort, Column, Literal, Node
from ...language.types import Choice, Date, Number, Truth, Type
from ...language.values import is_known
from ...model.program import Stage
from .capabilities import GREATEST, MOST_ALTERNATIVES, MOST_PERIODS, Inexpressible


@dataclass(frozen=True, slots=True)
class CellTest:
    """A column of the row so many periods back compared with a whole number."""

    column: str
    operator: str
    value: int
    back: int = 0


Conjunction: TypeAlias = frozenset[CellTest]
"""Tests that all hold."""

_NEGATED: Final = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Alternatives:
    """A rule as alternatives; `earlier` are how many periods back it asks for a row that must be there to be known."""

    tests: tuple[Conjunction, ...]
    earlier: frozenset[int]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that are tested."""
        return frozenset(test.column for conjunction in self.tests for test in conjunction)


def alternatives(stage: Stage, column: str) -> Alternatives:
    """The alternatives of the condition that a column of a stage holds; `Inexpressible` where it can't be."""
    compiler = _Compiler(stage)
    found = compiler.truth(compiler.steps[column], positive=True)
    unique = tuple(sorted(set(found), key=lambda tests: sorted(map(repr, tests))))
    if not unique or not all(unique):
        raise Inexpressible("columns")  # always true or never: nothing to wait for
    return Alternatives(unique, frozenset(compiler.earlier))


def as_whole(value: Any, of: Type) -> int | None:
    """A known value as the whole number that durable_rules compares; `None` for what isn't handed to it."""
    match of:
        case Truth() if isinstance(value, bool):
            return int(value)
        case Choice() if isinstance(value, str):
            return of.options.index(value)
        case Number() if type(value) is int and abs(value) < GREATEST:
            return value
        case Date() if isinstance(value, date):
            return value.toordinal()
        case _:
            return None


class _Compiler:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.steps: Mapping[str, Node] = {step.name: step.node for step in stage.steps}
        self.own = tuple(name for name in stage.key if name != stage.along)
        self.earlier: set[int] = set()

    def truth(self, node: Node, *, positive: bool, back: int = 0) -> list[Conjunction]:
        """A condition, or its negation, as alternatives."""
        match node:
            case Apply(operator="not", args=(inner,)):
                return self.truth(inner, positive=not positive, back=back)
            case Apply(operator="and" | "or" as operator, args=args):
                parts = [self.truth(arg, positive=positive, back=back) for arg in args]
                return _all(parts) if (operator == "and") is positive else _any(parts)
            case Apply(operator="in", args=(member, *options)):
                equal = Apply("or", tuple(Apply("==", (member, option)) for option in options))
                return self.truth(equal, positive=positive, back=back)
            case Apply(operator=operator, args=(first, second)) if operator in _NEGATED:
                return self.comparison(operator if positive else _NEGATED[operator], first, second, back)
            case Column(name=name, table=""):
                return self.column(name, positive=positive, back=back)
            case _:
                raise Inexpressible("columns")

    def column(self, name: str, *, positive: bool, back: int) -> list[Conjunction]:
        """A truth that a column holds: what computes it where that can be said, else its value."""
        match self.steps.get(name):
            case Cohort(function="previous") as node:
                return self.column(self.argument(node), positive=positive, back=self.further(node, back))
            case Apply() as node:
                before = set(self.earlier)
                try:
                    return self.truth(node, positive=positive, back=back)
                except Inexpressible:
                    self.earlier = before
        return [frozenset({self.test(name, "==", int(positive), back)})]

    def comparison(self, operator: str, first: Node, second: Node, back: int) -> list[Conjunction]:
        if isinstance(first, Literal):
            first, second, operator = second, first, _MIRRORED[operator]
        if not (isinstance(first, Column) and not first.table and isinstance(second, Literal) and is_known(second.value)):
            raise Inexpressible("columns")
        of = self.stage.types[first.name]
        match self.steps.get(first.name):
            case Cohort(function="run") as node:
                return [self.run(node, operator, second.value, back)]
            case Cohort(function="previous") as node:
                return [frozenset({self.tested(self.argument(node), operator, second, self.further(node, back))})]
        if isinstance(of, Choice) and operator not in ("==", "!="):
            raise Inexpressible("columns")
        return [frozenset({self.tested(first.name, operator, second, back)})]

    def tested(self, column: str, operator: str, literal: Literal, back: int) -> CellTest:
        of = self.stage.types[column]
        if isinstance(of, Choice) and literal.value not in of.options:
            raise Inexpressible("columns")
        value = as_whole(literal.value, of)
        if value is None:
            raise Inexpressible("columns")
        return self.test(column, operator, value, back)

    def test(self, column: str, operator: str, value: int, back: int) -> CellTest:
        if not isinstance(self.stage.types[column], Truth | Choice | Number | Date):
            raise Inexpressible("columns")
        if isinstance(self.steps.get(column), Cohort) and self.is_sequence(column):
            raise Inexpressible("other_run")
        return CellTest(column, operator, value, back)

    def is_sequence(self, column: str) -> bool:
        node = self.steps[column]
        return isinstance(node, Cohort) and node.function == "previous"

    def run(self, node: Cohort, operator: str, least: Any, back: int) -> Conjunction:
        """At least so many periods running: each of them tested, with nothing in between."""
        options = {name: option.value for name, option in node.options if isinstance(option, Literal)}
        least = least + 1 if operator == ">" else least
        if operator not in (">=", ">") or options.get("gap", "breaks") != "breaks":
            raise Inexpressible("other_run")
        if node.per != self.own or not 1 <= least + back <= MOST_PERIODS or least < 1:
            raise Inexpressible("other_key" if node.per != self.own else "other_run")
        return frozenset(self.test(self.argument(node), "==", 1, back + at) for at in range(least))

    def further(self, node: Cohort, back: int) -> int:
        """How many periods back `previous` looks from a row that is itself so many back."""
        options = {name: option.value for name, option in node.options if isinstance(option, Literal)}
        further = back + int(options.get("back", 1))
        if node.per != self.own:
            raise Inexpressible("other_key")
        if not back < further <= MOST_PERIODS:
            raise Inexpressible("other_run")
        self.earlier.add(further)
        return further

    def argument(self, node: Cohort) -> str:
        (argument,) = node.args
        assert isinstance(argument, Column)
        return argument.name


def _any(parts: list[list[Conjunction]]) -> list[Conjunction]:
    return _limited(list(itertools.chain.from_iterable(parts)))


def _all(parts: list[list[Conjunction]]) -> list[Conjunction]:
    found: list[Conjunction] = [frozenset()]
    for part in parts:
        found = _limited([one | other for one in found for other in part])
    return found


def _limited(found: list[Conjunction]) -> list[Conjunction]:
    if len(found) > MOST_ALTERNATIVES:
        raise Inexpressible("size")
    return found
