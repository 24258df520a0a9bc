"""The type checker: resolves names, settles types and brings numbers to one scale.

It gives back an elaborated tree: full names for parameters and interpretations, words turned into
dates and periods where they are compared with one, defaults filled in, `rescale` where scales differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

from .cohorts import COHORTS, CohortFunction
from .nodes import Across, Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter, walk
from .operators import OPERATORS
from .parse import parse
from .periods import PERIODS
from .scope import Grain, Scope
from .source import Source, nearest
from .types import DATE, TRUTH, Choice, Date, Number, Period, Truth, Type, describe
from .values import Between, is_known, times

_COMPARING = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})


def check(text: str | Source, scope: Scope) -> tuple[Node, Type]:
    """The elaborated tree of an expression and its type; `PolicyError` with place where it is wrong.

    >>> from cadrerules.language.types import Number
    >>> scope = Scope(Grain({"deducted": Number(2)}, ()))
    >>> node, of = check("deducted >= 2", scope)
    >>> str(of)
    'truth'
    """
    source = text if isinstance(text, Source) else Source(text)
    return _Checker(source, scope).check(parse(source))


def check_node(node: Node, source: Source, scope: Scope) -> Node:
    """The elaborated tree of a condition that was parsed before; `PolicyError` where it is wrong."""
    return _Checker(source, scope).check(node)[0]


def check_condition(text: str | Source, scope: Scope) -> Node:
    """The elaborated tree of a condition; `PolicyError` where the expression is no truth."""
    source = text if isinstance(text, Source) else Source(text)
    node, of = check(source, scope)
    if not isinstance(of, Truth):
        source.fail("CR-NOT-A-TRUTH", given=describe(of))
    return node


@dataclass
class _Checker:
    source: Source
    scope: Scope

    def check(self, node: Node) -> tuple[Node, Type]:
        match node:
            case Literal():
                return node, node.type
            case Column():
                return self.column(node)
            case Parameter():
                path, of = self.named(node, node.path, {**self.scope.parameters, "as_of": DATE}, "parameter")
                return replace(node, path=path), of
            case Interpretation():
                path, options = self.named(node, node.path, self.scope.interpretations, "interpretation")
                return replace(node, path=path), options
            case Apply():
                return self.apply(node)
            case Cohort():
                return self.cohort(node)
            case Across():
                return self.across(node)
            case Lookup():
                return self.lookup(node)

    def named(self, node: Node, path: str, known: Mapping[str, Type], kind: str) -> tuple[str, Type]:
        full = self.scope.full_name(path, known)
        if full is None:
            own = self.scope.policy + "."
            self.fail(
                "CR-UNKNOWN-NAME",
                node,
                kind=kind,
                name=path,
                nearest=nearest(path, [n.removeprefix(own) for n in known]),
            )
        return full, known[full]

    def column(self, node: Column) -> tuple[Node, Type]:
        columns = self.table(node, node.table).columns if node.table else self.scope.grain.columns
        if node.name not in columns:
            self.fail("CR-UNKNOWN-NAME", node, kind="column", name=node.name, nearest=nearest(node.name, columns))
        return node, columns[node.name]

    def apply(self, node: Apply) -> tuple[Node, Type]:
        operator = OPERATORS[node.operator]
        if not operator.fewest <= len(node.args) <= operator.most:
            expected = operator.fewest if operator.fewest == operator.most else f"at least {operator.fewest}"
            self.fail("CR-WRONG-COUNT", node, operator=node.operator, expected=expected, given=len(node.args))
        checked = [self.check(arg) for arg in node.args]
        if node.operator in _COMPARING:
            checked = self.coerce_words(checked)
        types = tuple(of for _, of in checked)
        result = operator.signature(types)
        if result is None:
            given = " and ".join(dict.fromkeys(map(describe, types)))
            self.fail("CR-WRONG-TYPE", node, operator=node.operator, takes=operator.takes, given=given)
        args = _align(checked) if operator.aligned else [arg for arg, _ in checked]
        return replace(node, args=tuple(args)), result

    def coerce_words(self, checked: list[tuple[Node, Type]]) -> list[tuple[Node, Type]]:
        """Read a word compared with a date, period or choice as one of those."""
        kinds = [of for node, of in checked if not _is_word(node)]
        if not kinds:
            return checked
        return [
            self.as_kind(node, kinds[0]) if isinstance(node, Literal) and _is_word(node) else (node, of)
            for node, of in checked
        ]

    def as_kind(self, node: Literal, kind: Type) -> tuple[Node, Type]:
        match kind:
            case Date():
                return self.converted(node, kind, date.fromisoformat, "2024-01-31")
            case Period(kind=name) if name in PERIODS:
                return self.converted(node, kind, PERIODS[name].parse, "2024Q1")
            case Choice(options=options) if node.value not in options:
                shown = ", ".join(f'"{o}"' for o in options)
                self.fail("CR-NO-SUCH-WORD", node, word=node.value, options=shown, nearest=nearest(node.value, options))
            case _:
                return node, node.type

    def converted(self, node: Literal, kind: Type, read: object, example: str) -> tuple[Node, Type]:
        try:
            return Literal(read(node.value), kind, span=node.span), kind  # type: ignore[operator]
        except ValueError:
            self.fail("CR-NO-SUCH-WORD", node, word=node.value, options=f"a {describe(kind)}", nearest=example)

    # --- functions of the rows that belong together ---------------------------------------------

    def cohort(self, node: Cohort) -> tuple[Node, Type]:
        function = COHORTS[node.function]
        inner = self.scope if self.scope.view_by is None else replace(self.scope, view_by=None)
        args, result = _Checker(self.source, inner).aggregated(node, function)
        options = tuple(self.option(function, name, option) for name, option in node.options)
        return replace(node, args=args, per=self.per(node, function), options=options), result

    def aggregated(self, node: Cohort | Across, function: CohortFunction) -> tuple[tuple[Node, ...], Type]:
        checked = [self.check(arg) for arg in node.args]
        result = function.signature(*(of for _, of in checked))
        if result is None:
            given = " and ".join(describe(of) for _, of in checked)
            self.fail("CR-WRONG-TYPE", node, operator=node.function, takes=function.takes, given=given)
        return tuple(arg for arg, _ in checked), result

    def across(self, node: Across) -> tuple[Node, Type]:
        for tree in (*node.args, node.where):
            for part in walk(tree):
                if isinstance(part, Cohort | Across | Lookup):
                    self.fail("CR-NO-COHORT-HERE", part)
        args, result = self.aggregated(node, COHORTS[node.function])
        where, of = self.check(node.where)
        if not isinstance(of, Truth):
            self.fail("CR-NOT-A-TRUTH", node.where, given=describe(of))
        return replace(node, args=args, where=where), result

    def table(self, node: Node, name: str) -> Grain:
        """The table or earlier view that an aggregate is of."""
        known = {**self.scope.tables, **self.scope.views}
        if name not in known:
            self.fail("CR-UNKNOWN-NAME", node, kind="table", name=name, nearest=nearest(name, known))
        return known[name]

    def per(self, node: Cohort, function: CohortFunction) -> tuple[str, ...]:
        """The columns that the rows of the cohort share, with the defaults of the grain."""
        grain = self.scope.grain
        if function.kind == "sequence":
            if not grain.along or grain.columns[grain.along] == Period("any"):
                self.fail("CR-NO-PERIOD", node, function=node.function)
            return tuple(name for name in grain.key if name != grain.along)
        grouped = self.scope.view_by is not None and function.kind == "aggregate"
        per = node.per or ((self.scope.view_by or ()) if grouped else ())
        if not per and not grouped:
            word = "within" if function.kind == "ranking" else "per"
            self.fail("CR-NEEDS-COHORT", node, function=node.function, option=word)
        for name in per:
            self.column(Column(name, node.span))
        return per

    def option(self, function: CohortFunction, name: str, node: Node) -> tuple[str, Node]:
        checked, of = self.check(node)
        if name == "back":
            if not isinstance(checked, Literal) or of != Number(0) or checked.value < 1:
                self.fail("CR-BAD-OPTION", node, function=function.name, option=name, allowed="a whole number from 1")
            return name, checked
        if not all(isinstance(part, Literal | Interpretation | Apply) for part in walk(checked)):
            self.fail("CR-BAD-OPTION", node, function=function.name, option=name, allowed="words and interpretations")
        allowed = function.options[name]
        for word in of.options if isinstance(of, Choice) else (describe(of),):
            if word not in allowed:
                shown = ", ".join(f'"{o}"' for o in allowed)
                self.fail("CR-NO-SUCH-WORD", node, word=word, options=shown, nearest=nearest(word, allowed))
        return name, checked

    def lookup(self, node: Lookup) -> tuple[Node, Type]:
        tables = self.scope.tables
        if node.table not in tables:
            self.fail("CR-UNKNOWN-NAME", node, kind="table", name=node.table, nearest=nearest(node.table, tables))
        other = tables[node.table]
        here = self.scope.grain.columns
        if not any(name in here for name in other.key):
            self.fail("CR-NO-SHARED-KEY", node, table=node.table)
        if not node.column:
            return node, TRUTH
        if node.column not in other.columns:
            self.fail(
                "CR-UNKNOWN-NAME", node, kind="column", name=node.column, nearest=nearest(node.column, other.columns)
            )
        if unmatched := [name for name in other.key if name not in here]:
            self.fail("CR-AMBIGUOUS-LOOKUP", node, table=node.table, columns=", ".join(unmatched))
        return node, other.columns[node.column]

    def fail(self, code: str, node: Node, **values: object) -> NoReturn:
        self.source.fail(code, node.span, **values)


def check_view_column(text: str | Source, scope: Scope) -> tuple[Node, Type]:
    """Like `check`, for a column of a view: outside an aggregate only the view's keys may be named."""
    source = text if isinstance(text, Source) else Source(text)
    node, of = check(source, scope)
    inside = {id(n) for cohort in walk(node) if isinstance(cohort, Cohort) for n in walk(cohort)}
    for part in walk(node):
        if isinstance(part, Column) and not part.table and id(part) not in inside and part.name not in (scope.view_by or ()):
            source.fail("CR-NOT-IN-GRAIN", part.span, name=part.name)
    return node, of


def _is_word(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, str)


def _align(checked: list[tuple[Node, Type]]) -> list[Node]:
    """Bring the numbers among the arguments to the finest scale among them."""
    scale = max((of.scale for _, of in checked if isinstance(of, Number)), default=0)
    return [rescale(node, scale - of.scale) if isinstance(of, Number) else node for node, of in checked]


def rescale(node: Node, by: int) -> Node:
    """The number in units `10 ** by` times finer."""
    if by == 0:
        return node
    if isinstance(node, Literal) and isinstance(node.type, Number):
        return scaled_literal(node, by)
    return Apply("rescale", (node, Literal(10**by, Number())), node.span)


def scaled_literal(node: Literal, by: int) -> Literal:
    """A number literal, known or not, in finer units."""
    factor, of = 10**by, node.type
    assert isinstance(of, Number)
    known = node.value * factor if is_known(node.value) else None
    value = Between(times(node.value.low, factor), times(node.value.high, factor)) if known is None else known
    return replace(node, value=value, type=Number(of.scale + by, times(of.low, factor), times(of.high, factor)))
