"""The expression tree: a closed set of frozen nodes, shared by every engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .types import TRUTH, Type


@dataclass(frozen=True, slots=True)
class Span:
    """Where a node stands in its text, as character offsets."""

    start: int = 0
    end: int = 0


_HERE = Span()


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. Its type tells `False` from `0`; `origin` names the parameter or choice it was bound from."""

    value: Any
    type: Type
    origin: str = ""
    span: Span = field(default=_HERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the row, a fact or a derived one; inside `Across` one with a `table` is of that table's row."""

    name: str
    span: Span = field(default=_HERE, compare=False, repr=False)
    table: str = ""

    @property
    def key(self) -> str:
        """The name by which a row holds its value."""
        return f"{self.table}.{self.name}" if self.table else self.name


@dataclass(frozen=True, slots=True)
class Parameter:
    """`param.x` or `param.policy.x`, not yet bound."""

    path: str
    span: Span = field(default=_HERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """`interpretation.x` or `interpretation.policy.x`, not yet bound."""

    path: str
    span: Span = field(default=_HERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator of the table `operators.OPERATORS` on values of one row."""

    operator: str
    args: tuple[Node, ...]
    span: Span = field(default=_HERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cohort:
    """A function of the table `cohorts.COHORTS`, of the rows that belong together with this one.

    `per` are the columns those rows share (`()`: not given), `options` such as `ties` or `gap`.
    """

    function: str
    args: tuple[Node, ...]
    per: tuple[str, ...] = ()
    options: tuple[tuple[str, Node], ...] = ()
    span: Span = field(default=_HERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Across:
    """An aggregate of the rows of another table for which `where` holds, seen from one row of this one."""

    function: str
    table: str
    args: tuple[Node, ...]
    where: Node
    span: Span = field(default=_HERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Lookup:
    """The `column` of the row of another table with the same key; without a column, whether there is one."""

    table: str
    column: str = ""
    span: Span = field(default=_HERE, compare=False, repr=False)


Node: TypeAlias = Literal | Column | Parameter | Interpretation | Apply | Cohort | Across | Lookup


def conjunction(nodes: Sequence[Node]) -> Node:
    """All of the conditions together; of none, what is always true."""
    if not nodes:
        return Literal(True, TRUTH)
    return nodes[0] if len(nodes) == 1 else Apply("and", tuple(nodes))


def conjuncts(*nodes: Node) -> Iterator[Node]:
    """The conditions that conjunctions, however nested, are made of."""
    for node in nodes:
        if isinstance(node, Apply) and node.operator == "and":
            yield from conjuncts(*node.args)
        else:
            yield node


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below this one."""
    match node:
        case Apply():
            return node.args
        case Cohort():
            return (*node.args, *(option for _, option in node.options))
        case Across():
            return (*node.args, node.where)
        case Literal() | Column() | Parameter() | Interpretation() | Lookup():
            return ()


def walk(node: Node) -> list[Node]:
    """All nodes of the tree, each before its children."""
    found, waiting = [], [node]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting.extend(reversed(children(current)))
    return found
