"""Rows of symbols, and the value of an expression on one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from ...language.nodes import Apply, Column, Literal, Node
from ...language.types import Type
from ...language.values import is_known
from .operators import apply
from .symbols import Symbol, UnsupportedError, constant

PRESENT = "(present)"
"""The column that tells whether a row is there."""
Row: TypeAlias = dict[str, Symbol]


class Parameters(Protocol):
    """What an expression asks of the world that it is in: the parameters that aren't set, and a variable for each."""

    unset: Mapping[str, Type]

    def parameter(self, name: str, of: Type) -> Symbol:
        """The variable that stands for a parameter."""


def evaluate(node: Node, row: Row, world: Parameters) -> Symbol:
    """The value of an expression on one row; `UnsupportedError` where it has none for the solver."""
    match node:
        case Literal(origin=origin, value=value, type=of):
            name = origin.removeprefix("param.")
            return world.parameter(name, of) if not is_known(value) and name in world.unset else constant(value, of)
        case Column():
            return row[node.key]
        case Apply():
            return apply(node.operator, [evaluate(arg, row, world) for arg in node.args])
        case _:
            raise UnsupportedError(type(node).__name__)
