"""A policy set's documents taken apart into named elements, each with its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..language.types import describe
from ..model.documents import CasesDoc, Document, InterpretationDoc, PolicyDoc, RuleDoc
from ..model.facts import Table
from ..model.policy import Interpretation
from ..model.policy_set import PolicySet
from ..model.set_documents import ClauseDoc, QuestionDoc
from . import wording
from .changes import Key, Kind
from .wording import Text

_EXPRESSIONS: Mapping[Kind, re.Pattern[str]] = {
    "rule": re.compile(r"when|to\.where"),
    "obligation": re.compile(r"by|each\.where|between\.(from|to)|due|times|done"),
    "view": re.compile(r"where|derive\..+|columns\..+"),
    "group": re.compile(r"where"),
    "column": re.compile(r"value"),
}


@dataclass(frozen=True)
class Element:
    """A named part of the documents; `rows` are the lines of a decision table or a column by cases, in order.

    `within` is the policy, question or table that it is part of.
    """

    kind: Kind
    policy: str
    name: str
    fields: Mapping[str, Text]
    rows: tuple[Text, ...] = ()
    clauses: tuple[str, ...] = ()
    within: Key | None = field(default=None)

    @property
    def key(self) -> Key:
        """Its identity."""
        return self.kind, self.name


def elements(of: PolicySet) -> Iterator[Element]:
    """All elements in document order: the set, its tables and questions, each policy, the clauses."""
    yield _element("set", "", of.name, _data(of.doc, {"format", "policy_set", "tables"}))
    for table in of.tables.values():
        yield from _table(table)
    for name, question in of.questions_doc.items():
        yield from _question(name, question)
    for name, doc in of.documents.items():
        yield from _policy(name, doc, of.chosen)
    yield from _clauses(of.clauses_doc.clauses if of.clauses_doc else [])


def _element(
    kind: Kind, policy: str, name: str, data: Mapping[str, Any], clauses: tuple[str, ...] = (), **more: Any
) -> Element:
    """An element with the leaves of its data as fields."""
    expressions = _EXPRESSIONS.get(kind)
    fields = {}
    for path, value in wording.leaves(data):
        is_expression = expressions is not None and isinstance(value, str) and expressions.fullmatch(path)
        of_domain = kind == "parameter" and path == "domain"
        make = wording.expression if is_expression else wording.domain if of_domain else wording.plain
        fields[path] = make(value)
    cited = data.get("clause", ())
    cites = (cited,) if isinstance(cited, str) else tuple(cited)
    return Element(kind, policy, name, fields, clauses=cites or clauses, **more)


def _data(doc: Document, leave_out: Iterable[str] = ()) -> dict[str, Any]:
    """What a document says beyond what holds anyway."""
    return doc.model_dump(by_alias=True, exclude_defaults=True, exclude=set(leave_out))


# --- what the policies share ------------------------------------------------------------------------


def _table(table: Table) -> Iterator[Element]:
    data = {"title": table.title.model_dump(), "counts": table.counts and list(table.counts), "absent": table.absent}
    refuse = {str(i): str(refusal) for i, refusal in enumerate(table.refuse, 1)}
    yield _element("table", "", table.name, {**data, "refuse": refuse})
    for name, column in table.columns.items():
        about = {"title": column.title.model_dump(), "type": describe(column.type), **asdict(column.about)}
        yield _element("table_column", "", f"{table.name}.{name}", about, within=("table", table.name))


def _question(name: str, doc: QuestionDoc) -> Iterator[Element]:
    yield _element("question", "", name, _data(doc, {"verdicts"}))
    for verdict, about in doc.verdicts.items():
        yield _element("verdict", "", f"{name}.{verdict}", _data(about), within=("question", name))


def _clauses(entries: list[ClauseDoc]) -> Iterator[Element]:
    """Entries of the register: known by clause and, where it has several, by their English title."""
    for entry in entries:
        alone = sum(other.clause == entry.clause for other in entries) == 1
        name = entry.clause if alone else f"{entry.clause} {entry.title.en}"
        yield _element("clause", "", name, _data(entry, {"clause"}))


# --- a policy -----------------------------------------------------------------------------------------


def _policy(name: str, doc: PolicyDoc, chosen: Mapping[str, str]) -> Iterator[Element]:
    within: Key = ("policy", name)

    def made(kind: Kind, key: str, data: Mapping[str, Any], **more: Any) -> Element:
        return _element(kind, name, f"{name}.{key}", data, doc.clause, within=within, **more)

    yield _element("policy", name, name, _data(doc.model_copy(update=_NO_PARTS), {"format", "policy"}))
    for key, parameter in doc.params.items():
        yield made("parameter", key, _data(parameter))
    for key, reading in doc.interpretations.items():
        yield made("interpretation", key, _reading(reading, chosen.get(f"{name}.{key}")))
    for key, group in doc.groups.items():
        yield made("group", key, _data(group))
    for key, view in doc.views.items():
        yield made("view", key, _data(view))
    for key, what in doc.derive.items():
        yield made("column", key, {} if isinstance(what, CasesDoc) else {"value": what}, rows=_cases(what))
    for key, title in doc.titles.items():
        yield made("title", key, title.model_dump())
    for rule in doc.rules:
        yield made("rule", rule.id, _rule(rule), rows=_rows(rule))
    for owed in doc.obligations:
        yield made("obligation", owed.id, _data(owed, {"id"}))


_NO_PARTS: Mapping[str, Any] = {
    **{name: {} for name in ("params", "interpretations", "groups", "views", "derive", "titles")},
    "rules": [],
    "obligations": [],
}


def _reading(doc: InterpretationDoc, chosen: str | None) -> Mapping[str, Any]:
    """An interpretation; what each reading is called decides, and so stands apart from what it means."""
    meanings = {n: text.model_dump() for n, text in doc.options.items()} if isinstance(doc.options, dict) else {}
    in_force = Interpretation("", doc, chosen).option
    return {**_data(doc, {"options"}), "readings": list(doc.words), "options": meanings, "in_force": in_force}


def _rule(rule: RuleDoc) -> Mapping[str, Any]:
    data = _data(rule, {"id"})
    if rule.table is not None:
        on = [wording.expression(text).shown for text in rule.table.on]
        data["table"] = {"hit": rule.table.hit, "on": on}
    return data


def _rows(rule: RuleDoc) -> tuple[Text, ...]:
    return tuple(wording.table_row(rule.table.on, row) for row in rule.table.rows) if rule.table else ()


def _cases(what: str | CasesDoc) -> tuple[Text, ...]:
    if not isinstance(what, CasesDoc):
        return ()
    return tuple(wording.case(c.when, c.value if c.otherwise is None else c.otherwise) for c in what.cases)
