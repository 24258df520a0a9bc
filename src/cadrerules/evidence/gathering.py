"""Gathers the rows and columns that a value was computed from, down to the cells of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..engines.scalar.cohorts import is_certain, may_match
from ..engines.scalar.evaluation import PolicyRun
from ..engines.scalar.frames import PRESENT, Frame, Key, Values
from ..engines.scalar.lookups import Index
from ..language.as_json import to_json
from ..language.cohorts import COHORTS
from ..language.nodes import Across, Cohort, Column, Lookup, Node, children, walk
from ..language.types import TRUTH
from ..language.values import is_known
from ..model.program import WHERE, Stage
from .inputs import At, Inputs

Row = tuple[str, int]
"""A row of a relation: the relation's name, and its place among the rows that were computed."""


@dataclass
class Gatherer:
    """What some values of one policy's evaluation were computed from."""

    run: PolicyRun
    inputs: Inputs
    columns: dict[Row, set[str]] = field(default_factory=dict)
    made_from: dict[Row, dict[str, list[At | Row]]] = field(default_factory=dict)
    waiting: list[tuple[Stage, Values, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        explainer = self.run.explainer
        self.stages, self.computed, self.frames = explainer.stages, explainer.computed, self.run.frames
        self.steps = {
            name: {step.name: step.node for step in (*stage.keeps, *stage.steps)} for name, stage in self.stages.items()
        }
        self.places = {name: {id(row): n for n, row in enumerate(rows)} for name, rows in self.computed.items()}
        self.by_key: dict[str, dict[Key, Values]] = {}
        self.indexes: dict[tuple[str, str], Index] = {}
        self.doubtful: dict[tuple[str, tuple[str, ...]], list[Values]] = {}

    def need(self, stage: Stage, row: Values, columns: Iterable[str]) -> Row:
        """Gather all that some columns of a row rest on."""
        at = self._need(stage, row, columns)
        while self.waiting:
            self._follow(*self.waiting.pop())
        return at

    def _need(self, stage: Stage, row: Values, columns: Iterable[str]) -> Row:
        at = (stage.name, self.places[stage.name][id(row)])
        if at not in self.columns:
            self.columns[at] = set()
            kept = _reads(self.steps[stage.name][WHERE]) if stage.keeps else ()
            self._need(stage, row, [*stage.key, *kept])
            self.made_from[at] = {source: found for source in stage.sources if (found := self._source(source, row))}
        new = [name for name in columns if name not in self.columns[at]]
        self.columns[at].update(new)
        self.waiting += [(stage, row, name) for name in new]
        return at

    def _source(self, source: str, row: Values) -> list[At | Row]:
        """The rows of a source that a row is made from."""
        if source in self.stages:
            return [self._need(self.stages[source], member, ()) for member in self._members(source, row)]
        frame = self.frames[source]
        if source not in self.by_key:
            self.by_key[source] = {frame.key_of(other): other for other in frame.rows}
        if not all(name in row for name in frame.key):
            return []
        found = self.by_key[source].get(frame.key_of(row))
        return [] if found is None else [self.inputs.add(frame, found)]

    def _members(self, source: str, row: Values) -> list[Values]:
        return self.run.explainer.members(self.stages[source], row)

    # --- what one column of one row rests on ----------------------------------------------------

    def _follow(self, stage: Stage, row: Values, column: str) -> None:
        node = self.steps[stage.name].get(column)
        match node:
            case None:
                self._from_source(stage, row, column)
            case Cohort():
                self._cohort(node, stage, row)
            case Lookup():
                self._lookup(node, stage, row)
            case Across():
                self._across(node, stage, row)
            case _:
                self._need(stage, row, _reads(node))

    def _from_source(self, stage: Stage, row: Values, column: str) -> None:
        for source in stage.sources:
            if source in self.stages and column in self.stages[source].grain.columns:
                for member in self._members(source, row):
                    self._need(self.stages[source], member, [column])

    def _cohort(self, node: Cohort, stage: Stage, row: Values) -> None:
        columns = [*node.per, *(arg.name for arg in node.args if isinstance(arg, Column))]
        if COHORTS[node.function].kind == "sequence":
            columns.append(stage.along)
        for other in (row, *self._together(node, stage, row)):
            self._need(stage, other, columns)

    def _together(self, node: Cohort, stage: Stage, row: Values) -> Iterator[Values]:
        """The rows of a cohort, and those that perhaps belong to it."""
        if not all(is_known(row[name]) for name in node.per):
            return
        yield from self.run.explainer.cohort(node, stage, row)
        at = (stage.name, node.per)
        if at not in self.doubtful:
            self.doubtful[at] = [other for other in self.computed[stage.name] if not is_certain(other, node.per)]
        key = [row[name] for name in node.per]
        yield from (other for other in self.doubtful[at] if may_match(other, node.per, key))

    def _lookup(self, node: Lookup, stage: Stage, row: Values) -> None:
        table = self.inputs.tables[node.table]
        shared = [name for name in table.key if name in stage.types]
        self._need(stage, row, shared)
        if node.table not in self.frames:
            return
        at = (stage.name, node.table)
        if at not in self.indexes:
            self.indexes[at] = Index(self.frames[node.table], table, stage.types)
        known = all(is_known(row[name]) for name in shared)
        for other in self.indexes[at].matching(row) if known else self.indexes[at].perhaps_matching(row):
            self.inputs.add(self.frames[node.table], other)

    def _across(self, node: Across, stage: Stage, row: Values) -> None:
        parts = [part for tree in children(node) for part in walk(tree) if isinstance(part, Column)]
        self._need(stage, row, [part.name for part in parts if not part.table])
        theirs = [part.name for part in parts if part.table]
        for other, _, _ in self.run.explainer.matches(node, stage, row):
            self._other(self.frames[node.table], other, theirs)

    def _other(self, frame: Frame, other: Values, columns: list[str]) -> None:
        """A row of another table or view, that is looked at across."""
        if frame.name not in self.stages:
            self.inputs.add(frame, other)
            return
        stage = self.stages[frame.name]
        for member in self._members(frame.name, other) if stage.by is not None else [other]:
            self._need(stage, member, columns)

    # --- as the receipt has it ------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """The rows in order: of each relation after those of the relations before it."""
        order = {name: n for n, name in enumerate(self.stages)}
        return sorted(self.columns, key=lambda at: (order[at[0]], at[1]))

    def listed(self, at: Row, places: dict[Row, int]) -> dict[str, Any]:
        """A row with its columns; `places` are those of the rows of relations."""
        name, n = at
        row, stage = self.computed[name][n], self.stages[name]
        ordered = [column for column in stage.types if column in self.columns[at]]
        made_from = {
            source: [places[one] if source in self.stages else self.inputs.place[one] for one in found]  # type: ignore[index]
            for source, found in self.made_from[at].items()
        }
        present = row.get(PRESENT, True)
        return {
            "policy": self.run.program.policy.name,
            "relation": name,
            "made_from": made_from,
            "columns": {column: to_json(row[column], stage.types[column]) for column in ordered},
            **({} if present is True else {"present": to_json(present, TRUTH)}),
        }


def _reads(node: Node) -> list[str]:
    return [part.name for part in walk(node) if isinstance(part, Column)]
