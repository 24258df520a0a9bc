"""One rule kept up to date: for whom it holds or is undetermined, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ...language.nodes import Column, walk
from ...language.values import is_known
from ...model.dependencies import Dependencies
from ...model.program import BoundRule
from ..scalar.findings import Candidate, applications
from ..scalar.frames import PRESENT, Frame, Values
from .rows import Delta, LiveRows, Rid
from .steps import Touched

Slot: TypeAlias = tuple[str, Any]
"""Whom a finding is about, and in which period."""


class LiveRule:
    """The candidates of a rule, by subject and period, with the rows that bear on each."""

    def __init__(self, bound: BoundRule, rests_on: Dependencies, facts: LiveRows, addressees: LiveRows | None) -> None:
        self.bound, self.rests_on, self.facts, self.addressees = bound, rests_on, facts, addressees
        self.shared = bound.rule.to.shared if bound.rule.to else ()
        self.reads = _columns(bound)
        self.slots: dict[Slot, dict[Rid, list[tuple[Values | None, bool | None]]]] = {}
        self.of_row: dict[Rid, set[Slot]] = {}
        self.unsure: set[Rid] = set()

    def update(self, deltas: Mapping[str, Delta], touched_rows: Touched) -> set[Slot]:
        """Take changes of the rows and addressees into account; the slots that they touch.

        `touched_rows` tells which columns of a row differ; of a row that isn't in it, all may.
        """
        changes = ((rid, touched_rows.get(rid)) for rid in deltas.get(self.facts.name, ()))
        dirty = {rid for rid, changed in changes if changed is None or changed & self.reads}
        if self.addressees is not None and (changed := deltas.get(self.addressees.name)):
            dirty |= self._of_addressees(changed)
        touched: set[Slot] = set()
        for rid in dirty:
            touched |= self._again(rid)
        return touched

    def candidate(self, slot: Slot) -> Candidate | None:
        """The candidate for a subject and period; `None` where the rule surely fails."""
        rows = self.slots.get(slot)
        if not rows:
            return None
        candidate = Candidate(self.bound, *slot)
        for rid in self.facts.sorted(rows):
            for addressee, truth in rows[rid]:
                candidate.add(self.facts.rows[rid], addressee, truth)
        return candidate

    def _of_addressees(self, changed: Delta) -> set[Rid]:
        """The rows whose addressees may differ."""
        index, dirty = self.facts.by(self.shared), set(self.unsure)
        for rows in changed.values():
            for row in filter(None, rows):
                key = tuple(row[name] for name in self.shared)
                dirty.update(index.of(key) if all(map(is_known, key)) else self.facts.rows)
        return dirty & self.facts.rows.keys()

    def _again(self, rid: Rid) -> set[Slot]:
        """Apply the rule to a row again; the slots that it bore on or does now."""
        before = self.of_row.pop(rid, set())
        self.unsure.discard(rid)
        for slot in before:
            del self.slots[slot][rid]
            if not self.slots[slot]:
                del self.slots[slot]
        now = set()
        for slot, addressee, truth in self._applied(rid):
            now.add(slot)
            self.slots.setdefault(slot, {}).setdefault(rid, []).append((addressee, truth))
        if now:
            self.of_row[rid] = now
        return before | now

    def _applied(self, rid: Rid) -> Iterator[tuple[Slot, Values | None, bool | None]]:
        row = self.facts.rows.get(rid)
        if row is None:
            return
        frame = Frame(self.facts.name, self.facts.key, [row])
        for who, period, _, addressee, truth in applications(self.bound, frame, self._addressees(rid, row), None):
            if is_known(who) and who and truth is not False:
                yield (who, period), addressee, truth

    def _addressees(self, rid: Rid, row: Values) -> dict[str, Frame]:
        """The addressees that share the row's keys; all of them where its keys aren't known."""
        if self.addressees is None:
            return {}
        key = tuple(row[name] for name in self.shared)
        if all(map(is_known, key)):
            return {self.addressees.name: self.addressees.only(self.addressees.by(self.shared).of(key))}
        self.unsure.add(rid)
        return {self.addressees.name: self.addressees.frame}


def _columns(bound: BoundRule) -> frozenset[str]:
    """The columns of a row that bear on whom a rule holds for, in which period, and what its findings tell."""
    rule = bound.rule
    conditions = (part.name for node in bound.conditions for part in walk(node) if isinstance(part, Column))
    told = rule.amounts.columns.values() if rule.amounts else ()
    shared = rule.to.shared if rule.to else ()
    return frozenset({rule.key, rule.subject, rule.period, PRESENT, *shared, *conditions, *told})
