"""How large a world must be for a policy: how many ids and periods, and which columns matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ...language.bind import Step
from ...language.nodes import Across, Apply, Cohort, Column, Literal, Node, walk
from ...language.periods import PERIODS, Period, PeriodKind
from ...language.scope import CALENDAR
from ...language.types import Choice, Date, Number, Text, Type
from ...language.types import Period as PeriodType
from ...model.dependencies import dependencies
from ...model.facts import Table
from ...model.policy import Policy
from ...model.program import Program
from .sizes import OPEN_KEYS, Sizes, named_values, nodes_of, words_of


@dataclass(frozen=True)
class Shape:
    """The tables (`columns`: per table those read), the ids per table and key column, and how many periods.

    `spread` names, per table whose rows are ranked, the key of those that are: all but the first are there to be
    compared with, and have one row each in a period. `by_key`: ties are broken by the order of the ids. `named` are
    the keys that rules name, and those beside them; `grains` the kinds of periods that rules look up for days.
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
    named: Mapping[tuple[str, str], tuple[Any, ...]] = field(default_factory=dict)
    grains: tuple[PeriodKind, ...] = ()

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
        choices, named = _united(self.choices, other.choices), _united(self.named, other.named)
        spread, grains = {**self.spread, **other.spread}, tuple(dict.fromkeys((*self.grains, *other.grains)))
        periods, by_key = max(self.periods, other.periods), self.by_key or other.by_key
        return Shape(columns, ids, periods, asked, words, self.last_day, choices, spread, by_key, named, grains)


def _united(one: Mapping[tuple[str, str], tuple[Any, ...]], other: Mapping[tuple[str, str], tuple[Any, ...]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {place: tuple(dict.fromkeys((*one.get(place, ()), *other.get(place, ())))) for place in sorted({*one, *other})}


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
        sizes = Sizes(self.program, self.tables, self._ids(columns))
        ids, spread = sizes.ids, sizes.ranked
        choices = self._choices(columns, sizes.words)
        if self._by_key():  # the second id may lose where the first wins
            shared = [(t, c) for t in columns for c in self.tables[t].key if c in spread.values() and isinstance(self.tables[t].columns[c].type, OPEN_KEYS)]
            ids = {**dict.fromkeys(shared, 2), **ids}
        return Shape(columns, ids, sizes.periods, self._asked(), self._words(), self._last_day(), choices, spread, self._by_key(), self._named(columns), self._grains())

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
        return found

    def _seen_across(self) -> set[str]:
        nodes = [part for node in self._nodes() for part in walk(node)]
        return {self._base(part.table) for part in nodes if isinstance(part, Across)}

    def _by_key(self) -> bool:
        """Whether ties are broken by the order of keys."""
        nodes = [part for node in self._nodes() for part in walk(node) if isinstance(part, Cohort)]
        return any(isinstance(o, Literal) and o.value == "ordinal" for node in nodes for _, o in node.options)

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

    def _named(self, columns: Mapping[str, Any]) -> dict[tuple[str, str], tuple[Any, ...]]:
        """The keys that rules compare a column with, the next lower and higher among them."""
        values, found = named_values(self.program), dict[tuple[str, str], tuple[Any, ...]]()
        for name in columns:
            for key in (self.tables[name].columns[key] for key in self.tables[name].key):
                own = sorted(n for value in values.get(key.name, ()) for n in _beside(key.type, value))
                if own:
                    found[name, key.name] = tuple(dict.fromkeys(own))
        return found

    def _grains(self) -> tuple[PeriodKind, ...]:
        asked = {part.operator for node in self._nodes() for part in walk(node) if isinstance(part, Apply)}
        return tuple(kind for kind in PERIODS if f"{kind}_of" in asked)

    def _choices(self, columns: Mapping[str, Any], least: Mapping[str, int]) -> dict[tuple[str, str], tuple[str, ...]]:
        """The words of keys that are choices: those that rules name, and one more to stand for the rest; as many at least as rows of a group need."""
        named = words_of(self._nodes())
        found = {}
        for name in columns:
            for key in self.tables[name].key:
                of = self.tables[name].columns[key].type
                if isinstance(of, Choice):
                    own = [word for word in of.options if word in named]
                    found[name, key] = (*own, *[word for word in of.options if word not in named][: max(1, least.get(name, 1) - len(own))])
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
        yield from nodes_of(self.program)

    def _base(self, source: str) -> str:
        """The table that a relation's rows come from, however indirectly."""
        stages = {stage.name: stage for stage in self.program.stages}
        while source in stages and stages[source].source:
            source = stages[source].source
        return source if source not in CALENDAR else ""


def _counts(step: Step) -> bool:
    return isinstance(step.node, Cohort) and step.node.function in ("count", "distinct", "total", "mean")


def _beside(of: Type, value: Any) -> Iterator[Any]:
    """A key of a type and those next to it, as far as it can be such a key."""
    match of:
        case Text() if isinstance(value, str):
            yield value
        case Number(low=low, high=high) if isinstance(value, int):
            yield from (n for n in (value - 1, value, value + 1) if low <= n <= high)
        case Date() if isinstance(value, date):
            yield from (value + timedelta(days=shift) for shift in (-1, 0, 1))
        case PeriodType(kind=kind) if isinstance(value, Period) and kind in ("any", value.kind):
            yield from (value + shift for shift in (-1, 0, 1))
