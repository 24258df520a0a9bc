"""The reference semantics on one row, keeping the value of every part: the traced counterpart of `compiled`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import Problem, UsageError
from ...language.bind import type_of
from ...language.evaluate import RowExpression, lay_out
from ...language.nodes import Apply, Column, Literal, Node
from ...language.scope import Grain, Scope
from ...language.text import show, to_text
from ...language.types import in_units_of, unknown
from ...language.values import exact
from ...model.facts import ColumnSpec, Table
from ...model.program import Program
from ...model.trace import Trace
from .explain import literal_trace


@dataclass(frozen=True, slots=True)
class TracedRow:
    """What the rules of a policy gave on one row: `truths` per rule, and `trace(rule)` with every value."""

    truths: Mapping[str, bool | None]
    values: Mapping[str, list[Any]]
    policy: TracedPolicy

    def trace(self, rule: str) -> Trace:
        """The condition tree of a rule with the value of every part."""
        return self._part(rule, -1)

    def _part(self, column: str, slot: int) -> Trace:
        expression, values = self.policy.steps[column], self.values[column]
        slot %= len(values)
        node = expression.nodes[slot]
        value = show(values[slot], type_of(node, self.policy.scope))
        match node:
            case Literal():
                return literal_trace(node, value)
            case Column(name=name) if name in self.policy.steps:
                return Trace(name, value, "derived", (self._part(name, -1),))
            case Column(name=name):
                return Trace(name, value, "fact")
            case _:
                return Trace(
                    to_text(node), value, "condition", tuple(self._part(column, i) for i in expression.arguments[slot])
                )


class TracedPolicy:
    """A policy's rules on one row by the reference semantics: slower than the compiled ones, with a trace.

    `inputs` are those of the compiled policy. Safe to share between threads.
    """

    def __init__(self, program: Program, tables: Mapping[str, Table]) -> None:
        stage = program.own_stage
        kinds = Apply | Column | Literal
        own = {step.name: step.node for step in stage.steps if isinstance(step.node, kinds)}
        needed = _needed([bound.rule.key for bound in program.own_rules], own)
        self.steps: dict[str, RowExpression] = {name: lay_out(own[name]) for name in own if name in needed}
        self.rules = tuple(bound.rule.key for bound in program.own_rules)
        reads = {name for expression in self.steps.values() for _, name in expression.reads}
        self.inputs = tuple(sorted(reads - set(self.steps)))
        self.scope = Scope(Grain(stage.types, ()))
        table = tables.get(stage.source)
        self.columns: Mapping[str, ColumnSpec] = table.columns if table else {}

    def __call__(self, row: Mapping[str, Any]) -> TracedRow:
        """The rules' truths on a row that holds every input, with their traces; `UsageError` for an absent one."""
        known = {name: self._value(name, row) for name in self.inputs}
        values: dict[str, list[Any]] = {}
        for name, expression in self.steps.items():
            values[name] = found = expression.values(known)
            known[name] = found[-1]
        return TracedRow({rule: known[rule] for rule in self.rules}, values, self)

    def _value(self, name: str, row: Mapping[str, Any]) -> Any:
        try:
            cell = row[name]
        except KeyError:
            raise UsageError(Problem("CR-MISSING-INPUT", values={"name": name})) from None
        if name in self.columns:
            return self.columns[name].value(exact(cell) if isinstance(cell, float) else cell)
        of = self.scope.grain.columns[name]
        if cell is None:
            return unknown(of)
        return in_units_of(of, cell)


def _needed(rules: list[str], own: Mapping[str, Node]) -> set[str]:
    """The columns that the rules need, however indirectly, and that need no other rows."""
    found: set[str] = set()
    waiting = list(rules)
    while waiting:
        name = waiting.pop()
        if name in own and name not in found:
            found.add(name)
            waiting += [column for _, column in lay_out(own[name]).reads]
    return found
