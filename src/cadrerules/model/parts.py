"""The parts of a policy set that some rules rest on, as documents that are a policy set by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from .dependencies import dependencies, elements
from .documents import CasesDoc, Choose, GroupDoc, PolicyDoc
from .facts import EVERY, ColumnSpec, Table
from .policy import Rule, facts_name
from .policy_set import PolicySet
from .set_documents import QuestionDoc

Parts = Mapping[str, Any]
"""The documents by kind: `set`, `questions`, `policies`, and the readings `chosen` by amendment."""

WAIVERS = "waivers"


def parts_of(policies: PolicySet, rules: Iterable[Rule]) -> dict[str, Any]:
    """The documents' parts that these rules rest on, as plain data; `load.parts.read_parts` makes a policy set of them."""
    return _Parts(policies, list(rules)).documents()


class _Parts:
    def __init__(self, policies: PolicySet, rules: list[Rule]) -> None:
        self.policies, self.rules = policies, rules
        self.rests_on = [dependencies(policies.policies[_policy(rule)], rule) for rule in rules]
        self.defined: dict[str, set[tuple[str, str]]] = {}
        for rule, found in zip(rules, self.rests_on, strict=True):
            columns = elements(policies.policies[_policy(rule)], rule)
            self.defined.setdefault(_policy(rule), set()).update(found.defined, columns)
        self.groups = {name for rule in rules for name in self._groups(_policy(rule), rule.each)}

    def documents(self) -> dict[str, Any]:
        questions = {rule.question: self.policies.questions_doc[rule.question] for rule in self.rules}
        chooses = [doc.decide.choose for doc in questions.values() if isinstance(doc.decide, Choose)]
        interpretations = {*self._named("interpretations"), *chooses}
        parameters = self._named("parameters")
        names = sorted({_policy(rule) for rule in self.rules} | {n.rpartition(".")[0] for n in (*interpretations, *parameters, *self.groups)})
        return {
            "set": self._set(),
            "questions": {name: _question(doc) for name, doc in questions.items()},
            "policies": {name: self._policy(name, parameters, interpretations) for name in names},
            "chosen": {name: word for name, word in self.policies.chosen.items() if name in interpretations},
        }

    def _named(self, kind: str) -> set[str]:
        return {name for found in self.rests_on for name in getattr(found, kind)}

    def _groups(self, policy: str, group: GroupDoc | None) -> Iterator[str]:
        """The full names of the groups that addressees are found through."""
        while group and group.each not in self.policies.tables:
            owner, _, name = group.each.rpartition(".")
            policy = owner or policy
            yield f"{policy}.{name}"
            group = self.policies.documents[policy].groups[name]

    def _set(self) -> dict[str, Any]:
        doc = self.policies.doc
        kept = doc.model_dump(mode="json", exclude_defaults=True, include={"format", "policy_set", "title", "organisation", "waivable_by"})
        return {**kept, "tables": {name: _table(self.policies.tables[name], columns) for name, columns in self._tables().items()}}

    def _tables(self) -> dict[str, set[str]]:
        """The columns of each table that the rules, and waivers of them, rest on."""
        found: dict[str, set[str]] = {}
        for table, column in (pair for rests_on in self.rests_on for pair in rests_on.columns):
            found.setdefault(table, set()).update({column} - {""})
        if WAIVERS in self.policies.tables and any(rule.waivable for rule in self.rules):
            found[WAIVERS] = set(self.policies.tables[WAIVERS].columns)
        return {name: found[name] for name in sorted(found)}

    def _policy(self, name: str, parameters: set[str], interpretations: set[str]) -> dict[str, Any]:
        doc, used = self.policies.documents[name], self.defined.get(name, set())
        own = {rule.id for rule in self.rules}
        reduced = doc.model_copy(
            update={
                "about": None,
                "titles": {},
                "facts": doc.facts if (facts_name(name), "") in used else None,
                "params": {key: p for key, p in doc.params.items() if f"{name}.{key}" in parameters},
                "interpretations": {k: i for k, i in doc.interpretations.items() if f"{name}.{k}" in interpretations},
                "groups": {key: group for key, group in doc.groups.items() if f"{name}.{key}" in self.groups},
                "views": {key: view for key, view in doc.views.items() if (key, "") in used},
                "derive": {key: what for key, what in doc.derive.items() if (facts_name(name), key) in used},
                "rules": [rule for rule in doc.rules if f"{name}.{rule.id}" in own],
                "obligations": [owed for owed in doc.obligations if f"{name}.{owed.id}" in own],
            }
        )
        return _plain(_without_decimals(reduced))


def _policy(rule: Rule) -> str:
    return rule.id.rpartition(".")[0]


def _plain(doc: PolicyDoc) -> dict[str, Any]:
    plain = doc.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {**plain, **({"views": in_order(plain["views"])} if doc.views else {})}


def _question(doc: QuestionDoc) -> dict[str, Any]:
    plain = doc.model_dump(mode="json", exclude_defaults=True)
    return {**plain, "verdicts": in_order(plain["verdicts"])}


def in_order(named: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is named in a document, as a list: the order of an object's names may be lost where it is written."""
    return [{"name": name, **what} for name, what in named.items()]


def by_name(listed: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The opposite of `in_order`."""
    return {what["name"]: {key: value for key, value in what.items() if key != "name"} for what in listed}


def _without_decimals(doc: PolicyDoc) -> PolicyDoc:
    """Cases whose values are decimals as one expression, for JSON would make texts of them."""
    derive = {name: _as_expression(what) if isinstance(what, CasesDoc) else what for name, what in doc.derive.items()}
    return doc.model_copy(update={"derive": derive})


def _as_expression(doc: CasesDoc) -> CasesDoc | str:
    *cases, last = doc.cases
    if not any(isinstance(case.value, Decimal) for case in cases) and not isinstance(last.otherwise, Decimal):
        return doc
    return "".join(f"{case.value} if ({case.when}) else (" for case in cases) + f"{last.otherwise}" + ")" * len(cases)


def _table(table: Table, used: set[str]) -> dict[str, Any]:
    """A table's declaration as a document has it, with the columns used, those of its key and of when its rows count."""
    used = {*used, *table.key, *filter(None, table.counts or ())}
    columns = {name: _column(column) for name, column in table.columns.items() if name in used}
    return {"columns": in_order(columns), **({"counts": list(table.counts)} if table.counts else {})}


def _column(column: ColumnSpec) -> dict[str, Any]:
    about = column.about
    plain: dict[str, Any] = {"type": _TYPES.get(str(column.type), str(column.type))}
    if about.key:
        plain["key"] = True
    if options := getattr(column.type, "options", ()):
        plain["options"] = list(options)
    if plain["type"] == "number":
        plain |= {name: str(end) for name in ("low", "high") if (end := getattr(about, name)) is not None}
        plain |= {"step": str(about.step)} if str(about.step) != "1" else {}
    if column.empty is EVERY:
        plain["empty"] = "every"
    return plain


_TYPES = {"any": "period"}
"""What documents call a type, where the language calls it otherwise."""

