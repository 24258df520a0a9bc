"""A policy as one SQL statement for people: on typed tables, with a word on each rule, and what it rests on above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ...errors import Lang, Problem, UsageError
from ...language import types
from ...model.dependencies import dependencies
from ...model.parameters import value_on
from ...model.policy import Policy, Rule
from ..columnar.capabilities import refusing_unsupported
from ..columnar.decisions import decisions
from ..columnar.needs import in_order
from ..columnar.outputs import findings_frame
from ..columnar.policies import compile_policies
from ..columnar.relations import Pick, Relation, Source, column
from ..columnar.tables import Cells, Stock
from ..columnar.typed import typed_cells
from .emit import Statement, planned
from .functions import DIALECTS, Dialect
from .statement import statement

if TYPE_CHECKING:
    from ...plan import Plan

OUTPUTS = ("decisions", "findings")
"""What a statement may give."""

DISPUTES = "disputes"
BESIDE = ("place", "of_rule")


@dataclass(frozen=True)
class Asked:
    """What SQL is wanted: of which policies, what, on tables with a grouping column or none, without empty cells or with."""

    policies: tuple[str, ...]
    dialect: Dialect
    as_of: date
    of: str = "decisions"
    group: str = ""
    complete: bool = False
    lang: Lang = "en"


def policy_sql(plan: Plan, asked: Asked) -> str:
    """The statement with its comments; `UsageError` where a policy can't be put into SQL, or there is nothing to put."""
    names = [name for name in asked.policies if plan.policies[name].relations]
    relation = _relation(plan, names, asked)
    if relation is None:
        raise UsageError(Problem("CR-SQL-NOTHING", values={"policies": ", ".join(asked.policies), "what": asked.of}))
    comments = dict(_comments(plan, names, asked.lang))
    made = planned(relation, comments)
    head = _header(plan, names, asked, relation, made)
    body = statement(made, asked.dialect).sql(asked.dialect, pretty=True)
    return "".join(f"-- {_one_line(line)}\n" for line in head) + f"{body};\n"


def _relation(plan: Plan, names: list[str], asked: Asked) -> Relation | None:
    holes: tuple[str, ...] | None = () if asked.complete else None
    cells: dict[str, Cells] = {
        name: typed_cells(table, asked.group, holes) for name, table in plan.tables.items() if name != DISPUTES
    }

    def compiled() -> Relation | None:
        found = compile_policies(plan.policy_set, names, Stock(cells), asked.as_of)
        return findings_frame(found) if asked.of == "findings" else decisions(found, plan.questions)

    relation = refusing_unsupported(asked.dialect, compiled)
    return None if relation is None else _shown(relation, asked.group)


def _shown(relation: Relation, group: str) -> Relation:
    """The columns of a result's frame, the grouping column first under its own name."""
    first = {group: column(relation, "group")} if group else {}
    return Pick(relation, first | {n: column(relation, n) for n in relation.columns if n not in ("group", *BESIDE)})


# --- words --------------------------------------------------------------------------------------

WORDS: Mapping[str, tuple[str, str]] = {
    "set": ("{0}: {1}", "{0}：{1}"),
    "hash": ("Policy set {0}", "政策集 {0}"),
    "gives": ("Gives the {0} of {1} as of {2}.", "得出 {1} 的{0}，截至 {2}。"),
    "decisions": ("decisions", "结论"),
    "findings": ("findings", "认定"),
    "parameter": ("Parameter {0} = {1}", "参数 {0} = {1}"),
    "unset": ("not set", "未设定"),
    "reading": ("Reading {0} = {1}", "条文理解 {0} = {1}"),
    "table": ("Reads {0}: {1}", "读取 {0}：{1}"),
    "complete": ("No cell may be empty.", "各单元格均不得为空。"),
    "holes": (
        "An empty cell counts as what its table declares, mostly unknown; a cell in dispute must be empty.",
        "空单元格按表的声明处理，多数为未知；有争议的单元格应留空。",
    ),
    "rows": (
        "Rows must be as the tables' declarations want them, keys unique: SQL doesn't check them.",
        "各行须符合表的声明，键不得重复：SQL 不作检查。",
    ),
    "rule": ("{0}: {1}", "{0}：{1}"),
    "of_clause": ("{0} (clause {1})", "{0}（第 {1} 条）"),
    "question": ("Question {0}: {1}", "事项 {0}：{1}"),
    "cells": ("{0}: periods as numbers in order, numbers in their smallest unit", "{0}：期间为序数，数值以最小单位计"),
}


def _say(key: str, lang: Lang, *values: object) -> str:
    return WORDS[key][lang == "zh"].format(*values)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _comments(plan: Plan, names: list[str], lang: Lang) -> Iterator[tuple[str, str]]:
    """What is said of a named SELECT, by the note that its relation has."""
    for name, table in plan.tables.items():
        yield f"{name}_cells", _say("cells", lang, _one_line(table.title.text(lang)))
    for name in names:
        for rule in plan.policies[name].rules:
            yield rule.id, _rule(rule, lang)
    for name, question in plan.questions.items():
        yield f"question.{name}", _say("question", lang, name, _one_line(question.title.text(lang)))


def _rule(rule: Rule, lang: Lang) -> str:
    said = _say("rule", lang, rule.id, _one_line(rule.title.text(lang)))
    return _say("of_clause", lang, said, ", ".join(rule.clauses)) if rule.clauses else said


def _header(plan: Plan, names: list[str], asked: Asked, relation: Relation, made: Statement) -> Iterator[str]:
    lang = asked.lang
    yield _say("set", lang, plan.name, plan.policy_set.doc.title.text(lang))
    yield _say("hash", lang, plan.hash)
    yield _say("gives", lang, _say(asked.of, lang), ", ".join(names), asked.as_of)
    yield from _settings(plan, names, asked)
    read = made.tables
    for source in dict.fromkeys(one for one in in_order(relation) if isinstance(one, Source)):
        columns = [_column(plan, source.name, name) for name in source.columns if name in read.get(source.name, ())]
        if columns:
            yield _say("table", lang, source.name, ", ".join(columns))
    yield _say("rows", lang)
    yield _say("complete" if asked.complete else "holes", lang)


def _settings(plan: Plan, names: list[str], asked: Asked) -> Iterator[str]:
    """The parameters and readings that the rules rest on, and what they are."""
    rests_on = [dependencies(policy, rule) for policy, rule in _rules(plan, names)]
    bindings = plan.policy_set.bindings(asked.as_of)
    for name in sorted({name for found in rests_on for name in found.parameters}):
        value = value_on(bindings, name, asked.as_of)
        yield _say("parameter", asked.lang, name, _say("unset", asked.lang) if value is None else value)
    for name in sorted({name for found in rests_on for name in found.interpretations}):
        yield _say("reading", asked.lang, name, bindings.interpretations[name])


def _rules(plan: Plan, names: Iterable[str]) -> Iterator[tuple[Policy, Rule]]:
    return ((plan.policies[name], rule) for name in names for rule in plan.policies[name].rules)


_SHAPES = {"year": "2024", "quarter": "2024Q3", "month": "2024-09", "week": "2024-W37", "any": "2024, 2024Q3, 2024-09, 2024-W37"}


def _column(plan: Plan, table: str, name: str) -> str:
    """A column with the type it must have."""
    spec = plan.tables[table].columns.get(name)
    return f"{name} {'TEXT' if spec is None else _type(spec.type)}"


def _type(of: types.Type) -> str:
    match of:
        case types.Truth():
            return "BOOLEAN"
        case types.Number(scale=scale):
            return f"DECIMAL(18, {scale})" if scale else "BIGINT"
        case types.Date():
            return "DATE"
        case types.Period(kind="year"):
            return "BIGINT"
        case types.Period(kind=kind):
            return f"TEXT '{_SHAPES[kind]}'"
        case types.Choice(options=options):
            return f"TEXT {'|'.join(options)}"
        case types.Text():
            return "TEXT"


__all__ = ["DIALECTS", "OUTPUTS", "Asked", "policy_sql"]
