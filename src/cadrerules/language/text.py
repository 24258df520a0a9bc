"""From tree to text: prints an expression so that parsing it gives the same tree."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .cohorts import COHORTS
from .nodes import Across, Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter
from .operators import OPERATORS
from .parse import escape
from .types import Number, Type
from .values import Among, Anything, Between, is_known


def to_text(node: Node) -> str:
    """The expression in the rule language."""
    return _text(node, 0)


def _text(node: Node, outer: int) -> str:
    match node:
        case Literal(origin=origin) if origin:
            return origin
        case Literal():
            return _literal(node.value, node.type)
        case Column(table=table):
            return f"{escape(table)}.{escape(node.name)}" if table else escape(node.name)
        case Parameter(path="as_of"):
            return "as_of"
        case Parameter():
            return "param." + ".".join(map(escape, node.path.split(".")))
        case Interpretation():
            return "interpretation." + ".".join(map(escape, node.path.split(".")))
        case Lookup(column=""):
            return f"exists({escape(node.table)})"
        case Lookup():
            return f"lookup({escape(node.table)}.{escape(node.column)})"
        case Cohort():
            return _cohort(node)
        case Across():
            return _across(node)
        case Apply(operator="rescale", args=(inner, _)):
            return _text(inner, outer)
        case Apply():
            text, precedence = _apply(node)
            return f"({text})" if precedence < outer else text


def _apply(node: Apply) -> tuple[str, int]:
    operator, args = OPERATORS[node.operator], node.args
    p = operator.precedence
    if operator.name == "if":
        return f"{_text(args[1], p + 1)} if {_text(args[0], p + 1)} else {_text(args[2], p)}", p
    if operator.name == "in":
        return f"{_text(args[0], p + 1)} in [{', '.join(_text(a, 0) for a in args[1:])}]", p
    if operator.name == "not":
        return f"not {_text(args[0], p)}", p
    if operator.name == "negate":
        return f"-{_text(args[0], p)}", p
    if operator.form == "call":
        return f"{operator.name}({', '.join(_text(a, 0) for a in args)})", p
    if operator.name == "and" and _is_chain(args):
        return _chain(args)
    if operator.name in ("and", "or"):
        return f" {operator.name} ".join(_part(a, operator.name) for a in args), p
    left = p if operator.name in ("+", "-", "*") else p + 1
    return f"{_text(args[0], left)} {operator.name} {_text(args[1], p + 1)}", p


def _part(node: Node, outer: str) -> str:
    """A part of `and` or `or`; one of `and` within `or` in brackets, which readers would else have to think of."""
    text = _text(node, OPERATORS[outer].precedence + 1)
    bare = outer == "or" and isinstance(node, Apply) and node.operator == "and" and not _is_chain(node.args)
    return f"({text})" if bare else text


def _is_chain(links: tuple[Node, ...]) -> bool:
    """Whether comparisons in one direction share their operands, `a <= b` and `b < c`."""
    return any(
        all(isinstance(link, Apply) and link.operator in way for link in links) for way in (("<", "<="), (">", ">="))
    ) and all(isinstance(a, Apply) and isinstance(b, Apply) and a.args[1] == b.args[0] for a, b in pairwise(links))


def _chain(links: tuple[Node, ...]) -> tuple[str, int]:
    """Comparisons as they are read, `a <= b < c`."""
    comparisons = [link for link in links if isinstance(link, Apply)]
    p = OPERATORS[comparisons[0].operator].precedence
    rest = "".join(f" {link.operator} {_text(link.args[1], p + 1)}" for link in comparisons)
    return _text(comparisons[0].args[0], p + 1) + rest, p


def _cohort(node: Cohort) -> str:
    parts = [_text(arg, 0) for arg in node.args]
    if node.per:
        word = "within" if COHORTS[node.function].kind == "ranking" else "per"
        parts.append(f"{word}=[{', '.join(map(escape, node.per))}]")
    parts += [f"{name}={_text(option, 0)}" for name, option in node.options]
    return f"{node.function}({', '.join(parts)})"


def _across(node: Across) -> str:
    parts = [_text(arg, 0) for arg in node.args]
    if not (isinstance(node.where, Literal) and node.where.value is True):
        parts.append(f"where={_text(node.where, 0)}")
    return f"{node.function}({', '.join(parts)})"


def _literal(value: Any, of: Type) -> str:
    if isinstance(value, str | date) and not isinstance(of, Number):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, bool):
        return str(value)
    if isinstance(of, Number) or not is_known(value):
        return show(value, of)
    return json.dumps(str(value))


def show(value: Any, of: Type) -> str:
    """A value for people, without quotes: `2.5`, `200/3`, `3..5`, `red or yellow`, `unknown`."""
    match value:
        case None | Anything():
            return "unknown"
        case bool():
            return "true" if value else "false"
        case Between():
            return _range(value, of)
        case Among():
            return " or ".join(sorted(value.options))
        case int() | Fraction() | float() if isinstance(of, Number):
            return number_text(value, of.scale)
        case _:
            return str(value)


def _range(value: Between, of: Type) -> str:
    ends = [v if v not in (date.min, date.max, float("inf"), float("-inf")) else None for v in (value.low, value.high)]
    if ends == [None, None]:
        return "unknown"
    if ends[0] is None:
        return f"at most {show(ends[1], of)}"
    if ends[1] is None:
        return f"at least {show(ends[0], of)}"
    return f"{show(ends[0], of)}..{show(ends[1], of)}"


def number_text(value: Any, scale: int) -> str:
    """An exact number as text: a decimal where it ends, else a fraction, `2.5` or `200/3`."""
    exact = Fraction(value) / 10**scale
    if exact.denominator == 1:
        return str(exact.numerator)
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(exact)
    digits = max(scale, exact.denominator.bit_length())
    shown = Decimal(exact.numerator * 10**digits // exact.denominator).scaleb(-digits)
    return f"{shown:f}".rstrip("0").rstrip(".")
