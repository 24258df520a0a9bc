"""Explains a finding: the condition tree with every value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...language.bind import fold, type_of
from ...language.cohorts import COHORTS
from ...language.nodes import Across, Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter
from ...language.operators import OPERATORS
from ...language.scope import CALENDAR, Grain, Scope
from ...language.text import show, to_text
from ...language.types import TRUTH, Type, unknown
from ...language.values import high, is_known, low
from ...model.facts import Table
from ...model.program import Program, Stage
from ...model.trace import Kind, Trace
from .across import Match, Matcher
from .cohorts import grouped, may_match, periods_back, up_to
from .findings import Candidate
from .frames import Frame, Key, Values, cell_name

MOST_ROWS = 40
"""The most rows of a cohort that a trace lists."""
_DECISIVE = {"any": True, "all": False}
"""The value that one row alone gives the whole."""
IN_FULL = 8
"""Up to so many rows of an aggregate are each traced to their facts."""


@dataclass
class Explainer:
    """Explains by re-reading the frames of an evaluation; nothing is kept for it while evaluating.

    `computed` holds, per stage, the rows with every column, the hidden ones included.
    """

    program: Program
    frames: Mapping[str, Frame]
    computed: Mapping[str, list[Values]]
    tables: Mapping[str, Table]

    def __post_init__(self) -> None:
        tables = {name: Grain(table.types, table.key) for name, table in self.tables.items()}
        self.stages = {stage.name: stage for stage in self.program.stages}
        self.grains = {**tables, **CALENDAR, **{name: stage.grain for name, stage in self.stages.items()}}
        self.matchers: dict[tuple[str, Across], Matcher] = {}
        self.groups: dict[tuple[str, tuple[str, ...]], dict[Key, list[Values]]] = {}
        self.strays: dict[tuple[str, tuple[str, ...]], list[Key]] = {}

    # --- the condition tree ---------------------------------------------------------------------

    def candidate(self, candidate: Candidate) -> Trace:
        """The trace of a rule for a subject and period: its only row's, or that of the rows that count."""
        truth = candidate.truth
        telling = [(row, who) for row, who, t in candidate.rows if t is truth] or [(r, w) for r, w, _ in candidate.rows]
        traces = [self.application(candidate, row, who) for row, who in telling[:MOST_ROWS]]
        if len(traces) == 1:
            return traces[0]
        note = f"{len(telling)} rows" if len(telling) > len(traces) else ""
        return Trace(f"any of {len(candidate.rows)} rows", show(truth, TRUTH), "rows", tuple(traces), note=note)

    def amounts(self, candidate: Candidate) -> dict[str, str | None]:
        """What an obligation's candidate tells: who owes, and how much is due, done and short."""
        amounts, stage = candidate.rule.rule.amounts, self.stages[candidate.rule.rule.facts]
        assert amounts is not None
        row = candidate.rows[0][0]
        told = {name: self._amount(column, stage, row) for name, column in amounts.columns.items()}
        return {"owed_by": amounts.owed_by or candidate.subject, **told}

    def _amount(self, column: str, stage: Stage, row: Values) -> str | None:
        value = show(row[column], stage.types[column])
        return None if value == "unknown" else value

    def application(self, candidate: Candidate, row: Values, addressee: Values | None) -> Trace:
        """The trace of a rule on one row, and one addressee."""
        bound, stage = candidate.rule, self.stages[candidate.rule.rule.facts]
        when = self.trace(bound.when, stage, row)
        named = {name: show(row[name], stage.types[name]) for name in stage.grain.key}
        if addressee is None:
            return replace(when, row=named)
        to = bound.rule.to
        assert to is not None
        pair = self.pair_stage(stage, to.table)
        both = {**row, **addressee, "period": candidate.period}
        conditions = tuple(self.trace(node, pair, both) for node in bound.conditions)
        whole = Apply("and", (bound.when, *bound.conditions)) if conditions else bound.when
        met = (self.value(node, pair, both) for node in bound.conditions)
        value = OPERATORS["and"].meaning(self.value(bound.when, stage, row), *met)
        return Trace(
            to_text(whole),
            show(value, TRUTH),
            "condition",
            (when, *conditions),
            row=named | {n: str(addressee[n]) for n in self.frames[to.table].key},
            operator="and",
        )

    def pair_stage(self, stage: Stage, table: str) -> Stage:
        """A stage whose rows are pairs of a rule's row and an addressee of a table."""
        period = {"period": stage.types[stage.along]} if stage.along else {}
        grain = self.grains[table]
        types = {**stage.types, **grain.columns, **period}
        return Stage(table, (table,), None, grain, grain.key, stage.along, (), (), types, {})

    def trace(self, node: Node, stage: Stage, row: Values) -> Trace:
        """The trace of one expression on one row."""
        value = show(self.value(node, stage, row), self.type(node, stage))
        match node:
            case Literal():
                return literal_trace(node, value)
            case Column():
                return self.column(node, stage, row, value)
            case Apply(operator="rescale", args=(inner, _)):
                return self.trace(inner, stage, row)
            case Apply():
                children = tuple(self.trace(arg, stage, row) for arg in self.live(node, stage, row))
                return Trace(to_text(node), value, "condition", children, operator=node.operator)
            case Across():
                return self.across(node, stage, row, value)
            case Cohort():
                rows = self.telling_rows(node, stage, row)
                note = f"{len(rows)} rows" if len(rows) > MOST_ROWS else ""
                return Trace(to_text(node), value, "cohort", self.cohort_rows(node, stage, row, rows), note=note)
            case Lookup():
                return Trace(
                    to_text(node), value, "lookup", cell=self.looked_up(node, row), note=self.lookup_note(node, row)
                )
            case Parameter() | Interpretation():
                raise TypeError(f"not bound: {node}")

    def column(self, node: Column, stage: Stage, row: Values, value: str) -> Trace:
        if node.table:
            return self.foreign(node, row, value)
        if node.name in stage.written:
            return Trace(node.name, value, "derived", (self.trace(stage.written[node.name], stage, row),))
        view = self.stages.get(stage.source)
        if view is not None and node.name in view.types:
            return self.column(node, view, self.member(view, row), value)
        cell, note = self.cell(stage, row, node.name)
        return Trace(node.name, value, "fact", cell=cell, note=note)

    def member(self, view: Stage, row: Values) -> Values:
        """A row that a view was computed on for a row of a later stage: of a group the first."""
        return self.members(view, row)[0]

    def members(self, view: Stage, row: Values) -> list[Values]:
        """The rows that a view was computed on for a row of a later stage."""
        if view.by is not None:
            return list(self.frames[view.name].members[tuple(row[name] for name in view.grain.key)])
        return self._with_key(view, row, self.computed[view.name], "computed on")

    def whole(self, view: Stage, row: Values) -> Values:
        """The row of a view itself for a row of a later stage."""
        return self._with_key(view, row, self.frames[view.name].rows, "made")[0]

    def _with_key(self, view: Stage, row: Values, rows: list[Values], kind: str) -> list[Values]:
        """The rows with the key of a row, from an index that is made once for each kind of rows."""
        at = (f"{view.name}, {kind}", view.grain.key)
        if at not in self.groups:
            self.groups[at] = grouped(rows, view.grain.key)
        return self.groups[at][tuple(row[name] for name in view.grain.key)]

    def foreign(self, node: Column, row: Values, value: str) -> Trace:
        """A column of another table's row that was joined with this one."""
        view = self.stages.get(node.table)
        other = {name: row[f"{node.table}.{name}"] for name in self.grains[node.table].columns}
        if view is not None:
            return self.column(Column(node.name), view, self.member(view, other), value)
        frame = self.frames[node.table]
        note = "disputed" if (frame.key_of(other), node.name) in frame.disputed else ""
        return Trace(node.name, value, "fact", cell=frame.cell(other, node.name), note=note)

    def across(self, node: Across, stage: Stage, row: Values, value: str) -> Trace:
        """An aggregate of another table's rows, with those that count or may."""
        found = list(self.matches(node, stage, row))
        grain = self.grains[node.table]
        lines = []
        for other, joined, met in found[:MOST_ROWS]:
            named = {name: show(other[name], grain.columns[name]) for name in grain.key}
            inner = self.trace(node.args[0], stage, joined)
            lines.append(replace(inner, children=(), row=named, note=inner.note if met else "unsure"))
        note = f"{len(found)} rows" if len(found) > MOST_ROWS else ""
        return Trace(to_text(node), value, "cohort", tuple(lines), note=note)

    def matches(self, node: Across, stage: Stage, row: Values) -> Iterator[Match]:
        """The rows of the other table that count, or may."""
        bound = self.bound_across(node)
        at = (stage.name, bound)
        if at not in self.matchers:
            self.matchers[at] = Matcher(bound, self.frames[node.table])
        return self.matchers[at].matches(row)

    def bound_across(self, node: Across) -> Across:
        """The aggregate as it was computed: with what its condition holds folded."""
        folded = fold(node)
        assert isinstance(folded, Across)
        return folded

    def cell(self, stage: Stage, row: Values, column: str) -> tuple[str, str]:
        """The name of a fact's cell, and whether it is disputed; empty for what is no cell."""
        for source in stage.sources:
            frame = self.frames.get(source)
            if frame is not None and source in self.tables and column in self.tables[source].columns:
                note = "disputed" if (frame.key_of(row), column) in frame.disputed else ""
                return frame.cell(row, column), note
        return "", ""

    def live(self, node: Apply, stage: Stage, row: Values) -> tuple[Node, ...]:
        """The arguments that bear on the value: of an `if` with a known condition only the branch taken."""
        if node.operator != "if":
            return node.args
        taken = self.value(node.args[0], stage, row)
        if taken is None:
            return node.args
        return (node.args[0], node.args[1] if taken else node.args[2])

    def cohort_rows(self, node: Cohort, stage: Stage, row: Values, rows: list[Values]) -> tuple[Trace, ...]:
        """One line per row with the value of the cohort's argument; in full where it bears on the value."""
        all_in_full = COHORTS[node.function].kind == "aggregate" and len(rows) <= IN_FULL
        lines = []
        for other in _nearby(rows, row):
            named = {name: show(other[name], stage.types[name]) for name in stage.key if name not in node.per}
            inner = self.trace(node.args[0], stage, other)
            in_full = all_in_full or other is row or node.function == "previous"
            note = inner.note if all(is_known(other[name]) for name in node.per) else "unsure"
            lines.append(replace(inner, children=inner.children if in_full else (), row=named, note=note, own=other is row))
        return tuple(lines)

    def telling_rows(self, node: Cohort, stage: Stage, row: Values) -> list[Values]:
        """The rows of the cohort that bear on its value.

        For a rank the best first, for *previous* only the earlier one, for *any* those that hold.
        """
        rows = self.cohort(node, stage, row)
        options = {name: option.value for name, option in node.options if isinstance(option, Literal)}
        if node.function == "previous":
            return periods_back(rows, row, stage.along, options.get("back", 1))
        if node.function in _DECISIVE and self.value(node, stage, row) is _DECISIVE[node.function]:
            return [o for o in rows if self.value(node.args[0], stage, o) is _DECISIVE[node.function]]
        if COHORTS[node.function].kind != "ranking":
            return rows
        if options.get("order") == "ascending":
            return sorted(rows, key=lambda other: low(self.value(node.args[0], stage, other)))
        return sorted(rows, key=lambda other: -high(self.value(node.args[0], stage, other)))

    def cohort(self, node: Cohort, stage: Stage, row: Values) -> list[Values]:
        """The rows that belong together with this one, or may; in a sequence those up to it, in order."""
        at = (stage.name, node.per)
        if at not in self.groups:
            self.groups[at] = grouped(self.computed[stage.name], node.per)
            self.strays[at] = [key for key in self.groups[at] if not all(map(is_known, key))]
        own = tuple(row[name] for name in node.per)
        perhaps = [key for key in self.strays[at] if key != own and may_match(dict(zip(node.per, key, strict=True)), node.per, own)]
        found = [other for key in (own, *perhaps) for other in self.groups[at][key]]
        return up_to(found, row, stage.along) if COHORTS[node.function].kind == "sequence" else found

    def lookup_note(self, node: Lookup, row: Values) -> str:
        """Why a look-up gives nothing certain: no table, no row, or a disputed cell."""
        frame = self.frames.get(node.table)
        if frame is None or not node.column:
            return "no table" if frame is None and self.tables[node.table].absent != "none" else ""
        key = tuple(row.get(name, "*") for name in frame.key)
        if "*" not in key and all(frame.key_of(other) != key for other in frame.rows):
            return "no row"
        return "disputed" if (key, node.column) in frame.disputed else ""

    def looked_up(self, node: Lookup, row: Values) -> str:
        key = tuple(row.get(name, "*") for name in self.tables[node.table].key)
        return cell_name(node.table, key, node.column)

    # --- values ---------------------------------------------------------------------------------

    def value(self, node: Node, stage: Stage, row: Values) -> Any:
        """The value of a part of a written expression; unknown for a part that was never looked at."""
        match node:
            case Literal():
                return node.value
            case Column():
                return row[node.key] if node.key in row else unknown(self.type(node, stage))
            case Apply(operator="if"):
                condition, *branches = node.args
                taken = self.value(condition, stage, row)
                if taken is not None:
                    return self.value(branches[0 if taken else 1], stage, row)
                return OPERATORS["if"].meaning(None, *(self.value(b, stage, row) for b in branches))
            case Apply():
                return OPERATORS[node.operator].meaning(*(self.value(a, stage, row) for a in node.args))
            case _:
                return self.computed_value(node, stage, row)

    def computed_value(self, node: Node, stage: Stage, row: Values) -> Any:
        name = to_text(fold(node))
        if name in row:
            return row[name]
        whole = next((n for n, written in stage.written.items() if n in row and to_text(fold(written)) == name), None)
        return row[whole] if whole else unknown(self.type(node, stage))

    def type(self, node: Node, stage: Stage) -> Type:
        return type_of(
            node, Scope(Grain(stage.types, stage.key), tables=self.grains)
        )


def literal_trace(node: Literal, value: str) -> Trace:
    """The trace of a constant, a parameter or a chosen reading."""
    kind: Kind = "constant"
    if node.origin.startswith("param."):
        kind = "parameter"
    elif node.origin.startswith("interpretation."):
        kind = "interpretation"
    note = "" if is_known(node.value) else "not set"
    return Trace(to_text(node), value, kind, note=note)


def _nearby(rows: list[Values], row: Values) -> list[Values]:
    """The rows, or of too many those nearest to one."""
    at = next((i for i, other in enumerate(rows) if other is row), 0)
    start = max(0, min(at - MOST_ROWS // 2, len(rows) - MOST_ROWS))
    return rows[start : start + MOST_ROWS]
