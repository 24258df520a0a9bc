"""Each primitive function of the columnar expressions in SQL: what all dialects share, and where one goes its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlglot import exp

from ..columnar.expressions import Call, Expr, Kind
from .bounds import Estimate

Dialect = Literal["duckdb", "spark", "postgres"]
DIALECTS: tuple[Dialect, ...] = ("duckdb", "spark", "postgres")

TYPES: Mapping[Kind, str] = {
    "int": "bigint",
    "float": "double",
    "text": "text",
    "day": "date",
    "truth": "boolean",
    "list": "array<text>",
}
"""The type of a column of each kind, as SQLGlot names it."""

Node = exp.Expr
Maker = Callable[..., Node]


def cast(node: Node, kind: str) -> Node:
    """The node as a type."""
    return exp.Cast(this=node, to=_type(kind).copy())


@cache
def _type(kind: str) -> exp.DataType:
    """The type by its name, which SQLGlot parses."""
    return exp.DataType.build(kind)


def function(name: str, *args: Any) -> Node:
    """A function by its own name, whatever SQLGlot knows of it."""
    return exp.Anonymous(this=name, expressions=list(args))


def number(value: int) -> Node:
    """A whole number."""
    literal = exp.Literal.number(abs(value))
    return exp.Neg(this=literal) if value < 0 else literal


def text(value: str) -> Node:
    """A text."""
    return exp.Literal.string(value)


# --- brackets -----------------------------------------------------------------------------------

_LOOSE = (exp.Connector, exp.Not, exp.Predicate, exp.Is)
_SUMS = (exp.Add, exp.Sub)


def _operand(node: Node, *loose: type[Node]) -> Node:
    """The node in brackets where it binds less than the operator it stands under."""
    return exp.Paren(this=node) if isinstance(node, (*_LOOSE, *loose)) else node


def binary(kind: type[exp.Binary], a: Node, b: Node) -> Node:
    """An operator between two, in brackets only where needed."""
    tight = () if kind in (exp.Add, exp.Sub) else _SUMS
    before = (*tight, exp.DPipe) if kind is not exp.DPipe else _SUMS
    behind = (exp.Binary, exp.Neg) if kind not in (exp.Add, exp.DPipe) else before
    if issubclass(kind, exp.Predicate | exp.Connector):
        before = behind = ()
    return kind(this=_operand(a, *before), expression=_operand(b, *behind))


def all_of(*parts: Node) -> Node:
    """All of them true."""
    return _joined(exp.And, exp.Or, parts)


def one_of(*parts: Node) -> Node:
    """One of them true."""
    return _joined(exp.Or, exp.And, parts)


def _joined(kind: type[exp.Connector], other: type[exp.Connector], parts: tuple[Node, ...]) -> Node:
    nodes = [exp.Paren(this=part) if isinstance(part, other) else part for part in parts]
    result: Node = nodes[0]
    for node in nodes[1:]:
        result = kind(this=result, expression=node)
    return result


def negated(node: Node) -> Node:
    """The opposite."""
    match node:
        case exp.EQ(this=a, expression=b):
            return exp.NEQ(this=a, expression=b)
        case exp.Is(this=a, expression=exp.Null()):
            return exp.Is(this=a, expression=exp.Not(this=exp.Null()))
        case _:
            return exp.Not(this=exp.Paren(this=node) if isinstance(node, exp.Binary | exp.Predicate) else node)


# --- numbers ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Translation:
    """The functions of one dialect."""

    dialect: Dialect
    estimate: Estimate

    def call(self, call: Call, args: list[Node]) -> Node:
        """A primitive function of some arguments; `call` tells what they are."""
        own = OWN[self.dialect].get(call.name)
        if own is not None:
            return own(*args)
        special = _SPECIAL.get(call.name)
        return special(self, call.args, args) if special else SHARED[call.name](*args)

    def quotient(self, a: Node, b: Node) -> Node:
        """The quotient of whole numbers towards nought."""
        if self.dialect == "postgres":
            return exp.Div(this=_operand(a, *_SUMS), expression=_operand(b, exp.Binary), typed=True, safe=False)
        return binary(exp.IntDiv, a, b)

    def collated(self, node: Node, kind: Kind) -> Node:
        """Text that is ordered by code point."""
        if kind != "text" or self.dialect != "postgres":
            return node
        return exp.Collate(this=_operand(node, exp.Binary), expression=exp.to_identifier("C", quoted=True))

    def _floordiv(self, exprs: tuple[Expr, ...], args: list[Node]) -> Node:
        if all(map(self.estimate.at_least_nought, exprs)):
            return self.quotient(*args)
        whole = binary(exp.Sub, args[0], self._mod(exprs, [args[0].copy(), args[1].copy()]))
        return self.quotient(whole, args[1])

    def _mod(self, exprs: tuple[Expr, ...], args: list[Node]) -> Node:
        a, b = args
        if all(map(self.estimate.at_least_nought, exprs)):
            return binary(exp.Mod, a, b)
        above = binary(exp.Add, exp.Paren(this=binary(exp.Mod, a, b)), b.copy())
        return binary(exp.Mod, above, b.copy())

    def _pad(self, exprs: tuple[Expr, ...], args: list[Node]) -> Node:
        written, n = cast(args[0], "text"), args[1]
        if self.estimate.digits(exprs[0]) > self.estimate.bounds(exprs[1])[0]:  # padding must not cut
            n = cast(function("GREATEST", n, function("LENGTH", written.copy())), "int")
        return function("LPAD", written, n, text("0"))

    def _compare(self, kind: type[exp.Binary], exprs: tuple[Expr, ...], args: list[Node]) -> Node:
        return binary(kind, self.collated(args[0], exprs[0].kind), self.collated(args[1], exprs[1].kind))

    def _less(self, exprs: tuple[Expr, ...], args: list[Node]) -> Node:
        if isinstance(args[0], exp.Literal) and args[0].is_string and args[0].this == "":
            return exp.NEQ(this=args[1], expression=args[0])
        return self._compare(exp.LT, exprs, args)

    def _at_most(self, exprs: tuple[Expr, ...], args: list[Node]) -> Node:
        return self._compare(exp.LTE, exprs, args)

    def _chosen(self, _: tuple[Expr, ...], args: list[Node]) -> Node:
        whens = [
            exp.Case(ifs=[exp.If(this=condition, true=word)]) for condition, word in zip(args[::2], args[1::2], strict=True)
        ]
        return _COMPACT[self.dialect](listed(whens)) if whens else cast(listed([]), TYPES["list"])

    def _possible(self, exprs: tuple[Expr, ...], args: list[Node]) -> Node:
        return _EMPTY_AS_NULL[self.dialect](self._chosen(exprs, args))


def listed(items: Sequence[Node]) -> Node:
    """A list."""
    return exp.Array(expressions=[*items])


_SPECIAL: Mapping[str, Callable[[Translation, tuple[Expr, ...], list[Node]], Node]] = {
    "floordiv": Translation._floordiv,  # noqa: SLF001 - this table is the class's own
    "mod": Translation._mod,  # noqa: SLF001
    "pad": Translation._pad,  # noqa: SLF001
    "lt": Translation._less,  # noqa: SLF001
    "le": Translation._at_most,  # noqa: SLF001
    "chosen": Translation._chosen,  # noqa: SLF001
    "possible": Translation._possible,  # noqa: SLF001
}
"""Functions that look at what their arguments are."""


def _lambda(name: str, body: Node) -> Node:
    return exp.Lambda(this=body, expressions=[exp.to_identifier(name)])


def _is_there() -> Node:
    return _lambda("x", negated(is_null(exp.column("x"))))


def _null_for_empty() -> Node:
    return _lambda("x", exp.Nullif(this=exp.column("x"), expression=text("")))


_COMPACT: Mapping[Dialect, Maker] = {
    "duckdb": lambda of: function("LIST_FILTER", of, _is_there()),
    "spark": lambda of: function("ARRAY_COMPACT", of),
    "postgres": lambda of: function("ARRAY_REMOVE", of, exp.null()),
}
_EMPTY_AS_NULL: Mapping[Dialect, Maker] = {
    "duckdb": lambda of: function("LIST_TRANSFORM", of, _null_for_empty()),
    "spark": lambda of: function("TRANSFORM", of, _null_for_empty()),
    "postgres": lambda of: function("ARRAY_REPLACE", of, text(""), exp.null()),
}


def is_null(node: Node) -> Node:
    """Whether it is null."""
    return exp.Is(this=_operand(node, exp.Binary), expression=exp.Null())


def _concatenated(*parts: Node) -> Node:
    result = parts[0]
    for part in parts[1:]:
        result = binary(exp.DPipe, result, part)
    return result


def _extract(part: str) -> Maker:
    return lambda day: exp.Extract(this=exp.var(part), expression=day)


def _wide_extract(part: str) -> Maker:
    return lambda day: cast(_extract(part)(day), "bigint")


SHARED: Mapping[str, Maker] = {
    "and": all_of,
    "or": one_of,
    "not": negated,
    "eq": lambda a, b: binary(exp.EQ, a, b),
    "add": lambda a, b: binary(exp.Add, a, b),
    "sub": lambda a, b: binary(exp.Sub, a, b),
    "mul": lambda a, b: binary(exp.Mul, a, b),
    "div": lambda a, b: exp.Div(this=_operand(a, exp.Binary), expression=_operand(b, exp.Binary), typed=True, safe=False),
    "floor": lambda x: function("FLOOR", x),
    "abs": lambda x: exp.Abs(this=x),
    "least": lambda *xs: function("LEAST", *xs),
    "greatest": lambda *xs: function("GREATEST", *xs),
    "is_null": is_null,
    "coalesce": lambda x, *rest: exp.Coalesce(this=x, expressions=list(rest)),
    "double": lambda x: cast(x, "double"),
    "whole": lambda x: cast(x, "bigint"),
    "year": _wide_extract("YEAR"),
    "month": _wide_extract("MONTH"),
    "dom": _wide_extract("DAY"),
    "add_days": lambda d, n: binary(exp.Add, d, _small(n)),
    "text": lambda x: cast(x, "text"),
    "part": lambda x, start, length: function("SUBSTRING", x, start, length),
    "number": lambda x: cast(x, "bigint"),
    "scaled": lambda x, factor: cast(function("ROUND", binary(exp.Mul, x, factor)), "bigint"),
    "concat": _concatenated,
}
"""What is the same in every dialect."""


def _small(node: Node) -> Node:
    """A whole number of the type that days and dates take."""
    return node if isinstance(node, exp.Literal) or _is_minus(node) else cast(node, "int")


def _is_minus(node: Node) -> bool:
    return isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal)


def _month_end(day: Node) -> Node:
    """The last day of the month, which PostgreSQL has no function for."""
    month = function("DATE_TRUNC", text("month"), cast(day, "timestamp"))
    one = cast(text("1 month - 1 day"), "interval")
    return exp.Add(this=month, expression=one)


OWN: Mapping[Dialect, Mapping[str, Maker]] = {
    "duckdb": {
        "year": _extract("YEAR"),
        "month": _extract("MONTH"),
        "dom": _extract("DAY"),
        "month_days": lambda d: _extract("DAY")(function("LAST_DAY", d)),
        "make_day": lambda *parts: function("MAKE_DATE", *parts),
        "add_months": lambda d, n: cast(binary(exp.Add, d, function("TO_MONTHS", _small(n))), "date"),
        "days": lambda a, b: binary(exp.Sub, b, a),
    },
    "spark": {
        "floor": lambda x: cast(function("FLOOR", x), "double"),
        "month_days": lambda d: _wide_extract("DAY")(function("LAST_DAY", d)),
        "make_day": lambda *parts: function("MAKE_DATE", *map(_small, parts)),
        "add_days": lambda d, n: function("DATE_ADD", d, _small(n)),
        "add_months": lambda d, n: function("ADD_MONTHS", d, _small(n)),
        "days": lambda a, b: cast(function("DATEDIFF", b, a), "bigint"),
    },
    "postgres": {
        "month_days": lambda d: _wide_extract("DAY")(_month_end(d)),
        "make_day": lambda *parts: function("MAKE_DATE", *map(_small, parts)),
        "add_months": lambda d, n: cast(binary(exp.Add, d, function("MAKE_INTERVAL", number(0), _small(n))), "date"),
        "days": lambda a, b: cast(binary(exp.Sub, b, a), "bigint"),
    },
}
"""Where a dialect goes its own way."""
