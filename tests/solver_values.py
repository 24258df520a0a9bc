"""Values of the reference as the solver has them: variables, with what they stand for, so that results can be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import z3
from hypothesis import strategies as st

from cadrerules.engines.solver.symbols import Symbol, Thing, Truth, both, either, lift, no
from cadrerules.language import types
from cadrerules.language.periods import PERIODS, Quarter
from cadrerules.language.types import Type, unknown
from cadrerules.language.values import is_known
from properties.abstract_values import WORDS

MONTH_ENDS = [date(y, m, d) for y in (1901, 1999, 2000, 2023, 2024, 2099) for m, d in ((1, 1), (2, 28), (3, 1), (12, 31))]
LEAP_DAYS = [date(y, 2, 29) for y in (1904, 2000, 2024, 2096)]
FIRST, LAST = date(1901, 1, 1), date(2099, 12, 31)
ENDS = [date.min, date.max]
"""What stands for an open beginning or end."""


def calendar_days(*, ends: bool = True) -> st.SearchStrategy[date]:
    """Days that the solver can count with, often at the ends of months."""
    any_day = st.dates(FIRST, LAST)
    month_end = any_day.map(lambda day: PERIODS["month"].of(day).last_day())
    return st.one_of(any_day, month_end, st.sampled_from([*MONTH_ENDS, *LEAP_DAYS, *(ENDS if ends else ())]))


def known(of: Type) -> st.SearchStrategy[Any]:
    """Known values of a type."""
    match of:
        case types.Truth():
            return st.booleans()
        case types.Number():
            return st.one_of(st.integers(-6, 40), st.fractions(-6, 6, max_denominator=4).map(_plain))
        case types.Choice():
            return st.sampled_from(of.options)
        case types.Text():
            return st.sampled_from(WORDS)
        case types.Date():
            return calendar_days()
        case types.Period():
            kind = "quarter" if of.kind == "any" else of.kind
            return st.dates(FIRST, LAST).map(lambda day: PERIODS[kind].of(day) if of.kind != "any" else Quarter.of(day))


def _plain(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


@dataclass
class Variables:
    """Variables made so far, each with the value that it stands for."""

    stands_for: list[tuple[Any, Any]] = field(default_factory=list)

    def _new(self, value: Any) -> Any:
        lifted = lift(value)
        variable = z3.Const(f"v{len(self.stands_for)}", lifted.sort())
        self.stands_for.append((variable, lifted))
        return variable

    @st.composite
    @staticmethod
    def _either_way(draw: st.DrawFn, variables: Variables, value: Any) -> Any:
        return variables._new(value) if draw(st.booleans()) else value

    def flag(self, draw: st.DrawFn, holds: bool) -> Any:
        """A truth of two values, settled or a variable."""
        return draw(self._either_way(self, holds))

    def truth(self, draw: st.DrawFn, value: bool | None) -> Truth:
        """A truth; where it is None, one that isn't known, whatever lies behind it."""
        settled = draw(st.booleans())
        if settled:
            return Truth(bool(value), value is not False)
        behind, here = self._new(draw(st.booleans()) if value is None else value), self.flag(draw, value is not None)
        return Truth(both(here, behind), either(no(here), behind))

    def thing(self, draw: st.DrawFn, value: Any, of: Type) -> Thing:
        """A value; of one that isn't known the solver has any value, which must not matter."""
        here = is_known(value)
        behind = value if here else draw(known(of))
        return Thing(draw(self._either_way(self, behind)), self.flag(draw, here))

    def symbol(self, draw: st.DrawFn, value: Any, of: Type) -> Symbol:
        """The value of a type as the solver has it."""
        return self.truth(draw, value) if isinstance(of, types.Truth) else self.thing(draw, value, of)

    def settled(self, expression: Any) -> Any:
        """What an expression comes to: a truth, or a number (a word, day or period is one to the solver)."""
        found = z3.simplify(z3.substitute(lift(expression), *self.stands_for))
        if z3.is_bool(found):
            assert z3.is_true(found) or z3.is_false(found), found
            return z3.is_true(found)
        assert z3.is_int_value(found) or z3.is_rational_value(found), found
        return Fraction(found.as_long()) if z3.is_int_value(found) else found.as_fraction()

    def known(self, symbol: Symbol) -> bool:
        """Whether the solver takes it for decided."""
        if isinstance(symbol, Thing):
            return bool(self.settled(symbol.known))
        return bool(self.settled(symbol.sure)) or not self.settled(symbol.possible)

    def value(self, symbol: Symbol) -> Any:
        """The value of what is decided."""
        return self.settled(symbol.value if isinstance(symbol, Thing) else symbol.sure)


def as_solved(value: Any) -> Any:
    """A known value of the reference, as `Variables.value` gives it."""
    return value if isinstance(value, bool) else Variables().settled(value)


@st.composite
def perhaps_known(draw: st.DrawFn, of: Type) -> Any:
    """A known value of a type, or its unknown value."""
    return draw(known(of)) if draw(st.integers(0, 3)) else unknown(of)
