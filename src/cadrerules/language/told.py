"""The parts of a condition with their values, as receipts tell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .as_json import to_json
from .bind import type_of
from .evaluate import lay_out
from .nodes import Apply, Column, Literal, Node
from .scope import Grain, Scope
from .text import to_text
from .types import Type


def parts_told(
    node: Node, row: Mapping[str, Any], types: Mapping[str, Type], tables: Mapping[str, Grain], column: str = ""
) -> list[dict[str, Any]]:
    """The text and value of each part of a bound condition, each after those that it is made of.

    `types` are those of the row's columns. A call, which no single row tells, is told as a whole by the row's `column`.
    """
    scope = Scope(Grain(types, ()), tables=tables)
    if not isinstance(node, Apply | Column | Literal):
        return [_told(node, row[column], scope)]
    expression = lay_out(node)
    return [_told(*one, scope) for one in zip(expression.nodes, expression.values(row), strict=True)]


def _told(node: Node, value: Any, scope: Scope) -> dict[str, Any]:
    return {"text": to_text(node), "value": to_json(value, type_of(node, scope))}
