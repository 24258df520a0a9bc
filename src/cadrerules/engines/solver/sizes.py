"""How many different keys and periods a world needs, so that its rows can be as many as rules count, sum up and rank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, isfinite, prod
from typing import Any, TypeGuard

from ...language.bind import Step
from ...language.nodes import Across, Apply, Cohort, Column, Literal, Node, walk
from ...language.scope import CALENDAR
from ...language.types import Choice, Date, Number, Period, Text, Type
from ...language.values import is_known
from ...model.facts import Table
from ...model.program import Program, Stage

MOST_IDS, MOST_PERIODS, MOST_TALLIED = 24, 4, 8
OPEN_KEYS = (Text, Number, Date)
"""The types of keys that have as many values as are asked for, the first of them rather than the others."""
_TALLIES = ("count", "distinct")


@dataclass
class Sizes:
    """How many values each open key of a table has (`ids`), how many periods there are, and at least so many `words` of a table's choices."""

    program: Program
    tables: Mapping[str, Table]
    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    periods: int = 1
    words: dict[str, int] = field(default_factory=dict)
    ranked: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = list(nodes_of(self.program))
        self.named = words_of(self.nodes)
        self._sequences()
        for stage in self.program.stages:
            for step in (*stage.keeps, *stage.steps):
                self._step(stage, step)
        for bound in self.program.rules:
            stage = next(stage for stage in self.program.stages if stage.name == bound.rule.facts)
            own = {*stage.grain.key} - {bound.rule.subject, bound.rule.period}
            for name in self._bases(stage.sources):
                self._provide(name, [key for key in self.tables[name].key if key in own and isinstance(self._type(name, key), Number | Date)], 2)

    def _step(self, stage: Stage, step: Step) -> None:
        match step.node:
            case Cohort(function="rank") as node:
                self._rank(stage, step, node)
            case Cohort() as node if node.function not in ("run", "previous"):
                for name in self._bases(stage.sources):
                    self._group(name, self._apart(stage, name, node.per), stage, step)
            case Across() as node:
                for name in self._bases([node.table]):
                    self._group(name, self.tables[name].key, stage, step)

    def _group(self, table: str, keys: Sequence[str], stage: Stage, step: Step) -> None:
        """Enough rows of a group for a step; two at least where ids don't see to that already."""
        least = 1 if any(isinstance(self._type(table, key), Text) for key in keys) else 2
        self._provide(table, keys, self._wanted(stage, step, least))

    def _provide(self, table: str, keys: Sequence[str], rows: int) -> None:
        """Enough values of some keys for so many rows that differ in nothing else."""
        wide = self._first_open(table, keys)
        if wide:
            at = (table, wide)
            others = prod(self._values(table, key) for key in keys if key != wide)
            self.ids[at] = max(self.ids.get(at, 1), ceil(rows / others))
        elif rows > prod(self._values(table, key) for key in keys):
            if any(isinstance(self._type(table, key), Choice) for key in keys):
                self.words[table] = max(self.words.get(table, 1), rows)
            if any(isinstance(self._type(table, key), Period) for key in keys):
                others = prod(self._values(table, key) for key in keys if not isinstance(self._type(table, key), Period))
                self.periods = max(self.periods, min(MOST_TALLIED, ceil(rows / others)))

    def _values(self, table: str, key: str) -> int:
        match self._type(table, key):
            case Choice(options=options):
                return min(max(self.words.get(table, 1), len(self.named & {*options}) + 1), len(options))
            case Period():
                return self.periods
            case _:
                return self.ids.get((table, key), 1)

    def _apart(self, stage: Stage, table: str, per: Sequence[str]) -> list[str]:
        """The keys in which rows of a group may differ; where rows have keys that are computed, any that don't make the group."""
        free = [key for key in self.tables[table].key if key not in per]
        own = [key for key in free if key in stage.key]
        return own or free

    def _rank(self, stage: Stage, step: Step, node: Cohort) -> None:
        """As many ids as it takes to come behind every place that a rule asks about."""
        most = min(MOST_IDS, max([2, *self._compared(step.name, stage)]) + 1)
        for name in self._bases(stage.sources):
            free = [key for key in self.tables[name].key if key not in node.per and self._open(name, key)]
            wide = min(free, key=lambda key: self._order(name, key), default="")
            if wide:
                self.ranked[name] = wide
                self.ids[name, wide] = max(self.ids.get((name, wide), 1), int(most))
            else:
                self._provide(name, self._apart(stage, name, node.per), int(most))

    def _sequences(self) -> None:
        """As many periods as the longest run or look back needs."""
        found = [1]
        for stage in self.program.stages:
            for step in stage.steps:
                if isinstance(step.node, Cohort) and step.node.function == "run":
                    skips = any(isinstance(o, Literal) and o.value == "skips" for _, o in step.node.options)
                    found.append(ceil(max([2, *self._compared(step.name)])) + skips)
                elif isinstance(step.node, Cohort) and step.node.function == "previous":
                    back = dict(step.node.options).get("back")
                    found.append(1 + (int(back.value) if isinstance(back, Literal) else 1))
        self.periods = min(MOST_PERIODS, max(found))

    # --- what is asked of a column --------------------------------------------------------------------

    def _wanted(self, stage: Stage, step: Step, least: int) -> int:
        """As many rows as it takes to reach every number that a count or sum is compared with, or to pass it."""
        node = step.node
        assert isinstance(node, Cohort | Across)
        most = max([0, *self._compared(step.name, passing=True)])
        match node.function, self._looked_at(stage, node):
            case "distinct", Choice(options=options):
                most = min(most, len(options))
            case "total", Number(high=high):
                most = most / high if isfinite(high) and high > 0 else least
            case "count" | "distinct", _:
                pass
            case _:
                return least
        return max(least, min(MOST_TALLIED, ceil(most)))

    def _looked_at(self, stage: Stage, node: Cohort | Across) -> Type | None:
        """The type of what a function looks at, where that is a column."""
        arg = node.args[0] if node.args else None
        if not isinstance(arg, Column):
            return arg.type if isinstance(arg, Literal) else None
        if isinstance(node, Cohort):
            return stage.types.get(arg.name)
        relation = next((other for other in self.program.stages if other.name == node.table), None)
        return relation.types.get(arg.name) if relation else self._type(node.table, arg.name)

    def _compared(self, column: str, within: Stage | None = None, *, passing: bool = False) -> list[float]:
        """The numbers that a column, or what is computed from it, is compared with or reckoned up to; `passing`: the next, where one must be passed."""
        nodes = self.nodes if within is None else [step.node for step in within.steps]
        rests = self._resting_on(column)
        return [n for node in nodes for part in walk(node) if _reckons(part) and _reads(part, rests) for n in _numbers(part, passing)]

    def _resting_on(self, column: str) -> set[str]:
        found = {column}
        for stage in self.program.stages:
            for step in stage.steps:
                if isinstance(stage.types.get(step.name), Number) and _reads(step.node, found):
                    found.add(step.name)
        return found

    # --- tables -----------------------------------------------------------------------------------------

    def _type(self, table: str, key: str) -> Type | None:
        column = self.tables[table].columns.get(key)
        return column.type if column else None

    def _open(self, table: str, key: str) -> bool:
        return isinstance(self._type(table, key), OPEN_KEYS)

    def _order(self, table: str, key: str) -> int:
        return OPEN_KEYS.index(type(self._type(table, key)))

    def _first_open(self, table: str, keys: Sequence[str]) -> str:
        """The key that has several values already, or else the last of the type that is most like an id."""
        free = [key for key in reversed(keys) if self._open(table, key)]
        return min(free, key=lambda key: (-self.ids.get((table, key), 1), self._order(table, key)), default="")

    def _bases(self, sources: Iterable[str]) -> list[str]:
        """The tables that some relations' rows come from, however indirectly."""
        stages = {stage.name: stage for stage in self.program.stages}
        found: list[str] = []
        for source in sources:
            found += self._bases(stages[source].sources) if source in stages else [source]
        return [name for name in dict.fromkeys(found) if name in self.tables and name not in CALENDAR]


def nodes_of(program: Program) -> Iterator[Node]:
    """The expressions of a program."""
    for stage in program.stages:
        yield from (step.node for step in (*stage.keeps, *stage.steps))
    for bound in program.rules:
        yield from bound.conditions


def words_of(nodes: Iterable[Node]) -> set[str]:
    """The words that expressions name."""
    return {part.value for node in nodes for part in walk(node) if isinstance(part, Literal) and isinstance(part.value, str)}


def named_values(program: Program) -> dict[str, set[Any]]:
    """The words, numbers, days and periods that columns are compared with, by the columns' names."""
    found: dict[str, set[Any]] = {}
    for part in (part for node in nodes_of(program) for part in walk(node)):
        if isinstance(part, Apply):
            values = {a.value for a in part.args if isinstance(a, Literal) and is_known(a.value) and not isinstance(a.value, bool | None)}
            for arg in part.args:
                if isinstance(arg, Column) and values:
                    found.setdefault(arg.name, set()).update(values)
    return found


def _reads(node: Node, columns: set[str]) -> bool:
    return any(isinstance(part, Column) and part.name in columns for part in walk(node))


def _reckons(node: Node) -> TypeGuard[Apply]:
    """Whether an operation compares its arguments, or makes a number of them."""
    return isinstance(node, Apply) and node.operator not in ("if", "and", "or", "not", "rescale")


def _numbers(node: Apply, passing: bool) -> Iterator[float]:
    """The constants of an operation in whole units; of a parameter that is left out the least that it may be."""
    for i, arg in enumerate(node.args):
        if isinstance(arg, Literal) and isinstance(arg.type, Number):
            value = arg.value if is_known(arg.value) else arg.type.low
            if not isinstance(value, bool | None) and isfinite(value):
                strict = node.operator in (("<", ">=") if i == 0 else (">", "<="))
                yield float(value) / 10**arg.type.scale + (1 if passing and strict else 0)
