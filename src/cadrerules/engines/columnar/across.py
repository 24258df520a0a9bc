"""Aggregates of another table's rows, in columns: pairs of rows that may belong together, then aggregates."""

from __future__ import annotations

from dataclasses import replace

from ...language.across import COUNTING, parts_of
from ...language.nodes import Across, Apply, Node, conjunction
from ...language.types import Type
from .aggregates import AGGREGATES, Gathering
from .capabilities import Unsupported
from .expressions import TRUE, Col, Const, Expr, both, perhaps, reads, whole
from .frames import Frame, joined, key_expr
from .relations import Join, Keep, Pick, Relation, column
from .values import Truth, Value, columns, over


def aggregate(frame: Frame, node: Across, other: Frame, of: Type) -> tuple[Frame, Value]:
    """The frame with what was gathered of the rows that count for each row, and the aggregate."""
    alone, equal, rest = parts_of(node)
    theirs, present = _named(other, node.table)
    truth = theirs.truth(conjunction(alone))
    met = Truth(both(present, truth.expr), sure=truth.sure and (present == TRUE))
    relation = theirs.relation if met.expr == TRUE else Keep(theirs.relation, perhaps(met.expr))
    keys, open_pairs = _keys(frame, theirs, equal)
    arguments = () if node.function in COUNTING else node.args
    pairs, met = _pairs(frame, replace(theirs, relation=relation), met, keys, [*open_pairs, *rest], arguments)
    rows = frame.row
    gathering = Gathering(pairs.relation, rows, frame.names, None if met.sure else met.expr, maybe_empty=True)
    taken: list[Value] = [pairs.value(arg) for arg in arguments] or [Truth(TRUE, sure=True)]
    value: Value = AGGREGATES[node.function](gathering, *taken, of)
    grouped = gathering.grouped()
    wanted = {name: name for name in gathering.wanted}
    return replace(frame, relation=joined(frame, grouped, zip(rows, rows, strict=True), wanted)), value


def _named(other: Frame, table: str) -> tuple[Frame, Expr]:
    """The other table's rows under plain names of their own, its columns under `table.column`."""
    fresh = {name: other.names.fresh(name) for name in other.relation.columns}
    chosen = {new: column(other.relation, name) for name, new in fresh.items()}

    def renamed(value: Value) -> Value:
        return over(value, [_renamed(expr, fresh) for expr in columns("", value).values()])

    values = {f"{table}.{name}": renamed(value) for name, value in other.values.items()}
    group = tuple(fresh[name] for name in other.group)
    present = TRUE if other.present is None else _renamed(other.present, fresh)
    return replace(other, relation=Pick(other.relation, chosen), values=values, group=group, present=None), present


def _renamed(expr: Expr, fresh: dict[str, str]) -> Expr:
    if isinstance(expr, Const):
        return expr
    assert isinstance(expr, Col)
    return Col(fresh[expr.name], expr.kind)


def _keys(frame: Frame, theirs: Frame, equal: list[tuple[Node, Node]]) -> tuple[list[tuple[Expr, Expr]], list[Node]]:
    """The equalities between known values, by which rows are matched, and those that are conditions like others."""
    keys: list[tuple[Expr, Expr]] = []
    open_pairs: list[Node] = []
    for here, there in equal:
        try:
            keys.append((key_expr(frame.value(here), ""), key_expr(theirs.value(there), "")))
        except Unsupported:
            open_pairs.append(Apply("==", (here, there)))
    return keys, open_pairs


def _pairs(
    frame: Frame, theirs: Frame, met: Truth, keys: list[tuple[Expr, Expr]], rest: list[Node], arguments: tuple[Node, ...]
) -> tuple[Frame, Truth]:
    """Each row with each of the other table's that may count for it, and whether it does."""
    here, my_keys = frame.plain({"key": keys[0][0]}) if len(keys) == 1 else frame.plain({f"key_{i}": k for i, (k, _) in enumerate(keys)})
    there, their_keys = theirs.plain({f"key_{i}": k for i, (_, k) in enumerate(keys)})
    merged = {**frame.values, **theirs.values}
    parts = [replace(frame, values=merged).value(node) for node in (*rest, *arguments)]
    needed = {name for value in parts for expr in columns("", value).values() for name in reads(expr)} | {*reads(met.expr)}
    on = tuple(zip((*frame.group, *my_keys), (*theirs.group, *their_keys), strict=True))
    first = _only(here, {*frame.row, *needed, *(mine for mine, _ in on)})
    second = _only(there, {*needed, *(their for _, their in on)})
    pairs: Relation = Join(first, second, on)
    truths = [value.expr for value in parts[: len(rest)] if isinstance(value, Truth)]
    whole = both(met.expr, *truths)
    sure = met.sure and all(value.sure for value in parts[: len(rest)])
    if truths:
        pairs = Keep(pairs, perhaps(whole) if not sure else whole)
    return replace(frame, relation=pairs, values=merged), Truth(whole, sure)


def _only(frame: Frame, names: set[str]) -> Relation:
    """Some plain columns of a frame's rows; one at least, for without any there would be no rows."""
    chosen: dict[str, Expr] = {name: column(frame.relation, name) for name in frame.relation.columns if name in names}
    return Pick(frame.relation, chosen or {frame.names.fresh("row"): whole(1)})
