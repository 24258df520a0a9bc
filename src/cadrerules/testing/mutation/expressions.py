"""Where expressions stand in a policy document, and the mutants of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...language.nodes import Apply, Column, Literal, Node, Span, children, walk
from ...language.parse import parse
from ...language.text import to_text
from ...language.types import TRUTH, Choice, Number
from ...model.documents import CasesDoc, PolicyDoc
from ...model.obligations import WRITTEN
from ...model.policy import Policy, facts_name
from ...model.policy_set import PolicySet
from .edit import Edit, Path
from .trees import Variant, rebuilt, variants


@dataclass(frozen=True, slots=True)
class Site:
    """An expression and its path; whether it is a condition, and whether it tells whom something goes to."""

    path: Path
    text: str
    condition: bool = False
    addressees: bool = False


def sites(doc: PolicyDoc) -> Iterator[Site]:
    """Every expression of a document, in its order."""
    for name, group in doc.groups.items():
        yield from _where(("groups", name), group.where, addressees=True)
    for name, view in doc.views.items():
        yield from _where(("views", name), view.where)
        for part, columns in (("derive", view.derive), ("columns", view.columns)):
            yield from (Site(("views", name, part, column), text) for column, text in columns.items())
    for name, column in doc.derive.items():
        yield from _derived(("derive", name), column)
    for i, rule in enumerate(doc.rules):
        yield from _where(("rules", i), rule.when, "when")
        yield from _where(("rules", i, "to"), rule.to.where if rule.to else None, addressees=True)
    for i in range(len(doc.obligations)):
        yield from _obligation(doc, i)


def _where(path: Path, text: str | None, part: str = "where", *, addressees: bool = False) -> Iterator[Site]:
    if text:
        yield Site((*path, part), text, condition=True, addressees=addressees)


def _derived(path: Path, column: str | CasesDoc) -> Iterator[Site]:
    if isinstance(column, str):
        yield Site(path, column)
        return
    for i, case in enumerate(column.cases):
        yield from _where((*path, "cases", i), case.when, "when")


def _obligation(doc: PolicyDoc, i: int) -> Iterator[Site]:
    owed, path = doc.obligations[i], ("obligations", i)
    yield from _where((*path, "each"), owed.each.where if owed.each else None, addressees=True)
    named = {"due": owed.due, "times": owed.times if owed.times != "1" else "", "done": owed.done}
    yield from (Site((*path, part), text) for part, text in named.items() if text)


def expression_edits(policies: PolicySet, name: str) -> Iterator[Edit]:
    """The mutants of every expression of a policy's document."""
    policy = policies.policies[name]
    for site in sites(policies.documents[name]):
        tree = parse(site.text)
        found = [*variants(tree, _steps(policy, site.path), condition=site.condition)]
        found += _left_out(site, tree)
        found += _more_addressees(tree, policies) if site.addressees else ()
        yield from (_edit(name, site, tree, variant) for variant in found)


def _edit(name: str, site: Site, tree: Node, variant: Variant) -> Edit:
    operator = "addressee" if site.addressees and variant.operator == "option" else variant.operator
    becomes = "" if variant.node is NOTHING else to_text(variant.node)
    return Edit(name, site.path, becomes or None, operator, variant.old, variant.new, to_text(tree), becomes)


NOTHING = Literal(True, TRUTH)
"""What stands for a condition that is left out as a whole."""


def _left_out(site: Site, tree: Node) -> Iterator[Variant]:
    """A condition that may be left out as a whole: all rows are then kept, or all addressed."""
    if site.path[-1] == "where":
        yield Variant("addressee" if site.addressees else "conjunct", NOTHING, to_text(tree), "")


# --- how fine numbers are -------------------------------------------------------------------------


def _steps(policy: Policy, path: Path) -> Mapping[Span, int]:
    """The decimal places of the numbers of an expression, once checked: those of what they are compared with."""
    node = _checked(policy, path)
    parts = walk(node) if node else ()
    return {part.span: part.type.scale for part in parts if isinstance(part, Literal) and isinstance(part.type, Number)}


def _checked(policy: Policy, path: Path) -> Node | None:
    """The checked tree of the expression at a path, where it stands alone in one."""
    match path:
        case ("derive", str(column)):
            return _definition(policy, facts_name(policy.name), column)
        case ("views", str(view), "where"):
            return next((r.where.node for r in policy.relations if r.name == view and r.where), None)
        case ("views", str(view), _, str(column)):
            return _definition(policy, view, column)
        case ("rules", int(i), "when"):
            rule = policy.doc.rules[i]
            return None if rule.table else next(r.when for r in policy.rules if r.id == f"{policy.name}.{rule.id}")
        case ("obligations", int(i), str(part)):
            column = next((column for column, where in WRITTEN.items() if where == (part,)), "")
            return _definition(policy, facts_name(policy.name, policy.doc.obligations[i].id), column)
        case _:
            return None


def _definition(policy: Policy, relation: str, column: str) -> Node | None:
    found = (d.node for r in policy.relations if r.name == relation for d in r.definitions if d.name == column)
    return next(found, None)


# --- whom something goes to -----------------------------------------------------------------------


def _more_addressees(tree: Node, policies: PolicySet) -> Iterator[Variant]:
    """Conditions that a further one of a column's words meets too."""
    for part in walk(tree):
        match part:
            case Apply(operator="in" | "==", args=(Column(name=name), *words)) if all(isinstance(w, Literal) for w in words):
                listed = tuple(w.value for w in words if isinstance(w, Literal))
                for word in _others(policies, name, listed):
                    more = Apply("in", (part.args[0], *words, Literal(word, Choice((word,)))))
                    yield Variant("addressee", _replaced(tree, part, more), to_text(part), to_text(more))


def _others(policies: PolicySet, column: str, listed: tuple[Any, ...]) -> list[str]:
    """The further words of the columns of this name that may hold those listed."""
    types = [table.types.get(column) for table in policies.tables.values()]
    options = [of.options for of in types if isinstance(of, Choice) and set(listed) <= set(of.options)]
    return [word for word in (options[0] if options else ()) if word not in listed]


def _replaced(tree: Node, part: Node, other: Node) -> Node:
    if tree is part:
        return other
    return rebuilt(tree, [_replaced(child, part, other) for child in children(tree)])
