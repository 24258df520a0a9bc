"""The compiled fast path: a policy's rules as one Python function of one row, without trace.

The bound tree becomes Python through `ast`. The function for a row without holes is plain two-valued
code. For a row with holes a variant is made at its first use: the empty inputs are put into the tree
as unknown values, so that the reference semantics itself decides what is left open. What can't be
written as fast code is evaluated by the reference.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import inf
from typing import Any, NoReturn, Protocol

from ..errors import Problem, UsageError
from ..language.bind import fold
from ..language.evaluate import RowExpression, lay_out
from ..language.nodes import Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter, walk
from ..language.types import Number, Type, unknown
from ..language.values import EXACT, Between, in_units, is_known
from ..model.facts import ColumnSpec, Table
from ..model.program import Program

MOST_VARIANTS = 256

Truths = dict[str, bool | None]


class CompiledPolicy(Protocol):
    """A compiled policy: called with a row (a dict, or a model of the table) it gives each rule's truth.

    `inputs` names what the row must hold: facts, and derived columns that need other rows, which may
    also be given by keyword. None stands for what isn't known. Rows are taken as validated. An
    addressee's conditions are not part of it. Safe to call from several threads.
    """

    inputs: tuple[str, ...]
    rules: tuple[str, ...]

    def __call__(self, row: Any, /, **more: Any) -> Truths:
        """Each rule's truth: True, False, or None where it is open. `UsageError` for an absent input."""
        ...


def compile_policy(program: Program, tables: Mapping[str, Table]) -> CompiledPolicy:
    """The compiled rules of a bound policy over the tables given."""
    return _Compiler(program, tables).function()


@dataclass
class _Compiler:
    program: Program
    tables: Mapping[str, Table]

    def __post_init__(self) -> None:
        stage = self.program.stages[-1]
        self.types = stage.types
        table = self.tables.get(stage.source)
        self.columns: Mapping[str, ColumnSpec] = table.columns if table else {}
        inner = {step.name: step.node for step in stage.steps if not isinstance(step.node, Cohort | Lookup)}
        self.rules = {bound.rule.id: fold(_expand(inner[bound.rule.id], inner)) for bound in self.program.rules}

    def function(self) -> CompiledPolicy:
        inputs = tuple(sorted({n.name for rule in self.rules.values() for n in walk(rule) if isinstance(n, Column)}))
        compiled = _front(self, inputs, _Variants(self, inputs))
        compiled.inputs, compiled.rules = inputs, tuple(self.rules)  # type: ignore[attr-defined]
        return compiled  # type: ignore[return-value]

    def variant(self, inputs: tuple[str, ...], empty: frozenset[str]) -> Callable[..., Truths]:
        """The function for rows in which just these inputs are empty; it takes all inputs by position."""
        body, names = self.body(inputs, empty)
        return _made([ast.arg(_argument(i)) for i in range(len(inputs))], body, names)

    def body(self, inputs: tuple[str, ...], empty: frozenset[str]) -> tuple[list[ast.stmt], dict[str, Any]]:
        """The statements that give the truths from the inputs, and the names they use."""
        given = {name: self.empty_value(name) for name in empty}
        bound = {rule: fold(_substitute(node, given)) for rule, node in self.rules.items()}
        emitter = _Emitter(self.types, inputs)
        try:
            return emitter.statements(bound), emitter.names
        except _TooIntricateError:
            arguments: list[ast.expr] = [emitter.input(name) for name in inputs]
            call = ast.Return(ast.Call(ast.Name("interpreted", ast.Load()), arguments, []))
            return [call], {"interpreted": _interpreted(bound, inputs, self.types)}

    def empty_value(self, name: str) -> Literal:
        of = self.types[name]
        value = self.columns[name].value(None) if name in self.columns else unknown(of)
        return Literal(value, of)


class _Variants:
    """The functions for rows with holes, made at their first use."""

    def __init__(self, compiler: _Compiler, inputs: tuple[str, ...]) -> None:
        self.compiler, self.inputs = compiler, inputs
        self.made: dict[tuple[bool, ...], Callable[..., Truths]] = {}

    def __call__(self, *values: Any) -> Truths:
        holes = tuple([value is None for value in values])
        found = self.made.get(holes)
        if found is None:
            empty = frozenset(name for name, hole in zip(self.inputs, holes, strict=True) if hole)
            found = self.compiler.variant(self.inputs, empty)
            if len(self.made) < MOST_VARIANTS:
                self.made[holes] = found
        return found(*values)


def _expand(node: Node, inner: Mapping[str, Node]) -> Node:
    """The tree with every column that needs no other rows replaced by what computes it."""
    match node:
        case Column() if node.name in inner:
            return _expand(inner[node.name], inner)
        case Apply():
            return Apply(node.operator, tuple(_expand(a, inner) for a in node.args))
        case Literal() | Column() | Parameter() | Interpretation() | Cohort() | Lookup():
            return node


def _substitute(node: Node, given: Mapping[str, Literal]) -> Node:
    match node:
        case Column() if node.name in given:
            return given[node.name]
        case Apply():
            return Apply(node.operator, tuple(_substitute(a, given) for a in node.args))
        case Literal() | Column() | Parameter() | Interpretation() | Cohort() | Lookup():
            return node


def _interpreted(rules: Mapping[str, Node], inputs: Sequence[str], types: Mapping[str, Type]) -> Callable[..., Truths]:
    """The rules evaluated by the reference semantics, for what can't be written as fast code."""
    expressions: dict[str, RowExpression] = {rule: lay_out(node) for rule, node in rules.items()}

    def evaluate(*values: Any) -> Truths:
        row = {name: _in_units(value, types[name]) for name, value in zip(inputs, values, strict=True)}
        return {rule: expression.value(row) for rule, expression in expressions.items()}

    return evaluate


def _in_units(value: Any, of: Type) -> Any:
    return in_units(value, of.scale) if isinstance(of, Number) and value is not None else value


def _exact(value: float) -> Decimal:
    """The decimal a float was written as."""
    return Decimal(repr(value))


# --- writing Python -----------------------------------------------------------------------------


class _TooIntricateError(Exception):
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
class _Emitter:
    """Writes one function for rows in which every input left in the trees is known."""

    types: Mapping[str, Type]
    inputs: Sequence[str]
    locals: dict[Node, str] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=lambda: {"EXACT": EXACT})
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
            case Apply(operator="known"):
                return _TruthCode(ast.Constant(value=True))
            case Apply(operator="in", args=(value, *options)):
                return self.junction("or", [self.comparison("==", value, o) for o in options])
            case Apply() if node.operator in _COMPARE:
                return self.comparison(node.operator, *node.args)
            case _:
                raise _TooIntricateError

    def junction(self, operator: str, parts: list[_TruthCode]) -> _TruthCode:
        """`and` or `or`: the known parts first, then three-valued among those that may be None."""
        decisive = operator == "or"
        known, open_parts = [p.code for p in parts if not p.open], [p for p in parts if p.open]
        op: ast.boolop = ast.Or() if decisive else ast.And()
        if not open_parts:
            return _TruthCode(known[0] if len(known) == 1 else ast.BoolOp(op, known))
        names = [self.temporary() for _ in open_parts]
        settled = [
            _is(ast.NamedExpr(ast.Name(n, ast.Store()), p.code), decisive)
            for n, p in zip(names, open_parts, strict=True)
        ]
        unknown_one = _any([_is(ast.Name(n, ast.Load()), None) for n in names])
        rest = ast.IfExp(unknown_one, ast.Constant(None), ast.Constant(not decisive))
        deciding = [*(known if decisive else [ast.UnaryOp(ast.Not(), k) for k in known]), *settled]
        return _TruthCode(ast.IfExp(_any(deciding), ast.Constant(decisive), rest), open=True)

    def negation(self, part: _TruthCode) -> _TruthCode:
        if not part.open:
            return _TruthCode(ast.UnaryOp(ast.Not(), part.code))
        name = self.temporary()
        test = _is(ast.NamedExpr(ast.Name(name, ast.Store()), part.code), None)
        return _TruthCode(
            ast.IfExp(test, ast.Constant(None), ast.UnaryOp(ast.Not(), ast.Name(name, ast.Load()))), open=True
        )

    def conditional(self, parts: list[_TruthCode]) -> _TruthCode:
        condition, then, otherwise = parts
        if condition.open:
            raise _TooIntricateError
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
        return _settled(None, _any(apart) if apart else None)

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
                raise _TooIntricateError

    def sum(self, operator: str, a: _Range, b: _Range, node: Node) -> _Range:
        types = [self.types[n.name] if isinstance(n, Column) else n.type for n in walk(node) if isinstance(n, Column | Literal)]
        add = _exact_sum if any(isinstance(of, Number) and of.scale for of in types) else _plain_sum
        low_b, high_b = (b.low, b.high) if operator == "+" else (b.high, b.low)
        low = add(operator, a.low, low_b)
        return _Range(low, low) if a.known and b.known else _Range(low, add(operator, a.high, high_b))

    def choice(self, condition: _TruthCode, then: _Range, otherwise: _Range) -> _Range:
        if condition.open or not (then.known and otherwise.known):
            raise _TooIntricateError
        code = ast.IfExp(condition.code, _there(then.low), _there(otherwise.low))
        return _Range(code, code)

    def input(self, name: str) -> ast.expr:
        return ast.Name(_argument(self.inputs.index(name)), ast.Load())

    def literal(self, node: Literal) -> _Range:
        """A constant in natural units: a whole number, an exact decimal, or a word or date."""
        of, value = node.type, node.value
        if is_known(value):
            code = self.constant(_natural(value, of))
            return _Range(code, code)
        if not isinstance(value, Between) or not isinstance(of, Number):
            raise _TooIntricateError
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
    return whole if rest == 0 else Decimal(value).scaleb(-of.scale)


def _there(code: ast.expr | None) -> ast.expr:
    if code is None:
        raise _TooIntricateError
    return code


def _plain_sum(operator: str, a: ast.expr | None, b: ast.expr | None) -> ast.expr | None:
    if a is None or b is None:
        return None
    return ast.BinOp(a, ast.Add() if operator == "+" else ast.Sub(), b)


def _exact_sum(operator: str, a: ast.expr | None, b: ast.expr | None) -> ast.expr | None:
    """A sum of decimals that no context of the caller's rounds."""
    if a is None or b is None:
        return None
    method = ast.Attribute(ast.Name("EXACT", ast.Load()), "add" if operator == "+" else "subtract", ast.Load())
    return ast.Call(method, [a, b], [])


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


def _is(code: ast.expr, what: bool | None) -> ast.expr:
    return ast.Compare(code, [ast.Is()], [ast.Constant(what)])


def _any(parts: list[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.Or(), parts)


def _front(compiler: _Compiler, inputs: tuple[str, ...], variants: _Variants) -> Callable[..., Truths]:
    """The function users call: takes the inputs out of the row, sends rows with holes to their variant."""
    body, names = compiler.body(inputs, frozenset())
    stores = [ast.Assign([ast.Name(_argument(i), ast.Store())], _item(name)) for i, name in enumerate(inputs)]
    decimals = [_argument(i) for i, name in enumerate(inputs) if getattr(compiler.types[name], "scale", 0)]
    prologue = ast.parse(_PROLOGUE).body
    reading = prologue[1]
    assert isinstance(reading, ast.Try)
    reading.body = list(stores)
    floats = [s for name in decimals for s in ast.parse(f"if {name}.__class__ is float: {name} = exact({name})").body]
    arguments: list[ast.expr] = [ast.Name(_argument(i), ast.Load()) for i in range(len(inputs))]
    holes = [_is(argument, None) for argument in arguments]
    detour = ast.If(_any(holes), [ast.Return(ast.Call(ast.Name("variants", ast.Load()), arguments, []))], [])
    helpers = {
        "variants": variants,
        "gather": _gather,
        "absent": _absent,
        "exact": _exact,
        "dict": dict,
        "float": float,
        "KeyError": KeyError,
    }
    row = ast.arguments(
        posonlyargs=[ast.arg("row")], args=[], kwonlyargs=[], kw_defaults=[], kwarg=ast.arg("more"), defaults=[]
    )
    return _defined(row, [*prologue, *floats, *([detour] if holes else []), *body], {**names, **helpers})


_PROLOGUE = """
if more or row.__class__ is not dict: row = gather(row, more)
try: pass
except KeyError as error: absent(error)
"""


def _item(name: str) -> ast.expr:
    return ast.Subscript(ast.Name("row", ast.Load()), ast.Constant(name), ast.Load())


def _gather(row: Any, more: Mapping[str, Any]) -> dict[str, Any]:
    """A row given as a model or any mapping, with what is given by keyword."""
    fields = row if isinstance(row, Mapping) else vars(row)
    return {**fields, **more}


def _absent(error: KeyError) -> NoReturn:
    raise UsageError(Problem("CR-MISSING-INPUT", values={"name": error.args[0]})) from None


def _argument(index: int) -> str:
    return f"a{index}"


def _made(arguments: list[ast.arg], body: list[ast.stmt], names: Mapping[str, Any]) -> Callable[..., Any]:
    """A function of positional arguments."""
    return _defined(
        ast.arguments(posonlyargs=[], args=arguments, kwonlyargs=[], kw_defaults=[], defaults=[]), body, names
    )


def _defined(arguments: ast.arguments, body: list[ast.stmt], names: Mapping[str, Any]) -> Callable[..., Any]:
    """A function made of a syntax tree; it sees nothing but the names given."""
    definition = ast.FunctionDef("evaluate", arguments, body, [])
    if "type_params" in definition._fields:  # since Python 3.12
        definition.type_params = []  # type: ignore[attr-defined, unused-ignore]
    module = ast.fix_missing_locations(ast.Module([definition], []))
    space: dict[str, Any] = {"__builtins__": {}, **names}
    exec(compile(module, "<policy>", "exec"), space)  # noqa: S102 - the tree is our own, made of checked nodes only
    return space["evaluate"]  # type: ignore[no-any-return]
