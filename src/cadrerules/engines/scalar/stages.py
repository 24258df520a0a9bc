"""Runs a bound policy's stages on frames: columns step by step, cohorts by the language's own functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ...language.bind import Step, fold
from ...language.cohorts import COHORTS, CohortFunction, previous
from ...language.evaluate import lay_out
from ...language.nodes import Across, Cohort, Column, Literal, Lookup, Node, conjuncts, walk
from ...language.operators import OPERATORS
from ...language.types import unknown
from ...language.values import is_known
from ...model.facts import EVERY, Table
from ...model.program import WHERE, Stage
from .across import aggregate
from .frames import PRESENT, Frame, Key, Values

_and, _equal, _or = OPERATORS["and"].meaning, OPERATORS["=="].meaning, OPERATORS["or"].meaning


def run_stage(stage: Stage, frames: Mapping[str, Frame], tables: Mapping[str, Table]) -> tuple[Frame, list[Values]]:
    """The frame a stage gives, and the rows it was computed on (for a view: before grouping)."""
    rows = _product([_worth_joining(stage, frames[name]) for name in stage.sources])
    for step in stage.keeps:
        _run_step(step, stage, rows, frames, tables)
    if stage.keeps:
        rows = [row for row in rows if _keep(row)]
    if stage.by == () and not rows:
        rows = [{name: unknown(of) for name, of in stage.types.items()} | {PRESENT: False}]
    for step in stage.steps:
        _run_step(step, stage, rows, frames, tables)
    if stage.by is None:
        return Frame(stage.name, stage.grain.key, rows), rows
    members = grouped(rows, stage.by)
    kept = list(stage.grain.columns)
    groups = [group for _, group in sorted(members.items(), key=lambda item: list(map(str, item[0])))]
    coarse = [{name: group[0][name] for name in kept} | _presence(stage.by, group) for group in groups]
    return Frame(stage.name, stage.grain.key, coarse, members=members), rows


def _worth_joining(stage: Stage, frame: Frame) -> list[Values]:
    """A source's rows but those that alone show that no combination with them is kept."""
    if len(stage.sources) < 2 or stage.where is None or not frame.rows:
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


def _keep(row: Values) -> bool:
    """Whether a relation keeps the row; one that it perhaps keeps counts as perhaps there."""
    truth = row.pop(WHERE)
    if truth is None:
        row[PRESENT] = _and(row.get(PRESENT, True), None)
    return truth is not False


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
            _cohort(step.name, step.node, stage, rows)
        case Lookup():
            _look_up(step, stage, rows, frames, tables)
        case Across() as node:
            aggregate(step.name, node, rows, frames[node.table], stage.types[step.name])
        case node:
            expression = lay_out(node)
            for row in rows:
                row[step.name] = expression.value(row)


def grouped(rows: Sequence[Values], by: Sequence[str]) -> dict[Key, list[Values]]:
    """The rows by their values in some columns."""
    groups: dict[Key, list[Values]] = defaultdict(list)
    for row in rows:
        groups[tuple([row[name] for name in by])].append(row)
    return groups


def _cohort(name: str, node: Cohort, stage: Stage, rows: list[Values]) -> None:
    function = COHORTS[node.function]
    arguments = [arg.name for arg in node.args if isinstance(arg, Column)]
    options = {key: option.value for key, option in node.options if isinstance(option, Literal)}
    if node.per == () and function.kind == "aggregate":
        return _in_all(name, function, arguments, rows, stage)
    doubtful = [row for row in rows if not _is_certain(row, node.per)]
    for row in doubtful:
        row[name] = unknown(stage.types[name])
    for key, group in grouped([row for row in rows if _is_certain(row, node.per)], node.per).items():
        if any(may_match(row, node.per, key) for row in doubtful):
            for row in group:
                row[name] = unknown(stage.types[name])
            continue
        if function.kind == "sequence":
            group.sort(key=lambda row: row[stage.along].ordinal)
        values = _values(group, arguments)
        for row, value in zip(group, _results(node, stage, group, values, arguments[0], options), strict=True):
            row[name] = value
    return None


def _in_all(name: str, function: CohortFunction, arguments: list[str], rows: list[Values], stage: Stage) -> None:
    """An aggregate of all rows, of those too that perhaps count; there may be none."""
    surely = [row for row in rows if row.get(PRESENT, True)]
    perhaps = [row for row in rows if row.get(PRESENT, True) is None]
    value = function.meaning(_values(surely, arguments), _values(perhaps, arguments))
    for row in rows:
        row[name] = unknown(stage.types[name]) if value is None else value


def _values(rows: list[Values], arguments: list[str]) -> list[Any]:
    """The values of a function's argument; of several, as tuples."""
    if len(arguments) == 1:
        return [row[arguments[0]] for row in rows]
    return [tuple(row[name] for name in arguments) for row in rows]


def _is_certain(row: Values, per: Sequence[str]) -> bool:
    """Whether it is known to which cohort the row belongs, and that it counts."""
    return row.get(PRESENT, True) is True and all(is_known(row[name]) for name in per)


def may_match(row: Values, names: Sequence[str], key: Sequence[Any]) -> bool:
    """Whether the row's values in some columns may turn out to be those of a key."""
    return all(_equal(row[name], value) is not False for name, value in zip(names, key, strict=True))


def _results(
    node: Cohort, stage: Stage, group: list[Values], values: list[Any], argument: str, options: dict[str, Any]
) -> list[Any]:
    function = COHORTS[node.function]
    match function.kind:
        case "ranking":
            return list(function.meaning(values, **options))
        case "aggregate":
            return [function.meaning(values)] * len(group)
        case "sequence":
            periods = [row[stage.along] for row in group]
            if function.meaning is previous:
                return previous(periods, values, unknown(stage.types[argument]), **options)
            return list(function.meaning(periods, values, **options))


def _look_up(
    step: Step, stage: Stage, rows: list[Values], frames: Mapping[str, Frame], tables: Mapping[str, Table]
) -> None:
    node = step.node
    assert isinstance(node, Lookup)
    table = tables[node.table]
    if node.table not in frames:
        absent = unknown(table.types[node.column]) if node.column else (False if table.absent == "none" else None)
        for row in rows:
            row[step.name] = absent
        return
    index = Index(frames[node.table], table, stage.types)
    for row in rows:
        if not all(is_known(row[name]) for name in index.shared):
            found = [dict(other, **{PRESENT: None}) for other in index.perhaps_matching(row)]
        else:
            found = index.matching(row)
        row[step.name] = _column_of(found, node.column, table) if node.column else _exists(found)


def _exists(found: list[Values]) -> bool | None:
    present = [row.get(PRESENT, True) for row in found]
    return True if True in present else None if None in present else False


def _column_of(found: list[Values], column: str, table: Table) -> Any:
    surely = [row for row in found if row.get(PRESENT, True)]
    return surely[0][column] if len(surely) == 1 and len(found) == 1 else table.columns[column].unknown


class Index:
    """Finds the rows of a table with the same key values; an empty key cell may match every value."""

    def __init__(self, frame: Frame, table: Table, here: Mapping[str, Any]) -> None:
        self.shared = tuple(name for name in table.key if name in here)
        self.wild = tuple(name for name in self.shared if table.columns[name].empty is EVERY)
        self.unknowns = {name: table.columns[name].unknown for name in self.wild}
        self.patterns: dict[tuple[str, ...], dict[Key, list[Values]]] = defaultdict(lambda: defaultdict(list))
        for row in frame.rows:
            fixed = tuple(n for n in self.shared if n not in self.wild or row[n] != self.unknowns[n])
            self.patterns[fixed][tuple(row[n] for n in fixed)].append(row)

    def perhaps_matching(self, row: Values) -> list[Values]:
        """The rows whose key may turn out to agree with the row's values, not all of which are known."""
        return [
            other
            for fixed, by_key in self.patterns.items()
            for key, others in by_key.items()
            if may_match(row, fixed, key)
            for other in others
        ]

    def matching(self, row: Values) -> list[Values]:
        """The rows whose key agrees with the row's values."""
        found: list[Values] = []
        for fixed, rows in self.patterns.items():
            found += rows.get(tuple([row[name] for name in fixed]), ())
        return found
