"""Expressions, windows and aggregates over plain columns as nodes of SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isinf
from typing import Any

from sqlglot import exp

from ..columnar.expressions import FALSE, Aggregate, Call, Case, Col, Const, Expr, Kind, Over
from .bounds import Estimate
from .functions import TYPES, Dialect, Node, Translation, cast, function, listed, number, text

Resolve = Callable[[str], Node]


@dataclass(frozen=True)
class Writer:
    """Writes expressions in one dialect; `resolve` gives the node of a column's name, `kind_of` its kind, `estimate` its bounds."""

    dialect: Dialect
    resolve: Resolve
    kind_of: Callable[[str], Kind]
    estimate: Estimate

    @property
    def _functions(self) -> Translation:
        return Translation(self.dialect, self.estimate)

    def column(self, expr: Expr | Aggregate) -> Node:
        """The expression as a column of a table: a whole number in the widest type."""
        node = self.aggregate(expr) if isinstance(expr, Aggregate) else self.node(expr)
        return cast(node, "bigint") if expr.kind == "int" and not self._is_wide(expr) else node

    def node(self, expr: Expr) -> Node:
        """The expression."""
        match expr:
            case Col(name=name):
                return self.resolve(name)
            case Const():
                return constant(expr)
            case Call(name=name, args=args):
                return self._functions.call(expr, self._args(name, args))
            case Case(whens=whens, otherwise=otherwise):
                ifs = [exp.If(this=self.condition(c), true=self.node(v)) for c, v in whens]
                nothing = isinstance(otherwise, Const) and otherwise.value is None and _is_typed(whens)
                return exp.Case(ifs=ifs, default=None if nothing else self.node(otherwise))
            case Over():
                return self._over(expr)

    def _args(self, name: str, args: tuple[Expr, ...]) -> list[Node]:
        if name in ("chosen", "possible"):
            return [self.node(arg) if at % 2 else self.condition(arg) for at, arg in enumerate(args)]
        return [self.node(arg) for arg in args]

    def condition(self, expr: Expr) -> Node:
        """The expression where only its being true matters."""
        return self.node(_plainly(expr))

    def _over(self, over: Over) -> Node:
        ordered = [self._ordered(name, descending) for name, descending in over.order]
        frame = _frame(over)
        window = exp.Window(
            this=_WINDOWS[over.function](over.back, *map(self.node, over.args)),
            partition_by=[self.resolve(name) for name in over.partition],
            order=exp.Order(expressions=ordered) if ordered else None,
            spec=frame,
        )
        return cast(window, "bigint") if self._is_narrowed(over.function) else window

    def _is_narrowed(self, function: str) -> bool:
        """Whether a window's number comes in another type than ours."""
        ranks = function in ("row_number", "rank", "dense_rank")
        return ranks if self.dialect == "spark" else function == "sum"

    def _ordered(self, name: str, descending: bool) -> Node:
        node = self._functions.collated(self.resolve(name), self.kind_of(name))
        nulls_first = {"duckdb": False, "spark": not descending, "postgres": descending}[self.dialect]
        return exp.Ordered(this=node, desc=descending or None, nulls_first=nulls_first)

    def aggregate(self, aggregate: Aggregate) -> Node:
        """The aggregate of a group's rows."""
        args = [self.node(arg) for arg in aggregate.args]
        if aggregate.function in ("min", "max"):
            args = [self._functions.collated(args[0], aggregate.kind)]
        name = aggregate.function
        if name == "first" and self.dialect == "postgres":
            name = "any" if aggregate.kind == "truth" else "min"
        found = _AGGREGATES[name](*args)
        return cast(found, "bigint") if name == "sum" and self.dialect != "spark" else found

    def _is_wide(self, expr: Expr | Aggregate) -> bool:
        """Whether a whole number comes in the widest type already."""
        match expr:
            case Col() | Over(function="row_number" | "rank" | "dense_rank" | "sum"):
                return True
            case Aggregate(function=name, args=args):
                return name in ("count", "sum", "distinct") or self._is_wide(args[0])
            case Const(value=value):
                return value is None
            case Case(whens=whens, otherwise=otherwise):
                return any(self._is_wide(value) for _, value in whens) or self._is_wide(otherwise)
            case Call(name=name, args=args):
                return name not in _AS_ARGUMENTS or any(map(self._is_wide, args))
            case Over(args=args):
                return self._is_wide(args[0])


_AS_ARGUMENTS = frozenset(("add", "sub", "mul", "floordiv", "mod", "abs", "least", "greatest", "coalesce"))


def _is_typed(whens: tuple[tuple[Expr, Expr], ...]) -> bool:
    return not all(isinstance(value, Const) and value.value is None for _, value in whens)


def _plainly(expr: Expr) -> Expr:
    """The condition without what only makes false of null."""
    match expr:
        case Call(name="coalesce", args=(inner, other)) if other == FALSE:
            return _plainly(inner)
        case Call(name="and" | "or" as name, args=args):
            return Call(name, tuple(map(_plainly, args)), "truth")
        case _:
            return expr


def constant(const: Const) -> Node:
    """A constant; null with its type."""
    value = const.value
    if value is None:
        return cast(exp.Null(), TYPES[const.kind])
    match const.kind:
        case "truth":
            return exp.Boolean(this=value)
        case "int":
            return number(value)
        case "float":
            return cast(_double(value), "double")
        case "day":
            assert isinstance(value, date)
            return cast(text(value.isoformat()), "date")
        case "list":
            items = listed([text(item) for item in value])
            return items if value else cast(items, TYPES["list"])
        case _:
            return text(value)


def _double(value: float) -> Node:
    if isinf(value):
        return text("Infinity" if value > 0 else "-Infinity")
    literal = exp.Literal.number(str(abs(value)))
    return exp.Neg(this=literal) if value < 0 else literal


# --- windows and aggregates ---------------------------------------------------------------------

_RUNNING = {"sum": ("CURRENT ROW", ""), "max": ("CURRENT ROW", ""), "max_before": ("1", "PRECEDING")}


def _frame(over: Over) -> Node | None:
    """The rows a running function looks at; the others take what SQL gives them."""
    if not over.order or over.function not in _RUNNING:
        return None
    end, side = _RUNNING[over.function]
    last: dict[str, Any] = {"end": end} if not side else {"end": exp.Literal.number(end), "end_side": side}
    return exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", **last)


_WINDOWS: Mapping[str, Callable[..., Node]] = {
    "row_number": lambda _: function("ROW_NUMBER"),
    "rank": lambda _: function("RANK"),
    "dense_rank": lambda _: function("DENSE_RANK"),
    "sum": lambda _, x: exp.Sum(this=x),
    "max": lambda _, x: exp.Max(this=x),
    "max_before": lambda _, x: exp.Max(this=x),
    "lag": lambda back, x: function("LAG", x, number(back)),
}
_AGGREGATES: Mapping[str, Callable[..., Node]] = {
    "count": lambda: exp.Count(this=exp.Star()),
    "sum": lambda x: exp.Sum(this=x),
    "min": lambda x: exp.Min(this=x),
    "max": lambda x: exp.Max(this=x),
    "any": lambda x: function("BOOL_OR", x),
    "distinct": lambda x: exp.Count(this=exp.Distinct(expressions=[x])),
    "first": lambda x: function("ANY_VALUE", x),
}
