"""From rows to findings: the three-valued *any* over the rows of a rule, for each subject and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...language.bind import fold
from ...language.evaluate import RowExpression, lay_out
from ...language.operators import OPERATORS
from ...language.values import is_known
from ...model.program import BoundRule
from .cohorts import grouped, may_match
from .frames import PRESENT, Frame, Values

_and, _or = OPERATORS["and"].meaning, OPERATORS["or"].meaning


@dataclass
class Candidate:
    """A rule, subject and period with the rows that bear on it: (row, addressee or None, truth)."""

    rule: BoundRule
    subject: str
    period: Any
    truth: bool | None = False
    rows: list[tuple[Values, Values | None, bool | None]] = field(default_factory=list)

    def add(self, row: Values, addressee: Values | None, truth: bool | None) -> None:
        """Take one more row into account."""
        self.truth = _or(self.truth, truth)
        self.rows.append((row, addressee, truth))


def candidates(
    bound: BoundRule, frame: Frame, frames: Mapping[str, Frame], *, subject: str | None = None
) -> list[Candidate]:
    """The subjects and periods for which a rule holds or is undetermined, in order.

    With `subject`, every candidate of that one subject instead, those for which it fails included.
    """
    found: dict[tuple[str, Any], Candidate] = {}
    for who, period, row, addressee, truth in applications(bound, frame, frames, subject):
        if is_known(who) and who and (truth is not False or subject is not None):
            found.setdefault((who, period), Candidate(bound, who, period)).add(row, addressee, truth)
    return sorted(found.values(), key=lambda c: (c.subject, str(c.period)))


Application = tuple[str, Any, Values, "Values | None", "bool | None"]


def applications(
    bound: BoundRule, frame: Frame, frames: Mapping[str, Frame], subject: str | None
) -> Iterator[Application]:
    """Each application of the rule: to a row, or to a row and an addressee."""
    rule = bound.rule
    match = _Matcher(bound, frames, subject) if rule.to else None
    for row in frame.rows:
        truth = _and(row.get(PRESENT, True), row[rule.key])
        if truth is False and subject is None:
            continue
        period = row[rule.period] if rule.period and is_known(row[rule.period]) else None
        if match is not None:
            yield from match.addressees(row, period, truth)
        else:
            who = row[rule.subject] if rule.subject else rule.kind
            if subject in (None, who):
                yield who, period, row, None, truth


class _Matcher:
    """Finds a row's addressees: rows of the group's table that share its keys and may meet its conditions."""

    def __init__(self, bound: BoundRule, frames: Mapping[str, Frame], subject: str | None) -> None:
        assert bound.rule.to is not None
        self.rule, self.shared = bound.rule, bound.rule.to.shared
        rows = [
            row for row in frames[bound.rule.to.table].rows if subject is None or row[bound.rule.subject] == subject
        ]
        self.rows = grouped(rows, self.shared)
        self.all = rows
        self.conditions: list[RowExpression] = [lay_out(fold(node)) for node in bound.conditions]

    def addressees(self, row: Values, period: Any, truth: bool | None) -> Iterator[Application]:
        for other, shares in self.sharing(row):
            both = {**row, **other, "period": period}
            met = _and(truth, shares, other.get(PRESENT, True), *(c.value(both) for c in self.conditions))
            yield other[self.rule.subject], period, row, other, met

    def sharing(self, row: Values) -> Iterator[tuple[Values, bool | None]]:
        """The rows of the group's table with the same keys, and those that may turn out to have them."""
        key = tuple([row[name] for name in self.shared])
        if all(map(is_known, key)):
            yield from ((other, True) for other in self.rows.get(key, ()))
            return
        for other in self.all:
            if may_match(row, self.shared, [other[name] for name in self.shared]):
                yield other, None
