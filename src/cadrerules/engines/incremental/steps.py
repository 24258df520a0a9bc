"""One column of a live relation: which of its rows a change touches, and their values computed by the scalar engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

from ...language.bind import Step
from ...language.evaluate import lay_out
from ...language.nodes import Across, Cohort, Column, Lookup, Node, walk
from ...language.values import is_known
from ...model.facts import EVERY, Table
from ...model.program import Stage
from ..scalar.across import aggregate
from ..scalar.cohorts import cohort, is_certain
from ..scalar.frames import PRESENT, Frame, Key, Values
from ..scalar.lookups import look_up
from .rows import Delta, Index, LiveRows, Rid

_ABSENT: Final = object()
_MANY: Final = 500
"""From so many look-ups on one index of the whole table is made rather than one for each key."""

Touched: TypeAlias = dict[Rid, "set[str] | None"]
"""The rows that a change touches and the columns that differ; `None` for a row that is new."""


@dataclass
class Work:
    """The rows of a stage with every column, and what the change under way has touched so far."""

    stage: Stage
    order: Mapping[Rid, Any]
    rows: dict[Rid, Values] = field(default_factory=dict)
    touched: Touched = field(default_factory=dict)
    gone: dict[Rid, Values] = field(default_factory=dict)

    def reading(self, columns: frozenset[str]) -> list[Rid]:
        """The touched rows that are new or differ in one of these columns."""
        return [rid for rid, changed in self.touched.items() if changed is None or changed & columns]

    def set(self, rid: Rid, name: str, value: Any) -> None:
        """Put a value into a row and mark it where it differs."""
        row = self.rows[rid]
        before = row.get(name, _ABSENT)
        row[name] = value
        self.mark(rid, name, before)

    def mark(self, rid: Rid, name: str, before: Any) -> None:
        """Mark that a column was another before, where it was."""
        if self.rows[rid][name] == before and type(self.rows[rid][name]) is type(before):
            return
        changed = self.touched.setdefault(rid, set())
        if changed is not None:
            changed.add(name)

    def compute(self, name: str, rids: Iterable[Rid], run: Callable[[list[Values]], object]) -> None:
        """Let the scalar engine put a column into some rows, in their order, and mark where it differs."""
        ordered = sorted(rids, key=self.order.__getitem__)
        before = [self.rows[rid].get(name, _ABSENT) for rid in ordered]
        run([self.rows[rid] for rid in ordered])
        for rid, value in zip(ordered, before, strict=True):
            self.mark(rid, name, value)


class LiveStep(Protocol):
    """A column kept up to date."""

    name: str

    def update(self, work: Work, deltas: Mapping[str, Delta]) -> None:
        """Compute it for the rows that the changes touch."""


def live_step(
    step: Step, stage: Stage, relations: Mapping[str, LiveRows], tables: Mapping[str, Table]
) -> LiveStep:
    """The step kept up to date."""
    match step.node:
        case Cohort() as node:
            return CohortStep(step.name, node, stage)
        case Lookup() as node:
            return LookupStep(step, node, stage, relations, tables)
        case Across() as node:
            return AcrossStep(step.name, node, stage, relations[node.table])
        case node:
            return RowStep(step.name, node)


class RowStep:
    """An expression over columns of the same row."""

    def __init__(self, name: str, node: Node) -> None:
        self.name, self.expression = name, lay_out(node)
        self.reads = frozenset(column for _, column in self.expression.reads)

    def update(self, work: Work, deltas: Mapping[str, Delta]) -> None:  # noqa: ARG002 - as every step takes them
        """Compute it where a column that it reads differs."""
        for rid in work.reading(self.reads):
            work.set(rid, self.name, self.expression.value(work.rows[rid]))


class CohortStep:
    """A function of the rows that belong together: of each cohort that a change touches."""

    def __init__(self, name: str, node: Cohort, stage: Stage) -> None:
        self.name, self.node, self.stage = name, node, stage
        arguments = {arg.name for arg in node.args if isinstance(arg, Column)}
        self.reads = frozenset({*arguments, *node.per, PRESENT, stage.along})
        self.index, self.doubtful = Index(node.per), set[Rid]()

    def update(self, work: Work, deltas: Mapping[str, Delta]) -> None:  # noqa: ARG002 - as every step takes them
        """Compute the cohorts touched; all of them while it isn't certain which cohort a row belongs to."""
        was_doubtful = bool(self.doubtful)
        dirty = {key for rid in work.gone for key in self._drop(rid)}
        for rid in work.reading(self.reads):
            dirty |= self._place(rid, work.rows[rid])
        if not dirty:
            return
        if self.doubtful or was_doubtful:
            self._run(work, list(work.rows))
            return
        for key in dirty:
            self._run(work, list(self.index.of(key)))

    def _run(self, work: Work, rids: list[Rid]) -> None:
        work.compute(self.name, rids, lambda rows: cohort(self.name, self.node, self.stage, rows))

    def _drop(self, rid: Rid) -> set[Key]:
        self.doubtful.discard(rid)
        return self.index.drop(rid)

    def _place(self, rid: Rid, row: Values) -> set[Key]:
        (self.doubtful.discard if is_certain(row, self.node.per) else self.doubtful.add)(rid)
        return self.index.put(rid, row)


class LookupStep:
    """What stands in another table's row with the same key."""

    def __init__(
        self, step: Step, node: Lookup, stage: Stage, relations: Mapping[str, LiveRows], tables: Mapping[str, Table]
    ) -> None:
        self.name, self.step, self.stage, self.tables = step.name, step, stage, tables
        self.table, self.other = node.table, relations.get(node.table)
        declared = tables[node.table]
        shared = [name for name in declared.key if name in stage.types]
        self.fixed = tuple(name for name in shared if declared.columns[name].empty is not EVERY)
        self.reads = frozenset(shared)
        self.index, self.unsure = Index(self.fixed), set[Rid]()

    def update(self, work: Work, deltas: Mapping[str, Delta]) -> None:
        """Look up where the row's key differs, or a row of the table with its key does."""
        for rid in work.gone:
            self.index.drop(rid)
            self.unsure.discard(rid)
        dirty = set(work.reading(self.reads))
        for rid in dirty:
            self._place(rid, work.rows[rid])
        if changed := deltas.get(self.table):
            dirty |= self.unsure
            for rows in changed.values():
                for row in filter(None, rows):
                    dirty.update(self.index.of(tuple(row[name] for name in self.fixed)))
        self._look_up(work, dirty)

    def _place(self, rid: Rid, row: Values) -> None:
        self.index.put(rid, row)
        known = all(is_known(row[name]) for name in self.reads)
        (self.unsure.discard if known else self.unsure.add)(rid)

    def _look_up(self, work: Work, dirty: set[Rid]) -> None:
        if self.other is None:
            self._run(work, dirty, None)
        elif len(dirty) > _MANY:
            self._run(work, dirty, self.other.frame)
        else:
            if unsure := dirty & self.unsure:
                self._run(work, unsure, self.other.frame)
            for key in {self.index.at[rid] for rid in dirty - self.unsure}:
                rids = [rid for rid in self.index.of(key) if rid in dirty and rid not in self.unsure]
                self._run(work, rids, self.other.only(self.other.by(self.fixed).of(key)))

    def _run(self, work: Work, rids: Iterable[Rid], frame: Frame | None) -> None:
        frames = {} if frame is None else {self.table: frame}
        work.compute(self.name, rids, lambda rows: look_up(self.step, self.stage, rows, frames, self.tables))


class AcrossStep:
    """An aggregate of another relation's rows."""

    def __init__(self, name: str, node: Across, stage: Stage, other: LiveRows) -> None:
        self.name, self.node, self.stage, self.other = name, node, stage, other
        columns = (part for part in walk(node) if isinstance(part, Column))
        self.reads = frozenset(column.name for column in columns if not column.table)

    def update(self, work: Work, deltas: Mapping[str, Delta]) -> None:
        """Aggregate for the rows that differ; for all where the other relation does."""
        rids = list(work.rows) if deltas.get(self.node.table) else work.reading(self.reads)
        if rids:
            of, frame = self.stage.types[self.name], self.other.frame
            work.compute(self.name, rids, lambda rows: aggregate(self.name, self.node, rows, frame, of))
