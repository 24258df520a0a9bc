"""Binding: puts parameters and interpretations into a checked tree, so that no engine ever sees one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from .cohorts import COHORTS
from .nodes import Across, Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter
from .operators import OPERATORS
from .scope import Scope
from .text import to_text
from .types import DATE, TRUTH, Choice, Type
from .values import is_known


@dataclass(frozen=True, slots=True)
class Dated:
    """A parameter's values, each from a day on (`date.min`: always), in order of days.

    A value is a literal that names the parameter as its origin; an unset one is a literal of which
    only the domain is known.
    """

    values: tuple[tuple[date, Literal], ...]


@dataclass(frozen=True, slots=True)
class Bindings:
    """What names stand for in one evaluation."""

    parameters: Mapping[str, Dated]
    interpretations: Mapping[str, str]
    as_of: date


def bind(node: Node, bindings: Bindings, along: str = "") -> Node:
    """The tree with every parameter, interpretation and `as_of` replaced by a literal that names it.

    A parameter with several dated values becomes a choice between them by the last day of the
    row's period (column `along`), or by `as_of` where rows have no period.
    """
    match node:
        case Parameter(path="as_of"):
            return Literal(bindings.as_of, DATE, "as_of", node.span)
        case Parameter():
            return _dated(bindings.parameters[node.path], bindings, along)
        case Interpretation():
            word = bindings.interpretations[node.path]
            return Literal(word, Choice((word,)), f"interpretation.{node.path}", node.span)
        case Apply():
            return replace(node, args=tuple(bind(a, bindings, along) for a in node.args))
        case Cohort():
            args = tuple(bind(a, bindings, along) for a in node.args)
            options = tuple((name, bind(o, bindings, along)) for name, o in node.options)
            return replace(node, args=args, options=options)
        case Across():
            args = tuple(bind(a, bindings, along) for a in node.args)
            return replace(node, args=args, where=bind(node.where, bindings, along))
        case Literal() | Column() | Lookup():
            return node


def _dated(parameter: Dated, bindings: Bindings, along: str) -> Node:
    day: Node = Apply("last_day", (Column(along),)) if along else Literal(bindings.as_of, DATE, "as_of")
    (_, chosen), *later = parameter.values
    node: Node = chosen
    for start, value in later:
        node = Apply("if", (Apply(">=", (day, Literal(start, DATE))), value, node))
    return fold(node) if not along else node


def fold(node: Node) -> Node:
    """The tree with everything computed that depends on no row."""
    match node:
        case Apply():
            return _fold_apply(replace(node, args=tuple(map(fold, node.args))))
        case Cohort():
            return replace(node, args=tuple(map(fold, node.args)), options=tuple((n, fold(o)) for n, o in node.options))
        case Across():
            return replace(node, args=tuple(map(fold, node.args)), where=fold(node.where))
        case Literal() | Column() | Parameter() | Interpretation() | Lookup():
            return node


def _fold_apply(node: Apply) -> Node:
    args = node.args
    if node.operator == "if" and isinstance(args[0], Literal) and is_known(args[0].value):
        return args[1] if args[0].value else args[2]
    if node.operator in ("and", "or"):
        return _fold_truths(node)
    if all(isinstance(a, Literal) for a in args):
        operator = OPERATORS[node.operator]
        of = operator.signature(tuple(a.type for a in args if isinstance(a, Literal)))
        value = operator.meaning(*(a.value for a in args if isinstance(a, Literal)))
        return Literal(value, of or TRUTH, span=node.span)
    return node


def _fold_truths(node: Apply) -> Node:
    """Drop what can't change the result; what decides it alone is the result."""
    decisive = node.operator == "or"
    rest: list[Node] = []
    for arg in node.args:
        if isinstance(arg, Literal) and arg.value is decisive:
            return arg
        if not isinstance(arg, Literal) or arg.value is None:
            rest.append(arg)
    if not rest:
        return Literal(not decisive, TRUTH, span=node.span)
    return rest[0] if len(rest) == 1 else replace(node, args=tuple(rest))


def type_of(node: Node, scope: Scope) -> Type:
    """The type of a checked and bound tree."""
    match node:
        case Literal():
            return node.type
        case Column(table=table):
            return (scope.tables[table].columns if table else scope.grain.columns)[node.name]
        case Apply():
            return OPERATORS[node.operator].signature(tuple(type_of(a, scope) for a in node.args)) or TRUTH
        case Cohort() | Across():
            return COHORTS[node.function].signature(*(type_of(a, scope) for a in node.args)) or TRUTH
        case Lookup():
            return scope.tables[node.table].columns[node.column] if node.column else TRUTH
        case Parameter():
            return scope.parameters.get(node.path, DATE)
        case Interpretation():
            return scope.interpretations[node.path]


@dataclass(frozen=True, slots=True)
class Step:
    """One column to compute: of a row expression over earlier columns, or one cohort call, look-up or aggregate across.

    A `hidden` step stands for a part of an expression; its name is that part's text.
    """

    name: str
    node: Node
    hidden: bool = False


def lower(name: str, node: Node) -> list[Step]:
    """The steps that compute a column: every cohort call, look-up and aggregate in a step of its own, innermost first."""
    steps: list[Step] = []
    whole = _hoist(node, steps, top=True)
    return [*steps, Step(name, whole)]


def _hoist(node: Node, steps: list[Step], *, top: bool = False) -> Node:
    match node:
        case Apply():
            return replace(node, args=tuple(_hoist(a, steps) for a in node.args))
        case Cohort():
            call: Node = replace(node, args=tuple(_as_column(a, steps) for a in node.args))
            return call if top else _hidden(node, call, steps)
        case Lookup() | Across():
            return node if top else _hidden(node, node, steps)
        case Literal() | Column() | Parameter() | Interpretation():
            return node


def _as_column(node: Node, steps: list[Step]) -> Column:
    inner = _hoist(node, steps)
    return inner if isinstance(inner, Column) else _hidden(node, inner, steps)


def _hidden(written: Node, node: Node, steps: list[Step]) -> Column:
    name = to_text(written)
    if all(step.name != name for step in steps):
        steps.append(Step(name, node, hidden=True))
    return Column(name, written.span)
