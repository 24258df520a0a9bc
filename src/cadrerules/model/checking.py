"""From a policy document to a checked policy: every expression against its table, every name resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NoReturn

from ..errors import Place, PolicyError, Problem
from ..language.check import check, check_condition, check_view_column
from ..language.nodes import Across, Apply, Cohort, Literal, Lookup, Node, conjunction, walk
from ..language.parse import number_literal
from ..language.scope import CALENDAR, Grain, Scope
from ..language.source import Source, nearest
from ..language.types import TRUTH, Choice, Number, Type
from .checking_rules import RuleChecker
from .documents import CasesDoc, Choose, GroupDoc, PolicyDoc, ViewDoc
from .policy import Condition, Context, Definition, Policy, Relation, Rule, facts_name
from .texts import Texts
from .written import Locate, Path, Written


@dataclass
class Checker:
    """Checks one document; problems are gathered, so that one report shows them all."""

    doc: PolicyDoc
    context: Context
    locators: Mapping[str, Locate]
    chosen: Mapping[str, str]

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []
        self.found: dict[str, Relation] = {}
        self.titles: dict[str, Texts] = dict(self.doc.titles)

    def policy(self) -> Policy:
        """The checked policy; `PolicyError` with every problem found."""
        self.views()
        rules = RuleChecker(self).rules()
        if self.problems:
            raise PolicyError(self.problems)
        relations = tuple(self.found.values())
        return Policy(self.doc, relations, rules, _reads(relations, rules), self.titles, self.context.grains)

    def attempt(self, make: Callable[..., Any], *args: Any) -> Any:
        """What `make` gives, or None with its problems noted."""
        try:
            return make(*args)
        except PolicyError as error:
            self.problems.extend(error.problems)
            return None

    # --- relations ------------------------------------------------------------------------------

    def views(self) -> None:
        """The views, and the facts with derived columns."""
        faulty: set[str] = set()
        for name, doc in self.doc.views.items():  # a view of a faulty one has no fault of its own
            if faulty.intersection(s for s in doc.sources if isinstance(s, str)) or not self.attempt(self.view, name, doc):
                faulty.add(name)
        if self.problems:
            raise PolicyError(self.problems)
        if self.doc.facts is not None:
            self.grain_of(self.doc.facts, ("facts",))
            derive = {name: Written(what, ("derive", name)) for name, what in self.doc.derive.items()}
            self.relation(facts_name(self.doc.policy), (self.doc.facts,), ("derive",), derive=derive)

    def view(self, name: str, doc: ViewDoc) -> Relation:
        """One checked view."""
        path: Path = ("views", name)
        sources = [part if isinstance(part, str) else f"every {part.every}" for part in doc.sources]
        if name in (*self.context.grains, *CALENDAR):
            self.fail("CR-NAME-TAKEN", path, name=name)
        return self.relation(
            name,
            tuple(sources),
            path,
            where=[Written(doc.where, (*path, "where"))] if doc.where else [],
            derive={column: Written(text, (*path, "derive", column)) for column, text in doc.derive.items()},
            by=None if doc.by is None else tuple(self.structural(doc.by, (*path, "by"))),
            columns={column: Written(text, (*path, "columns", column)) for column, text in doc.columns.items()},
        )

    def relation(
        self,
        name: str,
        sources: tuple[str, ...],
        path: Path,
        *,
        where: Iterable[Written] = (),
        derive: Mapping[str, Written] | None = None,
        by: tuple[str, ...] | None = None,
        columns: Mapping[str, Written] | None = None,
    ) -> Relation:
        """A checked relation, added to those found."""
        grain = self.product(sources, (*path, "from"))
        keeps = [self.condition(written, grain) for written in where]
        text = " and ".join(str(written.text) for written in where)
        kept = Definition("where", conjunction(keeps), TRUTH, text) if keeps else None
        definitions = self.derived(derive or {}, grain)
        whole = Grain({**grain.columns, **{d.name: d.type for d in definitions}}, grain.key)
        if by is None:
            made = Relation(name, sources, None, tuple(definitions), whole, kept)
        else:
            made = self.grouped(name, sources, by, columns or {}, whole, path)
            made = replace(made, definitions=(*definitions, *made.definitions), where=kept)
        self.found[name] = made
        return made

    def grouped(
        self, name: str, sources: tuple[str, ...], by: tuple[str, ...], columns: Mapping[str, Written], grain: Grain, path: Path
    ) -> Relation:
        """The groups of a relation's rows with the columns that aggregate them."""
        keys = [*grain.key, *(column for column in grain.columns if column not in grain.key)]
        if bad := [column for column in by if column not in keys]:
            values = {"kind": "column", "name": bad[0], "nearest": nearest(bad[0], keys)}
            self.fail("CR-UNKNOWN-NAME", (*path, "by"), **values)
        scope = replace(self.scope(grain), view_by=by)
        found = []
        for column, written in columns.items():
            if column in grain.columns:
                self.fail("CR-NAME-TAKEN", written.path, name=column)
            node, of = check_view_column(self.source(written), scope)
            found.append(Definition(column, node, of, str(written.text)))
        types = {key: grain.columns[key] for key in by} | {c.name: c.type for c in found}
        return Relation(name, sources, by, tuple(found), Grain(types, by))

    def product(self, sources: tuple[str, ...], path: Path) -> Grain:
        """The columns and key of every combination of the sources' rows."""
        columns: dict[str, Type] = {}
        key: list[str] = []
        for source in sources:
            grain = self.grain_of(source, path)
            if twice := sorted(columns.keys() & grain.columns.keys()):
                self.fail("CR-NAME-TAKEN", path, name=twice[0])
            columns |= grain.columns
            key += grain.key
        return Grain(columns, tuple(key))

    def grain_of(self, name: str, path: Path) -> Grain:
        """The grain of a table, the calendar or an earlier view."""
        known = {**self.context.grains, **CALENDAR, **{n: r.grain for n, r in self.found.items()}}
        if name not in known:
            self.fail("CR-UNKNOWN-TABLE", path, name=name, nearest=nearest(name, [n for n in known if "." not in n]))
        return known[name]

    def structural(self, part: Any, path: Path) -> Any:
        """A part of the document, chosen by an interpretation where it says so."""
        if not isinstance(part, Choose):
            return part
        full = self.interpretation(part, path)
        chosen = part.under(self.chosen.get(full) or self.context.interpretations[full].option)
        if chosen is None:
            self.fail("CR-CHOICE-INCOMPLETE", path, name=part.choose)
        return chosen

    def interpretation(self, part: Choose, path: Path) -> str:
        """The full name of the interpretation that chooses."""
        known = self.context.interpretations
        full = Scope(Grain({}, ()), self.doc.policy).full_name(part.choose, known)
        if full is None:
            self.fail("CR-UNKNOWN-NAME", path, kind="interpretation", name=part.choose, nearest=nearest(part.choose, known))
        return full

    # --- columns --------------------------------------------------------------------------------

    def derived(self, derive: Mapping[str, Written], grain: Grain) -> list[Definition]:
        """Derived columns, in an order in which each finds those it needs."""
        definitions: list[Definition] = []
        types = dict(grain.columns)
        waiting = dict(derive)
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
        return definitions

    def give_up(self, errors: list[PolicyError], waiting: Mapping[str, Written]) -> None:
        """No column left can be computed: report the real errors, or the cycle."""
        real = [
            p
            for e in errors
            for p in e.problems
            if not (p.code == "CR-UNKNOWN-NAME" and p.values.get("name") in waiting)
        ]
        if real:
            raise PolicyError([*self.problems, *real])
        self.fail("CR-CYCLE", next(iter(waiting.values())).path, names=", ".join(waiting))

    def definition(self, name: str, what: Written, grain: Grain) -> Definition:
        """One checked derived column."""
        if name in grain.columns:
            self.fail("CR-NAME-TAKEN", what.path, name=name)
        if isinstance(what.text, CasesDoc):
            return self.cases(name, what.text, what.path, grain)
        node, of = check(self.source(what), self.scope(grain))
        return Definition(name, node, of, what.text)

    def cases(self, name: str, doc: CasesDoc, path: Path, grain: Grain) -> Definition:
        """Cases as nested `if`s."""
        literals = [_constant(case.value if case.otherwise is None else case.otherwise) for case in doc.cases]
        of, literals = _common(literals)
        if of is None:
            self.fail("CR-MIXED-CASES", path, name=name)
        node: Node = literals[-1]
        for i in range(len(doc.cases) - 2, -1, -1):
            written = Written(doc.cases[i].when or "", (*path, "cases", i, "when"))
            node = Apply("if", (check_condition(self.source(written), self.scope(grain)), literals[i], node))
        return Definition(name, node, of, "cases")

    def scope(self, grain: Grain, policy: str = "") -> Scope:
        """What an expression over rows of this grain may name."""
        context = self.context
        views = {name: relation.grain for name, relation in self.found.items() if name in self.doc.views}
        return Scope(
            grain,
            policy or self.doc.policy,
            context.parameter_types,
            context.interpretation_types,
            context.grains,
            views,
        )

    # --- groups ---------------------------------------------------------------------------------

    def group(self, doc: GroupDoc, at: Path) -> tuple[str, list[Written]]:
        """Follow a group to its table, gathering conditions on the way, the innermost first."""
        chain: list[Written] = []
        policy, each, where = self.doc.policy, doc.each, doc.where
        while True:
            if where:
                chain.append(Written(where, (*at, "where"), policy))
            if each in self.context.grains:
                return each, chain[::-1]
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

    def condition(self, written: Written, grain: Grain) -> Node:
        """A checked condition on the rows of a relation."""
        return check_condition(self.source(written), self.scope(grain, written.policy))

    def lone_condition(self, written: Written, grain: Grain) -> Condition:
        """A checked condition on an addressee, who is looked at alone."""
        source = self.source(written)
        node = self.condition(written, grain)
        for part in walk(node):
            if isinstance(part, Cohort | Lookup | Across):
                source.fail("CR-NO-COHORT-HERE", part.span)
        return Condition(written.policy, node, str(written.text))

    # --- places ---------------------------------------------------------------------------------

    def source(self, written: Written) -> Source:
        """The source of an expression."""
        return self.locators[written.policy or self.doc.policy](written.path, str(written.text))

    def fail(self, code: str, path: Path, **values: object) -> NoReturn:
        """Refuse what stands at a path."""
        place = self.source(Written("", path))
        raise PolicyError(Problem(code, Place(file=place.file, line=place.line, path=_path_text(path)), values))


def _path_text(path: Path) -> str:
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
    names = {*CALENDAR, *(relation.name for relation in relations)}
    nodes = [node for relation in relations for node in relation.nodes] + [rule.when for rule in rules]
    others = {part.table for node in nodes for part in walk(node) if isinstance(part, Lookup | Across)}
    sources = {source for relation in relations for source in relation.sources}
    return frozenset((sources | others | {r.to.table for r in rules if r.to}) - names)
