"""Mutants of an expression: every tree that differs from it in one small thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ...language.cohorts import COHORTS
from ...language.nodes import Across, Apply, Cohort, Interpretation, Literal, Lookup, Node, Span, children
from ...language.nodes import Column as ColumnNode
from ...language.parse import number_literal
from ...language.text import number_text, to_text
from ...language.types import TRUTH, Choice, Number


@dataclass(frozen=True, slots=True)
class Variant:
    """A changed tree, the operator that changed it, and the part as it was and as it is (empty: dropped)."""

    operator: str
    node: Node
    old: str
    new: str


Steps = Mapping[Span, int]
"""The decimal places of numbers, by where they stand: those of what they are compared with."""

_BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_EQUALITY = {"==": "!=", "!=": "=="}
_ARITHMETIC = {"+": "-", "-": "+"}
_EXTREMES = {"min": "max", "max": "min"}
_AGGREGATES = {
    "any": "all", "all": "any", "lowest": "highest", "highest": "lowest", "mean": "highest", "total": "highest",
}  # fmt: skip
_CONDITIONS = ("any", "all", "count", "run")
"""Functions whose argument is a condition."""


def variants(node: Node, steps: Steps = {}, *, condition: bool = False) -> Iterator[Variant]:  # noqa: B006 - never changed
    """The trees that differ from this one in one thing; `condition` tells that it stands where a truth is asked for."""
    for operator, other in _here(node, steps, condition):
        yield Variant(operator, other, to_text(node), to_text(other))
    if isinstance(node, Apply) and node.operator in ("and", "or"):
        yield from _dropped(node)
    if isinstance(node, Apply) and node.operator == "in":
        yield from _options_dropped(node)
    for at, (child, holds) in enumerate(_parts(node)):
        for inner in variants(child, steps, condition=holds):
            parts = [*children(node)]
            parts[at] = inner.node
            yield replace(inner, node=rebuilt(node, parts))


# --- the walk -------------------------------------------------------------------------------------


def _parts(node: Node) -> Iterator[tuple[Node, bool]]:
    """The parts of a node, and whether each is a condition."""
    for at, child in enumerate(children(node)):
        match node:
            case Apply(operator="and" | "or" | "not"):
                yield child, True
            case Apply(operator="if"):
                yield child, at == 0
            case Cohort(function=function) if at < len(node.args):
                yield child, function in _CONDITIONS
            case Across(function=function):
                yield child, at == len(node.args) or function in _CONDITIONS
            case _:
                yield child, False


def rebuilt(node: Node, parts: Sequence[Node]) -> Node:
    """The node with other parts, in the order of `children`."""
    match node:
        case Apply():
            return replace(node, args=tuple(parts))
        case Cohort():
            count = len(node.args)
            options = tuple((name, part) for (name, _), part in zip(node.options, parts[count:], strict=True))
            return replace(node, args=tuple(parts[:count]), options=options)
        case Across():
            return replace(node, args=tuple(parts[:-1]), where=parts[-1])
        case _:
            return node


# --- what may change in a node --------------------------------------------------------------------


def _here(node: Node, steps: Steps, condition: bool) -> Iterator[tuple[str, Node]]:
    match node:
        case Literal(type=Number()):
            yield from _shifted(node, steps)
        case Apply(operator=operator) if operator in (*_BOUNDARY, *_EQUALITY):
            yield from _comparison(node)
        case Apply(operator=operator) if operator in _ARITHMETIC:
            yield "arithmetic", replace(node, operator=_ARITHMETIC[operator])
        case Apply(operator=operator) if operator in _EXTREMES:
            yield "aggregate", replace(node, operator=_EXTREMES[operator])
        case Apply(operator="not", args=(inner,)):
            yield "polarity", inner
        case Apply(operator="known" | "in"):
            yield "polarity", Apply("not", (node,))
        case Apply(operator="if", args=(test, one, other)):
            yield "branch", replace(node, args=(test, other, one))
        case Cohort() | Across():
            yield from _aggregate(node)
        case ColumnNode() | Lookup() if condition:
            yield "polarity", Apply("not", (node,))
        case _:
            pass


def _shifted(node: Literal, steps: Steps) -> Iterator[tuple[str, Node]]:
    """A number one step up and one down; below nothing only where it is so already."""
    assert isinstance(node.type, Number)
    places = max(steps.get(node.span, 0), node.type.scale)
    value, step = Decimal(number_text(node.value, node.type.scale)), Decimal(1).scaleb(-places)
    yield "threshold", number_literal(value + step)
    if value - step >= 0:
        yield "threshold", number_literal(value - step)


def _comparison(node: Apply) -> Iterator[tuple[str, Node]]:
    if any(isinstance(arg, Interpretation) for arg in node.args):
        yield "reading", Literal(True, TRUTH)
        yield "reading", Literal(False, TRUTH)
    elif node.operator in _BOUNDARY:
        yield "comparison", replace(node, operator=_BOUNDARY[node.operator])
    else:
        yield "comparison", replace(node, operator=_EQUALITY[node.operator])


def _dropped(node: Apply) -> Iterator[Variant]:
    """Each conjunct, or disjunct, left out."""
    operator = "conjunct" if node.operator == "and" else "disjunct"
    for at, part in enumerate(node.args):
        rest = (*node.args[:at], *node.args[at + 1 :])
        yield Variant(operator, rest[0] if len(rest) == 1 else replace(node, args=rest), to_text(part), "")


def _options_dropped(node: Apply) -> Iterator[Variant]:
    """Each of the values that something may be, left out."""
    if len(node.args) > 2:
        for at in range(1, len(node.args)):
            other = replace(node, args=(*node.args[:at], *node.args[at + 1 :]))
            yield Variant("option", other, to_text(node), to_text(other))


def _aggregate(node: Cohort | Across) -> Iterator[tuple[str, Node]]:
    if node.function in _AGGREGATES:
        yield "aggregate", replace(node, function=_AGGREGATES[node.function])
    if isinstance(node, Across):
        return
    if node.function == "previous":
        yield "sequence", node.args[0]
    if len(node.per) > 1:
        for at in range(len(node.per)):
            yield "grouping", replace(node, per=(*node.per[:at], *node.per[at + 1 :]))
    for name, words in COHORTS[node.function].options.items():
        given = dict(node.options).get(name)
        if given is None and name == "gap":
            continue
        now = given.value if isinstance(given, Literal) else words[0] if given is None else None
        for word in words:
            if word != now:
                changed = {**dict(node.options), name: Literal(word, Choice((word,)))}
                yield "sequence", replace(node, options=tuple(sorted(changed.items())))
