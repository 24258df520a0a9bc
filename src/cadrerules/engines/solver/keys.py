"""Which keys the rows of a small world have: as many as its shape asks for, and those that rules name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from ...language.periods import PERIODS, Quarter
from ...language.types import Choice, Date, Number, Period, Text
from ...model.facts import ColumnSpec, Table
from .shape import Shape


def pool(shape: Shape, table: Table, name: str) -> list[Any]:
    """The keys there are in one column, the first the one that matters most."""
    place = (table.name, name)
    return list(dict.fromkeys((*_usual(shape, place, table.columns[name]), *shape.named.get(place, ()))))


def told(shape: Shape, table: Table, name: str, after: int = 0) -> str:
    """The keys in one column in words, or those after the first few: each, but of ids, numbers and periods in turn the first and the last."""
    column = table.columns[name]
    usual = [str(written(column, value)) for value in dict.fromkeys(_usual(shape, (table.name, name), column))]
    keys = [str(written(column, value)) for value in pool(shape, table, name)]
    in_turn, others = usual[after:], keys[len(usual) :]
    if len(in_turn) > 3 and isinstance(column.type, Text | Number | Period):
        in_turn = [f"{in_turn[0]}..{in_turn[-1]}"]
    return "/".join((*in_turn, *others))


def _usual(shape: Shape, place: tuple[str, str], column: ColumnSpec) -> Sequence[Any]:
    many = shape.ids.get(place, 1)
    match column.type:
        case Choice(options=options):
            return shape.choices.get(place, options)
        case Period(kind=kind):
            last = (Quarter if kind == "any" else PERIODS[kind]).of(shape.last_day)
            return [last + -back for back in range(shape.periods)]
        case Text():
            return [identifier(column, n + 1) for n in range(many)]
        case Date():
            return _last_days(shape, many)
        case Number(low=low, high=high):
            first = int(low) if isfinite(low) else 1
            return [n for n in range(first, first + many) if n <= high]
        case _:
            return [True]


def _last_days(shape: Shape, many: int) -> list[date]:
    """The last days of the last periods, so many of each; where rules ask for no periods, the last days of the year."""
    last = shape.last_day
    ends = [(PERIODS[kind].of(last) + -back).last_day() for kind in shape.grains for back in range(shape.periods)]
    return [end - timedelta(days=n) for end in dict.fromkeys(ends or [last]) for n in range(many)]


def written(column: ColumnSpec, value: Any) -> Any:
    """A key as it is written: numbers in their own units."""
    return Decimal(value).scaleb(-column.type.scale) if isinstance(column.type, Number) and column.type.scale else value


def identifier(column: ColumnSpec, number: int) -> str:
    """An id of the kind that a column holds: `U1` for a unit."""
    return identifier_of(column.about.references.rpartition(".")[2] or column.name, number)


def identifier_of(name: str, number: int) -> str:
    """The n-th id of a kind, with a leading zero so that ids sort by their numbers; long names keep two letters."""
    return f"{name[:1].upper() if len(name) < 7 else name[:2].capitalize()}{number:02}"
