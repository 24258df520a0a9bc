"""The one rule the rule language can't say: the trend of complaints over all the years there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from cadrerules import FactTables, Finding
from cadrerules.model.facts import Row
from cadrerules.model.policy_set import PolicySet
from cadrerules.model.result import Subject

RULE, LIMIT = "trend.complaints", "review.rise_limit"
FEWEST_YEARS = 3


def rising_complaints(policies: PolicySet, facts: FactTables) -> Iterator[Finding]:
    """A finding for each supplier and year by which complaints rise faster than allowed, or perhaps do."""
    value = policies.context.parameters[LIMIT].doc.value
    limit = None if value is None else Decimal(value)
    history: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(facts.rows.get("reviews", ()), key=lambda row: row["year"]):
        past = history[row["supplier"]]
        past.append(row)
        if len(past) >= FEWEST_YEARS and (finding := _finding(past, limit)):
            yield finding


def _finding(past: Sequence[Row], limit: Decimal | None) -> Finding | None:
    """Nothing where the rise is surely allowed; undetermined where a figure, or the limit, is missing."""
    last = past[-1]
    missing = [f"reviews[{row['year']}/{row['supplier']}].complaints" for row in past if row["complaints"] is None]
    if limit is None:
        missing.append(LIMIT)
    elif not missing and slope([(row["year"].ordinal, row["complaints"]) for row in past]) <= limit:
        return None
    return Finding(
        rule=RULE,
        clause=("4.5",),
        outcome="standing.on_notice",
        waivable=False,
        subject=Subject(kind="supplier", id=last["supplier"]),
        period=str(last["year"]),
        status="undetermined" if missing else "holds",
        missing=tuple(missing),
        params={LIMIT: None if limit is None else str(limit)},
    )


def slope(points: Sequence[tuple[int, Decimal]]) -> Fraction:
    """How steeply the straight line rises that fits the points best (least squares), exactly."""
    x_mean = Fraction(sum(x for x, _ in points), len(points))
    y_mean = sum((Fraction(y) for _, y in points), Fraction()) / len(points)
    rise = sum(((x - x_mean) * (Fraction(y) - y_mean) for x, y in points), Fraction())
    return rise / sum(((x - x_mean) * (x - x_mean) for x, _ in points), Fraction())
