"""Runs a bound policy's stages on frames: rows joined and kept, columns step by step, then groups."""

from __future__ import annotations

from collections.abc import Mapping

from ...language.bind import Step, fold
from ...language.evaluate import lay_out
from ...language.nodes import Across, Cohort, Column, Lookup, Node, conjuncts, walk
from ...language.operators import OPERATORS
from ...language.types import unknown
from ...language.values import is_known
from ...model.facts import Table
from ...model.program import WHERE, Stage
from .across import aggregate
from .cohorts import cohort, grouped
from .frames import PRESENT, Frame, Key, Values
from .lookups import look_up

_and, _or = OPERATORS["and"].meaning, OPERATORS["or"].meaning


def run_stage(stage: Stage, frames: Mapping[str, Frame], tables: Mapping[str, Table]) -> tuple[Frame, list[Values]]:
    """The frame a stage gives, and the rows it was computed on (for a view: before grouping)."""
    rows = _product([_worth_joining(stage, frames[name]) for name in stage.sources])
    for step in stage.keeps:
        _run_step(step, stage, rows, frames, tables)
    if stage.keeps:
        rows = [row for row in rows if keep(row)]
    if stage.by == () and not rows:  # one group even of nothing
        rows = [{name: unknown(of) for name, of in stage.types.items()} | {PRESENT: False}]
    for step in stage.steps:
        _run_step(step, stage, rows, frames, tables)
    return (Frame(stage.name, stage.grain.key, rows) if stage.by is None else groups_of(stage, stage.by, rows)), rows


def groups_of(stage: Stage, by: tuple[str, ...], rows: list[Values]) -> Frame:
    """One row per group, in order of the keys."""
    members = grouped(rows, by)
    kept = list(stage.grain.columns)
    ordered = sorted(members.items(), key=lambda item: list(map(str, item[0])))
    groups = [group for key, together in ordered for group in _apart(key, together)]
    coarse = [{name: group[0][name] for name in kept} | _presence(by, group) for group in groups]
    return Frame(stage.name, stage.grain.key, coarse, members=members)


def _worth_joining(stage: Stage, frame: Frame) -> list[Values]:
    """A source's rows but those that alone show that no combination with them is kept.

    Where the condition compares rows with one another, all of them are needed for it.
    """
    if len(stage.sources) < 2 or stage.where is None or not frame.rows:
        return frame.rows
    if any(isinstance(part, Cohort) for part in walk(stage.where)):
        return frame.rows
    alone = [lay_out(part) for part in conjuncts(fold(stage.where)) if _is_of(part, frame.rows[0])]
    return [row for row in frame.rows if all(part.value(row) is not False for part in alone)]


def _is_of(node: Node, row: Values) -> bool:
    """Whether a condition reads nothing but the columns of a row."""
    parts = walk(node)
    return not any(isinstance(p, Cohort | Lookup | Across) or (isinstance(p, Column) and p.key not in row) for p in parts)


def _product(sources: list[list[Values]]) -> list[Values]:
    """Every combination of rows, in order of the sources'."""
    rows: list[Values] = [{}]
    for others in sources:
        rows = [_joined(row, other) for row in rows for other in others]
    return rows


def _joined(row: Values, other: Values) -> Values:
    both = {**row, **other}
    if PRESENT in both:
        both[PRESENT] = _and(row.get(PRESENT, True), other.get(PRESENT, True))
    return both


def keep(row: Values) -> bool:
    """Whether a relation keeps the row, once its condition is computed; one that it perhaps keeps counts as perhaps there."""
    truth = row.pop(WHERE)
    if truth is None:
        row[PRESENT] = _and(row.get(PRESENT, True), None)
    return truth is not False


def _apart(key: Key, rows: list[Values]) -> list[list[Values]]:
    """The groups that rows with one key make: each its own where the key isn't known, for each may turn out another."""
    return [rows] if all(map(is_known, key)) else [[row] for row in rows]


def _presence(by: tuple[str, ...], group: list[Values]) -> Values:
    """Whether a row of a view counts, where that is open: one of its rows must, and its key be known."""
    if not by:
        return {}
    counts = _or(*(row.get(PRESENT, True) for row in group), False)
    if counts and not all(is_known(group[0][name]) for name in by):
        counts = None
    return {} if counts else {PRESENT: counts}


def _run_step(
    step: Step, stage: Stage, rows: list[Values], frames: Mapping[str, Frame], tables: Mapping[str, Table]
) -> None:
    match step.node:
        case Cohort():
            cohort(step.name, step.node, stage, rows)
        case Lookup():
            look_up(step, stage, rows, frames, tables)
        case Across() as node:
            aggregate(step.name, node, rows, frames[node.table], stage.types[step.name])
        case node:
            expression = lay_out(node)
            for row in rows:
                row[step.name] = expression.value(row)
