"""Which changes of the documents can bear on the decisions of a question: those that its rules depend on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model.dependencies import dependencies
from ..model.documents import Choose, GroupDoc
from ..model.policy import Policy, Rule
from ..model.policy_set import PolicySet
from .changes import Change, Key


def bearing(changes: Iterable[Change], old: PolicySet, new: PolicySet, question: str, rule: str | None = None) -> tuple[Change, ...]:
    """The changes to what the question's rules, or one of them, rest on, before or after, in order; none of words alone."""
    reached = {*rests_on(old, question, rule), *rests_on(new, question, rule)}
    return tuple(change for change in changes if not change.only_words and change.keys & reached)


def resting_on(of: PolicySet, key: Key) -> list[str]:
    """The questions whose decisions rest on an element, `("interpretation", "board.ties")`."""
    return [question for question in of.questions_doc if key in set(rests_on(of, question))]


def deciding(of: PolicySet, question: str) -> list[str]:
    """The policies that have a rule on the question."""
    return [name for name, policy in of.policies.items() if any(rule.question == question for rule in policy.rules)]


def rests_on(of: PolicySet, question: str, only: str | None = None) -> Iterator[Key]:
    """The elements that a question's decisions rest on, or where each rule is decided apart those by one."""
    doc = of.questions_doc.get(question)
    if doc is None:
        return
    yield from (("set", of.name), ("question", question))
    yield from (("verdict", f"{question}.{verdict}") for verdict in doc.verdicts)
    yield from (("table", name) for name in ("waivers", "disputes") if name in of.tables)
    if isinstance(doc.decide, Choose):
        yield ("interpretation", doc.decide.choose)
    if of.doc.calendar.since:
        yield ("parameter", of.doc.calendar.since)
    for policy in of.policies.values():
        for rule in policy.rules:
            if rule.question == question and only in (None, rule.id):
                yield from _of_rule(of, policy, rule)


def _of_rule(of: PolicySet, policy: Policy, rule: Rule) -> Iterator[Key]:
    yield from (("policy", policy.name), ("rule", rule.id), ("obligation", rule.id))
    found = dependencies(policy, rule)
    yield from (("parameter", name) for name in found.parameters)
    yield from (("interpretation", name) for name in found.interpretations)
    yield from (("table", table) for table, _ in found.columns)
    for relation, column in found.defined:
        yield ("view", f"{policy.name}.{relation}")
        yield ("column", f"{policy.name}.{column}")
    if rule.each:
        yield from _groups(of, policy.name, rule.each)


def _groups(of: PolicySet, policy: str, each: GroupDoc) -> Iterator[Key]:
    """The groups that lead to the table of those addressed; a checked set has no circle of them."""
    name = each.each
    while name not in of.tables:
        owner, _, key = name.rpartition(".")
        policy = owner or policy
        yield ("group", f"{policy}.{key}")
        yield ("policy", policy)
        name = of.documents[policy].groups[key].each
    yield ("table", name)
