"""Look-ups, in columns: the row of another table with the same key, or whether there is one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ...language.nodes import Lookup
from ...model.facts import EVERY, Table
from ...model.program import Stage
from .aggregates import ONE, ZERO
from .expressions import (
    FALSE,
    NULL,
    TRUE,
    Aggregate,
    Col,
    Expr,
    both,
    case,
    coalesce,
    equal,
    is_null,
    known,
    less,
    plus,
    surely,
)
from .frames import Frame, joined
from .relations import Group, Keep, Pick, Relation, column
from .values import Truth, Value, columns, or_unknown, unknown


@dataclass(frozen=True)
class Match:
    """What is found by one pattern of the key: how many rows, whether one surely counts, and the cells of one."""

    count: Expr
    sure: Expr
    cells: list[Expr]


def look_up(frame: Frame, node: Lookup, stage: Stage, frames: Mapping[str, Frame], tables: Mapping[str, Table]) -> tuple[Frame, Value]:
    """The frame with what was found, and the column of the row found, or whether there is one."""
    table = tables[node.table]
    nothing = unknown(table.types[node.column]) if node.column else Truth(FALSE if table.absent == "none" else NULL)
    if node.table not in frames:
        return frame, nothing
    other = frames[node.table]
    matches: list[Match] = []
    for fixed, kept in _patterns(table, stage, other):
        frame, match = _matched(frame, other, fixed, kept, node.column)
        matches.append(match)
    return frame, _cell(other.values[node.column], nothing, matches) if node.column else _exists(matches)


def _patterns(table: Table, stage: Stage, other: Frame) -> Iterator[tuple[tuple[str, ...], Relation]]:
    """Each way of matching: the key columns compared, and the rows that are compared by them."""
    shared = [name for name in table.key if name in stage.types]
    wild = [name for name in shared if table.columns[name].empty is EVERY and not other.values[name].sure]
    for n in range(len(wild) + 1):
        for every in itertools.combinations(wild, n):
            cells = {name: next(iter(columns("", other.values[name]).values())) for name in wild}
            condition = both(*(is_null(cell) if name in every else known(cell) for name, cell in cells.items()))
            relation = other.relation if condition == TRUE else Keep(other.relation, condition)
            yield tuple(name for name in shared if name not in every), relation


def _matched(frame: Frame, other: Frame, fixed: tuple[str, ...], rows: Relation, wanted: str) -> tuple[Frame, Match]:
    """The frame with what one pattern finds."""
    theirs = [*other.group, *(_plain(other.values[name]) for name in fixed)]
    cells = list(columns("", other.values[wanted]).values()) if wanted else []
    names = [frame.names.fresh("found") for _ in cells]
    n, sure = frame.names.fresh("matches"), frame.names.fresh("counts")
    aggregates = {n: Aggregate("count", (), "int"), sure: Aggregate("any", (surely(other.present or TRUE),), "truth")}
    aggregates |= {name: Aggregate("first", (cell,), cell.kind) for name, cell in zip(names, cells, strict=True)}
    grouped = _single(rows, theirs, aggregates) if {*other.key} <= {*fixed} else Group(rows, tuple(theirs), aggregates)
    frame, mine = frame.plain_keys(fixed)
    relation = joined(frame, grouped, zip((*frame.group, *mine), theirs, strict=True), {name: name for name in aggregates})
    found = [Col(name, cell.kind) for name, cell in zip(names, cells, strict=True)]
    return replace(frame, relation=relation), Match(coalesce(Col(n, "int"), ZERO), coalesce(Col(sure, "truth"), FALSE), list(found))


def _single(rows: Relation, keys: list[str], aggregates: Mapping[str, Aggregate]) -> Relation:
    """The aggregates of single rows, told apart by the keys."""
    found = {name: a.args[0] if a.args else ONE for name, a in aggregates.items()}
    return Pick(rows, {**{key: column(rows, key) for key in keys}, **found})


def _plain(value: Value) -> str:
    """The plain column of a key, some of whose cells may stand for every value."""
    expr = next(iter(columns("", value).values()))
    assert isinstance(expr, Col)
    return expr.name


def _exists(matches: list[Match]) -> Truth:
    found = case(*((m.sure, TRUE) for m in matches), *((less(ZERO, m.count), NULL) for m in matches), otherwise=FALSE)
    return Truth(found, sure=False)


def _cell(value: Value, nothing: Value, matches: list[Match]) -> Value:
    """What stands in the only row found, if it surely counts."""
    n = matches[0].count
    for match in matches[1:]:
        n = plus(n, match.count)
    cells = list(columns("", value).values())

    def chosen(mine: Expr, none: Expr) -> Expr:
        at = cells.index(mine)
        whens = ((both(equal(n, ONE), m.sure), m.cells[at]) for m in matches)
        return case(*whens, otherwise=none)

    return or_unknown(value, nothing, chosen)


