"""Aggregates of another table's rows: the parts of the condition that tells which rows count."""

from __future__ import annotations

from .nodes import Across, Apply, Column, Node, conjuncts, walk

COUNTING = ("count", "any")
"""The functions of rows for which something holds: what holds is a condition on the rows like any other."""


def parts_of(node: Across) -> tuple[list[Node], list[tuple[Node, Node]], list[Node]]:
    """The parts of its condition: on the other table alone, equalities as (here, there), and all else."""
    alone: list[Node] = []
    equal: list[tuple[Node, Node]] = []
    rest: list[Node] = []
    for part in conjuncts(node.where, *(node.args if node.function in COUNTING else ())):
        if not _reads(part, here=True):
            alone.append(part)
        elif pair := _equality(part):
            equal.append(pair)
        else:
            rest.append(part)
    return alone, equal, rest


def _equality(part: Node) -> tuple[Node, Node] | None:
    if not (isinstance(part, Apply) and part.operator == "=="):
        return None
    first, second = part.args
    for here, there in ((first, second), (second, first)):
        if not _reads(here, here=False) and not _reads(there, here=True):
            return here, there
    return None


def _reads(node: Node, *, here: bool) -> bool:
    """Whether the tree reads a column of the row itself, or of the other table."""
    return any(isinstance(part, Column) and bool(part.table) is not here for part in walk(node))
