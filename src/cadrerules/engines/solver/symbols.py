"""What a cell or condition is to the solver: plain Python where it is settled, a z3 expression where it isn't.

A number, date, word or period is a `Thing`: its value, and whether it is known at all. A truth is a
`Truth`: whether it surely and whether it possibly holds. Settled parts are folded away as they arise, so that
what reaches the solver is only what the variables decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

import z3

from ...language.periods import Period
from ...language.types import Truth as TruthType
from ...language.types import Type
from ...language.values import is_known

Bool: TypeAlias = "bool | z3.BoolRef"
"""A settled truth, or one that the variables decide."""


class UnsupportedError(Exception):
    """The solver can't express this; what rests on it stays undecided."""


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A value of any type but truth, and whether it is known."""

    value: Any
    known: Bool = True

    @property
    def settled(self) -> bool:
        """Whether it is one known Python value."""
        return self.known is True and not isinstance(self.value, z3.ExprRef)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Whether something surely holds, and whether it possibly does."""

    sure: Bool
    possible: Bool

    @property
    def settled(self) -> bool:
        """Whether both are plain Python."""
        return not isinstance(self.sure, z3.ExprRef) and not isinstance(self.possible, z3.ExprRef)

    @property
    def known(self) -> Bool:
        """Whether it is decided."""
        return either(self.sure, no(self.possible))


Symbol: TypeAlias = Thing | Truth

TRUE, FALSE, OPEN = Truth(True, True), Truth(False, False), Truth(False, True)
NOTHING = Thing(0, False)
"""A value of which nothing is known."""


def truth(condition: Bool) -> Truth:
    """A truth that is known, whatever it is."""
    return Truth(condition, condition)


def constant(value: Any, of: Type) -> Symbol:
    """A value of the language; of one that is partly known nothing is kept."""
    if isinstance(of, TruthType):
        return OPEN if value is None else truth(value)
    return Thing(value) if is_known(value) else NOTHING


# --- logic that folds -------------------------------------------------------------------------------


def both(*parts: Bool) -> Bool:
    """All of them."""
    rest = [part for part in parts if part is not True]
    if any(part is False for part in rest):
        return False
    return True if not rest else rest[0] if len(rest) == 1 else z3.And(*rest)


def either(*parts: Bool) -> Bool:
    """One of them."""
    rest = [part for part in parts if part is not False]
    if any(part is True for part in rest):
        return True
    return False if not rest else rest[0] if len(rest) == 1 else z3.Or(*rest)


def no(part: Bool) -> Bool:
    """The opposite."""
    return not part if isinstance(part, bool) else z3.Not(part)


def pick(condition: Bool, then: Any, otherwise: Any) -> Any:
    """One of two values, or of two truths."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if then is otherwise or (not isinstance(then, z3.ExprRef) and not isinstance(otherwise, z3.ExprRef) and then == otherwise):
        return then
    if isinstance(then, bool | z3.BoolRef):
        return either(both(condition, then), both(no(condition), otherwise))
    return z3.If(condition, *alike(then, otherwise))


def tally(parts: Iterable[Bool]) -> Any:
    """How many of them hold."""
    return plus(pick(part, 1, 0) for part in parts)


def plus(numbers: Iterable[Any]) -> Any:
    """The sum."""
    settled, rest = 0, []
    for number in numbers:
        if isinstance(number, z3.ExprRef):
            rest.append(number)
        else:
            settled += number
    if not rest:
        return settled
    return z3.Sum(*rest, *([lift(settled)] if settled else [])) if len(rest) > 1 or settled else rest[0]


# --- truths of three values -------------------------------------------------------------------------


def conjunction(*truths: Truth) -> Truth:
    """False when one is false, unknown when none is but one may be."""
    if all(t.sure is t.possible for t in truths):
        return truth(both(*(t.sure for t in truths)))
    return Truth(both(*(t.sure for t in truths)), both(*(t.possible for t in truths)))


def disjunction(*truths: Truth) -> Truth:
    """True when one is true, unknown when none is but one may be."""
    return negation(conjunction(*map(negation, truths)))


def negation(of: Truth) -> Truth:
    """The opposite; unknown stays unknown."""
    if of.sure is of.possible:
        return truth(no(of.sure))
    return Truth(no(of.possible), no(of.sure))


# --- as z3 has it -----------------------------------------------------------------------------------

_words: dict[str, int] = {}


def code(word: str) -> int:
    """The number that stands for a word or id; the same in the whole process."""
    return _words.setdefault(word, len(_words))


DAY_STEP = 32
"""A day is its month, counted from the year 0, times this, plus the day of the month."""


def day_code(day: date) -> int:
    """The number that stands for a day; later days have greater ones."""
    return (day.year * 12 + day.month - 1) * DAY_STEP + day.day


def day_of(number: int) -> date:
    """The day that a number stands for."""
    month, day = divmod(number, DAY_STEP)
    return date(month // 12, month % 12 + 1, day)


def lift(value: Any) -> Any:
    """A settled value as z3 has it; an expression stays as it is."""
    match value:
        case z3.ExprRef():
            return value
        case bool():
            return z3.BoolVal(value)
        case int():
            return z3.IntVal(value)
        case Fraction():
            return z3.Q(value.numerator, value.denominator)
        case str():
            return z3.IntVal(code(value))
        case date():
            return z3.IntVal(day_code(value))
        case Period():
            return z3.IntVal(value.ordinal)
        case _:
            raise UnsupportedError(f"{value!r}")


def alike(first: Any, second: Any) -> tuple[Any, Any]:
    """Two values as z3 has them, both of one sort."""
    a, b = lift(first), lift(second)
    if z3.is_int(a) and z3.is_real(b):
        return z3.ToReal(a), b
    if z3.is_real(a) and z3.is_int(b):
        return a, z3.ToReal(b)
    return a, b


def variables(*conditions: Any) -> frozenset[str]:
    """The names of all variables that conditions rest on."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [lift(condition) for condition in conditions]
    while waiting:
        part = waiting.pop()
        if part.get_id() in seen:
            continue
        seen.add(part.get_id())
        if z3.is_const(part) and part.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            found.add(part.decl().name())
        waiting.extend(part.children())
    return frozenset(found)
