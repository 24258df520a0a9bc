"""Findings and decisions kept up to date: each fact goes to the policies that read its table, and what differs is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from ..engines.incremental.policies import LivePolicy, Place, fields
from ..engines.incremental.rows import Delta, LiveRows
from ..engines.incremental.stages import reads_tables
from ..engines.scalar.calendar import calendar_frames
from ..engines.scalar.frames import PRESENT, Values, row_values, table_frame
from ..engines.stream.delegate import Hosts, StreamDelegate, delegate_rules
from ..errors import Problem, UsageError
from ..evaluate import findings_asked_for, prepare
from ..model.absent import Absences
from ..model.deciding import decide
from ..model.facts import FactTables, Row, Table
from ..model.result import Decision, Finding, NotEvaluated
from .changes import Change
from .held import Key

if TYPE_CHECKING:
    from ..plan import Plan

At: TypeAlias = tuple[int, int, str, str]
"""Where a finding stands among all: its policy, its rule, subject and period."""

Group: TypeAlias = tuple[int, str, str, str]
"""Where a decision stands: its question, subject, period and the subject's kind."""


class Answers:
    """What the facts lead to as of a day. `facts` are those it starts from; with `hosts` durable_rules decides what it can."""

    def __init__(self, plan: Plan, names: Sequence[str], facts: FactTables, as_of: date, hosts: Hosts | None = None) -> None:
        self.plan, self.names, self.as_of = plan, list(names), as_of
        self.absences = Absences(facts.rows)
        self.tables = {name: LiveTable(plan.tables[name], facts, as_of) for name in facts.rows}
        bindings = plan.policy_set.bindings(as_of)
        calendar = calendar_frames(plan.policy_set.doc.calendar, facts, bindings)
        live = {name: table.rows for name, table in self.tables.items()} | {n: fixed(f) for n, f in calendar.items()}
        self.policies: list[tuple[int, LivePolicy, frozenset[str]]] = []
        for at, name in enumerate(self.names):
            policy = plan.policies[name]
            if policy.relations and not self.absences.leaves_out(policy):
                one = LivePolicy(policy, bindings, plan.policy_set, live, self.absences)
                self.policies.append((at, one, _reads(one)))
        self.findings: dict[At, Finding] = {}
        self.decisions: dict[tuple[Group, str], tuple[int, Decision]] = {}
        self._groups: dict[Group, dict[At, Finding]] = {}
        self._decided: dict[Group, tuple[str, ...]] = {}
        self._questions = {name: at for at, name in enumerate(plan.questions)}
        self.python = plan.is_opaque
        self.delegates: list[StreamDelegate] = []
        if hosts is not None:
            self.delegates = [d for _, one, _ in self.policies for d in delegate_rules(one.program, one.stages, hosts)]
        self._begin(facts)

    @property
    def not_evaluated(self) -> list[NotEvaluated]:
        """What the tables given leave open."""
        return self.absences.noted

    def change(self, table: str, key: Key, row: Row | None, facts: Callable[[], FactTables]) -> list[Change]:
        """A row of a table is now this one, or is no more; `facts` gives all of them with it."""
        delta = {table: self.tables[table].put(key, row)}
        changed: dict[At, Finding | None] = {}
        if any(delta.values()):
            for at, policy, reads in self.policies:
                if table in reads:
                    changed |= _placed(at, policy.update(delta))
        everything = table == "waivers" or self.python
        if everything:
            changed |= self._prepare(facts())
        return self._take(changed, everything=everything)

    def all_changes(self, before: Answers) -> list[Change]:
        """What differs from other answers."""
        findings = before.findings.keys() | self.findings.keys()
        pairs = [(at, before.findings.get(at), self.findings.get(at)) for at in findings]
        return _in_order(before._differing(self), _differing(pairs))

    def _differing(self, now: Answers) -> list[tuple[Any, Decision | None, Decision | None]]:
        pairs = []
        for at in self.decisions.keys() | now.decisions.keys():
            was, (place, decision) = self.decisions.get(at), now.decisions.get(at, (0, None))
            pairs.append(((at[0], place if decision else was[0] if was else 0), was[1] if was else None, decision))
        return _differing(pairs)

    def _begin(self, facts: FactTables) -> None:
        changed: dict[At, Finding | None] = {}
        for at, policy, _ in self.policies:
            policy.start()
            changed |= {_at(at, place): finding for place, (finding, _) in policy.findings.items()}
        self._take(changed | self._prepare(facts), everything=True)

    def _prepare(self, facts: FactTables) -> dict[At, Finding | None]:
        """Look at waivers again, and at what plugins find; the findings of theirs that differ."""
        prepared = prepare(self.plan, facts, self.as_of)
        self.waivers = prepared.waivers
        if not self.python:
            return {}
        found = findings_asked_for(prepared.from_plugins, self.names, self.plan)
        last = len(self.names)
        now: dict[At, Finding | None] = {
            (last, at, finding.subject.id, str(finding.period)): finding for at, finding in enumerate(found)
        }
        gone: dict[At, Finding | None] = {at: None for at in self.findings if at[0] == last and at not in now}
        return gone | now

    def _take(self, changed: Mapping[At, Finding | None], *, everything: bool) -> list[Change]:
        """Take changed findings into account and decide what they bear on."""
        pairs = [(at, self.findings.get(at), finding) for at, finding in changed.items()]
        groups: dict[Group, None] = dict.fromkeys(self._groups) if everything else {}
        for at, before, now in pairs:
            for finding in (before, now):
                if finding is not None:
                    groups[self._group(finding)] = None
            self._place(at, before, now)
        decided = [pair for group in groups for pair in self._decide(group)]
        return _in_order(_differing(decided), _differing(pairs))

    def _place(self, at: At, before: Finding | None, now: Finding | None) -> None:
        if before is not None:
            del self.findings[at]
            del self._groups[self._group(before)][at]
        if now is not None:
            self.findings[at] = now
            self._groups.setdefault(self._group(now), {})[at] = now

    def _group(self, finding: Finding) -> Group:
        question = self._questions[finding.outcome.partition(".")[0]]
        return question, finding.subject.id, finding.period or "", finding.subject.kind

    def _decide(self, group: Group) -> list[tuple[Any, Decision | None, Decision | None]]:
        """Decide one question about one subject again; each decision before and after."""
        findings = [finding for _, finding in sorted(self._groups[group].items(), key=lambda item: item[0])]
        if not findings:
            del self._groups[group]
        now = {d.id: (at, d) for at, d in enumerate(decide(self.plan.questions, findings, self.waivers))}
        before = {name: found for name in self._ids(group) if (found := self.decisions.pop((group, name)))}
        self._decided[group] = tuple(now)
        if not now:
            del self._decided[group]
        pairs: list[tuple[Any, Decision | None, Decision | None]] = []
        for name in {**before, **now}:
            was, (at, decision) = before.get(name), now.get(name, (0, None))
            pairs.append(((group, at if decision else was[0] if was else 0), was[1] if was else None, decision))
        for name, (at, decision) in now.items():
            decision._result = _ELSEWHERE  # noqa: SLF001 - the model's own slot for it
            self.decisions[group, name] = at, decision
        return pairs

    def _ids(self, group: Group) -> Iterable[str]:
        return self._decided.get(group, ())


class LiveTable:
    """A table's rows as values, kept up to date; its disputed cells are those of the day it was made."""

    def __init__(self, table: Table, facts: FactTables, as_of: date) -> None:
        self.table, self.as_of = table, as_of
        self.rows = LiveRows(table.name, table.key, table_frame(table, facts, as_of).disputed)
        self._numbers: dict[Key, int] = {}
        self._next = 0
        for row in facts[table.name]:
            self.put(tuple(row[name] for name in table.key), row)

    def put(self, key: Key, row: Row | None) -> Delta:
        """What a row is now; what differs."""
        rid, before = (key, 0), self.rows.rows.get((key, 0))
        values = None if row is None else row_values(self.table, row, self.rows.disputed, self.as_of)
        if row is None:
            self._numbers.pop(key, None)
        if values is None or values.get(PRESENT, True) is False:
            self._drop(rid, before)
            return {rid: (before, None)} if before is not None else {}
        if key not in self._numbers:
            self._numbers[key] = self._next = self._next + 1
        self.rows.order[rid] = ([str(cell or "") for cell in key], self._numbers[key])
        self.rows.put(rid, values)
        return {rid: (before, values)}

    def _drop(self, rid: tuple[Key, int], before: Values | None) -> None:
        if before is not None:
            self.rows.drop(rid)
            del self.rows.order[rid]


class _Elsewhere:
    """Stands where a decision's result would be: a monitor keeps none."""

    def __getattr__(self, name: str) -> NoReturn:
        raise UsageError(Problem("CR-MONITOR-EXPLAIN"))


_ELSEWHERE = _Elsewhere()


def fixed(frame: Any) -> LiveRows:
    """The rows of the calendar."""
    rows = LiveRows(frame.name, frame.key)
    for at, row in enumerate(frame.rows):
        rid = (frame.key_of(row), 0)
        rows.order[rid] = at
        rows.put(rid, row)
    return rows


def _reads(policy: LivePolicy) -> frozenset[str]:
    """The tables that a policy rests on."""
    stages = frozenset[str]().union(*(reads_tables(stage) for stage in policy.program.stages))
    return stages | {bound.rule.to.table for bound in policy.program.rules if bound.rule.to}


def _placed(at: int, changed: Mapping[Place, tuple[Finding | None, Finding | None]]) -> dict[At, Finding | None]:
    return {_at(at, place): now for place, (_, now) in changed.items()}


def _at(policy: int, place: Place) -> At:
    rule, (subject, period) = place
    return policy, rule, subject, str(period)


def _differing(pairs: Iterable[tuple[Any, Any, Any]]) -> list[tuple[Any, Any, Any]]:
    """Those that say something else than before."""
    return [pair for pair in pairs if not _same(pair[1], pair[2])]


def _same(before: Any, now: Any) -> bool:
    return before is now or (before is not None and now is not None and fields(before) == fields(now))


def _in_order(decisions: list[tuple[Any, Any, Any]], findings: list[tuple[Any, Any, Any]]) -> list[Change]:
    ordered = [*sorted(decisions, key=lambda pair: pair[0]), *sorted(findings, key=lambda pair: pair[0])]
    return [Change(old, new) for _, old, new in ordered]
