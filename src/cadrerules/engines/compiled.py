"""The compiled fast path: a policy's rules as one Python function of one row, without trace.

The bound tree becomes Python through `ast`. The function for a row without holes is plain two-valued
code. For a row with holes a variant is made at its first use: the empty inputs are put into the tree
as unknown values, so that the reference semantics itself decides what is left open. What can't be
written as fast code is evaluated by the reference.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from ..errors import Problem, UsageError
from ..language.bind import fold
from ..language.evaluate import RowExpression, lay_out
from ..language.nodes import Across, Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter, walk
from ..language.python_syntax import statement_trees
from ..language.types import Type, in_units_of, unknown
from ..language.values import exact
from ..model.facts import ColumnSpec, Table
from ..model.program import Program
from .python_code import Emitter, TooIntricateError, any_, argument, defined, is_, made

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
        stage = self.program.own_stage
        self.types = stage.types
        table = self.tables.get(stage.source)
        self.columns: Mapping[str, ColumnSpec] = table.columns if table else {}
        inner = {step.name: step.node for step in stage.steps if not isinstance(step.node, Cohort | Lookup | Across)}
        self.rules = {b.rule.key: fold(_expand(inner[b.rule.key], inner)) for b in self.program.own_rules}

    def function(self) -> CompiledPolicy:
        inputs = tuple(sorted({n.name for rule in self.rules.values() for n in walk(rule) if isinstance(n, Column)}))
        compiled = _front(self, inputs, _Variants(self, inputs))
        compiled.inputs, compiled.rules = inputs, tuple(self.rules)  # type: ignore[attr-defined]
        return compiled  # type: ignore[return-value]

    def variant(self, inputs: tuple[str, ...], empty: frozenset[str]) -> Callable[..., Truths]:
        """The function for rows in which just these inputs are empty; it takes all inputs by position."""
        body, names = self.body(inputs, empty)
        return made([ast.arg(argument(i)) for i in range(len(inputs))], body, names)

    def body(self, inputs: tuple[str, ...], empty: frozenset[str]) -> tuple[list[ast.stmt], dict[str, Any]]:
        """The statements that give the truths from the inputs, and the names they use."""
        given = {name: self.empty_value(name) for name in empty}
        bound = {rule: fold(_substitute(node, given)) for rule, node in self.rules.items()}
        emitter = Emitter(self.types, inputs)
        try:
            return emitter.statements(bound), emitter.names
        except TooIntricateError:
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
        case Literal() | Column() | Parameter() | Interpretation() | Cohort() | Across() | Lookup():
            return node


def _substitute(node: Node, given: Mapping[str, Literal]) -> Node:
    match node:
        case Column() if node.name in given:
            return given[node.name]
        case Apply():
            return Apply(node.operator, tuple(_substitute(a, given) for a in node.args))
        case Literal() | Column() | Parameter() | Interpretation() | Cohort() | Across() | Lookup():
            return node


def _interpreted(rules: Mapping[str, Node], inputs: Sequence[str], types: Mapping[str, Type]) -> Callable[..., Truths]:
    """The rules evaluated by the reference semantics, for what can't be written as fast code."""
    expressions: dict[str, RowExpression] = {rule: lay_out(node) for rule, node in rules.items()}

    def evaluate(*values: Any) -> Truths:
        row = {name: in_units_of(types[name], value) for name, value in zip(inputs, values, strict=True)}
        return {rule: expression.value(row) for rule, expression in expressions.items()}

    return evaluate


def _front(compiler: _Compiler, inputs: tuple[str, ...], variants: _Variants) -> Callable[..., Truths]:
    """The function users call: takes the inputs out of the row, sends rows with holes to their variant."""
    body, names = compiler.body(inputs, frozenset())
    stores = [ast.Assign([ast.Name(argument(i), ast.Store())], _item(name)) for i, name in enumerate(inputs)]
    decimals = [argument(i) for i, name in enumerate(inputs) if getattr(compiler.types[name], "scale", 0)]
    prologue = statement_trees(_PROLOGUE)
    reading = prologue[1]
    assert isinstance(reading, ast.Try)
    reading.body = list(stores)
    floats = [s for name in decimals for s in statement_trees(f"if {name}.__class__ is float: {name} = exact({name})")]
    arguments: list[ast.expr] = [ast.Name(argument(i), ast.Load()) for i in range(len(inputs))]
    holes = [is_(argument, None) for argument in arguments]
    detour = ast.If(any_(holes), [ast.Return(ast.Call(ast.Name("variants", ast.Load()), arguments, []))], [])
    helpers = {
        "variants": variants,
        "gather": _gather,
        "absent": _absent,
        "exact": exact,
        "dict": dict,
        "float": float,
        "KeyError": KeyError,
    }
    row = ast.arguments(
        posonlyargs=[ast.arg("row")], args=[], kwonlyargs=[], kw_defaults=[], kwarg=ast.arg("more"), defaults=[]
    )
    return defined(row, [*prologue, *floats, *([detour] if holes else []), *body], {**names, **helpers})


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
