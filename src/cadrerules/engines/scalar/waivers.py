"""Waivers: which findings somebody with authority has set aside, as of a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ...errors import DataError, Place, Problem
from ...language.operators import OPERATORS
from ...language.values import is_known
from ...model.deciding import Lift
from ...model.facts import FactTables, Row, Table
from ...model.mentions import HIDDEN, Mentions, person_names, without_names
from ...model.result import Finding
from .frames import PRESENT, table_frame

_and, _or = OPERATORS["and"].meaning, OPERATORS["or"].meaning

Objection = Callable[[Row], Iterable[Mapping[str, str]]]
"""Says in both languages why a waiver can't be accepted; nothing where it can."""


class Waivers:
    """The waivers in force as of a date, found by rule, subject and period.

    Raises `DataError` where one names a rule nobody knows, or an authority that may not waive.
    """

    def __init__(
        self, facts: FactTables, table: Table | None, as_of: date, rules: Mapping[str, bool], objection: Objection
    ) -> None:
        self.by_key: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
        self.rules = rules
        self.idle: list[Mapping[str, Any]] = []
        self.facts = facts
        if table is None or table.name not in facts:
            return
        self._refuse(facts[table.name], objection)
        self.telling = (*filter(None, table.counts or ()), "authority", "reason")
        self.frame = table_frame(table, facts, as_of)
        for row in self.frame.rows:
            if not rules[row["rule"]]:
                self.idle.append(row)
            else:
                period = row["period"]
                self.by_key[row["rule"], row["subject"], str(period)].append(row)

    def _refuse(self, rows: Sequence[Row], objection: Objection) -> None:
        problems = []
        for row in rows:
            name = f"waivers[{row['rule']}/{_shown(row['subject'])}/{row['period'] or ''}]"
            if row["rule"] not in self.rules:
                problems.append(Problem("CR-UNKNOWN-RULE", Place(path=name), {"rule": row["rule"]}))
            problems += [
                Problem("CR-WAIVER-REFUSED", Place(path=name), {"reason": reason}) for reason in objection(row)
            ]
        if problems:
            raise DataError(without_names(problems, self._names()))

    def _names(self) -> Mapping[str, str]:
        return person_names((self.facts.tables[name], rows) for name, rows in self.facts.rows.items())

    def lift(self, finding: Finding) -> Lift:
        """Whether a waiver lifts the finding, who says so, and what that waits for where it is open."""
        rows = self.by_key.get((finding.rule, finding.subject.id, finding.period or ""), [])
        if not finding.waivable or not rows:
            return Lift()
        sure = [row for row in rows if self._counts(row)]
        truth = _or(False, *map(self._counts, rows))
        cells = (self.frame.cell(row, name) for row in rows for name in self._open(row))
        return Lift(
            truth, tuple(dict.fromkeys(row["authority"] for row in sure)), tuple(cells) if truth is None else ()
        )

    def _counts(self, row: Mapping[str, Any]) -> bool | None:
        """Whether a waiver is in force; open where a cell that it needs is disputed."""
        return _and(row.get(PRESENT, True), None if self._open(row) else True)  # type: ignore[no-any-return]

    def _open(self, row: Mapping[str, Any]) -> list[str]:
        return [name for name in self.telling if not is_known(row[name])]

    def warnings(self) -> list[dict[str, str]]:
        """What to tell people about waivers that do nothing because the rule can't be waived."""
        hide = Mentions(self._names() if self.idle else {})
        return [_warning(row["rule"], hide.replaced(row["subject"])) for row in self.idle]


def _warning(rule: str, subject: str) -> dict[str, str]:
    return {
        "en": f"the waiver of {rule} for {subject} does nothing: the rule can't be waived",
        "zh": f"对 {subject} 豁免规则 {rule} 无效：该规则不可豁免",
    }


def _shown(subject: str) -> str:
    """The subject's id; what has no digit may be a person's name, and those stand in no report."""
    return subject if any(map(str.isdigit, subject)) else HIDDEN
