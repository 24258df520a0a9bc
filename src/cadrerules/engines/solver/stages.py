"""Runs a bound policy's stages on rows of symbols: rows joined and kept, columns step by step, then groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ...language.bind import Step
from ...language.nodes import Across, Cohort, Column, Literal, Lookup
from ...language.periods import Period
from ...model.facts import EVERY, Table
from ...model.program import WHERE, Stage
from .cohorts import Dated, aggregate, previous, ranks, runs
from .expressions import PRESENT, Row, evaluate
from .operators import equal
from .symbols import (
    FALSE,
    NOTHING,
    OPEN,
    TRUE,
    Symbol,
    Thing,
    Truth,
    UnsupportedError,
    both,
    conjunction,
    disjunction,
    either,
    no,
    pick,
)
from .world import World

Frames: TypeAlias = "dict[str, list[Row]]"


def there(row: Row) -> Truth:
    """Whether a row counts."""
    found = row.get(PRESENT, TRUE)
    assert isinstance(found, Truth)
    return found


def run_stage(stage: Stage, frames: Mapping[str, list[Row]], world: World) -> tuple[list[Row], list[Row]]:
    """The rows that a stage gives, each with whether it is there, and those it was computed on before grouping."""
    runner = _Runner(stage, frames, world)
    rows = _product([frames[name] for name in stage.sources])
    for step in stage.keeps:
        runner.step(step, rows)
    if stage.keeps:
        rows = [row for row in map(_kept, rows) if there(row).possible is not False]
    if stage.by == () and not rows:
        rows = [{PRESENT: FALSE, **dict.fromkeys(stage.types, NOTHING)}]
    for step in stage.steps:
        runner.step(step, rows)
    return (rows if stage.by is None else _groups(stage, stage.by, rows)), rows


def _product(sources: Sequence[list[Row]]) -> list[Row]:
    rows: list[Row] = [{}]
    for others in sources:
        rows = [{**row, **other, PRESENT: conjunction(there(row), there(other))} for row in rows for other in others]
    return rows


def _kept(row: Row) -> Row:
    kept = row[WHERE]
    assert isinstance(kept, Truth)
    return {**row, PRESENT: conjunction(there(row), kept)}


def _groups(stage: Stage, by: Sequence[str], rows: list[Row]) -> list[Row]:
    """One row per group; where keys aren't settled, one per row, each with its group's columns."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for i, row in enumerate(rows):
        keys = [row[name] for name in by]
        settled = all(isinstance(k, Thing) and k.settled for k in keys)
        groups.setdefault(tuple(k.value for k in keys if isinstance(k, Thing)) if settled else (i,), []).append(row)
    kept = [*stage.grain.columns]
    presence = [TRUE if not by else disjunction(*map(there, group)) for group in groups.values()]
    return [
        {**{name: group[0][name] for name in kept}, PRESENT: present}
        for group, present in zip(groups.values(), presence, strict=True)
    ]


class _Runner:
    """Runs steps of one stage."""

    def __init__(self, stage: Stage, frames: Mapping[str, list[Row]], world: World) -> None:
        self.stage, self.frames, self.world = stage, frames, world

    def step(self, step: Step, rows: list[Row]) -> None:
        """Put a step's column into every row."""
        match step.node:
            case Cohort() as node:
                for row, value in zip(rows, self.cohort(node, rows), strict=True):
                    row[step.name] = value
            case Lookup() as node:
                for row in rows:
                    row[step.name] = self.look_up(node, row)
            case Across() as node:
                for row in rows:
                    row[step.name] = self.across(node, row)
            case node:
                for row in rows:
                    row[step.name] = evaluate(node, row, self.world)

    # --- rows that belong together ------------------------------------------------------------------

    def cohort(self, node: Cohort, rows: list[Row]) -> list[Symbol]:
        arguments = [arg.name for arg in node.args if isinstance(arg, Column)]
        options = {name: o.value for name, o in node.options if isinstance(o, Literal)}
        if node.function not in ("rank", "run", "previous"):
            return self.aggregates(node, rows, arguments)
        found: dict[int, Symbol] = {}
        for group in self.settled_groups(node.per, rows):
            for row, value in zip(group, self.in_order(node, group, arguments, options), strict=True):
                found[id(row)] = value
        return [found[id(row)] for row in rows]

    def in_order(self, node: Cohort, group: list[Row], arguments: list[str], options: dict[str, Any]) -> list[Symbol]:
        if node.function == "rank":
            return ranks([(there(row), (row[arguments[0]],)) for row in group], **options)
        order = sorted(range(len(group)), key=lambda i: self.period(group[i]))
        dated: list[Dated] = [(self.period(group[i]), there(group[i]), group[i][arguments[0]]) for i in order]
        values = runs(dated, **options) if node.function == "run" else previous(dated, **options)
        placed = dict(zip(order, values, strict=True))
        return [placed[i] for i in range(len(group))]

    def period(self, row: Row) -> int:
        found = row[self.stage.along]
        if not (isinstance(found, Thing) and isinstance(found.value, Period)):
            raise UnsupportedError("a sequence of periods that aren't settled")
        return found.value.ordinal

    def settled_groups(self, per: Sequence[str], rows: list[Row]) -> list[list[Row]]:
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            keys = [row[name] for name in per]
            if not all(isinstance(k, Thing) and k.settled for k in keys):
                raise UnsupportedError("places and sequences by a key that isn't settled")
            groups.setdefault(tuple(k.value for k in keys if isinstance(k, Thing)), []).append(row)
        return list(groups.values())

    def aggregates(self, node: Cohort, rows: list[Row], arguments: list[str]) -> list[Symbol]:
        done: dict[tuple[Any, ...], Symbol] = {}
        near = _settled_keys(node.per, rows)
        found = []
        for i, row in enumerate(rows):
            keys = [row[name] for name in node.per]
            settled = all(isinstance(k, Thing) and k.settled for k in keys)
            place = tuple(k.value for k in keys if isinstance(k, Thing)) if settled else (i, "(own)")
            if place not in done:
                others = [o for o, key in zip(rows, near, strict=True) if not settled or key is None or key == place]
                members = [
                    (conjunction(there(other), _shares(keys, [other[name] for name in node.per])), tuple(other[a] for a in arguments))
                    for other in others
                ]
                done[place] = aggregate(node.function, members)
            found.append(done[place])
        return found

    # --- rows of other tables -----------------------------------------------------------------------

    def look_up(self, node: Lookup, row: Row) -> Symbol:
        table = self.world.tables[node.table]
        if node.table not in self.frames:
            return NOTHING if node.column else FALSE if table.absent == "none" else OPEN
        matches = [(conjunction(there(other), self.same_key(table, row, other)), other) for other in self.frames[node.table]]
        matches = [(truth, other) for truth, other in matches if truth.possible is not False]
        if not node.column:
            return disjunction(*(truth for truth, _ in matches)) if matches else FALSE
        return _looked_up([(truth, other[node.column]) for truth, other in matches])

    def same_key(self, table: Table, row: Row, other: Row) -> Truth:
        names = [name for name in table.key if name in self.stage.types]
        wild = {name for name in names if table.columns[name].empty is EVERY and other[name] is NOTHING}
        names = [name for name in names if name not in wild]
        return _shares([row[name] for name in names], [other[name] for name in names])

    def across(self, node: Across, row: Row) -> Symbol:
        members = []
        for other in self.frames[node.table]:
            joined = {**row, **{f"{node.table}.{name}": value for name, value in other.items()}}
            met = evaluate(node.where, joined, self.world)
            assert isinstance(met, Truth)
            counts = conjunction(there(other), met)
            if counts.possible is not False:
                members.append((counts, tuple(evaluate(arg, joined, self.world) for arg in node.args)))
        return aggregate(node.function, members)


def _settled_keys(per: Sequence[str], rows: list[Row]) -> list[tuple[Any, ...] | None]:
    """The settled key of each row; None where it isn't settled."""
    keys = [[row[name] for name in per] for row in rows]
    return [tuple(k.value for k in key if isinstance(k, Thing)) if all(isinstance(k, Thing) and k.settled for k in key) else None for key in keys]


def _looked_up(matches: list[tuple[Truth, Symbol]]) -> Symbol:
    if not matches:
        return NOTHING
    value, known = matches[-1][1], matches[-1][0].sure
    if isinstance(value, Truth):
        raise UnsupportedError("a truth that is looked up")
    found, any_known = value.value, both(known, value.known)
    for truth, other in reversed(matches[:-1]):
        assert isinstance(other, Thing)
        found = pick(truth.sure, other.value, found)
        any_known = either(both(truth.sure, other.known), both(no(truth.possible), any_known))
    return Thing(found, any_known)


def _shares(keys: Sequence[Symbol], others: Sequence[Symbol]) -> Truth:
    return conjunction(*(equal(one, other) for one, other in zip(keys, others, strict=True)))
