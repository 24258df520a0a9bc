"""What a plan asks of an engine: the operators, functions and options that its bound policies use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from cadrerules.language.cohorts import COHORTS
from cadrerules.language.nodes import Across, Apply, Cohort, Literal, Lookup, Node, walk
from cadrerules.language.operators import OPERATORS
from cadrerules.language.scope import CALENDAR
from cadrerules.model.policy_set import PolicySet
from cadrerules.model.program import Program, Stage, bind_policy

OPTIONS = frozenset(
    f"{function.name}({option}={word})"
    for function in COHORTS.values()
    for option, words in function.options.items()
    for word in words
)
ACROSS = frozenset(f"{function.name}(table.column)" for function in COHORTS.values() if function.kind == "aggregate")
EVERYTHING: frozenset[str] = frozenset(
    {*OPERATORS, *COHORTS, *OPTIONS, *ACROSS, "previous(back=..)", "lookup", "exists", "view", "where", "product", "calendar"}
)
"""All that an engine may be able to do."""


def features(policies: PolicySet, names: Iterable[str], as_of: date) -> frozenset[str]:
    """What these policies of a set ask of an engine, under the readings in force."""
    bindings, grains = policies.bindings(as_of), policies.context.grains
    chosen = [policies.policies[name] for name in names]
    programs = [bind_policy(policy, bindings, grains) for policy in chosen if policy.relations]
    return frozenset(feature for program in programs for feature in _of_program(program))


def _of_program(program: Program) -> Iterator[str]:
    for stage in program.stages:
        yield from _of_rows(stage)
        for step in (*stage.keeps, *stage.steps):
            yield from of_tree(step.node)
    for rule in program.rules:
        for condition in rule.conditions:
            yield from of_tree(condition)


def _of_rows(stage: Stage) -> Iterator[str]:
    if stage.by is not None:
        yield "view"
    if stage.where is not None:
        yield "where"
    if len(stage.sources) > 1:
        yield "product"
    if CALENDAR.keys() & {*stage.sources}:
        yield "calendar"


def of_tree(node: Node) -> Iterator[str]:
    """What one expression asks of an engine; an option that an interpretation chooses is left to binding."""
    for part in walk(node):
        match part:
            case Apply(operator=name):
                yield name
            case Cohort(function=name, options=options):
                yield name
                yield from (_option(name, option, v.value) for option, v in options if isinstance(v, Literal))
            case Across(function=name):
                yield f"{name}(table.column)"
            case Lookup(column=column):
                yield "lookup" if column else "exists"
            case _:
                pass


def _option(function: str, option: str, word: object) -> str:
    return f"{function}({option}={'..' if option == 'back' else word})"
