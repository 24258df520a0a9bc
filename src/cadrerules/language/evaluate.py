"""The meaning of an expression on one row: the reference semantics, three-valued and exact.

A checked and bound tree is laid out as a list of steps, each after those it needs. Running them
keeps the value of every node, so an explanation costs nothing more than reading them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from .check import check
from .nodes import Across, Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter
from .operators import OPERATORS
from .scope import Grain, Scope
from .types import Type
from .values import Value


@dataclass(frozen=True, slots=True)
class RowExpression:
    """An expression over the columns of one row, ready to run.

    `nodes` are its nodes in the order in which `values` gives their values; the last is the whole.
    """

    nodes: tuple[Node, ...]
    arguments: tuple[tuple[int, ...], ...]
    start: tuple[Value, ...]
    reads: tuple[tuple[int, str], ...]
    steps: tuple[tuple[int, Callable[..., Any], Callable[[list[Any]], tuple[Any, ...]]], ...]

    @classmethod
    def of(cls, text: str, types: Mapping[str, Type]) -> RowExpression:
        """Parse, check and lay out a text over columns of these types.

        >>> from cadrerules.language.types import Number
        >>> RowExpression.of("left < joined", {"left": Number(), "joined": Number()}).value({"left": 1, "joined": 2})
        True
        """
        node, _ = check(text, Scope(Grain(types, ())))
        return lay_out(node)

    def values(self, row: Mapping[str, Any]) -> list[Any]:
        """The value of every node for a row of column values."""
        values = list(self.start)
        for slot, name in self.reads:
            values[slot] = row[name]
        for slot, meaning, arguments in self.steps:
            values[slot] = meaning(*arguments(values))
        return values

    def value(self, row: Mapping[str, Any]) -> Any:
        """The value of the whole expression."""
        return self.values(row)[-1]


def lay_out(node: Node) -> RowExpression:
    """Order the nodes of a bound tree, arguments first; equal parts are computed once."""
    slots: dict[Node, int] = {}
    _place(node, slots)
    nodes = tuple(slots)
    arguments = tuple(tuple(slots[a] for a in n.args) if isinstance(n, Apply) else () for n in nodes)
    start = tuple(n.value if isinstance(n, Literal) else None for n in nodes)
    reads = tuple((i, n.key) for i, n in enumerate(nodes) if isinstance(n, Column))
    steps = tuple(
        (i, OPERATORS[n.operator].meaning, _picker(arguments[i])) for i, n in enumerate(nodes) if isinstance(n, Apply)
    )
    return RowExpression(nodes, arguments, start, reads, steps)


def _place(node: Node, slots: dict[Node, int]) -> None:
    if node in slots:
        return
    match node:
        case Apply():
            for arg in node.args:
                _place(arg, slots)
        case Literal() | Column():
            pass
        case Parameter() | Interpretation() | Cohort() | Across() | Lookup():
            raise TypeError(f"not bound: {node}")
    slots[node] = len(slots)


def _picker(slots: tuple[int, ...]) -> Callable[[list[Any]], tuple[Any, ...]]:
    """Picks several values at once; one alone still as a tuple."""
    if len(slots) > 1:
        return itemgetter(*slots)
    (slot,) = slots
    return lambda values: (values[slot],)
