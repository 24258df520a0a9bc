"""Decision tables: a cell as a condition on its column, and rows of a `unique` table that overlap."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf
from typing import Any

from ..language.nodes import Apply, Literal, Node
from ..language.parse import parse
from ..language.source import Source
from ..language.types import TRUTH, Number

_TEST = re.compile(r"(<=|>=|==|!=|<|>)(.+)", re.DOTALL)
_WORD = re.compile(r"[^\W\d][\w-]*")
ANYTHING = ("", "-")


def cell_condition(column: Node, cell: Any, source: Source) -> Node:
    """What a cell says of its column, not yet checked; `PolicyError` where it can't be read.

    >>> from cadrerules.language.nodes import Column
    >>> from cadrerules.language.text import to_text
    >>> to_text(cell_condition(Column("months"), "6..12", Source("6..12")))
    '6 <= months <= 12'
    """
    if isinstance(cell, bool):
        return column if cell else Apply("not", (column,))
    text = "" if cell is None else str(cell).strip()
    if text in ANYTHING:
        return Literal(True, TRUTH)
    if text in ("true", "false"):
        return cell_condition(column, text == "true", source)
    if match := _TEST.fullmatch(text):
        return Apply(match[1], (column, _expression(match[2], source)))
    low, dots, high = text.partition("..")
    if dots:
        ends = _expression(low, source), _expression(high, source)
        return Apply("and", (Apply("<=", (ends[0], column)), Apply("<=", (column, ends[1]))))
    options = [_value(part, source) for part in text.split(",")]
    return Apply("in", (column, *options)) if len(options) > 1 else Apply("==", (column, options[0]))


def _value(text: str, source: Source) -> Node:
    """A value that a cell is equal to; a bare word stands for itself."""
    word = text.strip()
    return _expression(f'"{word}"' if _WORD.fullmatch(word) else word, source)


def _expression(text: str, source: Source) -> Node:
    """What a cell compares with."""
    return parse(replace(source, text=text.strip()))


def overlapping(rows: Sequence[Sequence[Node]]) -> Iterator[tuple[int, int]]:
    """The pairs of rows that one value of every column would hit; cells that rest on more than constants are passed over.

    `rows` hold each row's checked cells, one for each of its columns.
    """
    for (i, first), (j, second) in itertools.combinations(enumerate(rows), 2):
        if all(_meet(a, b) for a, b in zip(first, second, strict=True)):
            yield i, j


def _meet(first: Node, second: Node) -> bool:
    """Whether some value surely passes both tests; two that are the same are passed by the same."""
    if isinstance(first, Literal) or isinstance(second, Literal):
        return True
    one, other = _span(first), _span(second)
    if one is None or other is None:
        return first == second
    if isinstance(one[0], frozenset):
        return bool(one[0] & other[0])
    return bool(max(one[0], other[0]) <= min(one[1], other[1]))


def _span(cell: Node) -> Any:
    """The values that pass a test: a pair of ends, or a set of words; None where constants alone don't tell."""
    match cell:
        case Apply(operator="in" | "==", args=(_, *options)) if (values := _constants(options)) is not None:
            if any(isinstance(value, str) for value in values):
                return frozenset(values), None
            return (values[0], values[0]) if len(values) == 1 else None
        case Apply(operator="and", args=(Apply(args=(low, _)), Apply(args=(_, high)))):
            return _constants([low, high])
        case Apply(operator=("<" | "<=" | ">" | ">=") as sign, args=(_, Literal(type=Number(scale=scale)) as limit)):
            end, step = Fraction(limit.value) / 10**scale, Fraction(1, 10**scale)
            return {"<": (-inf, end - step), "<=": (-inf, end), ">": (end + step, inf), ">=": (end, inf)}[sign]
        case _:
            return None


def _constants(nodes: Sequence[Node]) -> tuple[Any, ...] | None:
    """The values of constants that are words or numbers; None where one isn't."""
    found: list[Any] = []
    for node in nodes:
        match node:
            case Literal(value=str() as word):
                found.append(word)
            case Literal(value=value, type=Number(scale=scale)):
                found.append(Fraction(value) / 10**scale)
            case _:
                return None
    return tuple(found)
