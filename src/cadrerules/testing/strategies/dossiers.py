"""Strategies for dossiers: all that the tables hold of one subject over several years, consistent across them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ...language.periods import PERIODS, Period, PeriodKind
from ...language.types import Choice, Text
from ...language.types import Period as PeriodType
from ...model.cells import Cell
from ...model.facts import ALWAYS, NEVER, UNKNOWN, ColumnSpec, FactTables, Table
from ..boundaries import Boundaries, boundaries_of
from .remedies import disputes, waivers
from .rows import cells, settled, table_row
from .shown import shown

if TYPE_CHECKING:
    from ...model.result import Result
    from ...plan import Plan

_LAST_YEAR = 2024
_REMEDIES = ("waivers", "disputes")
_MOST_PERIODS = 6
_MOST_ENTRIES = 6
"""So many entries at most of a table whose rows have an id of their own, such as activities."""


@dataclass(frozen=True)
class Dossier:
    """All facts about one subject, and some of those it has to do with; `kind` and `subject` say who it is."""

    kind: str
    subject: str
    facts: FactTables
    as_of: date

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002 - as hypothesis calls it
        printer.text(shown(f"dossier of {self.kind} {self.subject}, as of {self.as_of}", self.facts))

    def evaluate(self, plan: Plan, engine: str = "auto") -> Result:
        """What the plan makes of it."""
        return plan.evaluate(self.facts, as_of=self.as_of, engine=engine)


@st.composite
def dossiers(draw: st.DrawFn, plan: Plan, kind: str = "", years: int = 3, holes: bool = True) -> Dossier:
    """Dossiers of one subject: every table of the plan, in which the same ids meet, over so many years in a row.

    `kind` is that of the subject (`person`, `unit`; any that the plan's questions are about where left out). Its id is the
    only one of its kind; of other things there are two. Periods follow each other without gaps, or with one. What
    refers to another table finds it there. Waivers are of rules that can be waived, for a subject and period of the dossier and mostly in force,
    and a dispute is about a cell that is there. Cells lie at the plan's boundaries half of the time; `holes` is as for `facts_rows`.
    `ValueError` for a kind of subject that no question is about.

    >>> import cadrerules as cr
    >>> of_persons = dossiers(cr.load_policies("market-supervision"), "person")
    """
    kinds = _kinds(plan)
    if kind and kind not in kinds:
        raise ValueError(f"no question is about a {kind}")
    chosen = kind or draw(st.sampled_from(kinds))
    day = draw(st.sampled_from((date(_LAST_YEAR, 12, 31), date(_LAST_YEAR + 1, 1, 15), date(_LAST_YEAR + 1, 3, 31))))
    maker = _Maker(draw, plan, chosen, years, boundaries_of(plan, as_of=day), holes)
    rows = {name: maker.rows(table) for name, table in plan.tables.items() if name not in _REMEDIES}
    if "waivers" in plan.tables:
        ids = {each: maker.ids(each) for each in (*kinds, *maker.organisation)}
        rows["waivers"] = draw(waivers(plan, ids, maker.all_periods(), plan.policies, day))
    facts = settled({name: plan.tables[name] for name in rows}, rows)
    if "disputes" in plan.tables:
        facts = settled(plan.tables, {**facts.rows, "disputes": draw(disputes(plan, facts, day))})
    return Dossier(chosen, maker.ids(chosen)[0], facts, day)


_MORE = (1, 2, 2, 3, 0)
"""How many of what else there is, the first more often; hypothesis likes the first of several."""


def _kinds(plan: Plan) -> list[str]:
    """The kinds of subject there are, but for the organisation itself."""
    found = {kind for question in plan.questions.values() for kind in question.doc.subjects}
    return sorted(found - {plan.policy_set.doc.organisation})


@dataclass
class _Maker:
    """Makes the tables of one dossier."""

    draw: st.DrawFn
    plan: Plan
    kind: str
    years: int
    near: Boundaries
    holes: bool

    def __post_init__(self) -> None:
        columns = [column for table in self.plan.tables.values() for column in table.columns.values()]
        self.referred = {column.about.references for column in columns}
        self.organisation = [kind for kind in (self.plan.policy_set.doc.organisation,) if kind]
        keys = (c.name for c in columns if c.about.key and isinstance(c.type, Text) and not c.about.references)
        self.things = list(dict.fromkeys(keys))

    def ids(self, thing: str) -> list[str]:
        """The ids of a kind of thing: one of the dossier's own, the name of the organisation itself, two of others."""
        if thing in self.organisation:
            return [thing]
        return [f"{thing[0].upper()}{number}" for number in range(1, 2 if thing == self.kind else 3)]

    def periods(self, kind: PeriodKind) -> list[Period]:
        """The last periods of a kind in the dossier's years."""
        of = PERIODS[kind]
        first, last = of.of(date(_LAST_YEAR - self.years + 1, 1, 1)), of.of(date(_LAST_YEAR, 12, 28))
        return [first + by for by in range(last.ordinal - first.ordinal + 1)][-_MOST_PERIODS:]

    def all_periods(self) -> list[Period]:
        """The periods of every kind."""
        return [period for kind in PERIODS for period in self.periods(kind)]

    # --- rows -------------------------------------------------------------------------------------

    def rows(self, table: Table) -> list[dict[str, Cell]]:
        """The rows of a table."""
        return [self.draw(self.row(table, key)) for key in self.keys(table)]

    def row(self, table: Table, key: Mapping[str, Cell]) -> SearchStrategy[dict[str, Cell]]:
        """The rows with a key; what a cell names is something of the dossier."""
        named = {name: self.cell(column) for name, column in table.columns.items() if _names(column)}
        ends = {name: _mostly_open(column) for name, column in table.columns.items() if column.empty in (NEVER, ALWAYS)}
        given = {**named, **ends, **{name: st.just(cell) for name, cell in key.items()}}
        return table_row(table, self.near, holes=self.holes, given=given)

    def keys(self, table: Table) -> list[dict[str, Cell]]:
        """The keys of a table's rows, each once: all that others refer to is there, and periods follow each other."""
        along = next((n for n in table.key if getattr(table.columns[n].type, "kind", "") in PERIODS), "")
        found: dict[tuple[Cell, ...], dict[str, Cell]] = {}
        for fixed in self.starts(table):
            parts = {n: st.just(fixed[n]) if n in fixed else self.cell(table.columns[n]) for n in table.key if n != along}
            start = self.draw(st.fixed_dictionaries(parts))
            for period in self.span(table.columns[along]) if along else [None]:
                key = {name: period if name == along else start[name] for name in table.key}
                found[tuple(key.values())] = key
        return list(found.values())

    def starts(self, table: Table) -> list[dict[str, Cell]]:
        """What the keys must hold: each id that may be referred to, ids of a table's own, and some more of any."""
        own = [name for name in table.key if f"{table.name}.{name}" in self.referred]
        must: list[dict[str, Cell]] = [{name: each} for name in own for each in self.ids(name)]
        entries = table.key[0] if len(table.key) == 1 and not own and table.key[0] != self.kind else ""
        if entries:
            count = self.draw(st.sampled_from(range(_MOST_ENTRIES, -1, -1)))
            return [{entries: f"{entries[0].upper()}{number}"} for number in range(1, count + 1)]
        return must + [{} for _ in range(self.draw(st.sampled_from(_MORE)))]

    def span(self, column: ColumnSpec) -> list[Period]:
        """Periods that follow each other, all or a part of the dossier's, perhaps without one of them."""
        assert isinstance(column.type, PeriodType)
        periods = self.periods(column.type.kind)
        first = self.draw(st.sampled_from((0, 0, len(periods) // 2)))
        left_out = self.draw(st.sampled_from((None, None, *periods[first:])))
        return [period for period in periods[first:] if period != left_out]

    def cell(self, column: ColumnSpec) -> SearchStrategy[Cell]:
        """Cells of a column that names something, or is part of a key."""
        match column.type:
            case Text():
                filled = self.named(column)
            case Choice(options=options):
                filled = st.sampled_from(options)
            case PeriodType(kind="any"):
                filled = st.sampled_from([*self.periods("year"), *self.periods("quarter")])
            case _:
                return cells(column, holes=False)
        return filled if column.required or column.empty is UNKNOWN else st.one_of(filled, filled, st.none())

    def named(self, column: ColumnSpec) -> SearchStrategy[Cell]:
        """The ids that a column may hold: of what it refers to, of its own kind, or of anything, mostly of the subject."""
        if column.about.personal == "maybe_id":
            anything = [each for thing in (*self.things, *self.organisation) for each in self.ids(thing)]
            return st.one_of(st.sampled_from([*self.ids(self.kind), *self.organisation]), st.sampled_from(anything))
        return st.sampled_from(self.ids(column.about.references.rpartition(".")[2] or column.name))


def _mostly_open(column: ColumnSpec) -> SearchStrategy[Cell]:
    """The cells of an end that is mostly open, such as the last day in a post."""
    return st.one_of(st.none(), st.none(), cells(column))


def _names(column: ColumnSpec) -> bool:
    """Whether a column holds ids of things."""
    return isinstance(column.type, Text) and bool(column.about.references or column.about.personal in ("id", "maybe_id"))
