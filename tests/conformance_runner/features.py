"""What a plan asks of an engine: the operators, functions and forms that its policies use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cadrerules.language.cohorts import COHORTS
from cadrerules.language.nodes import Apply, Cohort, Literal, Lookup, Node, walk
from cadrerules.language.operators import OPERATORS
from cadrerules.model.policy import Policy

OPTIONS = frozenset(
    f"{function.name}({option}={word})" for function in COHORTS.values() for option, words in function.options.items() for word in words
)
EVERYTHING: frozenset[str] = frozenset({*OPERATORS, *COHORTS, *OPTIONS, "previous(back=..)", "lookup", "exists", "view"})
"""All that an engine may be able to do."""


def features(policies: Iterable[Policy]) -> frozenset[str]:
    """What these policies ask of an engine."""
    return frozenset(feature for policy in policies for feature in _of_policy(policy))


def _of_policy(policy: Policy) -> Iterator[str]:
    for relation in policy.relations:
        if relation.by is not None:
            yield "view"
        for definition in relation.definitions:
            yield from of_tree(definition.node)
    for rule in policy.rules:
        yield from of_tree(rule.when)
        for condition in rule.to.conditions if rule.to else ():
            yield from of_tree(condition.node)


def of_tree(node: Node) -> Iterator[str]:
    """What one expression asks of an engine."""
    for part in walk(node):
        match part:
            case Apply(operator=name):
                yield name
            case Cohort(function=name, options=options):
                yield name
                yield from (_option(name, option, value) for option, value in options)
            case Lookup(column=column):
                yield "lookup" if column else "exists"
            case _:
                pass


def _option(function: str, option: str, value: Node) -> str:
    word = value.value if isinstance(value, Literal) and option != "back" else ".."
    return f"{function}({option}={word})"
