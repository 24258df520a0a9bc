"""One relation of a policy kept up to date: which rows a change touches, column by column, stopping where nothing differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from ...language.evaluate import lay_out
from ...language.nodes import Across, Cohort, Lookup, walk
from ...model.facts import Table
from ...model.program import Stage
from ..scalar.frames import PRESENT, Values
from ..scalar.stages import groups_of, keep, run_stage
from .rows import Delta, Index, LiveRows, Rid, frames
from .steps import LiveStep, Work, live_step

_NONE: Final = object()


class Delegate(Protocol):
    """Fills some columns of a stage in another way than the scalar engine does, with the same values."""

    columns: frozenset[str]

    def fill(self, work: Work) -> None:
        """Put the columns into the rows that were touched, and mark what differs."""


def live_stage(stage: Stage, relations: Mapping[str, LiveRows], tables: Mapping[str, Table]) -> LiveStage | WholeStage:
    """The stage kept up to date row by row where that is enough, else computed as a whole."""
    alone = len(stage.sources) == 1 and stage.by != ()
    plain = all(not isinstance(part, Cohort | Lookup | Across) for step in stage.keeps for part in walk(step.node))
    kind = LiveStage if alone and plain else WholeStage
    return kind(stage, relations, tables)


def reads_tables(stage: Stage) -> frozenset[str]:
    """The other relations that a stage rests on."""
    parts = [part for step in (*stage.keeps, *stage.steps) for part in walk(step.node)]
    return frozenset({*stage.sources, *(p.table for p in parts if isinstance(p, Lookup | Across))})


class WholeStage:
    """A stage that is computed anew when anything it rests on changes."""

    def __init__(self, stage: Stage, relations: Mapping[str, LiveRows], tables: Mapping[str, Table]) -> None:
        self.stage, self.frames, self.tables = stage, frames(relations), tables
        self.out = LiveRows(stage.name, stage.grain.key)
        self._computed: list[Values] = []
        self._reads, self._begun = reads_tables(stage), False
        if stage.by is not None:
            self.out.members = (self.in_order, stage.by)

    def update(self, deltas: Mapping[str, Delta]) -> Delta:
        """Compute all rows anew; those that differ."""
        if self._begun and not any(deltas.get(name) for name in self._reads):
            return {}
        self._begun = True  # even of no rows a view without keys makes one
        frame, self._computed = run_stage(self.stage, self.frames, self.tables)
        now = _numbered(frame.rows, self.stage.grain.key)
        self.out.order.update({rid: at for at, rid in enumerate(now)})
        gone = [rid for rid in self.out.rows if rid not in now]
        delta: dict[Rid, tuple[Values | None, Values | None]] = {rid: (self.out.rows[rid], None) for rid in gone}
        delta |= {rid: (was, row) for rid, row in now.items() if (was := self.out.rows.get(rid)) != row}
        for rid, (_, row) in delta.items():
            if row is None:
                self.out.drop(rid)
                self.out.order.pop(rid, None)
        for rid, row in now.items():  # all: what computed on them are these rows, not the equal ones before
            self.out.put(rid, row)
        return delta

    def in_order(self) -> list[Values]:
        """The rows it computed on, with every column."""
        return self._computed


def _numbered(rows: Sequence[Values], key: tuple[str, ...]) -> dict[Rid, Values]:
    """Rows by their ids, in their order."""
    found: dict[Rid, Values] = {}
    seen: dict[Any, int] = {}
    for row in rows:
        values = tuple([row[name] for name in key])
        number = seen[values] = seen.get(values, -1) + 1
        found[values, number] = row
    return found


class LiveStage:
    """A stage of one source, kept up to date row by row and cohort by cohort."""

    def __init__(self, stage: Stage, relations: Mapping[str, LiveRows], tables: Mapping[str, Table]) -> None:
        self.stage, self.source = stage, relations[stage.source]
        self.out = LiveRows(stage.name, stage.grain.key)
        self.work = Work(stage, self.source.order)
        self.delegate: Delegate | None = None
        self.steps: list[LiveStep] = [live_step(step, stage, relations, tables) for step in stage.steps]
        self._keeps = [(step.name, lay_out(step.node)) for step in stage.keeps]
        self._groups = Index(stage.by or ())
        if stage.by is None:
            self.out.order = self.source.order
        else:
            self.out.members = (self.in_order, stage.by)

    def in_order(self) -> list[Values]:
        """The rows it computed on, with every column."""
        return [self.work.rows[rid] for rid in self.source.sorted(self.work.rows)]

    def update(self, deltas: Mapping[str, Delta]) -> Delta:
        """Compute what the changes touch; the rows that differ."""
        self.work.touched, self.work.gone = {}, {}
        for rid, (_, row) in deltas.get(self.source.name, {}).items():
            self._take(rid, row)
        elsewhere = self.delegate.columns if self.delegate else frozenset()
        for step in self.steps:
            if step.name not in elsewhere:
                step.update(self.work, deltas)
        if self.delegate:
            self.delegate.fill(self.work)
        return self._rows() if self.stage.by is None else self._grouped(self.stage.by)

    def _take(self, rid: Rid, row: Values | None) -> None:
        """One row of the source, as it is now."""
        kept = None if row is None else self._kept(dict(row))
        before = self.work.rows.get(rid)
        if kept is None:
            if before is not None:
                self.work.gone[rid] = self.work.rows.pop(rid)
        elif before is None:
            self.work.rows[rid] = kept
            self.work.touched[rid] = None
        else:
            kept.setdefault(PRESENT, True)
            changed = {name for name, value in kept.items() if before.get(name, True if name == PRESENT else _NONE) != value}
            self.work.rows[rid] = _without_presence({**before, **kept})
            self.work.touched[rid] = changed

    def _kept(self, row: Values) -> Values | None:
        for name, expression in self._keeps:
            row[name] = expression.value(row)
        return None if self._keeps and not keep(row) else row

    def _rows(self) -> Delta:
        delta: dict[Rid, tuple[Values | None, Values | None]] = {}
        for rid, before in self.work.gone.items():
            self.out.drop(rid)
            delta[rid] = (before, None)
        for rid, changed in self.work.touched.items():
            before_or_none = self.out.rows.get(rid)
            self.out.put(rid, self.work.rows[rid])
            if changed is None or changed:
                delta[rid] = (before_or_none, self.work.rows[rid])
        return delta

    def _grouped(self, by: tuple[str, ...]) -> Delta:
        dirty = {key for rid in self.work.gone for key in self._groups.drop(rid)}
        seen = {*self.stage.grain.columns, *by, PRESENT}
        for rid, changed in self.work.touched.items():
            if changed is None or changed & seen:
                dirty |= self._groups.put(rid, self.work.rows[rid])
        delta: dict[Rid, tuple[Values | None, Values | None]] = {}
        for key in dirty:
            members = [self.work.rows[rid] for rid in self.source.sorted(self._groups.of(key))]
            rows = groups_of(self.stage, by, members).rows if members else []
            self._compare(key, rows, delta)
        return delta

    def _compare(self, key: Any, rows: list[Values], delta: dict[Rid, tuple[Values | None, Values | None]]) -> None:
        for number, row in enumerate(rows):
            before = self.out.rows.get((key, number))
            if before != row:
                self.out.order[key, number] = ([*map(str, key)], number)
                self.out.put((key, number), row)
                delta[key, number] = (before, row)
        number = len(rows)
        while (key, number) in self.out.rows:
            delta[key, number] = (self.out.rows[key, number], None)
            self.out.drop((key, number))
            del self.out.order[key, number]
            number += 1


def _without_presence(row: Values) -> Values:
    """The row, which says nothing of whether it counts where that is certain."""
    if row.get(PRESENT) is True:
        del row[PRESENT]
    return row


