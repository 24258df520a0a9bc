"""Hands the rules of a relation to durable_rules where it decides them as the scalar engine does, unit by unit."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from ...language.evaluate import RowExpression, lay_out
from ...model.program import Program
from ..incremental.rows import Index, Rid
from ..incremental.stages import LiveStage
from ..incremental.steps import Work
from ..scalar.frames import PRESENT, Values
from .capabilities import MOST_PATTERNS, Inexpressible
from .compile import Alternatives, alternatives, as_whole
from .host import Fact, StreamError, StreamHost


def available() -> bool:
    """Whether durable_rules can be used: it is installed, and was built for this Python."""
    if find_spec("durable") is None:
        return False
    try:
        import durable.engine  # noqa: F401 - whether it loads: on Python 3.13 it doesn't
    except ImportError:
        return False
    return True


class Hosts:
    """The hosts of a monitor; one that was made for the same rules is used again, for none is ever freed."""

    def __init__(self) -> None:
        self._made: dict[Any, StreamHost] = {}

    def host(self, name: str, rules: Mapping[str, Alternatives], columns: tuple[str, ...]) -> StreamHost:
        """A host for these rules that knows no facts."""
        tests = tuple(rule.tests for rule in rules.values())
        key = (name, tests, columns)
        if key in self._made:
            self._made[key].clear()
        else:
            self._made[key] = StreamHost(tests, columns)
        return self._made[key]


def assignment(program: Program) -> dict[str, str]:
    """Who decides each rule, by its key: `stream`, or why the scalar engine does, a name of `FEATURES`."""
    found: dict[str, str] = {}
    stages = {stage.name: stage for stage in program.stages}
    left = dict.fromkeys(stages, MOST_PATTERNS)
    for bound in program.rules:
        stage = stages[bound.rule.facts]
        try:
            rule = alternatives(stage, bound.rule.key)
        except Inexpressible as error:
            found[bound.rule.key] = error.what
            continue
        patterns = sum(len({test.back for test in tests} | {0}) for tests in rule.tests)
        chained = any(test.back for tests in rule.tests for test in tests)
        if stage.by is not None or (chained and not stage.along):
            found[bound.rule.key] = "other_key"
        elif patterns > left[stage.name]:
            found[bound.rule.key] = "size"
        else:
            left[stage.name] -= patterns
            found[bound.rule.key] = "stream"
    return found


def delegate_rules(program: Program, stages: Mapping[str, Any], hosts: Hosts) -> list[StreamDelegate]:
    """Delegate every rule that can be; gives the delegates."""
    by_stage: dict[str, dict[str, Alternatives]] = {}
    keys = {bound.rule.key: bound.rule.facts for bound in program.rules}
    for key, by in assignment(program).items():
        stage = stages.get(keys[key])
        if by == "stream" and isinstance(stage, LiveStage):
            by_stage.setdefault(keys[key], {})[key] = alternatives(stage.stage, key)
    made = []
    for name, rules in by_stage.items():
        stages[name].delegate = StreamDelegate(f"{program.policy.name}/{name}", stages[name], rules, hosts)
        made.append(stages[name].delegate)
    return made


class StreamDelegate:
    """Fills the columns of the rules of one relation."""

    def __init__(self, name: str, live: LiveStage, rules: Mapping[str, Alternatives], hosts: Hosts) -> None:
        self.stage, self.rules, self.columns = live.stage, dict(rules), frozenset(rules)
        self.tested = tuple(sorted(frozenset[str]().union(*(rule.columns for rule in rules.values()))))
        self.units = Index(tuple(name for name in live.stage.key if name != live.stage.along))
        nodes = {step.name: step.node for step in live.stage.steps}
        self.scalar: dict[str, RowExpression] = {key: lay_out(nodes[key]) for key in rules}
        self.reads = frozenset({*self.tested, PRESENT}).union(*({c for _, c in e.reads} for e in self.scalar.values()))
        self.host = hosts.host(name, rules, self.tested)
        self.failed = ""
        self.asked = 0
        self._begun = False

    def fill(self, work: Work) -> None:
        """Fill the columns of the units that were touched; at first, of all, by the scalar engine."""
        dirty = {key for rid in work.gone for key in self.units.drop(rid)}
        rows = work.reading(self.reads)
        for rid in rows:
            dirty |= self.units.put(rid, work.rows[rid])
        if not self._begun:
            self._begun = True
            for rid in rows:
                self._by_scalar(work, rid)
            return
        for unit in dirty:
            self._fill_unit(work, unit, list(self.units.of(unit)))

    def _fill_unit(self, work: Work, unit: Any, rids: list[Rid]) -> None:
        facts = self._facts(work, rids)
        held = None if facts is None else self._held(unit, facts)
        if facts is None or held is None:
            self.host.forget(unit)
            for rid in rids:
                self._by_scalar(work, rid)
            return
        for rid in rids:
            period = self._period(work.rows[rid])
            for number, (key, rule) in enumerate(self.rules.items()):
                if all(period - back in facts for back in rule.earlier):
                    work.set(rid, key, (number, period) in held)
                else:
                    work.set(rid, key, self.scalar[key].value(work.rows[rid]))

    def _held(self, unit: Any, facts: Mapping[int, Fact]) -> set[tuple[int, int]] | None:
        """What durable_rules says; `None`, and never asked again, where it fails."""
        if self.failed:
            return None
        if not facts:
            return None
        try:
            self.asked += 1
            return self.host.holds(unit, facts)
        except StreamError as error:
            self.failed = str(error)
            return None

    def _facts(self, work: Work, rids: list[Rid]) -> dict[int, Fact] | None:
        """The unit's rows as facts; `None` where something isn't known, or is no fact for durable_rules."""
        facts: dict[int, Fact] = {}
        for rid in rids:
            row = work.rows[rid]
            fact = {name: as_whole(row[name], self.stage.types[name]) for name in self.tested}
            period = self._period(row)
            if row.get(PRESENT, True) is not True or None in fact.values() or period in facts:
                return None
            facts[period] = fact  # type: ignore[assignment]
        return facts

    def _period(self, row: Values) -> int:
        return row[self.stage.along].ordinal if self.stage.along else 0

    def _by_scalar(self, work: Work, rid: Rid) -> None:
        for key, expression in self.scalar.items():
            work.set(rid, key, expression.value(work.rows[rid]))
