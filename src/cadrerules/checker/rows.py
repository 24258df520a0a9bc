"""The rows of a receipt: its inputs, and the value that each column of each row of its trace must have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..language.across import COUNTING
from ..language.bind import fold
from ..language.cohorts import COHORTS, previous
from ..language.evaluate import lay_out
from ..language.nodes import Across, Cohort, Column, Literal, Lookup, Node, children, walk
from ..language.operators import OPERATORS
from ..language.types import Type, unknown
from ..language.values import ANYTHING, is_known
from ..load.receipts import PRESENT, ReceiptRows, Values
from ..model.facts import EVERY
from ..model.program import WHERE

_and, _or, _equal = (OPERATORS[name].meaning for name in ("and", "or", "=="))


class Rows(ReceiptRows):
    """The rows of a receipt, each with what its values must be."""

    def value(self, n: int, column: str) -> Any:
        """The value that a column of a row must have."""
        stage = self.stage(n)
        node = next((step.node for step in (*stage.keeps, *stage.steps) if step.name == column), None)
        if node is not None:
            return self._computed(node, n, stage.types[column])
        found = [row[column] for source in self.parts[n]["made_from"] for row in self._source(n, source) if column in row]
        return unknown(stage.types[column]) if not found else found[0] if all(one == found[0] for one in found) else ANYTHING

    def present(self, n: int) -> bool | None:
        """Whether a row must count."""
        stage, truths = self.stage(n), [self._counts(n, source) for source in self.parts[n]["made_from"]]
        kept = self._computed(stage.keeps[-1].node, n, stage.types[WHERE]) if stage.keeps else True
        return False if stage.by == () and not truths else _and(*truths, kept, True)

    def made_from(self, n: int, source: str) -> list[int]:
        """The places of the rows that a row must be made from: those of a source that agree with it in the source's key."""
        key, places = self.by_key(self.parts[n]["policy"], source)
        return places.get(tuple(self.trace[n].get(name) for name in key), [])

    def _source(self, n: int, source: str) -> list[Values]:
        """The rows of a source that a row is made from."""
        rows = self.trace if (self.parts[n]["policy"], source) in self.stages else self.inputs
        return [rows[place] for place in self.parts[n]["made_from"][source]]

    def _counts(self, n: int, source: str) -> bool | None:
        stage, rows = self.stages.get((self.parts[n]["policy"], source)), self._source(n, source)
        return rows[0][PRESENT] if stage is None or stage.by is None else _group_counts(stage.by, rows)

    def _computed(self, node: Node, n: int, of: Type) -> Any:
        """The value of a call, look-up or expression on a row."""
        match node:
            case Cohort():
                found = self._cohort(node, n)
            case Lookup():
                found = self._lookup(node, n)
            case Across():
                found = self._across(node, n)
            case _:
                return lay_out(node).value(self.trace[n])
        return unknown(of) if found is None else found

    def _cohort(self, node: Cohort, n: int) -> Any:
        function, stage, row = COHORTS[node.function], self.stage(n), self.trace[n]
        args = [arg.name for arg in node.args if isinstance(arg, Column)]
        mine = [o for m, o in enumerate(self.trace) if self.stage(m) is stage and {*args, *node.per} <= o.keys()]
        belongs = [(other, _and(other[PRESENT], *(_equal(other[c], row[c]) for c in node.per))) for other in mine]
        surely, perhaps = ([other for other, truth in belongs if truth is t] for t in (True, None))
        if function.kind == "aggregate":
            return function.meaning(_columns(surely, args), _columns(perhaps, args)) if _knows(row, node.per) else None
        if perhaps or not _knows(row, node.per):
            return None
        options = {name: option.value for name, option in node.options if isinstance(option, Literal)}
        if function.kind == "ranking":
            return function.meaning(_columns(surely, args), **options)[[*map(id, surely)].index(id(row))]
        surely = sorted((o for o in surely if o[stage.along] <= row[stage.along]), key=lambda o: o[stage.along].ordinal)
        missing = (unknown(stage.types[args[0]]),) if function.meaning is previous else ()
        periods = [other[stage.along] for other in surely]
        return function.meaning(periods, _columns(surely, args), *missing, **options)[-1]

    def _lookup(self, node: Lookup, n: int) -> Any:
        table, here, row = self.policies.tables[node.table], self.stage(n).types, self.trace[n]
        found: list[tuple[Values, bool | None]] = []
        for other in self.of_table(node.table):
            shared = [c for c in table.key if c in here and (is_known(other[c]) or table.columns[c].empty is not EVERY)]
            truth = _and(other[PRESENT], *(_equal(other[c], row[c]) for c in shared))
            found += [(other, truth)] if truth is not False else []
        if node.column:
            return found[0][0][node.column] if len(found) == 1 and found[0][1] else None
        return None if node.table in self.absent else _or(False, *(truth for _, truth in found))

    def _across(self, node: Across, n: int) -> Any:
        reads = {part.key for tree in children(node) for part in walk(tree) if isinstance(part, Column) and part.table}
        counts = node.function in COUNTING
        parts = [lay_out(fold(part)) for part in (node.where, *(node.args if counts else ()))]
        args = [lay_out(fold(arg)) for arg in (() if counts else node.args)]
        counted: dict[bool | None, list[Any]] = {True: [], None: [], False: []}
        for other in self._others(self.parts[n]["policy"], node.table):
            joined = {**self.trace[n], **{f"{node.table}.{name}": value for name, value in other.items()}}
            if reads <= joined.keys():
                values = tuple(arg.value(joined) for arg in args)
                truth = _and(other[PRESENT], *(part.value(joined) for part in parts))
                counted[truth].append(values[0] if len(values) == 1 else values or True)
        return COHORTS[node.function].meaning(counted[True], counted[None])

    def _others(self, policy: str, table: str) -> Iterator[Values]:
        """The rows of a table, or of a relation: of a grouped one a row for each group."""
        stage, groups = self.stages.get((policy, table)), dict[Any, list[Values]]()
        if stage is None:
            yield from self.of_table(table)
        for m, row in enumerate(self.trace if stage else ()):
            if stage is self.stage(m):
                alone = stage.by is None or not _knows(row, stage.by)
                groups.setdefault(m if alone else tuple(row[name] for name in stage.by or ()), []).append(row)
        for rows in groups.values():
            both = {name: value for row in rows for name, value in row.items()}
            yield both if stage is None or stage.by is None else {**both, PRESENT: _group_counts(stage.by, rows)}


def _group_counts(by: tuple[str, ...], rows: list[Values]) -> bool | None:
    """Whether a group counts: if one of its rows does, and it is known which group they are."""
    counts = _or(False, *(row[PRESENT] for row in rows)) if by else True
    return None if counts and not _knows(rows[0], by) else counts


def _knows(row: Values, names: tuple[str, ...]) -> bool:
    return all(is_known(row[name]) for name in names)


def _columns(rows: list[Values], names: list[str]) -> list[Any]:
    return [row[names[0]] if len(names) == 1 else tuple(row[name] for name in names) for row in rows]
