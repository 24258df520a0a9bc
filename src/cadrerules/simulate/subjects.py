"""Which columns hold the ids of a kind of subject, and which stand beside them: found from rules, references and keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ..engines.columnar.rows import validated_cell
from ..errors import Problem, UsageError
from ..language.source import nearest
from ..language.types import Period, Truth, Type
from ..model.facts import Table

if TYPE_CHECKING:
    from ..plan import Plan

At = tuple[str, str]
"""A table and a column of it."""


def id_columns(plan: Plan) -> Mapping[str, frozenset[At]]:
    """By kind of subject the columns that hold ids of it.

    Those called like the kind, those that rules take their subjects from, and what refers to them or is referred to.
    """
    found: dict[str, set[At]] = {kind: set() for question in plan.questions.values() for kind in question.doc.subjects}
    for kind, columns in found.items():
        columns |= {(table.name, kind) for table in plan.tables.values() if kind in table.columns}
    for kind, at in _of_rules(plan):
        found.setdefault(kind, set()).add(at)
    links = [*_references(plan)]
    return {kind: frozenset(_linked(columns, links)) for kind, columns in found.items()}


def _of_rules(plan: Plan) -> Iterator[tuple[str, At]]:
    for policy in plan.policies.values():
        sources = {relation.name: relation.sources for relation in policy.relations}
        for rule in policy.rules:
            tables = (rule.to.table,) if rule.to else sources.get(rule.facts, ())
            yield from ((rule.kind, (t, rule.subject)) for t in tables if t in plan.tables and rule.subject in plan.tables[t].columns)


def _references(plan: Plan) -> Iterator[tuple[At, At]]:
    for table in plan.tables.values():
        for name, column in table.columns.items():
            if column.about.references:
                to, _, key = column.about.references.partition(".")
                yield (table.name, name), (to, key)


def _linked(columns: set[At], links: list[tuple[At, At]]) -> set[At]:
    """The columns with all that are linked to them, however indirectly."""
    more = {at for pair in links if columns & {*pair} for at in pair} - columns
    return _linked(columns | more, links) if more else columns


def homes(plan: Plan, kind: str, there: Mapping[str, object]) -> list[At]:
    """Of the columns with ids of a kind those in whose tables every id stands: that to which others refer, else all."""
    columns = sorted(at for at in id_columns(plan).get(kind, ()) if at[0] in there)
    referred = {to for _, to in _references(plan)}
    return [at for at in columns if at in referred][:1] or columns


@dataclass(frozen=True)
class Beside:
    """A column by which subjects are told apart: `staff.role`, or the grouping column.

    `anchors` says for each kind of subject in which column of the table its ids stand; None where the
    column itself holds these ids. `period` is the column of the period in which a row counts, if it has one.
    """

    by: str
    table: Table | None
    column: str
    anchors: Mapping[str, str | None]

    @property
    def period(self) -> str | None:
        """The only key column of the table that holds a period."""
        assert self.table is not None
        periods = [name for name in self.table.key if isinstance(self.table.types[name], Period)]
        return periods[0] if len(periods) == 1 and self.column != periods[0] else None

    def values(self, kind: str, frame: pl.LazyFrame, group: str) -> pl.DataFrame:
        """The different pairs of a subject and its value, each with organisation and period where there are such."""
        assert self.table is not None
        anchor = self.anchors[kind]
        assert anchor is not None
        chosen = {"subject": pl.col(anchor), "value": pl.col(self.column)}
        chosen |= {"group": pl.col(group)} if group else {}
        chosen |= {"period": pl.col(self.period)} if self.period else {}
        pairs = frame.select(**chosen).unique().collect(engine="streaming")
        pairs = pairs.with_columns(as_text(pairs["value"], self.table.types[self.column]))
        return pairs.with_columns(as_text(pairs["period"], self.table.types[self.period])) if self.period else pairs


def as_text(cells: pl.Series, of: Type) -> pl.Series:
    """Plain cells of a type as text, each different one written once."""
    if cells.dtype == pl.String:
        return cells
    different = cells.unique().drop_nulls()
    texts = [_text(of, cell) for cell in different.to_list()]
    return cells.replace_strict(different, pl.Series(texts, dtype=pl.String), default=None, return_dtype=pl.String)


def _text(of: Type, cell: object) -> str:
    return str(cell).lower() if isinstance(of, Truth) else str(validated_cell(of, cell))


def beside(by: str, plan: Plan, there: Mapping[str, object], group: str) -> Beside:
    """The column that `by` names; `UsageError` where there is no such, or none that stands with a subject."""
    if group and by == group:
        return Beside(by, None, group, {})
    ids, known = id_columns(plan), {f"{t.name}.{column}": t for t in plan.tables.values() if t.name in there for column in t.columns}
    if by not in known:
        raise UsageError(Problem("CR-BY-UNKNOWN", values={"name": by, "nearest": nearest(by, known)}))
    table, column = known[by], by.partition(".")[2]
    keys = [name for name in table.key if not isinstance(table.types[name], Period)]
    anchors: dict[str, str | None] = {}
    for kind, columns in ids.items():
        if (table.name, column) in columns:
            anchors[kind] = None
        elif keys and (table.name, keys[0]) in columns:
            anchors[kind] = keys[0]
    if not anchors:
        possible = {name for name, t in known.items() if _stands(t, ids)}
        raise UsageError(Problem("CR-BY-NO-SUBJECT", values={"name": by, "nearest": nearest(by, possible)}))
    return Beside(by, table, column, anchors)


def _stands(table: Table, ids: Mapping[str, frozenset[At]]) -> bool:
    keys = [name for name in table.key if not isinstance(table.types[name], Period)]
    return bool(keys) and any((table.name, keys[0]) in columns for columns in ids.values())
