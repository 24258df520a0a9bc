"""From text to tree: the expression subset of Python, read with `ast` and never evaluated."""

from __future__ import annotations

import ast
import keyword
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from .cohorts import COHORTS
from .nodes import Across, Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter, Span, walk
from .operators import CALLS
from .source import Source, nearest
from .types import TRUTH, Choice, Number
from .values import decimal_places, in_units

MAX_LENGTH = 4000
MAX_DEPTH = 50
MAX_DIGITS = 18

_COMPARISONS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_NUMBER = re.compile(r"\d+(\.\d+)?")
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_ESCAPED = frozenset("\\'\"abfnrtvxuU")
_SURROGATE = re.compile("[\ud800-\udfff]")
FUNCTIONS = (*CALLS, *COHORTS, "lookup", "exists")


def parse(text: str | Source) -> Node:
    """The tree of an expression.

    Raises `PolicyError` with place and code for anything outside the language; nothing is executed.

    >>> parse("deducted >= 2.5")
    Apply(operator='>=', args=(Column(name='deducted', table=''), Literal(value=25, type=Number(scale=1, low=-inf, high=inf), origin='')))
    """
    source = text if isinstance(text, Source) else Source(text)
    if len(source.text) > MAX_LENGTH:
        source.fail("CR-TEXT-TOO-LONG", length=len(source.text), limit=MAX_LENGTH)
    _refuse_deep_nesting(source)
    _refuse_odd_escapes(source)
    flat = re.sub(r"[\r\n\t\f\v]", " ", source.text)
    indent = len(flat) - len(flat.lstrip(" "))
    try:
        tree = ast.parse(flat.lstrip(" "), mode="eval")
    except SyntaxError as error:
        at = indent + max((error.offset or 1) - 1, 0)
        source.fail("CR-SYNTAX", Span(at, at + 1), reason=error.msg)
    except (RecursionError, MemoryError):
        source.fail("CR-NESTING-TOO-DEEP", limit=MAX_DEPTH)
    except ValueError as error:
        source.fail("CR-SYNTAX", reason=error)
    reader = _Reader(source, flat.lstrip(" "), indent)
    reader.refuse_comment(tree.body)
    return reader.read(tree.body)


def _refuse_deep_nesting(source: Source) -> None:
    """Refuse brackets nested too deep before Python's own parser sees them."""
    depth = 0
    for at, character in enumerate(source.text):
        depth += (character in "([{") - (character in ")]}")
        if depth > MAX_DEPTH:
            source.fail("CR-NESTING-TOO-DEEP", Span(at, at + 1), limit=MAX_DEPTH)


def _refuse_odd_escapes(source: Source) -> None:
    """Refuse what Python only warns of: a backslash that may or may not stand for itself."""
    for match in _ESCAPE.finditer(source.text):
        if match[1] not in _ESCAPED:
            source.fail("CR-SYNTAX", Span(*match.span()), reason=f"invalid escape sequence `{match[0]}`")


@dataclass
class _Reader:
    """Turns Python's tree into ours, refusing whatever is not in the language."""

    source: Source
    text: str
    indent: int
    depth: int = 0
    in_aggregate: bool = False

    def __post_init__(self) -> None:
        self.raw = self.text.encode()  # Python counts columns in bytes

    def refuse_comment(self, whole: ast.expr) -> None:
        """Refuse a `#`: on the one line that the text has become, it would swallow all that follows."""
        end = self.span(whole).end
        at = self.text.find("#", end - self.indent) + self.indent
        if at >= end:
            self.refuse_operator("#", Span(at, at + 1))

    def read(self, node: ast.expr) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.source.fail("CR-NESTING-TOO-DEEP", self.span(node), limit=MAX_DEPTH)
        result = self._read(node)
        self.depth -= 1
        return result

    def _read(self, node: ast.expr) -> Node:
        span = self.span(node)
        match node:
            case ast.Constant():
                return self.literal(node, span)
            case ast.Name(id="as_of"):
                return Parameter("as_of", span)
            case ast.Name(id=name):
                return Column(_unescape(name), span)
            case ast.Attribute():
                return self.path(node, span)
            case ast.BoolOp(op=op, values=values):
                return Apply("and" if isinstance(op, ast.And) else "or", self.all(values), span)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Apply("not", (self.read(operand),), span)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Apply("negate", (self.read(operand),), span)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _ARITHMETIC:
                return Apply(_ARITHMETIC[type(op)], self.all([left, right]), span)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Apply("if", self.all([test, body, orelse]), span)
            case ast.Compare():
                return self.comparison(node, span)
            case ast.Call():
                return self.call(node, span)
            case _:
                self.refuse(node)

    def all(self, nodes: list[ast.expr]) -> tuple[Node, ...]:
        return tuple(self.read(node) for node in nodes)

    def literal(self, node: ast.Constant, span: Span) -> Node:
        match node.value:
            case bool():
                return Literal(node.value, TRUTH, span=span)
            case str() if not _SURROGATE.search(node.value):
                return Literal(node.value, Choice((node.value,)), span=span)
            case int() | float():
                return self.number(node, span)
            case _:
                self.refuse(node)

    def number(self, node: ast.Constant, span: Span) -> Literal:
        written = self.shown(node)
        if not _NUMBER.fullmatch(written):
            self.refuse(node)
        if self.text[self.span(node).end - self.indent :][:1].isidentifier():
            self.source.fail("CR-SYNTAX", span, reason="a number runs into a word")
        if len(written) > MAX_DIGITS:
            self.source.fail("CR-NUMBER-TOO-LONG", span, limit=MAX_DIGITS)
        return number_literal(Decimal(written), span)

    def path(self, node: ast.Attribute, span: Span) -> Node:
        parts: list[str] = []
        current: ast.expr = node
        while isinstance(current, ast.Attribute):
            parts.insert(0, _unescape(current.attr))
            current = current.value
        if not isinstance(current, ast.Name):
            self.refuse(node)
        if self.in_aggregate and len(parts) == 1 and current.id not in ("param", "interpretation"):
            return Column(parts[0], span, _unescape(current.id))
        if current.id not in ("param", "interpretation") or len(parts) > 2:
            self.refuse(node)
        path = ".".join(parts)
        return Parameter(path, span) if current.id == "param" else Interpretation(path, span)

    def comparison(self, node: ast.Compare, span: Span) -> Node:
        operands = [node.left, *node.comparators]
        links = [self.link(op, operands[i], operands[i + 1], span) for i, op in enumerate(node.ops)]
        return links[0] if len(links) == 1 else Apply("and", tuple(links), span)

    def link(self, op: ast.cmpop, left: ast.expr, right: ast.expr, span: Span) -> Node:
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, ast.List | ast.Tuple):
                self.refuse(right)
            inside = Apply("in", self.all([left, *right.elts]), span)
            if not right.elts:
                self.source.fail("CR-WRONG-COUNT", span, operator="in", expected="1", given=0)
            return inside if isinstance(op, ast.In) else Apply("not", (inside,), span)
        if type(op) not in _COMPARISONS:
            self.refuse_operator("is", span)
        return Apply(_COMPARISONS[type(op)], self.all([left, right]), span)

    def call(self, node: ast.Call, span: Span) -> Node:
        if not isinstance(node.func, ast.Name):
            self.refuse(node)
        name = node.func.id
        if name in ("lookup", "exists"):
            return self.lookup(name, node, span)
        if name in COHORTS:
            return self.cohort(name, node, span)
        if name not in CALLS:
            self.source.fail("CR-UNKNOWN-FUNCTION", span, name=name, nearest=nearest(name, FUNCTIONS))
        if node.keywords:
            self.source.fail("CR-BAD-OPTION", span, function=name, option=node.keywords[0].arg, allowed="-")
        return Apply(name, self.all(node.args), span)

    def lookup(self, name: str, node: ast.Call, span: Span) -> Lookup:
        match node.args, node.keywords:
            case [ast.Name(id=table)], [] if name == "exists":
                return Lookup(_unescape(table), "", span)
            case [ast.Attribute(value=ast.Name(id=table), attr=column)], [] if name == "lookup":
                return Lookup(_unescape(table), _unescape(column), span)
            case _:
                form = "table.column" if name == "lookup" else "table"
                self.source.fail(
                    "CR-BAD-OPTION", span, function=name, option=self.shown(node), allowed=f"{name}({form})"
                )

    def cohort(self, name: str, node: ast.Call, span: Span) -> Cohort | Across:
        function = COHORTS[name]
        if len(node.args) != function.arguments:
            self.source.fail("CR-WRONG-COUNT", span, operator=name, expected=function.arguments, given=len(node.args))
        if function.kind == "aggregate" and not self.in_aggregate and (across := self.across(node, name, span)):
            return across
        grouping = {"ranking": "within", "sequence": "", "aggregate": "per"}[function.kind]
        named = [*([grouping] if grouping else []), *function.options, *(["back"] if name == "previous" else [])]
        per: tuple[str, ...] = ()
        options: list[tuple[str, Node]] = []
        for word in node.keywords:
            self.refuse_option(name, word, node, named, span)
            if word.arg == grouping:
                per = self.columns(word.value)
            else:
                options.append((word.arg or "", self.read(word.value)))
        return Cohort(name, self.all(node.args), per, tuple(sorted(options, key=lambda o: o[0])), span)

    def refuse_option(self, name: str, word: ast.keyword, node: ast.Call, named: list[str], span: Span) -> None:
        if word.arg not in named or [w.arg for w in node.keywords].count(word.arg) > 1:
            self.source.fail("CR-BAD-OPTION", span, function=name, option=word.arg, allowed=", ".join(named) or "-")

    def across(self, node: ast.Call, name: str, span: Span) -> Across | None:
        """The aggregate as one of another table's rows; None where it names no other table."""
        where = [word for word in node.keywords if word.arg == "where"]
        if not where and not any(_names_a_table(arg) for arg in node.args):
            return None
        for word in node.keywords:
            self.refuse_option(name, word, node, ["where"], span)
        self.in_aggregate = True
        args = self.all(node.args)
        holds = self.read(where[0].value) if where else Literal(True, TRUTH, span=span)
        self.in_aggregate = False
        parts = [part for tree in (*args, holds) for part in walk(tree)]
        tables = sorted({part.table for part in parts if isinstance(part, Column) and part.table})
        if len(tables) != 1:
            self.source.fail("CR-ONE-OTHER-TABLE", span, function=name, tables=", ".join(tables) or "-")
        return Across(name, tables[0], args, holds, span)

    def columns(self, node: ast.expr) -> tuple[str, ...]:
        if not isinstance(node, ast.List) or not all(isinstance(e, ast.Name) for e in node.elts) or not node.elts:
            self.refuse(node)
        return tuple(_unescape(e.id) for e in node.elts if isinstance(e, ast.Name))

    def span(self, node: ast.expr) -> Span:
        start = len(self.raw[: node.col_offset].decode())
        end = start + len(self.shown(node))
        return Span(start + self.indent, end + self.indent)

    def shown(self, node: ast.expr) -> str:
        return self.raw[node.col_offset : node.end_col_offset].decode()

    def refuse(self, node: ast.expr) -> NoReturn:
        written = self.shown(node)
        self.refuse_operator(written if len(written) <= 40 else written[:37] + "...", self.span(node))

    def refuse_operator(self, what: str, span: Span) -> NoReturn:
        self.source.fail("CR-NOT-IN-LANGUAGE", span, what=f"`{what}`", functions=", ".join(sorted(FUNCTIONS)))


def _names_a_table(node: ast.expr) -> bool:
    """Whether `table.column` occurs; inside a call of its own, such as `lookup`, it isn't this one's."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id not in ("param", "interpretation")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in (*COHORTS, "lookup", "exists"):
        return False
    return any(_names_a_table(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def number_literal(value: Decimal, span: Span = Span()) -> Literal:
    """A literal with the number's own scale, `2.5` as 25 tenths."""
    scale = decimal_places(value)
    return Literal(in_units(value, scale), Number(scale), span=span)


def _unescape(name: str) -> str:
    """A name that is a Python keyword is written with a trailing underscore, `from_`."""
    return name[:-1] if name.endswith("_") and keyword.iskeyword(name[:-1]) else name


def escape(name: str) -> str:
    """The written form of a name, the opposite of `_unescape`."""
    return f"{name}_" if keyword.iskeyword(name) else name
