"""Expressions over plain columns: a small closed set of nodes that every columnar engine can run.

Unlike the rule language they know nothing of bounds: a column holds whole numbers, doubles, texts, days
or truths, and null is SQL's null. Truths are three-valued as in SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

Kind = Literal["int", "float", "text", "day", "truth", "list"]


@dataclass(frozen=True, slots=True)
class Col:
    """A column of the relation."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Const:
    """A constant; None is null."""

    value: Any
    kind: Kind


@dataclass(frozen=True, slots=True)
class Call:
    """A primitive function of `OPERATIONS` on values of one row."""

    name: str
    args: tuple[Expr, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first condition that is true, else `otherwise`."""

    whens: tuple[tuple[Expr, Expr], ...]
    otherwise: Expr

    @property
    def kind(self) -> Kind:
        """The kind of its values."""
        return self.otherwise.kind


@dataclass(frozen=True, slots=True)
class Over:
    """A window function over the rows that share `partition`, in `order` (column, descending).

    Without an order it is of the whole partition; `sum` and `max` with one are running, up to the row itself.
    """

    function: str
    args: tuple[Expr, ...]
    partition: tuple[str, ...]
    order: tuple[tuple[str, bool], ...]
    kind: Kind
    back: int = 1


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function of a group's rows."""

    function: str
    args: tuple[Expr, ...]
    kind: Kind


Expr: TypeAlias = Col | Const | Call | Case | Over

OPERATIONS: dict[str, str] = {
    "and": "all true",
    "or": "one true",
    "not": "the opposite",
    "eq": "equal",
    "lt": "less",
    "le": "at most",
    "add": "sum",
    "sub": "difference",
    "mul": "product",
    "div": "quotient of two doubles",
    "floor": "the whole number at or below a double",
    "floordiv": "the quotient of whole numbers, floored",
    "mod": "the rest of a floored division",
    "abs": "without sign",
    "least": "the least that is not null",
    "greatest": "the greatest that is not null",
    "is_null": "whether it is null",
    "coalesce": "the first that is not null",
    "double": "as a double",
    "whole": "a double without fraction as a whole number",
    "year": "of a day",
    "month": "of a day",
    "dom": "day of the month",
    "month_days": "how many days the day's month has",
    "make_day": "from year, month and day",
    "add_days": "so many days later",
    "add_months": "so many months later, clamped to the month's end",
    "days": "days from the first to the second",
    "text": "a whole number or day as text",
    "part": "of a text so many signs from a place on, which counts from 1",
    "number": "a whole number of any type, or written in digits",
    "scaled": "a number of any type times a factor, rounded to a whole one",
    "concat": "texts joined",
    "chosen": "the list of those texts whose condition, before each, is true",
    "possible": "the same, an empty text as null",
    "pad": "a whole number as text of at least so many digits",
}
"""The primitive functions and what each gives."""

TRUE, FALSE, NULL = Const(True, "truth"), Const(False, "truth"), Const(None, "truth")


def whole(value: int | None) -> Const:
    """A whole number."""
    return Const(value, "int")


def text(value: str | None) -> Const:
    """A text."""
    return Const(value, "text")


def day(value: date | None) -> Const:
    """A day."""
    return Const(value, "day")


def both(*conditions: Expr) -> Expr:
    """All of them, three-valued; what is always true is left out, and one that is false is all."""
    return _joined("and", TRUE, FALSE, conditions)


def either(*conditions: Expr) -> Expr:
    """One of them, three-valued."""
    return _joined("or", FALSE, TRUE, conditions)


def _joined(name: str, neutral: Const, decisive: Const, conditions: tuple[Expr, ...]) -> Expr:
    kept = [c for c in dict.fromkeys(conditions) if c != neutral]
    if decisive in kept:
        return decisive
    if not kept:
        return neutral
    return kept[0] if len(kept) == 1 else Call(name, tuple(kept), "truth")


def negation(condition: Expr) -> Expr:
    """The opposite; null stays null."""
    if isinstance(condition, Const):
        return Const(None if condition.value is None else not condition.value, "truth")
    if isinstance(condition, Call) and condition.name == "not":
        return condition.args[0]
    return Call("not", (condition,), "truth")


def equal(a: Expr, b: Expr) -> Expr:
    """Whether they are equal; null where one is."""
    return _compared("eq", a, b)


def less(a: Expr, b: Expr) -> Expr:
    """Whether the first is less; null where one is."""
    return _compared("lt", a, b)


def at_most(a: Expr, b: Expr) -> Expr:
    """Whether the first is at most the second; null where one is."""
    return _compared("le", a, b)


_FOLD = {"eq": lambda a, b: a == b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b}


def _compared(name: str, a: Expr, b: Expr) -> Expr:
    if any(isinstance(one, Const) and one.value is None for one in (a, b)):
        return NULL
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(_FOLD[name](a.value, b.value), "truth")
    return Call(name, (a, b), "truth")


def is_null(a: Expr) -> Expr:
    """Whether it is null."""
    return Const(a.value is None, "truth") if isinstance(a, Const) else Call("is_null", (a,), "truth")


def known(a: Expr) -> Expr:
    """Whether it is not null."""
    return negation(is_null(a))


def surely(condition: Expr) -> Expr:
    """The condition with null as false."""
    return coalesce(condition, FALSE)


def perhaps(condition: Expr) -> Expr:
    """The condition with null as true."""
    return coalesce(condition, TRUE)


def coalesce(a: Expr, b: Expr) -> Expr:
    """The first, or the second where it is null."""
    if isinstance(a, Const):
        return b if a.value is None else a
    return Call("coalesce", (a, b), a.kind)


def case(*whens: tuple[Expr, Expr], otherwise: Expr) -> Expr:
    """The value of the first condition that is true; what can't be reached is left out."""
    kept: list[tuple[Expr, Expr]] = []
    for condition, value in whens:
        if condition in (FALSE, NULL):
            continue
        if condition == TRUE:
            otherwise = value
            break
        kept.append((condition, value))
    while kept and kept[-1][1] == otherwise:
        kept.pop()
    return Case(tuple(kept), otherwise) if kept else otherwise


def call(name: str, kind: Kind, *args: Expr) -> Expr:
    """A primitive function of `OPERATIONS`."""
    return Call(name, args, kind)


def plus(a: Expr, b: Expr) -> Expr:
    """The sum of whole numbers."""
    if isinstance(a, Const) and isinstance(b, Const):
        return whole(None if a.value is None or b.value is None else a.value + b.value)
    if b == whole(0):
        return a
    return b if a == whole(0) else Call("add", (a, b), a.kind)


def minus(a: Expr, b: Expr) -> Expr:
    """The difference of whole numbers."""
    if isinstance(a, Const) and isinstance(b, Const):
        return whole(None if a.value is None or b.value is None else a.value - b.value)
    return a if b == whole(0) else Call("sub", (a, b), a.kind)


def product(a: Expr, b: Expr) -> Expr:
    """The product of whole numbers."""
    if isinstance(a, Const) and isinstance(b, Const):
        return whole(None if a.value is None or b.value is None else a.value * b.value)
    if b == whole(1):
        return a
    return b if a == whole(1) else Call("mul", (a, b), a.kind)


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly below this one."""
    match expr:
        case Call() | Over():
            return expr.args
        case Case():
            return (*(e for when in expr.whens for e in when), expr.otherwise)
        case Col() | Const():
            return ()


def reads(expr: Expr) -> Iterator[str]:
    """The names of the columns that an expression reads."""
    if isinstance(expr, Col):
        yield expr.name
    if isinstance(expr, Over):
        yield from expr.partition
        yield from (name for name, _ in expr.order)
    for part in parts(expr):
        yield from reads(part)


def has_window(expr: Expr) -> bool:
    """Whether it needs other rows."""
    return isinstance(expr, Over) or any(map(has_window, parts(expr)))
