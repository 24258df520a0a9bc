"""Waivers: which findings somebody with authority has set aside, as of a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ...errors import DataError, Place, Problem
from ...language.operators import OPERATORS
from ...model.facts import FactTables, Row, Table
from ...model.result import Finding
from .frames import PRESENT, table_frame

_or = OPERATORS["or"].meaning

Objection = Callable[[Row], Iterable[str]]
"""Says why a waiver can't be accepted; nothing where it can."""


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
        if table is None or table.name not in facts:
            return
        self._refuse(facts[table.name], objection)
        for row in table_frame(table, facts, as_of).rows:
            if not rules[row["rule"]]:
                self.idle.append(row)
            else:
                period = row["period"]
                self.by_key[row["rule"], row["subject"], str(period)].append(row)

    def _refuse(self, rows: Sequence[Row], objection: Objection) -> None:
        problems = []
        for row in rows:
            name = f"waivers[{row['rule']}/{row['subject']}/{row['period'] or ''}]"
            if row["rule"] not in self.rules:
                problems.append(Problem("CR-UNKNOWN-RULE", Place(path=name), {"rule": row["rule"]}))
            problems += [
                Problem("CR-WAIVER-REFUSED", Place(path=name), {"reason": reason}) for reason in objection(row)
            ]
        if problems:
            raise DataError(problems)

    def lift(self, finding: Finding) -> tuple[bool | None, tuple[str, ...]]:
        """Whether a waiver lifts the finding, and the authorities that say so."""
        if not finding.waivable:
            return False, ()
        rows = self.by_key.get((finding.rule, finding.subject.id, finding.period or ""), [])
        lifted = _or(False, *(row.get(PRESENT, True) for row in rows))
        return lifted, tuple(dict.fromkeys(row["authority"] for row in rows if row.get(PRESENT, True)))

    def warnings(self) -> list[dict[str, str]]:
        """What to tell people about waivers that do nothing because the rule can't be waived."""
        return [
            {
                "en": f"the waiver of {row['rule']} for {row['subject']} does nothing: the rule can't be waived",
                "zh": f"对 {row['subject']} 豁免规则 {row['rule']} 无效：该规则不可豁免",
            }
            for row in self.idle
        ]
