"""Aggregates of another table's rows: which of them count for a row, and what they give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from ...language.across import COUNTING, parts_of
from ...language.cohorts import COHORTS
from ...language.evaluate import RowExpression, lay_out
from ...language.nodes import Across
from ...language.operators import OPERATORS
from ...language.types import Type, unknown
from ...language.values import is_known
from .frames import PRESENT, Frame, Key, Values

_and, _equal = OPERATORS["and"].meaning, OPERATORS["=="].meaning

Match = tuple[Values, Values, bool | None]
"""A row of the other table as it is, joined with the row it is seen from, and whether it counts."""


class Matcher:
    """Finds the rows of another table that count, or may count, for a row.

    Conditions on the other table alone are looked at once; equalities between the tables find rows by
    their values; what is left is looked at pair by pair.
    """

    def __init__(self, node: Across, frame: Frame) -> None:
        self.table = node.table
        alone, equal, rest = parts_of(node)
        self.equal = [(lay_out(here), lay_out(there)) for here, there in equal]
        self.rest = [lay_out(part) for part in rest]
        self.by_key: dict[Key, list[tuple[Values, Values, bool | None]]] = defaultdict(list)
        self.unsure: list[tuple[Values, Values, Key, bool | None]] = []
        conditions = [lay_out(part) for part in alone]
        for row in frame.rows:
            named = {f"{node.table}.{name}": value for name, value in row.items()}
            truth = _and(row.get(PRESENT, True), *(condition.value(named) for condition in conditions))
            if truth is not False:
                self._keep(row, named, truth)

    def _keep(self, row: Values, named: Values, truth: bool | None) -> None:
        key = tuple([there.value(named) for _, there in self.equal])
        if all(map(is_known, key)):
            self.by_key[key].append((row, named, truth))
        else:
            self.unsure.append((row, named, key, truth))

    def matches(self, row: Values) -> Iterator[Match]:
        """The rows that count for a row, and those that may."""
        key = tuple([here.value(row) for here, _ in self.equal])
        for other, named, truth in self._with_key(key):
            joined = {**row, **named}
            met = _and(truth, *(part.value(joined) for part in self.rest)) if self.rest else truth
            if met is not False:
                yield other, joined, met

    def _with_key(self, key: Key) -> Iterator[tuple[Values, Values, bool | None]]:
        if all(map(is_known, key)):
            yield from self.by_key.get(key, ())
        else:
            for theirs, found in self.by_key.items():
                truth = _and(True, *map(_equal, key, theirs))
                if truth is not False:
                    yield from ((row, named, _and(truth, was)) for row, named, was in found)
        for row, named, theirs, was in self.unsure:
            yield row, named, _and(was, *map(_equal, key, theirs))


def aggregate(name: str, node: Across, rows: list[Values], frame: Frame, of: Type) -> None:
    """Put the aggregate into column `name` of every row."""
    function, matcher = COHORTS[node.function], Matcher(node, frame)
    args = [] if node.function in COUNTING else [lay_out(arg) for arg in node.args]
    for row in rows:
        surely: list[Any] = []
        perhaps: list[Any] = []
        for _, joined, met in matcher.matches(row):
            (surely if met else perhaps).append(_argument(args, joined))
        value = function.meaning(surely, perhaps)
        row[name] = unknown(of) if value is None else value


def _argument(args: list[RowExpression], row: Mapping[str, Any]) -> Any:
    if not args:
        return True
    return args[0].value(row) if len(args) == 1 else tuple([arg.value(row) for arg in args])
