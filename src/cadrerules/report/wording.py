"""Expressions and values of the rule language in words: columns by their titles, choices by theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ..errors import Lang, PolicyError
from ..language.nodes import Across, Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter, walk
from ..language.parse import parse
from ..language.text import show
from ..language.types import Number, Text, Truth
from ..language.types import Period as PeriodType
from ..language.values import is_known
from ..model.dependencies import dependencies
from ..model.facts import ColumnSpec, Table
from ..model.policy import Context, Policy, Rule
from ..model.policy import Parameter as PlanParameter
from .words import join, phrase, say

_BOUND = re.compile(r"at (least|most) (.+)")
_SHARED = re.compile(r", per=\[[^\]]*\]")
"""What a sequence's rows share: the checker adds it, authors can't write it."""
_JOINED, _SUMS = ("and", "or", "if"), ("+", "-", "*")
_OPEN_ENDED = (str(date.min), str(date.max))


@dataclass(frozen=True)
class Wording:
    """How one rule is put into words: `columns` and `choices` give titles, `settings` the parameters' values."""

    lang: Lang
    context: Context
    columns: Mapping[str, str]
    choices: Mapping[str, str]
    settings: Mapping[str, str] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)
    here: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy, rule: Rule, context: Context, lang: Lang, settings: Mapping[str, str]) -> Wording:
        """The wording of a policy's rule."""
        views = {name: view.title.text(lang) for name, view in policy.doc.views.items() if view.title}
        columns, choices = _columns(policy, rule, context, lang), _choices(policy, rule, context, lang)
        return cls(lang, context, columns, choices, settings, views)

    # --- names ----------------------------------------------------------------------------------

    def spec(self, cell: str) -> ColumnSpec | None:
        """The column that a cell's name, `results[2024/U05/I03].deducted`, speaks of."""
        table, column = cell.partition("[")[0], cell.rpartition(".")[2]
        known = self.context.tables.get(table)
        return known.columns.get(column) if known and cell.endswith(f"].{column}") else None

    def column(self, name: str, cell: str = "") -> str:
        """The title of a column."""
        if spec := self.spec(cell):
            return spec.title.text(self.lang)
        return self.columns.get(name, name.replace("_", " "))

    def table(self, name: str) -> str:
        """The title of a table."""
        return self.views.get(name) or table_title(self.context.tables.get(name), name, self.lang)

    def parameter(self, name: str) -> str:
        """The title of a parameter."""
        return parameter_title(self.context.parameters[name], self.lang)

    def label(self, row: Mapping[str, str]) -> str:
        """A row's key in words: `unit U05, indicator I03`."""
        return join(
            [f"{self.column(name)} {self.choices.get(cell, cell)}" for name, cell in row.items() if cell], self.lang, "comma"
        )

    # --- values ---------------------------------------------------------------------------------

    def value(self, raw: str, spec: ColumnSpec | None = None) -> str:
        """A value of a trace in words; `spec` is the column of a fact."""
        if raw == "unknown" or (spec and not is_known(spec.unknown) and raw == show(spec.unknown, spec.type)):
            return say("unknown", self.lang)
        if spec and isinstance(spec.type, Text | PeriodType):
            return raw
        if spec and isinstance(spec.type, Truth):
            return say("yes" if raw == "true" else "no", self.lang)
        return self._plain(raw, {**self.choices, **(choice_words(spec, self.lang) if spec else {})})

    def _plain(self, raw: str, choices: Mapping[str, str]) -> str:
        if raw in ("true", "false"):
            return say(raw, self.lang)
        if raw in _OPEN_ENDED:
            return say("none", self.lang)
        if bound := _BOUND.fullmatch(raw):
            return say(f"at_{bound[1]}", self.lang, bound[2])
        low, dots, high = raw.partition("..")
        if dots:
            return say("range", self.lang, low, high)
        options = raw.split(" or ")
        if all(option in choices for option in options):
            return join([choices[option] for option in options], self.lang, "or")
        return raw

    # --- expressions ----------------------------------------------------------------------------

    def expression(self, text: str) -> str:
        """An expression of a trace in words; as it stands where it isn't one."""
        for written in (text, _SHARED.sub("", text)):
            try:
                return self.node(parse(written))
            except PolicyError:
                continue
        return text

    def node(self, node: Node) -> str:
        """A tree in words."""
        match node:
            case Literal():
                return self._literal(node)
            case Column(name="period"):
                return say("period", self.lang)
            case Column(name=name, table=table):
                return self._foreign(table, name) if table else self.here.get(name, self.column(name))
            case Parameter(path="as_of"):
                return say("as_of", self.lang)
            case Parameter(path=path):
                return self._parameter(path)
            case Interpretation(path=path):
                return interpretation_title(self.context, path, self.lang)
            case Lookup(table=table, column=""):
                return phrase("exists", self.lang, self.table(table))
            case Lookup(table=table, column=name):
                return self.context.tables[table].columns[name].title.text(self.lang)
            case Apply():
                return self._apply(node)
            case Cohort():
                return self._cohort(node)
            case Across():
                return self._across(node)

    def _literal(self, node: Literal) -> str:
        raw = show(node.value, node.type)
        if isinstance(node.type, Number | Truth):
            return self.value(raw)
        return say("quoted", self.lang, self.choices.get(raw, raw))

    def _parameter(self, name: str) -> str:
        title, value = self.parameter(name), self.settings.get(name, "")
        return value + say("brackets", self.lang, title) if value else say("is_not_set", self.lang, title)

    def _apply(self, node: Apply) -> str:
        parts = [self._inner(arg, node.operator) for arg in node.args]
        if node.operator in ("and", "or"):
            return join(parts, self.lang, node.operator)
        if node.operator == "rescale":
            return parts[0]
        if node.operator == "in":
            return phrase("in", self.lang, parts[0], join(parts[1:], self.lang))
        return phrase(node.operator, self.lang, *parts, all=join(parts, self.lang))

    def _inner(self, node: Node, outer: str) -> str:
        """A part, in brackets where it is itself joined from parts."""
        loose = _JOINED if outer not in _SUMS else (*_JOINED, *_SUMS)
        joined = outer == "not" or (isinstance(node, Apply) and node.operator in loose)
        return say("brackets", self.lang, self.node(node)).strip() if joined else self.node(node)

    def _inside(self, title: str) -> str:
        """A title inside a sentence."""
        return title.lower() if self.lang == "en" else title

    def _cohort(self, node: Cohort) -> str:
        per = join([self._inside(self.column(name)) for name in node.per], self.lang)
        options = {name: show(o.value, o.type) for name, o in node.options if isinstance(o, Literal)}
        name = "previous_back" if options.get("back", "1") != "1" else node.function
        return phrase(name, self.lang, *map(self.node, node.args), per=per, **options)


    def _across(self, node: Across) -> str:
        inner = self._told_apart(node)
        rows = say("rows_of", self.lang, self.table(node.table))
        if not (isinstance(node.where, Literal) and node.where.value is True):
            rows = say("rows_where", self.lang, rows, inner.node(node.where))
        told = [inner.node(arg) for arg in node.args]
        return phrase(f"across_{node.function}", self.lang, *told, rows=rows)


    def _foreign(self, table: str, name: str) -> str:
        """The title of a column of another table."""
        known = self.context.tables.get(table)
        return known.columns[name].title.text(self.lang) if known else self.column(name)

    def _told_apart(self, node: Across) -> Wording:
        """The wording in which columns of this row aren't mistaken for those of the other table."""
        columns = [part for part in walk(node) if isinstance(part, Column)]
        theirs = {self._foreign(part.table, part.name) for part in columns if part.table}
        own = {part.name for part in columns if not part.table and self.column(part.name) in theirs}
        titles = {name: say("this_row", self.lang, self.column(name)) for name in own}
        return replace(self, here=titles)


def table_title(table: Table | None, name: str, lang: Lang) -> str:
    """The title of a table, or its name where nobody knows it."""
    return table.title.text(lang) if table else name


def parameter_title(parameter: PlanParameter, lang: Lang) -> str:
    """The title of a parameter, or its name where it has none."""
    return parameter.doc.title.text(lang) if parameter.doc.title else parameter.name


def parameter_value(parameter: PlanParameter, lang: Lang) -> str | None:
    """The value of a parameter, or its values with the days from which they hold; None where it is unset."""
    doc = parameter.doc
    if doc.values:
        return join(
            [say("from_day", lang, value=value, day=day) for day, value in sorted(doc.values.items())], lang, "comma"
        )
    return None if doc.value is None else str(doc.value)


def why_unset(parameter: PlanParameter, lang: Lang) -> str:
    """Why a parameter is unset, empty where it is set."""
    why = parameter.doc.unset or ""
    return why if isinstance(why, str) else why.text(lang)


def interpretation_title(context: Context, name: str, lang: Lang) -> str:
    """The title of an interpretation, or its name where it has none."""
    known = context.interpretations.get(name)
    return known.doc.title.text(lang) if known and known.doc.title else name


def kind_title(context: Context, kind: str, lang: Lang) -> str:
    """What subjects of a kind are called: the title of the column that holds their ids."""
    for table in context.tables.values():
        if kind in table.columns:
            title = table.columns[kind].title.text(lang)
            return title.lower() if lang == "en" else title
    return kind.replace("_", " ")


def _columns(policy: Policy, rule: Rule, context: Context, lang: Lang) -> dict[str, str]:
    """Titles by column name; of two tables with one name for a column the rule's own comes first."""
    own = [source for relation in policy.relations for source in relation.sources]
    tables = [*sorted(context.tables), *sorted(policy.reads), *([rule.to.table] if rule.to else []), *own]
    specs = [column for name in tables if name in context.tables for column in context.tables[name].columns.values()]
    return {s.name: s.title.text(lang) for s in specs} | {name: t.text(lang) for name, t in policy.titles.items()}


def _choices(policy: Policy, rule: Rule, context: Context, lang: Lang) -> dict[str, str]:
    """Words for the options of the choices that a rule names: verdicts, keys, then the columns it rests on."""
    verdicts = [v for other in policy.rules for v in context.questions[other.question].verdicts.items()]
    words = {name: doc.title.text(lang) for name, doc in verdicts}
    keyed = [source for relation in policy.relations for source in relation.sources] + ([rule.to.table] if rule.to else [])
    keys = [(name, key) for name in keyed if name in context.tables for key in context.tables[name].key]
    for table, name in (*keys, *dependencies(policy, rule).columns):
        if table in context.tables and name in context.tables[table].columns:
            words |= choice_words(context.tables[table].columns[name], lang)
    return words


def choice_words(column: ColumnSpec, lang: Lang) -> dict[str, str]:
    """What the options of a column are called."""
    options = getattr(column.type, "options", ())
    if lang == "zh":
        return {option: column.about.words.get(option, (option,))[0] for option in options}
    return {option: option.replace("_", " ") for option in options}
