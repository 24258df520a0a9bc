"""Writes the rules of a policy as Python, a syntax tree that does what the reference semantics says."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any

from ..language.nodes import Apply, Column, Literal, Node, walk
from ..language.types import Number, Type
from ..language.values import EXACT, Between, is_known


class TooIntricateError(Exception):
    """The tree holds something that isn't worth fast code."""


@dataclass(frozen=True, slots=True)
class _Range:
    """Python for a number: its least and greatest value, None where unbounded; the same twice where known."""

    low: ast.expr | None
    high: ast.expr | None

    @property
    def known(self) -> bool:
        return self.low is self.high is not None


@dataclass(frozen=True, slots=True)
class _TruthCode:
    """Python for a truth, and whether it may be None."""

    code: ast.expr
    open: bool = False


_COMPARE: Mapping[str, type[ast.cmpop]] = {
    "==": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}
_TRUTH_OPERATORS = frozenset({"and", "or", "not", "in", "known", *_COMPARE})


@dataclass
class Emitter:
    """Writes one function for rows in which every input left in the trees is known."""

    types: Mapping[str, Type]
    inputs: Sequence[str]
    locals: dict[Node, str] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=lambda: {"add": exact_sum, "subtract": exact_difference})
    temporaries: int = 0

    def statements(self, rules: Mapping[str, Node]) -> list[ast.stmt]:
        """Assignments of the parts used more than once, then the truths."""
        body: list[ast.stmt] = []
        uses = Counter(n for rule in rules.values() for n in walk(rule) if isinstance(n, Apply) and _is_truth(n))
        for node in sorted((n for n, times in uses.items() if times > 1), key=lambda n: len(walk(n))):
            code = self.truth(node)
            if not code.open:
                name = f"v{len(self.locals)}"
                body.append(ast.Assign([ast.Name(name, ast.Store())], code.code))
                self.locals[node] = name
        keys: list[ast.expr | None] = [ast.Constant(rule) for rule in rules]
        return [*body, ast.Return(ast.Dict(keys, [self.truth(node).code for node in rules.values()]))]

    # --- truths ---------------------------------------------------------------------------------

    def truth(self, node: Node) -> _TruthCode:
        if node in self.locals:
            return _TruthCode(ast.Name(self.locals[node], ast.Load()))
        match node:
            case Literal():
                return _TruthCode(ast.Constant(node.value), node.value is None)
            case Column():
                return _TruthCode(self.input(node.name))
            case Apply(operator="and" | "or", args=args):
                return self.junction(node.operator, [self.truth(a) for a in args])
            case Apply(operator="not", args=(arg,)):
                return self.negation(self.truth(arg))
            case Apply(operator="if", args=args):
                return self.conditional([self.truth(a) for a in args])
            case Apply(operator="known", args=(Column(),)):
                return _TruthCode(ast.Constant(value=True))
            case Apply(operator="in", args=(value, *options)):
                return self.junction("or", [self.comparison("==", value, o) for o in options])
            case Apply() if node.operator in _COMPARE:
                return self.comparison(node.operator, *node.args)
            case _:
                raise TooIntricateError

    def junction(self, operator: str, parts: list[_TruthCode]) -> _TruthCode:
        """`and` or `or`: the known parts first, then three-valued among those that may be None."""
        decisive = operator == "or"
        known, open_parts = [p.code for p in parts if not p.open], [p for p in parts if p.open]
        op: ast.boolop = ast.Or() if decisive else ast.And()
        if not open_parts:
            return _TruthCode(known[0] if len(known) == 1 else ast.BoolOp(op, known))
        names = [self.temporary() for _ in open_parts]
        settled = [
            is_(ast.NamedExpr(ast.Name(n, ast.Store()), p.code), decisive)
            for n, p in zip(names, open_parts, strict=True)
        ]
        unknown_one = any_([is_(ast.Name(n, ast.Load()), None) for n in names])
        rest = ast.IfExp(unknown_one, ast.Constant(None), ast.Constant(not decisive))
        deciding = [*(known if decisive else [ast.UnaryOp(ast.Not(), k) for k in known]), *settled]
        return _TruthCode(ast.IfExp(any_(deciding), ast.Constant(decisive), rest), open=True)

    def negation(self, part: _TruthCode) -> _TruthCode:
        if not part.open:
            return _TruthCode(ast.UnaryOp(ast.Not(), part.code))
        name = self.temporary()
        test = is_(ast.NamedExpr(ast.Name(name, ast.Store()), part.code), None)
        return _TruthCode(
            ast.IfExp(test, ast.Constant(None), ast.UnaryOp(ast.Not(), ast.Name(name, ast.Load()))), open=True
        )

    def conditional(self, parts: list[_TruthCode]) -> _TruthCode:
        condition, then, otherwise = parts
        if condition.open:
            raise TooIntricateError
        return _TruthCode(ast.IfExp(condition.code, then.code, otherwise.code), then.open or otherwise.open)

    def comparison(self, operator: str, left: Node, right: Node) -> _TruthCode:
        a, b = self.value(left), self.value(right)
        if a.known and b.known:
            return _TruthCode(_compare(operator, a.low, b.low))
        if operator in (">", ">="):
            operator, a, b = {">": "<", ">=": "<="}[operator], b, a
        if operator == "!=":
            return self.negation(self.equality(a, b))
        if operator == "==":
            return self.equality(a, b)
        surely = _compare_ends(operator, a.high, b.low)
        surely_not = _compare_ends("<" if operator == "<=" else "<=", b.high, a.low)
        return _settled(surely, surely_not)

    def equality(self, a: _Range, b: _Range) -> _TruthCode:
        apart = [c for c in (_compare_ends("<", a.high, b.low), _compare_ends("<", b.high, a.low)) if c is not None]
        return _settled(None, any_(apart) if apart else None)

    # --- values ---------------------------------------------------------------------------------

    def value(self, node: Node) -> _Range:
        match node:
            case Literal():
                return self.literal(node)
            case Column():
                code = self.input(node.name)
                return _Range(code, code)
            case Apply(operator="rescale", args=(inner, _)):
                return self.value(inner)
            case Apply(operator="+" | "-" as operator, args=(left, right)):
                return self.sum(operator, self.value(left), self.value(right), node)
            case Apply(operator="if", args=(condition, then, otherwise)):
                return self.choice(self.truth(condition), self.value(then), self.value(otherwise))
            case _:
                raise TooIntricateError

    def sum(self, operator: str, a: _Range, b: _Range, node: Node) -> _Range:
        types = [
            self.types[n.name] if isinstance(n, Column) else n.type
            for n in walk(node)
            if isinstance(n, Column | Literal)
        ]
        add = _exact_sum if any(isinstance(of, Number) and of.scale for of in types) else _plain_sum
        low_b, high_b = (b.low, b.high) if operator == "+" else (b.high, b.low)
        low = add(operator, a.low, low_b)
        return _Range(low, low) if a.known and b.known else _Range(low, add(operator, a.high, high_b))

    def choice(self, condition: _TruthCode, then: _Range, otherwise: _Range) -> _Range:
        if condition.open or not (then.known and otherwise.known):
            raise TooIntricateError
        code = ast.IfExp(condition.code, _there(then.low), _there(otherwise.low))
        return _Range(code, code)

    def input(self, name: str) -> ast.expr:
        return ast.Name(argument(self.inputs.index(name)), ast.Load())

    def literal(self, node: Literal) -> _Range:
        """A constant in natural units: a whole number, an exact decimal, or a word or date."""
        of, value = node.type, node.value
        if is_known(value):
            code = self.constant(_natural(value, of))
            return _Range(code, code)
        if not isinstance(value, Between) or not isinstance(of, Number):
            raise TooIntricateError
        low, high = (
            None if end in (inf, -inf) else self.constant(_natural(end, of)) for end in (value.low, value.high)
        )
        return _Range(low, high)

    def constant(self, value: Any) -> ast.expr:
        """A constant; one that Python's compiler doesn't know gets a name."""
        if isinstance(value, int | str):
            return ast.Constant(value)
        name = f"c{len(self.names)}"
        self.names[name] = value
        return ast.Name(name, ast.Load())

    def temporary(self) -> str:
        self.temporaries += 1
        return f"t{self.temporaries}"


def _is_truth(node: Apply) -> bool:
    return node.operator in _TRUTH_OPERATORS


def _natural(value: Any, of: Type) -> Any:
    if not isinstance(of, Number):
        return value
    whole, rest = divmod(value, 10**of.scale)
    return whole if rest == 0 else EXACT.scaleb(Decimal(value), -of.scale)


def _there(code: ast.expr | None) -> ast.expr:
    if code is None:
        raise TooIntricateError
    return code


def _plain_sum(operator: str, a: ast.expr | None, b: ast.expr | None) -> ast.expr | None:
    if a is None or b is None:
        return None
    return ast.BinOp(a, ast.Add() if operator == "+" else ast.Sub(), b)


def _exact_sum(operator: str, a: ast.expr | None, b: ast.expr | None) -> ast.expr | None:
    """A sum of decimals that no context of the caller's rounds."""
    if a is None or b is None:
        return None
    return ast.Call(ast.Name("add" if operator == "+" else "subtract", ast.Load()), [a, b], [])


def exact_sum(a: Any, b: Any) -> Any:
    """The sum of whole numbers, decimals or fractions, never rounded."""
    if isinstance(a, Fraction) or isinstance(b, Fraction):
        return Fraction(a) + Fraction(b)
    return EXACT.add(a, b)


def exact_difference(a: Any, b: Any) -> Any:
    """The difference of whole numbers, decimals or fractions, never rounded."""
    if isinstance(a, Fraction) or isinstance(b, Fraction):
        return Fraction(a) - Fraction(b)
    return EXACT.subtract(a, b)


def _compare(operator: str, a: ast.expr | None, b: ast.expr | None) -> ast.expr:
    return ast.Compare(_there(a), [_COMPARE[operator]()], [_there(b)])


def _compare_ends(operator: str, a: ast.expr | None, b: ast.expr | None) -> ast.expr | None:
    """A comparison of two ends; None where one is unbounded, so that it never holds."""
    return None if a is None or b is None else _compare(operator, a, b)


def _settled(surely: ast.expr | None, surely_not: ast.expr | None) -> _TruthCode:
    code: ast.expr = ast.Constant(None)
    if surely_not is not None:
        code = ast.IfExp(surely_not, ast.Constant(value=False), code)
    if surely is not None:
        code = ast.IfExp(surely, ast.Constant(value=True), code)
    return _TruthCode(code, open=True)


def is_(code: ast.expr, what: bool | None) -> ast.expr:
    """Python for `code is what`."""
    return ast.Compare(code, [ast.Is()], [ast.Constant(what)])


def any_(parts: list[ast.expr]) -> ast.expr:
    """Python for whether one of several holds."""
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.Or(), parts)


def argument(index: int) -> str:
    """The name under which the function knows an input."""
    return f"a{index}"


def made(arguments: list[ast.arg], body: list[ast.stmt], names: Mapping[str, Any]) -> Callable[..., Any]:
    """A function of positional arguments."""
    return defined(
        ast.arguments(posonlyargs=[], args=arguments, kwonlyargs=[], kw_defaults=[], defaults=[]), body, names
    )


def defined(arguments: ast.arguments, body: list[ast.stmt], names: Mapping[str, Any]) -> Callable[..., Any]:
    """A function made of a syntax tree; it sees nothing but the names given."""
    definition = ast.FunctionDef("evaluate", arguments, body, [])
    if "type_params" in definition._fields:  # since Python 3.12
        definition.type_params = []  # type: ignore[attr-defined, unused-ignore]
    module = ast.fix_missing_locations(ast.Module([definition], []))
    space: dict[str, Any] = {"__builtins__": {}, **names}
    exec(compile(module, "<policy>", "exec"), space)  # noqa: S102 - the tree is our own, made of checked nodes only
    return space["evaluate"]  # type: ignore[no-any-return]
