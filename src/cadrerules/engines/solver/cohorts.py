"""Functions of the rows that belong together, on symbols: a row counts as far as it is there."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import z3

from . import days
from .operators import equal
from .symbols import (
    NOTHING,
    TRUE,
    Bool,
    Symbol,
    Thing,
    Truth,
    UnsupportedError,
    alike,
    both,
    conjunction,
    disjunction,
    either,
    lift,
    negation,
    no,
    pick,
    plus,
    tally,
)

Member = tuple[Truth, tuple[Symbol, ...]]
"""Whether a row counts, and what the function looks at in it."""


def aggregate(function: str, members: Sequence[Member]) -> Symbol:
    """What an aggregate gives of rows that count as far as they are there."""
    return _AGGREGATES[function]([(counts, args) for counts, args in members if counts.possible is not False])


def _sure(members: Sequence[Member]) -> Bool:
    """Whether it is settled which rows count, and all of their values are known."""
    return both(*(either(no(c.possible), both(c.sure, *(a.known for a in args))) for c, args in members))


def _any(members: Sequence[Member]) -> Symbol:
    return disjunction(*(conjunction(counts, _truth(args)) for counts, args in members)) if members else negation(TRUE)


def _all(members: Sequence[Member]) -> Symbol:
    return conjunction(*(disjunction(negation(counts), _truth(args)) for counts, args in members)) if members else TRUE


def _truth(args: tuple[Symbol, ...]) -> Truth:
    found = args[0] if args else TRUE
    assert isinstance(found, Truth)
    return found


def _count(members: Sequence[Member]) -> Symbol:
    holding = [conjunction(counts, _truth(args)) for counts, args in members]
    return Thing(tally(t.sure for t in holding), both(*(t.known for t in holding)))


def _total(members: Sequence[Member]) -> Symbol:
    return Thing(plus(pick(counts.sure, _value(args), 0) for counts, args in members), _sure(members))


def _value(args: tuple[Symbol, ...]) -> Any:
    (thing,) = args
    assert isinstance(thing, Thing)
    return thing.value


def _mean(members: Sequence[Member]) -> Symbol:
    """The sum over the number of rows, case by case of the number, which keeps it linear."""
    total = lift(plus(pick(counts.sure, _value(args), 0) for counts, args in members))
    many = tally(counts.sure for counts, _ in members)
    real = z3.ToReal(total) if z3.is_int(total) else total
    mean: Any = real
    for number in range(2, len(members) + 1):
        mean = pick(_is(many, number), real / number, mean)
    return Thing(mean, both(_sure(members), no(_is(many, 0))))


def _is(number: Any, value: int) -> Bool:
    return number == value


def _distinct(members: Sequence[Member]) -> Symbol:
    new = [
        both(counts.sure, *(no(both(other.sure, _equal(arg, another))) for other, (another,) in members[:i]))
        for i, (counts, (arg,)) in enumerate(members)
    ]
    return Thing(tally(new), _sure(members))


def _equal(one: Symbol, other: Symbol) -> Bool:
    """Whether two values that are known are the same."""
    if isinstance(one, Truth) and isinstance(other, Truth):
        return either(both(one.sure, other.sure), no(either(one.possible, other.possible)))
    return equal(one, other).sure


def _extreme(greatest: bool) -> Callable[[Sequence[Member]], Symbol]:
    def extreme(members: Sequence[Member]) -> Symbol:
        found, there = NOTHING.value, False
        any_there: Bool = there
        for counts, args in members:
            value = _value(args)
            one, other = alike(value, found)
            better = either(no(any_there), one >= other if greatest else one <= other)
            found = pick(both(counts.sure, better), one, other)
            any_there = either(any_there, counts.sure)
        return Thing(found, both(any_there, _sure(members)))

    return extreme


MOST_SPANS = 6


def _days_covered(members: Sequence[Member]) -> Symbol:
    """Days in one span or another: those of each, less those of two, plus those of three, and so on."""
    if len(members) > MOST_SPANS:
        raise UnsupportedError(f"days covered by more than {MOST_SPANS} spans")
    parts = []
    for size in range(1, len(members) + 1):
        for chosen in itertools.combinations(members, size):
            there = both(*(counts.sure for counts, _ in chosen))
            parts.append(pick(there, _common(chosen) if size % 2 else -_common(chosen), 0))
    return Thing(plus(parts), _sure(members))


def _common(chosen: Sequence[Member]) -> Any:
    """How many days lie in all of these spans."""
    firsts = [args[0].value for _, args in chosen if isinstance(args[0], Thing)]
    lasts = [args[1].value for _, args in chosen if isinstance(args[1], Thing)]
    first = firsts[0]
    for other in firsts[1:]:
        first = days.later(first, other)
    last = lasts[0]
    for other in lasts[1:]:
        last = pick(lift(last) <= lift(other), last, other)
    length = days.number_of(last) - days.number_of(first) + 1
    return z3.If(lift(first) <= lift(last), length, z3.IntVal(0))


_AGGREGATES: dict[str, Callable[[Sequence[Member]], Symbol]] = {
    "any": _any,
    "all": _all,
    "count": _count,
    "total": _total,
    "mean": _mean,
    "distinct": _distinct,
    "lowest": _extreme(greatest=False),
    "highest": _extreme(greatest=True),
    "days_covered": _days_covered,
}

# --- places and sequences ---------------------------------------------------------------------------


def ranks(members: Sequence[Member], order: str = "descending", ties: str = "competition") -> list[Symbol]:
    """The place of each row among those that are there; they come in order of their keys."""
    values = [lift(_value(args)) for _, args in members]
    known = _sure(members)

    def above(other: int, one: int) -> Bool:
        a, b = alike(values[other], values[one])
        return a > b if order == "descending" else a < b

    def tied(other: int, one: int) -> Bool:
        a, b = alike(values[other], values[one])
        return a == b

    def ahead(other: int, one: int) -> Bool:
        there = members[other][0].sure
        if ties == "ordinal" and other < one:
            return both(there, either(above(other, one), tied(other, one)))
        if ties == "dense":
            again = [both(members[k][0].sure, tied(k, other)) for k in range(other) if k != one]
            return both(there, above(other, one), *map(no, again))
        return both(there, above(other, one))

    everyone = range(len(members))
    return [Thing(plus([1, tally(ahead(other, one) for other in everyone if other != one)]), known) for one in everyone]


Dated = tuple[int, Truth, Symbol]
"""The number of a row's period, whether the row is there, and the value looked at."""


def runs(rows: Sequence[Dated], gap: str = "breaks") -> list[Symbol]:
    """For each row, how many consecutive periods that end with it hold; rows come in order of periods."""
    found: list[Symbol] = []
    length: Any = 0
    known: Bool = True
    before: int | None = None
    for period, there, holds in rows:
        assert isinstance(holds, Truth)
        if gap == "breaks" and before is not None and period != before + 1:
            length, known = 0, True
        here = pick(holds.sure, plus([length, 1]), 0)
        here_known = both(holds.known, either(no(holds.possible), known))
        found.append(Thing(here, here_known))
        absent, absent_known = (0, True) if gap == "breaks" else (length, known)
        length = pick(there.sure, here, absent)
        known = both(there.known, pick(there.sure, here_known, absent_known))
        before = period
    return found


def previous(rows: Sequence[Dated], back: int = 1) -> list[Symbol]:
    """For each row, the value so many periods earlier; unknown where there is no such row."""
    by_period = {period: (there, value) for period, there, value in rows}
    return [_as_far_as(by_period.get(period - back)) or _unknown_like(value) for period, _, value in rows]


def _as_far_as(found: tuple[Truth, Symbol] | None) -> Symbol | None:
    if found is None:
        return None
    there, value = found
    if isinstance(value, Truth):
        return Truth(both(there.sure, value.sure), either(no(there.sure), value.possible))
    return Thing(value.value, both(there.sure, value.known))


def _unknown_like(value: Symbol) -> Symbol:
    return Truth(False, True) if isinstance(value, Truth) else NOTHING
