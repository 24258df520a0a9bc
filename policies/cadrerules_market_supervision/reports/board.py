"""The quarter's board: who has which flag and place, who is commended, whose head is to be interviewed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from cadrerules import Decision, FactTables, Finding, Plan, Result, UsageError
from cadrerules.engines.scalar.frames import table_frame
from cadrerules.errors import Lang, Problem
from cadrerules.language.values import is_known
from cadrerules.model.trace import Trace
from cadrerules.report.explanation import Explainer, reading

from .names import Names
from .words import word

FLAGS = ("red", "yellow", "black")
_KEY = re.compile(r"\[(.*)\]")
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A unit (or its indicator, where those are ranked) with the flags it may have, its place and mean progress."""

    unit: str
    name: str
    indicator: str
    flags: tuple[str, ...]
    place: str
    mean: Fraction | None
    waits: tuple[str, ...] = ()

    @property
    def flag(self) -> str:
        """The flag, or `open` where it isn't decided."""
        return self.flags[0] if len(self.flags) == 1 and not self.waits else "open"


@dataclass(frozen=True, slots=True)
class Named:
    """A unit that is commended, or whose head is to be interviewed; `waits` where that isn't certain."""

    unit: str
    name: str
    person: str = ""
    waits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a quarter, ready to be shown in any form."""

    quarter: str
    rows: tuple[Row, ...]
    commended: tuple[Named, ...]
    interviews: tuple[Named, ...]
    limits: Mapping[str, tuple[int, int | None]]
    readings: tuple[str, ...]

    def of(self, flag: str) -> list[Row]:
        """The rows of a flag, or the open ones."""
        return [row for row in self.rows if row.flag == flag]


@dataclass(frozen=True)
class Boards:
    """Makes boards from a result."""

    result: Result
    plan: Plan
    facts: FactTables
    explainer: Explainer
    lang: Lang

    def board(self, quarter: str | None) -> Board:
        """The board of a quarter, the latest without one; `UsageError` where there are no flags."""
        known = sorted({str(d.period) for d in self.result.decisions if d.question == "flag"})
        chosen = quarter or (known[-1] if known else "-")
        if chosen not in known:
            values = {"name": "board", "period": chosen, "known": ", ".join(known) or "-"}
            raise UsageError(Problem("CR-NOTHING-TO-REPORT", values=values))
        return Board(
            quarter=chosen,
            rows=tuple(sorted(self._rows(chosen), key=_order)),
            commended=tuple(n for d in self._of("commendation", chosen) for n in self._named(d)),
            interviews=tuple(n for d in self._of("interview", chosen) for n in self._named(d)),
            limits=self._limits(chosen),
            readings=tuple(self._readings(chosen)),
        )

    def _of(self, question: str, quarter: str) -> list[Decision]:
        return [d for d in self.result.decisions if d.question == question and d.period == quarter]

    # --- flags ----------------------------------------------------------------------------------

    def _rows(self, quarter: str) -> Iterator[Row]:
        """One row per unit, or per unit and indicator where those are ranked."""
        flags: dict[_Key, dict[str, str]] = defaultdict(dict)
        waits: dict[_Key, dict[str, None]] = defaultdict(dict)
        for decision in self._of("flag", quarter):
            for key, flag, place in self._standing(decision):
                flags[key][flag] = place
                waits[key] |= dict.fromkeys(self._waits(decision))
        for (unit, indicator), found in flags.items():
            shown = tuple(flag for flag in FLAGS if flag in found)
            place = next(iter(found.values()))
            mean = self._means.get((quarter, unit, indicator)) if indicator else self._mean(quarter, unit)
            yield Row(unit, self._names.unit(unit), indicator, shown, place, mean, tuple(waits[unit, indicator]))

    def _standing(self, decision: Decision) -> Iterator[tuple[_Key, str, str]]:
        """What was ranked for a decision: its key, the flag it has or may have, and its place."""
        for finding in decision.findings:
            if finding.rule in decision.because:
                flag = finding.outcome.partition(".")[2]
                for trace in _traces(finding):
                    yield (decision.subject.id, trace.row.get("indicator", "")), flag, _place(trace)

    def _waits(self, decision: Decision) -> list[str]:
        """The facts and numbers that a decision waits for, in words."""
        if decision.status == "decided":
            return []
        waits = self.explainer.explanation(decision, self.lang).waits
        keys = {wait.name: _KEY.search(wait.name) for wait in waits}
        return [w.text + (word("brackets", self.lang, key[1]) if (key := keys[w.name]) else "") for w in waits]

    @cached_property
    def _names(self) -> Names:
        return Names(self.facts, self.lang)

    @cached_property
    def _means(self) -> Mapping[tuple[str, str, str], Fraction | None]:
        """The progress of each indicator; None where it isn't known or disputed."""
        table = self.plan.tables["progress"]
        frame = table_frame(table, self.facts, self.result.as_of)
        unit = 10 ** table.columns["progress"].type.scale  # type: ignore[union-attr]
        return {
            (str(row["quarter"]), row["unit"], row["indicator"]): Fraction(row["progress"], unit)
            if is_known(row["progress"])
            else None
            for row in frame.rows
        }

    def _mean(self, quarter: str, unit: str) -> Fraction | None:
        """A unit's mean progress; None where part of it isn't known."""
        found = [mean for key, mean in self._means.items() if key[:2] == (quarter, unit)]
        known = [mean for mean in found if mean is not None]
        return sum(known, Fraction(0)) / len(known) if found and len(known) == len(found) else None

    def _limits(self, quarter: str) -> dict[str, tuple[int, int | None]]:
        """The places of each flag, where the numbers are set."""
        params = {n: v for d in self._of("flag", quarter) for f in d.findings for n, v in f.params.items()}
        red, yellow = params.get("board.red_to"), params.get("board.yellow_to")
        if not isinstance(red, int) or not isinstance(yellow, int):
            return {}
        return {"red": (1, red), "yellow": (red + 1, yellow), "black": (max(red, yellow) + 1, None)}

    # --- what follows from flags ----------------------------------------------------------------

    def _named(self, decision: Decision) -> Iterator[Named]:
        """The units that a decision names: its subject, or those of the person it is about."""
        waits = tuple(self._waits(decision))
        if decision.verdict is None and not waits:
            return
        if decision.subject.kind == "unit":
            yield Named(decision.subject.id, self._names.unit(decision.subject.id), waits=waits)
            return
        rows = [trace.row for finding in decision.findings for trace in _traces(finding)]
        for unit in sorted({row.get("unit", "") for row in rows}):
            yield Named(unit, self._names.unit(unit), decision.subject.id, waits)

    def _readings(self, quarter: str) -> Iterator[str]:
        """The readings nobody has adopted that the board rests on, in words."""
        decisions = [d for q in ("flag", "commendation", "interview") for d in self._of(q, quarter)]
        names = {name for decision in decisions for f in decision.findings for name in f.interpretations}
        for name in sorted(names):
            found = reading(self.plan, name, self.lang)
            if not found.adopted:
                yield found.title + word("colon", self.lang) + found.text


def _traces(finding: Finding) -> tuple[Trace, ...]:
    """The traces of the rows that count; none for what a plugin computed."""
    if not finding.traced:
        return (Trace("", "unknown", "condition"),)
    trace = finding.explain()
    return trace.children if trace.kind == "rows" else (trace,)


def _place(trace: Trace) -> str:
    """The place as the rule saw it, `8` or `10..11`; empty where none was looked at."""
    found = next((part.value for part in trace.walk() if part.text == "place"), "")
    return "" if found == "unknown" else found


def _order(row: Row) -> tuple[int, str, str]:
    """By place; what has none comes last."""
    digits = re.search(r"\d+", row.place)
    return (int(digits[0]) if digits else 10**9, row.unit, row.indicator)
