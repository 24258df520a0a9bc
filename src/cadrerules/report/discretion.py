"""Where people decide: what may be waived and whether it was, readings nobody adopted, numbers nobody set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from ..engines.scalar.frames import cell_name, table_frame
from ..engines.scalar.waivers import Waivers
from ..errors import Lang
from ..language.values import is_known
from ..model.facts import NEVER, FactTables
from ..model.result import Decision, Finding, Result
from .explained import Reading, Setting, Waived
from .explanation import reading
from .wording import parameter_title
from .words import say

if TYPE_CHECKING:
    from ..plan import Plan

State = Literal["stands", "waived", "disputed", "awaits"]
"""A finding that may be waived stands, was waived, hangs on a disputed cell, or isn't decided yet."""
STATES: tuple[State, ...] = ("stands", "waived", "disputed", "awaits")


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding that may be waived: how it stands, the waivers in force, those that aren't, what it waits for."""

    finding: Finding
    state: State
    waivers: tuple[Waived, ...] = ()
    idle: tuple[Waived, ...] = ()
    waits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resting:
    """A reading nobody has adopted, the other readings, why it is open, and the decisions that rest on it."""

    reading: Reading
    others: tuple[str, ...]
    why: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number that isn't set and the decisions that wait for it."""

    setting: Setting
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Discretion:
    """The discretion ledger of a result in one language; `subject` and `period` keep to one of each."""

    plan: Plan
    facts: FactTables
    result: Result
    lang: Lang
    subject: str | None = None
    period: str | None = None
    rules: Mapping[str, bool] = field(init=False)

    def __post_init__(self) -> None:
        known = {rule.id: rule.waivable for rule in self.plan.rules.values()}
        found = {finding.rule: finding.waivable for finding in self.result.findings}
        object.__setattr__(self, "rules", known | found)

    def _asked(self, of: Finding | Decision) -> bool:
        return self.subject in (None, of.subject.id) and self.period in (None, of.period)

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions asked for."""
        return tuple(decision for decision in self.result.decisions if self._asked(decision))

    # --- what may be waived ---------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """Every finding that may be waived, by state."""
        found = [self._entry(f) for f in self.result.findings if f.waivable and self._asked(f)]
        return sorted(found, key=lambda entry: STATES.index(entry.state))

    @cached_property
    def _waivers(self) -> Waivers:
        return Waivers(self.facts, self.plan.tables.get("waivers"), self.result.as_of, self.rules, lambda _: ())

    def _entry(self, finding: Finding) -> Entry:
        lift = self._waivers.lift(finding)
        key = (finding.rule, finding.subject.id, finding.period or "")
        in_force = self._waivers.by_key.get(key, [])
        disputed = [*lift.waits_for, *(cell for cell in finding.missing if cell in self._disputed)]
        state: State = "waived" if lift.truth else "disputed" if disputed else "stands"
        if state == "stands" and finding.status == "undetermined":
            state = "awaits"
        waits = () if lift.truth else (*finding.missing, *lift.waits_for)
        return Entry(finding, state, tuple(map(self._waived, in_force)), tuple(self._idle(key, in_force)), waits)

    @cached_property
    def _disputed(self) -> frozenset[str]:
        """The names of the cells in dispute."""
        rows = self.facts.rows.get("disputes", ())
        tables = {row["table"] for row in rows if row["table"] in self.facts}
        frames = [table_frame(self.plan.tables[name], self.facts, self.result.as_of) for name in sorted(tables)]
        return frozenset(cell_name(frame.name, key, column) for frame in frames for key, column in frame.disputed)

    def _idle(self, key: tuple[str, str, str], in_force: list[Mapping[str, Any]]) -> Iterator[Waived]:
        """The waivers of the same finding that have run out or don't count yet."""
        for row in () if in_force else self.facts.rows.get("waivers", ()):
            if (row["rule"], row["subject"], str(row["period"] or "")) == key:
                yield self._waived({**row, "expires_on": row["expires_on"] or NEVER})

    def _waived(self, row: Mapping[str, Any]) -> Waived:
        names = ("authority", "reason", "decided_on", "expires_on")
        shown = {name: str(row[name]) if is_known(row[name]) else say("unknown", self.lang) for name in names}
        until = None if row["expires_on"] == NEVER else shown["expires_on"]
        return Waived(shown["authority"], shown["reason"], shown["decided_on"], until)

    # --- what rests on nobody's decision --------------------------------------------------------

    def resting(self) -> list[Resting]:
        """The readings nobody has adopted that decisions rest on, those with the most decisions first."""
        by_name = self._by_name((name, d) for d in self.decisions for name in self._readings(d))
        found = [self._resting(name, decisions) for name, decisions in by_name.items()]
        return sorted(found, key=lambda resting: (-len(resting.decisions), resting.reading.name))

    def _resting(self, name: str, decisions: tuple[Decision, ...]) -> Resting:
        doc = self.plan.interpretations[name].doc
        here = reading(self.plan, name, self.lang)
        words = {word: text.text(self.lang) for word, text in doc.options.items()} if isinstance(doc.options, dict) else {}
        others = tuple(words.get(word, word) for word in doc.words if word != here.option)
        return Resting(here, others, doc.why.text(self.lang), decisions)

    def _readings(self, decision: Decision) -> set[str]:
        """The readings behind a decision that nobody has adopted."""
        behind = {*decision.because, *decision.overridden}
        found = self._findings.get((decision.question, decision.subject.id, decision.period), [])
        names = {name for finding in found if finding.rule in behind for name in finding.interpretations}
        return {name for name in names if not self.plan.interpretations[name].adopted}

    @cached_property
    def _findings(self) -> Mapping[tuple[str, str, str | None], list[Finding]]:
        by_key: dict[tuple[str, str, str | None], list[Finding]] = defaultdict(list)
        for finding in self.result.findings:
            by_key[finding.outcome.partition(".")[0], finding.subject.id, finding.period].append(finding)
        return by_key

    def waiting(self) -> list[Waiting]:
        """The numbers nobody has set that decisions wait for."""
        by_name = self._by_name((name, d) for d in self.decisions for name in d.parameters)
        return [Waiting(self._setting(name), decisions) for name, decisions in sorted(by_name.items())]

    def _setting(self, name: str) -> Setting:
        parameter = self.plan.parameters[name]
        unset = parameter.doc.unset
        why = "" if unset is None else unset if isinstance(unset, str) else unset.text(self.lang)
        return Setting(name, parameter_title(parameter, self.lang), None, parameter.doc.clause, why)

    @staticmethod
    def _by_name(pairs: Iterable[tuple[str, Decision]]) -> dict[str, tuple[Decision, ...]]:
        found: dict[str, list[Decision]] = defaultdict(list)
        for name, decision in pairs:
            found[name].append(decision)
        return {name: tuple(decisions) for name, decisions in found.items()}
