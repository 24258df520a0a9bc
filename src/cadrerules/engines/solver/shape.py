"""How large a world must be for a policy: how many ids and periods, and which columns matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...language.bind import Step
from ...language.nodes import Across, Apply, Cohort, Column, Literal, Node, walk
from ...language.scope import CALENDAR
from ...language.types import Choice, Text
from ...language.values import is_known
from ...model.dependencies import dependencies
from ...model.facts import Table
from ...model.policy import Policy
from ...model.program import Program, Stage

MOST_IDS, MOST_PERIODS, MOST_TALLIED = 24, 4, 8
SEQUENCES = ("run", "previous")


@dataclass(frozen=True)
class Shape:
    """The tables (`columns`: per table those read), the ids per table and key column, and how many periods.

    `spread` names, per table whose rows are ranked, the key of those that are: all but the first are there to be
    compared with, and have one row each in a period. `by_key`: ties are broken by the order of the ids.
    """

    columns: Mapping[str, frozenset[str]]
    ids: Mapping[tuple[str, str], int]
    periods: int
    asked_whether_known: frozenset[tuple[str, str]]
    words: tuple[str, ...]
    last_day: date
    choices: Mapping[tuple[str, str], tuple[str, ...]]
    spread: Mapping[str, str]
    by_key: bool

    @property
    def read(self) -> frozenset[tuple[str, str]]:
        """Every column that something reads, as (table, column)."""
        return frozenset((table, name) for table, names in self.columns.items() for name in names)

    def together(self, other: Shape) -> Shape:
        """A shape large enough for both."""
        tables = sorted({*self.columns, *other.columns})
        columns = {t: self.columns.get(t, frozenset()) | other.columns.get(t, frozenset()) for t in tables}
        ids = {place: max(self.ids.get(place, 1), other.ids.get(place, 1)) for place in sorted({*self.ids, *other.ids})}
        words = tuple(sorted({*self.words, *other.words}))
        asked = self.asked_whether_known | other.asked_whether_known
        places = {*self.choices, *other.choices}
        choices = {p: tuple(dict.fromkeys((*self.choices.get(p, ()), *other.choices.get(p, ())))) for p in sorted(places)}
        return Shape(columns, ids, max(self.periods, other.periods), asked, words, self.last_day, choices, {**self.spread, **other.spread}, self.by_key or other.by_key)


def shape_of(programs: Iterable[Program], tables: Mapping[str, Table], as_of: date) -> Shape:
    """The shape of a world in which the rules of these policies can do all they do."""
    gatherers = [_Gatherer(program, tables, as_of) for program in programs]
    shape = gatherers[0].shape()
    for gatherer in gatherers[1:]:
        shape = shape.together(gatherer.shape())
    return shape


@dataclass
class _Gatherer:
    program: Program
    tables: Mapping[str, Table]
    as_of: date

    def shape(self) -> Shape:
        columns = self._columns()
        ranked = self._ranked()
        ids = self._ids(columns) | ranked
        choices = self._choices(columns)
        spread = dict(ranked.keys())
        if self._by_key():  # the second id may lose where the first wins
            shared = [(t, c) for t in columns for c in self.tables[t].key if c in spread.values()]
            ids = {**dict.fromkeys(shared, 2), **ids}
        return Shape(columns, ids, self._periods(), self._asked(), self._words(), self._last_day(), choices, spread, self._by_key())

    @property
    def policy(self) -> Policy:
        return self.program.policy

    def _columns(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for bound in self.program.rules:
            for table, column in dependencies(self.policy, bound.rule).columns:
                found.setdefault(table, set()).update({column} - {""})
        return {name: frozenset(found[name]) for name in sorted(found) if name in self.tables}

    def _ids(self, columns: Mapping[str, Any]) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        combined = {self._base(source) for stage in self.program.stages if len(stage.sources) > 1 for source in stage.sources}
        for name in columns:
            table = self.tables[name]
            texts = [key for key in table.key if isinstance(table.columns[key].type, Text)]
            across = name in self._seen_across()
            if len(texts) == 1:
                found[name, texts[0]] = 3 if across else 2
            elif texts and not any(isinstance(table.columns[key].type, Choice) for key in table.key):
                found[name, texts[-1]] = 3 if across else 2
            elif texts and name in combined:
                found[name, texts[0]] = 2
        return found | self._tallied(found)

    def _tallied(self, ids: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        """As many rows in a group as it takes to count beyond every number that a count is compared with."""
        found: dict[tuple[str, str], int] = {}
        for stage in self.program.stages:
            name = self._base(stage.source)
            counted = [step.name for step in stage.steps if _tallies(step)]
            for place in (place for place in ids if place[0] == name and counted):
                most = max(self._greatest_compared_anywhere(column) for column in counted)
                found[place] = max(ids[place], found.get(place, 0), min(MOST_TALLIED, most + 1))
        return found

    def _seen_across(self) -> set[str]:
        nodes = [part for node in self._nodes() for part in walk(node)]
        return {self._base(part.table) for part in nodes if isinstance(part, Across)}

    def _ranked(self) -> dict[tuple[str, str], int]:
        """As many ids as it takes to come behind every place that a rule asks about."""
        found = {}
        for stage in self.program.stages:
            for step in stage.steps:
                if isinstance(step.node, Cohort) and step.node.function == "rank":
                    table = self.tables[self._base(stage.source)]
                    spread = [key for key in table.key if isinstance(table.columns[key].type, Text) and key not in step.node.per]
                    if spread:
                        found[table.name, spread[0]] = min(MOST_IDS, self._greatest_compared(stage, step.name) + 1)
        return found

    def _by_key(self) -> bool:
        """Whether ties are broken by the order of keys."""
        nodes = [part for node in self._nodes() for part in walk(node) if isinstance(part, Cohort)]
        return any(isinstance(o, Literal) and o.value == "ordinal" for node in nodes for _, o in node.options)

    def _greatest_compared(self, stage: Stage, column: str) -> int:
        """The greatest constant that a column is compared with in its stage."""
        return max([2, *_compared(column, (step.node for step in stage.steps))])

    def _greatest_compared_anywhere(self, column: str) -> int:
        return max([0, *_compared(column, self._nodes())])

    def _periods(self) -> int:
        found = [1]
        for stage in self.program.stages:
            for step in stage.steps:
                if isinstance(step.node, Cohort) and step.node.function == "run":
                    skips = any(isinstance(o, Literal) and o.value == "skips" for _, o in step.node.options)
                    found.append(self._greatest_compared(stage, step.name) + skips)
                elif isinstance(step.node, Cohort) and step.node.function == "previous":
                    back = dict(step.node.options).get("back")
                    found.append(1 + (int(back.value) if isinstance(back, Literal) else 1))
        return min(MOST_PERIODS, max(found))

    def _asked(self) -> frozenset[tuple[str, str]]:
        asked = {
            arg.name
            for node in self._nodes()
            for part in walk(node)
            if isinstance(part, Apply) and part.operator == "known"
            for arg in part.args
            if isinstance(arg, Column)
        }
        return frozenset((name, column) for name, table in self.tables.items() for column in asked & table.columns.keys())

    def _words(self) -> tuple[str, ...]:
        """The words that texts are compared with."""
        words = {part.value for node in self._nodes() for part in walk(node) if isinstance(part, Literal) and isinstance(part.value, str) and isinstance(part.type, Text)}
        return tuple(sorted(words))

    def _choices(self, columns: Mapping[str, Any]) -> dict[tuple[str, str], tuple[str, ...]]:
        """The words of keys that are choices: those that rules name, and one more to stand for the rest."""
        named = {part.value for node in self._nodes() for part in walk(node) if isinstance(part, Literal) and isinstance(part.value, str)}
        found = {}
        for name in columns:
            for key in self.tables[name].key:
                of = self.tables[name].columns[key].type
                if isinstance(of, Choice):
                    own = [word for word in of.options if word in named]
                    found[name, key] = (*own, *[word for word in of.options if word not in named][:1])
                    if name in self._counted():
                        found[name, key] = of.options
        return found

    def _counted(self) -> set[str]:
        """The tables whose rows are counted or summed up in groups."""
        return {self._base(stage.source) for stage in self.program.stages if any(map(_counts, stage.steps))}

    def _last_day(self) -> date:
        """The last day of the year of the evaluation, in which the last periods of facts end."""
        return date(self.as_of.year, 12, 31)

    def _nodes(self) -> Iterator[Node]:
        for stage in self.program.stages:
            yield from (step.node for step in (*stage.keeps, *stage.steps))
        for bound in self.program.rules:
            yield from bound.conditions

    def _base(self, source: str) -> str:
        """The table that a relation's rows come from, however indirectly."""
        stages = {stage.name: stage for stage in self.program.stages}
        while source in stages and stages[source].source:
            source = stages[source].source
        return source if source not in CALENDAR else ""


def _counts(step: Step) -> bool:
    return isinstance(step.node, Cohort) and step.node.function in ("count", "distinct", "total", "mean")


def _tallies(step: Step) -> bool:
    return isinstance(step.node, Cohort) and step.node.function in ("count", "distinct")


def _compared(column: str, nodes: Iterable[Node]) -> Iterator[int]:
    """The whole constants that a column is compared with."""
    for part in (part for node in nodes for part in walk(node)):
        if isinstance(part, Apply) and any(isinstance(a, Column) and a.name == column for a in part.args):
            yield from (int(a.value) for a in part.args if isinstance(a, Literal) and _whole(a))


def _whole(literal: Literal) -> bool:
    if is_known(literal.value):
        return isinstance(literal.value, int) and not isinstance(literal.value, bool)
    return False


