"""Fields of documents as texts: one that people read, and one that is the same wherever the meaning is written alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ..errors import PolicyError
from ..language.nodes import Across, Apply, Cohort, Node
from ..language.parse import parse
from ..language.source import Source
from ..language.text import to_text
from ..model.decision_tables import ANYTHING, cell_condition


class Text(NamedTuple):
    """A field as it is shown, and as it is compared."""

    shown: str
    same: str


def plain(value: Any) -> Text:
    """A scalar, or a list of them."""
    shown = _plain(value)
    return Text(shown, shown)


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value.normalize() if value else 0:f}"
        case date():
            return value.isoformat()
        case list() | tuple():
            return ", ".join(map(_plain, value))
        case _:
            return " ".join(str(value).split())


def domain(text: str) -> Text:
    """What a parameter may be: space in it means nothing."""
    return Text(_plain(text), "".join(text.split()))


def expression(text: str) -> Text:
    """An expression: compared as a tree, in which space and needless brackets leave no trace."""
    shown = _plain(text)
    try:
        return Text(shown, to_text(_flat(parse(text))))
    except PolicyError:  # a document that can't be read is refused where it is checked
        return Text(shown, shown)


def table_row(on: Sequence[str], row: Sequence[Any]) -> Text:
    """A row of a decision table: its cells compared as conditions."""
    cells = [_cell(column, cell) for column, cell in zip(on, row, strict=False)]
    verdict = _plain(row[-1])
    return Text(*(f"{' | '.join(parts)}: {verdict}" for parts in zip(*cells, strict=True)))


def _cell(column: str, cell: Any) -> Text:
    shown = _plain(cell)
    if shown in ANYTHING:
        return Text("-", "-")
    try:
        return Text(shown, to_text(_flat(cell_condition(parse(column), cell, Source(shown)))))
    except PolicyError:
        return Text(shown, shown)


def case(when: str | None, value: Any) -> Text:
    """One case of a derived column."""
    condition = expression(when) if when is not None else Text("otherwise", "otherwise")
    return Text(*(f"{text}: {_plain(value)}" for text in condition))


def _flat(node: Node) -> Node:
    """The tree with conjunctions within conjunctions made one, and so disjunctions: brackets there mean nothing."""
    match node:
        case Apply(operator="and" | "or" as operator):
            args = [part for arg in map(_flat, node.args) for part in _operands(operator, arg)]
            return replace(node, args=tuple(args))
        case Apply():
            return replace(node, args=tuple(map(_flat, node.args)))
        case Cohort():
            options = tuple((name, _flat(option)) for name, option in node.options)
            return replace(node, args=tuple(map(_flat, node.args)), options=options)
        case Across():
            return replace(node, args=tuple(map(_flat, node.args)), where=_flat(node.where))
        case _:
            return node


def _operands(operator: str, node: Node) -> Sequence[Node]:
    return node.args if isinstance(node, Apply) and node.operator == operator else (node,)


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The scalars within a document's data, and lists of scalars, each with its dotted path."""
    match data:
        case Mapping():
            for name, value in data.items():
                yield from leaves(value, f"{path}.{_plain(name)}" if path else _plain(name))
        case list() | tuple() if any(isinstance(part, Mapping | list | tuple) for part in data):
            for number, part in enumerate(data, 1):
                yield from leaves(part, f"{path} {number}")
        case None:
            return
        case _:
            yield path, data
