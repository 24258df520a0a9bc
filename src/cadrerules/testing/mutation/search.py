"""Looks for tables on which a mutant decides otherwise: those of the cases, then random small changes of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from ...errors import CadreError
from ...language.nodes import Literal, walk
from ...language.periods import Period as PeriodValue
from ...language.periods import add_months
from ...language.text import number_text
from ...language.types import Choice, Date, Number, Period, Text, Truth
from ...model.dependencies import dependencies
from ...model.facts import ColumnSpec
from ...model.policy_set import PolicySet
from .contrast import Contrast, Difference, Scene, Tables
from .suite import Entry, Suite

_STARTS = 12
"""Of how many cases the tables are changed; all that could notice are tried as they are."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Found:
    """Tables on which the two differ, and the case that they were made from."""

    scene: Scene
    difference: Difference
    start: Entry


def scene_of(entry: Entry) -> Scene:
    """The tables and settings of a case."""
    facts = entry.replay.facts
    return Scene(dict(facts.rows), entry.replay.as_of, dict(entry.case.params), dict(entry.case.interpretations))


def search(suite: Suite, contrast: Contrast, budget: int) -> Found | None:
    """The plainest difference found; always the same for the same mutant and cases."""
    best: Found | None = None
    starts: list[Entry] = []
    for scene, start in _scenes(suite, contrast, budget, starts):
        found = contrast.difference(scene)
        if found and (best is None or found.rank < best.difference.rank):
            best = Found(scene, found, start)
            if found.rank == 0:
                break
    return best


def _scenes(suite: Suite, contrast: Contrast, budget: int, starts: list[Entry]) -> Iterator[tuple[Scene, Entry]]:
    for entry in suite.near(contrast.mutant)[: max(_STARTS, budget // 4)]:
        try:
            scene = scene_of(entry)
        except CadreError:
            continue
        starts.append(entry)
        yield scene, entry
    if not starts:
        return
    chance = random.Random(contrast.mutant.id)  # noqa: S311 - no secret, and the same on every run
    moves = Moves(contrast.policies, contrast.mutant.rules, chance)
    for n in range(budget):
        start = starts[n % min(len(starts), _STARTS)]
        scene = scene_of(start) if chance.random() < 0.5 else moves.read_otherwise(scene_of(start))
        for _ in range(chance.choice((1, 1, 2, 3))):
            scene = moves.step(scene)
        yield scene, start


@dataclass
class Moves:
    """Small changes of tables that bear on some rules: cells to values at boundaries, rows more or less, other settings."""

    policies: PolicySet
    rules: Sequence[str]
    chance: random.Random

    def step(self, scene: Scene) -> Scene:
        """The scene with one thing changed."""
        kinds: tuple[Callable[[Scene], Scene], ...] = (*[self._cell] * 7, self._more, self._fewer, self._day, self._setting, self._reading)
        return self.chance.choice(kinds)(scene)

    @cached_property
    def columns(self) -> Mapping[str, list[str]]:
        """The columns that bear on the rules, and the keys of their tables, by table."""
        found: dict[str, set[str]] = {}
        for policy in self.policies.policies.values():
            for rule in policy.rules:
                if rule.id in self.rules:
                    for table, column in dependencies(policy, rule).columns:
                        found.setdefault(table, set(self.policies.tables[table].key)).update({column} - {""})
        return {table: sorted(names) for table, names in sorted(found.items())}

    @cached_property
    def numbers(self) -> list[Decimal]:
        """The numbers that policies compare with: parameters, and those that stand in expressions."""
        names = sorted({rule.partition(".")[0] for rule in self.rules})
        nodes = [n for name in names for r in self.policies.policies[name].relations for n in r.nodes]
        nodes += [rule.when for name in names for rule in self.policies.policies[name].rules]
        found = {Decimal(number_text(p.value, p.type.scale)) for node in nodes for p in walk(node) if isinstance(p, Literal) and isinstance(p.type, Number) and isinstance(p.value, int)}
        values = [doc.value for name in names for doc in self.policies.documents[name].params.values()]
        return sorted(found | {Decimal(v) for v in values if isinstance(v, int | Decimal) and not isinstance(v, bool)})

    # --- rows -------------------------------------------------------------------------------------

    def _cell(self, scene: Scene) -> Scene:
        table = self._table(scene)
        if table is None:
            return scene
        at = self.chance.randrange(len(scene.tables[table]))
        name = self.chance.choice([c for c in self.columns[table] if c in self.policies.tables[table].columns])
        return _with_row(scene, table, at, self._other(scene, table, at, name))

    def _more(self, scene: Scene) -> Scene:
        """One row twice, the second time with another key."""
        table = self._table(scene)
        if table is None:
            return scene
        at = self.chance.randrange(len(scene.tables[table]))
        row = self._other(scene, table, at, self.chance.choice(self.policies.tables[table].key))
        return replace(scene, tables={**scene.tables, table: (*scene.tables[table], row)})

    def _fewer(self, scene: Scene) -> Scene:
        table = self._table(scene)
        if table is None:
            return scene
        at = self.chance.randrange(len(scene.tables[table]))
        rows = scene.tables[table]
        return replace(scene, tables={**scene.tables, table: (*rows[:at], *rows[at + 1 :])})

    def _table(self, scene: Scene) -> str | None:
        there = [name for name in self.columns if scene.tables.get(name)]
        return self.chance.choice(there) if there else None

    def _other(self, scene: Scene, table: str, at: int, name: str) -> dict[str, Any]:
        column = self.policies.tables[table].columns[name]
        row = dict(scene.tables[table][at])
        values = self._values(scene, column, row[name])
        if not column.required:
            values.append(None)
        return {**row, name: self.chance.choice(values)} if values else row

    # --- values -----------------------------------------------------------------------------------

    def _values(self, scene: Scene, column: ColumnSpec, now: Any) -> list[Any]:
        match column.type:
            case Number(scale=scale, low=low, high=high):
                step = Decimal(1).scaleb(-scale)
                near = {n + shift * step for n in self._numbers(now) for shift in (-1, 0, 1)}
                return [_plain(n) for n in sorted(near) if low <= n.scaleb(scale) <= high and n % step == 0]
            case Truth():
                return [True, False]
            case Choice(options=options):
                return list(options)
            case Date():
                return self._dates(scene, now)
            case Period():
                return [now + shift for shift in (-4, -1, 1, 4)] if isinstance(now, PeriodValue) else []
            case Text():
                return self._texts(scene)

    def _numbers(self, now: Any) -> list[Decimal]:
        return [*self.numbers, *([Decimal(now)] if isinstance(now, int | Decimal) else [])]

    def _dates(self, scene: Scene, now: Any) -> list[date]:
        days = [scene.as_of, *([now] if isinstance(now, date) else []), *_days(scene.tables)]
        chosen = days[self.chance.randrange(len(days))]
        months = [int(n) for n in self.numbers if n == int(n) and abs(n) <= 60]
        moved = add_months(chosen, self.chance.choice([0, 0, *months, *(-m for m in months)]))
        return [moved - _DAY, moved, moved + _DAY]

    def _texts(self, scene: Scene) -> list[str]:
        texts = {cell for table, names in self.columns.items() for row in scene.tables.get(table, ()) for name in names if isinstance(cell := row[name], str)}
        return sorted(texts)

    # --- settings ---------------------------------------------------------------------------------

    def _day(self, scene: Scene) -> Scene:
        return replace(scene, as_of=self.chance.choice(self._dates(scene, scene.as_of)))

    def _setting(self, scene: Scene) -> Scene:
        names = sorted(n for n, p in self.policies.context.parameters.items() if n.partition(".")[0] in self._own and isinstance(p.type, Number))
        if not names:
            return scene
        return replace(scene, params={**scene.params, self.chance.choice(names): self.chance.choice((0, 1, 2, 3))})

    def _reading(self, scene: Scene) -> Scene:
        known = self.policies.context.interpretations
        name = self.chance.choice(sorted(known)) if known else ""
        return replace(scene, readings={**scene.readings, name: self.chance.choice(known[name].doc.words)}) if name else scene

    def read_otherwise(self, scene: Scene) -> Scene:
        """The scene under readings drawn for all that the rules rest on."""
        known = self.policies.context.interpretations
        return replace(scene, readings={name: self.chance.choice(known[name].doc.words) for name in self.readings})

    @cached_property
    def readings(self) -> list[str]:
        """The interpretations that the rules rest on."""
        rules = [(p, rule) for p in self.policies.policies.values() for rule in p.rules if rule.id in self.rules]
        return sorted({name for policy, rule in rules for name in dependencies(policy, rule).interpretations})

    @cached_property
    def _own(self) -> set[str]:
        return {rule.partition(".")[0] for rule in self.rules}


def _with_row(scene: Scene, table: str, at: int, row: Mapping[str, Any]) -> Scene:
    rows = scene.tables[table]
    return replace(scene, tables={**scene.tables, table: (*rows[:at], row, *rows[at + 1 :])})


def _plain(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number


def _days(tables: Tables) -> list[date]:
    found = {cell for rows in tables.values() for row in rows for cell in row.values() if isinstance(cell, date)}
    return sorted(day for day in found if 1900 < day.year < 9000)
