"""The report `discretion`: the discretion ledger as text, page, data and workbook, for any policy set."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..errors import Lang
from ..model.facts import FactTables
from ..model.result import Decision, Result
from . import ReportFormat
from .discretion import STATES, Discretion, Entry, Resting, Waiting
from .discretion_words import word
from .explained import Basis, Waived
from .grid import Cell, Grid, Heading, to_text
from .outline import Outliner
from .page import render
from .sheets import to_sheets
from .words import join, proposal, say

if TYPE_CHECKING:
    from ..plan import Plan


def discretion(
    result: Result,
    *,
    plan: Plan,
    facts: FactTables,
    period: str | None,
    subject: str | None,
    lang: Lang,
    format: str,  # noqa: A002 - the contract's name
    **_: object,
) -> str | bytes:
    """What may be waived and whether it was, what rests on readings nobody adopted, what waits for a number."""
    ledger = Discretion(plan, facts, result, lang, subject, period)
    if format == "json":
        return json.dumps(_plain(ledger), ensure_ascii=False, indent=2) + "\n"
    shown = Shown(ledger)
    if format == "xlsx":
        return to_sheets(shown.grids(), result.as_of)
    scope = [word("subject_only", lang, part) for part in (subject, period) if part]
    footer = [*scope, shown.basis()]
    if format == "text":
        return to_text(shown.grids(), word("title", lang), footer)
    states = [entry.state for entry in ledger.entries()]
    return render(
        "discretion.html.jinja",
        lang,
        title=word("title", lang),
        eyebrow=word("eyebrow", lang),
        tallies=[(word(state, lang), states.count(state)) for state in STATES],
        grids=shown.grids(),
        footer=footer,
    )


DISCRETION = ReportFormat(
    "discretion", "Discretion ledger", "裁量台账", discretion, formats=("text", "html", "json", "xlsx")
)


class Shown:
    """A discretion ledger as tables for people."""

    def __init__(self, ledger: Discretion) -> None:
        self.ledger, self.plan, self.lang = ledger, ledger.plan, ledger.lang

    def _word(self, key: str, *values: object) -> str:
        return word(key, self.lang, *values)

    def basis(self) -> str:
        """Day, policies, and that it is a proposal."""
        return proposal(Basis.of(self.ledger.result), self.lang)

    def grids(self) -> list[Grid]:
        """The three tables."""
        return [
            self._grid("entries", "state:12 subject:12 period:10 finding:40 leads_to:24 clause:10 waiver:46 waits:40",
                       [self._entry(entry) for entry in self.ledger.entries()]),
            self._grid("resting", "open_point:42 in_force:40 others:44 why:44 clause:10 count:9 decisions:56 which:50",
                       [self._resting(each) for each in self.ledger.resting()]),
            self._grid("waiting", "parameter:34 why:46 clause:10 count:9 decisions:50 which:50",
                       [self._waiting(each) for each in self.ledger.waiting()]),
        ]  # fmt: skip

    def _grid(self, key: str, columns: str, rows: Sequence[tuple[Cell, ...]]) -> Grid:
        split = [column.partition(":") for column in columns.split()]
        headings = tuple(Heading(self._word(name), int(width)) for name, _, width in split)
        return Grid(self._word(key), headings, rows, self._word(f"{key}_note"), self._word(f"no_{key}"))

    # --- rows -----------------------------------------------------------------------------------

    def _entry(self, entry: Entry) -> tuple[Cell, ...]:
        finding = entry.finding
        known = self.plan.rules.get(finding.rule)
        title = known.title.text(self.lang) if known else finding.rule
        question, _, verdict = finding.outcome.partition(".")
        leads_to = self.plan.questions[question].verdicts[verdict].title.text(self.lang)
        waivers = [self.waiver(waived) for waived in entry.waivers]
        waivers += [self._word("idle", self.waiver(waived)) for waived in entry.idle]
        named = title + say("brackets", self.lang, finding.rule)
        return (self._word(entry.state), finding.subject.id, finding.period, named, leads_to,
                self._joined(finding.clause), self._joined(waivers), self._joined(entry.waits))  # fmt: skip

    def waiver(self, waived: Waived) -> str:
        """Who waived, when, until when and why."""
        key = "waived_until" if waived.expires_on else "waived_by"
        values = {"authority": waived.authority, "reason": waived.reason}
        return say(key, self.lang, on=waived.decided_on, until=waived.expires_on, **values)

    def _resting(self, resting: Resting) -> tuple[Cell, ...]:
        reading = resting.reading
        adoption = say("brackets", self.lang, Outliner(self.lang).adoption(reading))
        named = reading.title + say("brackets", self.lang, reading.name)
        return (named, reading.text + adoption, self._list(resting.others), resting.why,
                self._joined(reading.clauses), *self._counted(resting.decisions))  # fmt: skip

    def _waiting(self, waiting: Waiting) -> tuple[Cell, ...]:
        setting = waiting.setting
        named = setting.title + say("brackets", self.lang, setting.name)
        return (named, setting.why, self._joined(setting.clauses), *self._counted(waiting.decisions))

    def _counted(self, decisions: Sequence[Decision]) -> tuple[Cell, Cell, Cell]:
        """How many decisions, how many of each verdict, and which."""
        groups = self._by_verdict(decisions)
        counts = [f"{verdict} × {len(of)}" for verdict, of in groups]
        which = [verdict + say("colon", self.lang) + self._which(of) for verdict, of in groups]
        return len(decisions), self._list(counts), self._list(which)

    def _by_verdict(self, decisions: Iterable[Decision]) -> list[tuple[str, list[Decision]]]:
        """The decisions by question and verdict, in words."""
        groups: dict[str, list[Decision]] = defaultdict(list)
        for decision in decisions:
            question = self.plan.questions[decision.question].title.text(self.lang)
            groups[question + self._word("dash") + self._verdict(decision)].append(decision)
        return list(groups.items())

    def _verdict(self, decision: Decision) -> str:
        verdicts = self.plan.questions[decision.question].verdicts
        titles = {name: doc.title.text(self.lang) for name, doc in verdicts.items()}
        if decision.status == "undetermined":
            possible = [titles[v] if v else say("nothing", self.lang) for v in decision.possible]
            return self._word("undetermined", join(possible, self.lang, "or"))
        return titles[decision.verdict] if decision.verdict else self._word("set_aside")

    def _which(self, decisions: Iterable[Decision]) -> str:
        return self._joined(" ".join(filter(None, (d.subject.id, d.period))) for d in decisions)

    def _list(self, parts: Iterable[str]) -> str:
        return self._word("apart").join(parts)

    def _joined(self, parts: Iterable[str]) -> str:
        return join(list(parts), self.lang)


# --- data -------------------------------------------------------------------------------------------


def _plain(ledger: Discretion) -> dict[str, Any]:
    """The ledger as data; decisions by their ids."""
    return {
        "policies": dict(ledger.result.policies),
        "as_of": ledger.result.as_of.isoformat(),
        "waivable": [_plain_entry(entry) for entry in ledger.entries()],
        "readings": [
            {**asdict(each.reading), "why": each.why, "count": len(each.decisions), "decisions": _ids(each.decisions)}
            for each in ledger.resting()
        ],
        "parameters": [
            {**asdict(each.setting), "count": len(each.decisions), "decisions": _ids(each.decisions)}
            for each in ledger.waiting()
        ],
        **({"group": ledger.result.of} if ledger.result.of else {}),
    }


def _plain_entry(entry: Entry) -> dict[str, Any]:
    finding = entry.finding
    return {
        "rule": finding.rule,
        "clause": list(finding.clause),
        "outcome": finding.outcome,
        "subject": finding.subject.model_dump(),
        "period": finding.period,
        "state": entry.state,
        "waivers": [asdict(waived) for waived in entry.waivers],
        "waivers_not_in_force": [asdict(waived) for waived in entry.idle],
        "waits_for": list(entry.waits),
    }


def _ids(decisions: Iterable[Decision]) -> list[str]:
    return [decision.id for decision in decisions]
