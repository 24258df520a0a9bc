"""Rows gathered by their keys: each group's own, and those whose key isn't known, which may be of any.

A row whose key is open is copied into every group that it may turn out to belong to, as one that perhaps counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .aggregates import Gathering
from .expressions import NULL, TRUE, Col, Const, Expr, both, case, known, negation, perhaps
from .frames import Frame
from .operators import MEANINGS
from .relations import Group, Join, Keep, Pick, Relation, Union, column
from .values import Day, Number, Span, Truth, Value, Word, columns, over


@dataclass(frozen=True)
class Placed:
    """A frame with a plain column for each key, null where the key is open, and whether a row's keys are all known."""

    frame: Frame
    keys: tuple[str, ...]
    known: Expr

    @property
    def strays(self) -> Frame:
        """The rows whose key is open."""
        return replace(self.frame, relation=Keep(self.frame.relation, negation(self.known)))


def placed(frame: Frame, by: Sequence[str]) -> Placed:
    """The frame with plain columns for the keys of its groups."""
    open_keys = [name for name in by if not frame.values[name].sure]
    cells = {name: _cell(frame.values[name]) for name in open_keys}
    frame, made = frame.plain(cells)
    sure = frame.keys(name for name in by if name not in open_keys)
    whole = both(*(known(column(frame.relation, name)) for name in made))
    return Placed(frame, (*sure, *made), whole)


def _cell(value: Value) -> Expr:
    """The value where it is known, else null."""
    match value:
        case Truth(expr=expr) | Span(expr=expr):
            return expr
        case Word(options=options):
            first: Expr = options[0]
        case Day(low=low) | Number(low=low):
            first = low
    return case((MEANINGS["known"](value).expr, first), otherwise=Const(None, first.kind))


def gathered(at: Placed, by: Sequence[str], *, maybe_empty: bool = False) -> Gathering:
    """What the rows of each group, and those that may be of it, give."""
    frame = at.frame
    if at.known == TRUE:
        return Gathering(frame.relation, at.keys, frame.names, frame.present, maybe_empty)
    frame, (present,) = frame.plain({"present": frame.present or TRUE})
    at = replace(at, frame=frame)
    rows = Union((Keep(frame.relation, at.known), _copies(at, by, present)))
    return Gathering(rows, at.keys, frame.names, Col(present, "truth"), maybe_empty)


def _copies(at: Placed, by: Sequence[str], present: str) -> Relation:
    """Each row whose key is open once in every group that it may be of."""
    frame = at.frame
    keys = Group(Keep(frame.relation, at.known), at.keys, {})
    fresh = {name: frame.names.fresh("of") for name in at.keys}
    groups = Pick(keys, {new: column(keys, name) for name, new in fresh.items()})
    open_keys = [name for name in by if not frame.values[name].sure]
    shared = at.keys[: len(at.keys) - len(open_keys)]
    pairs: Relation = Join(at.strays.relation, groups, tuple((name, fresh[name]) for name in shared))
    own = dict(zip(open_keys, at.keys[len(shared) :], strict=True))
    may = (perhaps(MEANINGS["=="](frame.values[name], _key(frame.values[name], fresh[key])).expr) for name, key in own.items())
    kept = Keep(pairs, both(*may))
    moved: dict[str, Expr] = {key: column(kept, fresh[key]) for key in own.values()}
    return Pick(kept, {**{name: column(frame.relation, name) for name in frame.relation.columns}, **moved, present: NULL})


def _key(value: Value, name: str) -> Value:
    """A group's key as a value that is known."""
    match value:
        case Truth():
            return Truth(Col(name, "truth"), sure=True)
        case Span(kind=kind):
            return Span(Col(name, "int"), kind, sure=True)
        case Word(choices=choices):
            return Word((Col(name, "text"),), choices, nulls=False)
        case Day():
            return Day(Col(name, "day"), Col(name, "day"))
        case Number():
            return Number(Col(name, "int"), Col(name, "int"))


def keys_of(at: Placed, by: Sequence[str]) -> dict[str, Value]:
    """The keys of the groups."""
    frame = at.frame
    open_keys = [name for name in by if not frame.values[name].sure]
    cells = dict(zip(open_keys, at.keys[len(at.keys) - len(open_keys) :], strict=True))
    return {name: _key(frame.values[name], cells[name]) if name in cells else frame.values[name] for name in by}


def beside(first: Frame, second: Frame) -> Frame:
    """The rows of two frames with the same columns."""
    chosen: tuple[dict[str, Expr], dict[str, Expr]] = ({}, {})
    values: dict[str, Value] = {}
    for name, mine in first.values.items():
        one, other = _alike(mine, second.values[name])
        stem = name if name.isidentifier() else first.names.fresh("part")
        held: list[Expr] = []
        for plain, a, b in zip(columns(stem, one), columns(stem, one).values(), columns(stem, other).values(), strict=True):
            chosen[0][plain], chosen[1][plain] = a, b
            held.append(Col(plain, a.kind))
        values[name] = over(one, held)
    frames = (first, second)
    for frame, picked in zip(frames, chosen, strict=True):
        for mine_group, theirs in zip(first.group, frame.group, strict=True):
            picked[mine_group] = column(frame.relation, theirs)
        picked["(there)"] = frame.present or TRUE
    rows = Union(tuple(Pick(frame.relation, picked) for frame, picked in zip(frames, chosen, strict=True)))
    return replace(first, relation=rows, values=values, present=Col("(there)", "truth"))


def _alike(a: Value, b: Value) -> tuple[Value, Value]:
    """Two values of one type in as many plain columns, neither of them known for sure."""
    match a, b:
        case Truth(), Truth():
            return replace(a, sure=False), replace(b, sure=False)
        case Span(), Span():
            return replace(a, sure=False), replace(b, sure=False)
        case Word(), Word():
            n = max(len(a.options), len(b.options))
            wide = [tuple(w.options[min(i, len(w.options) - 1)] for i in range(n)) for w in (a, b)]
            return Word(wide[0], a.choices), Word(wide[1], a.choices)
        case Number(), Number():
            of = a.of is not None or b.of is not None
            one = Const(1, "int")
            made = [Number(w.low, w.high, (w.of or one) if of else None, open_low=True, open_high=True) for w in (a, b)]
            return made[0], made[1]
        case _:
            return a, b


