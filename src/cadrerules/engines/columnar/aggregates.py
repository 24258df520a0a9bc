"""Functions of all rows that belong together, in columns: the aggregates of `language.cohorts` by sums and extremes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...language.types import Type
from .capabilities import Unsupported
from .days import FIRST, days
from .expressions import (
    FALSE,
    NULL,
    TRUE,
    Aggregate,
    Col,
    Const,
    Expr,
    Kind,
    Over,
    both,
    call,
    case,
    coalesce,
    equal,
    is_null,
    minus,
    negation,
    perhaps,
    plus,
    product,
    surely,
    whole,
)
from .operators import MEANINGS
from .relations import Extend, Group, Names, Relation
from .values import Day, Number, Span, Truth, Value, Word, truth, unknown

ONE, ZERO = whole(1), whole(0)


@dataclass
class Gathering:
    """Collects what has to be aggregated of a group's rows, each once.

    `present` is whether a row counts, where that is open; `maybe_empty` whether there may be no row at all,
    whose aggregates are null then.
    """

    relation: Relation
    by: tuple[str, ...]
    names: Names
    present: Expr | None = None
    maybe_empty: bool = False
    wanted: dict[str, Aggregate] = field(default_factory=dict)

    def of(self, function: str, *args: Expr, kind: Kind | None = None) -> Expr:
        """An aggregate of the group's rows."""
        aggregate = Aggregate(function, args, kind or (args[0].kind if args else "int"))
        for name, known_one in self.wanted.items():
            if known_one == aggregate:
                return Col(name, aggregate.kind)
        name = self.names.fresh(function)
        self.wanted[name] = aggregate
        return Col(name, aggregate.kind)

    def how_many(self, condition: Expr) -> Expr:
        """In how many rows it is true."""
        if condition == TRUE:
            return self.number("count")
        return coalesce(self.of("sum", case((condition, ONE), otherwise=ZERO)), ZERO)

    def number(self, function: str, *args: Expr) -> Expr:
        """A count, nought where there is no row."""
        found = self.of(function, *args, kind="int")
        return coalesce(found, ZERO) if self.maybe_empty else found

    def one(self, condition: Expr) -> Expr:
        """Whether it is true in some row."""
        return coalesce(self.of("any", surely(condition)), FALSE)

    def grouped(self, note: str = "") -> Relation:
        """One row per group with all that was wanted."""
        return Group(self.relation, self.by, self.wanted, note)

    @property
    def counts(self) -> Expr:
        """Whether a row surely counts."""
        return TRUE if self.present is None else surely(self.present)

    @property
    def open(self) -> Expr:
        """Whether it is open if a row counts."""
        return FALSE if self.present is None else is_null(self.present)


def total(g: Gathering, of: Number, _: Type) -> Number:
    """The exact sum."""
    _whole_only(of)
    low = _sum(g, _counted(g, of.low, "least"), open_end=of.open_low)
    if of.sure and g.present is None:
        return Number(low, low)
    return Number(low, _sum(g, _counted(g, of.high, "greatest"), open_end=of.open_high), None, of.open_low, of.open_high)


def _counted(g: Gathering, end: Expr, name: str) -> Expr:
    """What a row adds to an end of the sum; one that perhaps counts only where that makes it lower, or higher."""
    if g.present is None:
        return end
    added = case((is_null(end), whole(None)), otherwise=call(name, "int", ZERO, end))
    return case((g.counts, end), otherwise=added)


def _sum(g: Gathering, end: Expr, *, open_end: bool) -> Expr:
    found = coalesce(g.of("sum", end), ZERO)
    return case((g.one(is_null(end)), whole(None)), otherwise=found) if open_end else found


def _whole_only(of: Value) -> None:
    if isinstance(of, Number) and of.of is not None:
        raise Unsupported("fractions")


def mean(g: Gathering, of: Number, _: Type) -> Number:
    """The exact mean, a fraction; of no rows unknown."""
    sums, n = total(g, of, _), g.how_many(g.counts)
    over = call("greatest", "int", n, ONE)
    if g.present is None and not g.maybe_empty:
        return Number(sums.low, sums.high, n, sums.open_low, sums.open_high)
    some = FALSE if g.present is None else g.one(g.open)
    low = case((equal(n, ZERO), whole(None)), (some, product(_least(g, of), over)), otherwise=sums.low)
    high = case((equal(n, ZERO), whole(None)), (some, product(_greatest(g, of), over)), otherwise=sums.high)
    return Number(low, high, over, open_low=True, open_high=True)


def _least(g: Gathering, of: Any) -> Expr:
    """The least lower end, infinite where one is."""
    least = g.of("min", of.low)
    return case((g.one(is_null(of.low)), whole(None)), otherwise=least) if getattr(of, "open_low", False) else least


def _greatest(g: Gathering, of: Any) -> Expr:
    most = g.of("max", of.high)
    return case((g.one(is_null(of.high)), whole(None)), otherwise=most) if getattr(of, "open_high", False) else most


def count(g: Gathering, of: Truth, _: Type) -> Number:
    """In how many rows it holds."""
    low = g.how_many(both(g.counts, of.expr))
    if of.sure and g.present is None:
        return Number(low, low)
    return Number(low, g.how_many(perhaps(of.expr)))


def distinct(g: Gathering, of: Value, _: Type) -> Number:
    """How many different values there are."""
    _whole_only(of)
    is_known, cell = MEANINGS["known"](of).expr, _cell(of)
    if of.sure and g.present is None:
        n = g.number("distinct", cell)
        return Number(n, n)
    seen = g.number("distinct", case((both(g.counts, is_known), cell), otherwise=Const(None, cell.kind)))
    all_seen = g.number("distinct", case((is_known, cell), otherwise=Const(None, cell.kind)))
    one = call("least", "int", ONE, g.how_many(g.counts))
    return Number(call("greatest", "int", seen, one), plus(all_seen, g.how_many(negation(is_known))))


def _cell(of: Value) -> Expr:
    match of:
        case Truth(expr=expr) | Span(expr=expr):
            return expr
        case Word(options=options):
            return options[0]
        case Number(low=low) | Day(low=low):
            return low


def lowest(g: Gathering, of: Any, result: Type) -> Any:
    """The least value; of no rows unknown."""
    _whole_only(of)
    return _extreme(g, of, result, _least(g, of), _of_sure(g, "min", of.high))


def highest(g: Gathering, of: Any, result: Type) -> Any:
    """The greatest value; of no rows unknown."""
    _whole_only(of)
    return _extreme(g, of, result, _of_sure(g, "max", of.low), _greatest(g, of))


def _of_sure(g: Gathering, function: str, end: Expr) -> Expr:
    return g.of(function, end if g.present is None else case((g.counts, end), otherwise=Const(None, end.kind)))


def _extreme(g: Gathering, of: Any, result: Type, low: Expr, high: Expr) -> Any:
    if of.sure and g.present is None and not g.maybe_empty:
        return Day(low, low) if isinstance(of, Day) else Number(low, low)
    nothing: Any = unknown(result)
    none = equal(g.how_many(g.counts), ZERO)
    least, most = case((none, nothing.low), otherwise=low), case((none, nothing.high), otherwise=high)
    if isinstance(of, Day):
        return Day(least, most)
    return Number(least, most, None, open_low=True, open_high=True)


def any_of(g: Gathering, of: Truth, _: Type) -> Truth:
    """Whether it holds in one row."""
    return _one_of(g, both(g.present or TRUE, of.expr), sure=of.sure and g.present is None)


def all_of(g: Gathering, of: Truth, _: Type) -> Truth:
    """Whether it holds in every row."""
    fails = _one_of(g, both(g.present or TRUE, negation(of.expr)), sure=of.sure and g.present is None)
    return truth(negation(fails.expr), sure=fails.sure)


def _one_of(g: Gathering, condition: Expr, *, sure: bool) -> Truth:
    if sure:
        return Truth(g.one(condition), sure=True)
    return truth(case((g.one(condition), TRUE), (g.one(is_null(condition)), NULL), otherwise=FALSE))


def days_covered(g: Gathering, first: Day, last: Day, _: Type) -> Number:
    """How many days lie in at least one of the spans, first and last day included."""
    low = _days(g, first.high, last.low, g.counts)
    sure = first.sure and last.sure and g.present is None
    high = low if sure else _days(g, first.low, last.high, TRUE)
    return Number(low, high)


def _days(g: Gathering, first: Expr, last: Expr, counts: Expr) -> Expr:
    """The days that the rows' spans cover, each once; of a row that doesn't count none."""
    begin, end, reached, added = (g.names.fresh(stem) for stem in ("begin", "end", "reached", "added"))
    starts = case((counts, plus(days(FIRST, first), ONE)), otherwise=whole(2**40))
    ends = case((counts, plus(days(FIRST, last), ONE)), otherwise=ZERO)
    before = Over("max_before", (Col(end, "int"),), g.by, ((begin, False), (end, False)), "int")
    since = call("greatest", "int", Col(begin, "int"), plus(coalesce(Col(reached, "int"), ZERO), ONE))
    new = call("greatest", "int", ZERO, plus(minus(Col(end, "int"), since), ONE))
    g.relation = Extend(g.relation, {begin: starts, end: ends, reached: before, added: new})
    return coalesce(g.of("sum", Col(added, "int")), ZERO)


AGGREGATES: Mapping[str, Callable[..., Any]] = {
    "total": total,
    "mean": mean,
    "count": count,
    "distinct": distinct,
    "lowest": lowest,
    "highest": highest,
    "any": any_of,
    "all": all_of,
    "days_covered": days_covered,
}
"""By name what each aggregate of `language.cohorts` gathers, and its value."""
