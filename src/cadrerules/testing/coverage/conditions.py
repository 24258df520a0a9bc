"""The conditions that rules are made of: each as a truth of atomic comparisons, seen through the derived columns of its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal as Word

from ...language.bind import fold
from ...language.nodes import Across, Apply, Cohort, Column, Literal, Lookup, Node, children
from ...language.operators import OPERATORS
from ...language.text import to_text
from ...language.types import Truth
from ...model.program import BoundRule, Program, Stage

Kind = Word["rule", "addressee", "column", "kept"]
CONNECTIVES = ("and", "or", "not", "if")
ORDERED = ("<", "<=", ">", ">=")
_EQUAL = ("==", "!=", "in")
_OPAQUE = (Cohort, Across, Lookup)


@dataclass
class Condition:
    """One condition: a rule's, one on its addressees, one within a column that it rests on, or one that keeps a view's rows.

    `owner` is the rule's key, the group's policy, or the column's name; `tree` the condition with the derived
    columns of its row put in, so that its leaves are atomic; `other` the table whose rows it joins with its
    own (`shared` columns alike). `rules` are the keys of the rules that rest on it.
    """

    policy: str
    owner: str
    kind: Kind
    stage: Stage
    tree: Node
    other: str = ""
    shared: tuple[str, ...] = ()
    rules: dict[str, None] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The condition in the rule language, the same however it is laid out in its document."""
        return to_text(self.tree)

    @cached_property
    def atoms(self) -> dict[str, Node]:
        """Its atomic parts by their text, in order."""
        return {to_text(leaf): leaf for leaf in leaves(self.tree)}

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells conditions apart: the policy, the rows that it is about, and its text."""
        return self.policy, self.rows, self.text

    @property
    def rows(self) -> str:
        """The rows that it is about."""
        return f"{self.stage.name}, {self.other}" if self.kind == "column" and self.other else self.other or self.stage.name


def leaves(tree: Node) -> Iterator[Node]:
    """The atomic parts of a condition; what is always true or always false is none."""
    if isinstance(tree, Apply) and tree.operator in CONNECTIVES:
        for arg in tree.args:
            yield from leaves(arg)
    elif not (isinstance(tree, Literal) and not tree.origin):
        yield tree


def conditions(program: Program) -> list[Condition]:
    """The conditions of a policy's rules and of the columns that they rest on, each once."""
    finder = _Finder(program)
    for bound in program.rules:
        finder.rule(bound)
    return list(finder.found.values())


@dataclass
class _Finder:
    program: Program
    found: dict[tuple[str, str, str], Condition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stages = {stage.name: stage for stage in self.program.stages}
        self.seen: set[tuple[str, str, str]] = set()

    def rule(self, bound: BoundRule) -> None:
        rule, stage = bound.rule, self.stages[bound.rule.facts]
        self._note(Condition(self.program.policy.name, rule.key, "rule", stage, expand(bound.when, stage.written)), rule.key)
        self._inside(bound.when, stage, rule.key, rule.key)
        self._kept(stage, rule.key)
        if rule.to is None:
            return
        by_policy: dict[str, list[Node]] = {}
        for written, node in zip(rule.to.conditions, bound.conditions, strict=True):
            by_policy.setdefault(written.policy, []).append(node)
        for policy, nodes in by_policy.items():
            tree = expand(nodes[0] if len(nodes) == 1 else Apply("and", tuple(nodes)), stage.written)
            owner = rule.key if policy == self.program.policy.name else policy
            self._note(Condition(policy, owner, "addressee", stage, tree, rule.to.table, rule.to.shared), rule.key)

    def _note(self, condition: Condition, rule: str) -> None:
        if condition.atoms:
            self.found.setdefault(condition.key, condition).rules[rule] = None

    def _inside(self, node: Node, stage: Stage, owner: str, rule: str) -> None:
        """The conditions within an expression: those that functions of other rows count by, and those that choose a value."""
        match node:
            case Column(table=""):
                self._column(node.name, stage, rule)
                return
            case Column():
                self._column(node.name, self.stages.get(node.table), rule)
                return
            case Cohort():
                for arg in node.args:
                    self._truths(arg, stage, owner, rule)
            case Across():
                tree = expand(node.where, stage.written)
                self._note(Condition(self.program.policy.name, owner, "column", stage, tree, node.table), rule)
                if node.table in self.stages:
                    self._kept(self.stages[node.table], rule)
            case Apply(operator="if") if not _is_truth(node):
                self._note(self._of_column(node.args[0], stage, owner), rule)
            case _:
                pass
        for child in children(node):
            self._inside(child, stage, owner, rule)

    def _truths(self, node: Node, stage: Stage, owner: str, rule: str) -> None:
        """The condition that an argument is, if it is one."""
        of = stage.types.get(node.name) if isinstance(node, Column) else None
        if isinstance(of, Truth) or (isinstance(node, Apply) and _is_truth(node)):
            self._note(self._of_column(node, stage, owner), rule)

    def _of_column(self, node: Node, stage: Stage, owner: str) -> Condition:
        return Condition(self.program.policy.name, owner, "column", stage, expand(node, stage.written))

    def _column(self, name: str, stage: Stage | None, rule: str) -> None:
        """What is within a column of a stage, or of the view that its rows come from."""
        if stage is None or (rule, stage.name, name) in self.seen:
            return
        self.seen.add((rule, stage.name, name))
        if name in stage.written:
            self._inside(stage.written[name], stage, name, rule)
            return
        for source in stage.sources:
            if source in self.stages and source != stage.name:
                self._column(name, self.stages[source], rule)
                self._kept(self.stages[source], rule)

    def _kept(self, stage: Stage, rule: str) -> None:
        """The condition on which a view keeps a row."""
        if stage.where is not None and (rule, stage.name, "") not in self.seen:
            self.seen.add((rule, stage.name, ""))
            tree = expand(stage.where, stage.written)
            self._note(Condition(self.program.policy.name, stage.name, "kept", stage, tree), rule)
            self._inside(stage.where, stage, stage.name, rule)
        for source in stage.sources:
            if source in self.stages and source != stage.name:
                self._kept(self.stages[source], rule)


def _is_truth(node: Apply) -> bool:
    """Whether an expression is a condition, as far as its form tells."""
    if node.operator == "if":
        return any(isinstance(arg, Apply) and _is_truth(arg) for arg in node.args[1:])
    return node.operator in (*CONNECTIVES, *ORDERED, *_EQUAL, "known")


# --- derived columns put in -----------------------------------------------------------------------


def expand(node: Node, written: Mapping[str, Node]) -> Node:
    """A condition with the derived conditions of its row in the place of their names.

    A comparison of a value chosen by cases becomes the choice between comparisons: `flag == "red"` the case that
    makes it red. What other rows are needed for stays under its name.
    """
    match node:
        case Column(table="", name=name) if name in written and not isinstance(written[name], _OPAQUE):
            return expand(written[name], written)
        case Apply(operator=operator) if operator in CONNECTIVES:
            args = tuple(expand(arg, written) for arg in node.args)
            return replace(node, args=_flat(operator, args) if operator in ("and", "or") else args)
        case Apply(operator=operator) if operator in _EQUAL:
            return _compared(node, written)
        case _:
            return node


def _flat(operator: str, args: tuple[Node, ...]) -> tuple[Node, ...]:
    """The arguments with those of nested conditions of the same kind: however they are put in brackets, it is one condition."""
    nested = ((arg.args if isinstance(arg, Apply) and arg.operator == operator else (arg,)) for arg in args)
    return tuple(arg for inner in nested for arg in inner)


def _compared(node: Apply, written: Mapping[str, Node]) -> Node:
    for n, arg in enumerate(node.args):
        chosen = _chosen(arg, written)
        if isinstance(chosen, Apply):
            condition, *branches = chosen.args
            then, other = (_compared(replace(node, args=(*node.args[:n], b, *node.args[n + 1 :])), written) for b in branches)
            return Apply("if", (expand(condition, written), then, other))
    plain = all(isinstance(arg, Literal) and not arg.origin for arg in node.args)
    return fold(node) if plain else node


def _chosen(node: Node, written: Mapping[str, Node]) -> Node:
    """The cases of a word that is chosen by cases; anything else as it is."""
    if isinstance(node, Column) and not node.table and node.name in written:
        inner = _chosen(written[node.name], written)
        return inner if isinstance(inner, Apply) and inner.operator == "if" else node
    words = isinstance(node, Apply) and node.operator == "if" and any(isinstance(p, Literal) and isinstance(p.value, str) for p in node.args[1:])
    return node if words or not isinstance(node, Apply) else Column(to_text(node))


def outcome(tree: Node, truths: Mapping[str, bool | None]) -> bool | None:
    """What a condition comes to, given what its atomic parts are."""
    if isinstance(tree, Apply) and tree.operator in CONNECTIVES:
        return OPERATORS[tree.operator].meaning(*(outcome(arg, truths) for arg in tree.args))  # type: ignore[no-any-return]
    if isinstance(tree, Literal) and not tree.origin:
        return tree.value  # type: ignore[no-any-return]
    return truths[to_text(tree)]
