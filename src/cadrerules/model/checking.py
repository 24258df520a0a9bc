"""From a policy document to a checked policy: every expression against its table, every name resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NoReturn

from ..errors import Place, PolicyError, Problem
from ..language.check import check, check_condition, check_view_column
from ..language.nodes import Apply, Cohort, Literal, Lookup, Node, walk
from ..language.parse import number_literal
from ..language.scope import Grain, Scope
from ..language.source import Source, nearest
from ..language.types import TRUTH, Choice, Number, Period, Type
from .documents import CasesDoc, Choose, GroupDoc, PolicyDoc, RuleDoc
from .policy import Addressees, Condition, Context, Definition, Policy, Relation, Rule

Locate = Callable[[tuple[str | int, ...], str], Source]
"""Gives the source of the expression at a path of the document."""


@dataclass
class Checker:
    """Checks one document; problems are gathered, so that one report shows them all."""

    doc: PolicyDoc
    context: Context
    locators: Mapping[str, Locate]
    chosen: Mapping[str, str]

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    def policy(self) -> Policy:
        """The checked policy; `PolicyError` with every problem found."""
        relations = self.relations()
        rules = tuple(r for i, doc in enumerate(self.doc.rules) if (r := self.attempt(self.rule, i, doc, relations)))
        if self.problems:
            raise PolicyError(self.problems)
        return Policy(self.doc, relations, rules, _reads(relations, rules))

    def attempt(self, make: Callable[..., Any], *args: Any) -> Any:
        """What `make` gives, or None with its problems noted."""
        try:
            return make(*args)
        except PolicyError as error:
            self.problems.extend(error.problems)
            return None

    # --- relations ------------------------------------------------------------------------------

    def relations(self) -> tuple[Relation, ...]:
        """The views and the facts with derived columns, in order."""
        if self.doc.facts is None:
            return ()
        found: dict[str, Relation] = {}
        for name in self.doc.views:
            if view := self.attempt(self.view, name, found):
                found[name] = view
        if self.problems:
            raise PolicyError(self.problems)
        source = self.doc.facts
        grain = self.grain_of(source, found, ("facts",))
        found[self.doc.policy + ".facts"] = self.derived(source, grain)
        return tuple(found.values())

    def grain_of(self, name: str, found: Mapping[str, Relation], path: tuple[str, ...]) -> Grain:
        """The grain of a table or earlier view."""
        if name in found:
            return found[name].grain
        if name not in self.context.grains:
            self.fail("CR-UNKNOWN-TABLE", path, name=name, nearest=nearest(name, [*found, *self.context.grains]))
        return self.context.grains[name]

    def view(self, name: str, found: Mapping[str, Relation]) -> Relation:
        """One checked view."""
        doc = self.doc.views[name]
        source = self.grain_of(doc.source, found, ("views", name, "from"))
        by = tuple(self.structural(doc.by, ("views", name, "by")))
        if bad := [column for column in by if column not in source.key]:
            self.fail(
                "CR-UNKNOWN-NAME",
                ("views", name, "by"),
                kind="key column",
                name=bad[0],
                nearest=nearest(bad[0], source.key),
            )
        scope = replace(self.scope(source), view_by=by)
        columns = []
        for column, text in doc.columns.items():
            where = self.source(("views", name, "columns", column), text)
            node, of = check_view_column(where, scope)
            columns.append(Definition(column, node, of, text))
        types = {key: source.columns[key] for key in by} | {c.name: c.type for c in columns}
        return Relation(name, doc.source, by, tuple(columns), Grain(types, by))

    def structural(self, part: Any, path: tuple[str, ...]) -> Any:
        """A part of the document, chosen by an interpretation where it says so."""
        if not isinstance(part, Choose):
            return part
        full = Scope(Grain({}, ()), self.doc.policy).full_name(part.choose, self.context.interpretations)
        if full is None:
            self.fail(
                "CR-UNKNOWN-NAME",
                path,
                kind="interpretation",
                name=part.choose,
                nearest=nearest(part.choose, self.context.interpretations),
            )
        chosen = part.under(self.chosen.get(full) or self.context.interpretations[full].option)
        if chosen is None:
            self.fail("CR-CHOICE-INCOMPLETE", path, name=part.choose)
        return chosen

    def derived(self, source: str, grain: Grain) -> Relation:
        """The facts with their derived columns, in an order in which each finds those it needs."""
        definitions: list[Definition] = []
        types = dict(grain.columns)
        waiting = dict(self.doc.derive)
        while waiting:
            errors: list[PolicyError] = []
            before = len(waiting)
            for name, what in list(waiting.items()):
                try:
                    definition = self.definition(name, what, Grain(types, grain.key))
                except PolicyError as error:
                    errors.append(error)
                    continue
                types[name] = definition.type
                definitions.append(definition)
                del waiting[name]
            if len(errors) == before:
                self.give_up(errors, waiting)
        return Relation(self.doc.policy + ".facts", source, None, tuple(definitions), Grain(types, grain.key))

    def give_up(self, errors: list[PolicyError], waiting: Mapping[str, Any]) -> None:
        """No column left can be computed: report the real errors, or the cycle."""
        real = [
            p
            for e in errors
            for p in e.problems
            if not (p.code == "CR-UNKNOWN-NAME" and p.values.get("name") in waiting)
        ]
        if real:
            raise PolicyError([*self.problems, *real])
        self.fail("CR-CYCLE", ("derive", next(iter(waiting))), names=", ".join(waiting))

    def definition(self, name: str, what: str | CasesDoc, grain: Grain) -> Definition:
        """One checked derived column."""
        if name in grain.columns:
            self.fail("CR-NAME-TAKEN", ("derive", name), name=name)
        if isinstance(what, CasesDoc):
            return self.cases(name, what, grain)
        node, of = check(self.source(("derive", name), what), self.scope(grain))
        return Definition(name, node, of, what)

    def cases(self, name: str, doc: CasesDoc, grain: Grain) -> Definition:
        """Cases as nested `if`s."""
        literals = [_constant(case.value if case.otherwise is None else case.otherwise) for case in doc.cases]
        of, literals = _common(literals)
        if of is None:
            self.fail("CR-MIXED-CASES", ("derive", name), name=name)
        node: Node = literals[-1]
        for i in range(len(doc.cases) - 2, -1, -1):
            when = doc.cases[i].when or ""
            condition = check_condition(self.source(("derive", name, "cases", i, "when"), when), self.scope(grain))
            node = Apply("if", (condition, literals[i], node))
        return Definition(name, node, of, "cases")

    def scope(self, grain: Grain, policy: str = "") -> Scope:
        """What an expression over rows of this grain may name."""
        context = self.context
        return Scope(
            grain, policy or self.doc.policy, context.parameter_types, context.interpretation_types, context.grains
        )

    # --- rules ----------------------------------------------------------------------------------

    def rule(self, index: int, doc: RuleDoc, relations: tuple[Relation, ...]) -> Rule:
        """One checked rule."""
        path = ("rules", index)
        question, verdict = doc.then.split(".")
        asked = self.context.questions.get(question)
        if asked is None or verdict not in asked.verdicts:
            known = [f"{q}.{v}" for q, d in self.context.questions.items() for v in d.verdicts]
            self.fail("CR-UNKNOWN-OUTCOME", (*path, "then"), name=doc.then, nearest=nearest(doc.then, known))
        grain = relations[-1].grain
        when = check_condition(self.source((*path, "when"), doc.when), self.scope(grain))
        period = self.period_column(asked.period, grain, path)
        to = self.addressees(doc.to, grain, asked.period, path) if doc.to else None
        keys = self.context.grains[to.table].key if to else grain.key
        if asked.subject not in keys:
            self.fail("CR-NO-SUBJECT", path, subject=asked.subject, question=question)
        waivable = asked.verdicts[verdict].waivable and doc.waivable is not False
        clauses = doc.clause or self.doc.clause
        return Rule(
            f"{self.doc.policy}.{doc.id}", doc, when, question, verdict, waivable, asked.subject, period, clauses, to
        )

    def period_column(self, kind: str, grain: Grain, path: tuple[str | int, ...]) -> str:
        if kind == "none":
            return ""
        along = grain.along
        if not along or grain.columns[along] != Period(kind):  # type: ignore[arg-type]
            self.fail("CR-WRONG-PERIOD", path, kind=kind)
        return along

    def addressees(self, doc: GroupDoc, grain: Grain, kind: str, path: tuple[str | int, ...]) -> Addressees:
        """Follow a group to its table, gathering conditions on the way, the innermost first."""
        chain: list[tuple[str, tuple[str | int, ...], str | None]] = []
        policy, each, where, at = self.doc.policy, doc.each, doc.where, (*path, "to")
        while True:
            chain.append((policy, (*at, "where"), where))
            if each in self.context.grains:
                break
            owner, _, group = each.rpartition(".")
            owner = owner or policy
            groups = self.context.policies[owner].groups if owner in self.context.policies else {}
            if group not in groups or len(chain) > 10:
                known = [
                    *self.context.grains,
                    *(f"{p}.{g}" for p, d in self.context.policies.items() for g in d.groups),
                ]
                self.fail("CR-UNKNOWN-TABLE", (*at, "each"), name=each, nearest=nearest(each, known))
            policy, each, where, at = owner, groups[group].each, groups[group].where, ("groups", group)
        table = self.context.grains[each]
        columns: dict[str, Type] = {**grain.columns, **table.columns}
        if kind != "none":
            columns["period"] = Period(kind)  # type: ignore[arg-type]
        conditions = [self.condition(p, w, text, Grain(columns, table.key)) for p, w, text in reversed(chain) if text]
        return Addressees(each, tuple(conditions), tuple(k for k in table.key if k in grain.columns))

    def condition(self, policy: str, path: tuple[str | int, ...], text: str, grain: Grain) -> Condition:
        """One checked condition on an addressee."""
        source = self.source(path, text, policy)
        node = check_condition(source, self.scope(grain, policy))
        for part in walk(node):
            if isinstance(part, Cohort | Lookup):
                source.fail("CR-NO-COHORT-HERE", part.span)
        return Condition(policy, node, text)

    # --- places ---------------------------------------------------------------------------------

    def source(self, path: tuple[str | int, ...], text: str, policy: str = "") -> Source:
        """The source of the text at a path of a document."""
        return self.locators[policy or self.doc.policy](path, text)

    def fail(self, code: str, path: tuple[str | int, ...], **values: object) -> NoReturn:
        """Refuse what stands at a path."""
        place = self.source(path, "")
        raise PolicyError(Problem(code, Place(file=place.file, line=place.line, path=_path_text(path)), values))


def _path_text(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _constant(value: Any) -> Literal:
    if isinstance(value, bool):
        return Literal(value, TRUTH)
    if isinstance(value, str):
        return Literal(value, Choice((value,)))
    return number_literal(Decimal(value))


def _common(literals: list[Literal]) -> tuple[Type | None, list[Literal]]:
    """The one type of several constants, and the constants in it; None where they differ in kind."""
    types = [literal.type for literal in literals]
    if all(isinstance(of, Choice) for of in types):
        return Choice(tuple(dict.fromkeys(o for of in types if isinstance(of, Choice) for o in of.options))), literals
    if all(isinstance(of, Number) for of in types):
        scale = max(of.scale for of in types if isinstance(of, Number))
        scaled = [
            Literal(v.value * 10 ** (scale - v.type.scale), Number(scale))
            for v in literals
            if isinstance(v.type, Number)
        ]
        return Number(scale), scaled
    return (TRUTH if set(types) == {TRUTH} else None), literals


def _reads(relations: tuple[Relation, ...], rules: tuple[Rule, ...]) -> frozenset[str]:
    """The tables a policy reads."""
    names = {relation.name for relation in relations}
    nodes = [d.node for r in relations for d in r.definitions] + [rule.when for rule in rules]
    looked_up = {part.table for node in nodes for part in walk(node) if isinstance(part, Lookup)}
    return frozenset({r.source for r in relations} - names | looked_up | {r.to.table for r in rules if r.to})
