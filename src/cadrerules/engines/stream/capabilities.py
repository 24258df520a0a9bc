"""What durable_rules decides, and what stays with the scalar engine: data that the documentation lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_PERIODS = 12
"""The longest run, or the furthest period back, that becomes a join."""
MOST_PATTERNS = 48
"""The patterns of all rules on one relation: a fact may match no more than 64, or durable_rules raises."""
MOST_ALTERNATIVES = 8
"""The alternatives of one rule, each a rule of its own for durable_rules."""
MOST_COLUMNS = 200
"""The columns that rules on one relation test; durable_rules hangs at 513 names and raises at about 250."""
GREATEST = 2**53
"""Numbers from here on go to the scalar engine; durable_rules wraps none of those below."""


class Inexpressible(Exception):  # noqa: N818 - a signal between passes, never shown
    """Something that isn't handed to durable_rules; `what` is a name of `SCALAR`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Feature:
    """Something of rules, and who decides it: `stream` or `scalar`, and why the latter."""

    about: str
    by: str
    why: str = ""


FEATURES: Mapping[str, Feature] = {
    "threshold": Feature("a column compared with a constant, `between` two constants, `in` a list", "stream"),
    "choice": Feature("a choice equal to one of its options, or not", "stream"),
    "truth": Feature("a truth, `and`, `or`, `not` of these", "stream"),
    "run": Feature(f"`run(..) >= n` with gap `breaks` and n up to {MOST_PERIODS}", "stream"),
    "previous": Feature(f"`previous(..)`, up to {MOST_PERIODS} periods back", "stream"),
    "derived": Feature("derived columns, ranks and totals, look-ups, views", "scalar", "of the cohorts touched only; rules test what they give"),
    "other_run": Feature("runs with gap `skips`, or compared otherwise", "scalar", "a join needs the very next period"),
    "other_key": Feature("runs and `previous` along another key than the row's", "scalar", "facts are kept apart by the row's own key"),
    "columns": Feature("columns compared with each other, `if`, arithmetic and texts", "scalar", "durable_rules compares texts by a hash of 32 bits"),
    "unknown": Feature("units with an unknown or disputed cell, or a number that is no whole number below 2^53", "scalar", "durable_rules has no unknown"),
    "gap": Feature("`previous` where that period has no row", "scalar", "unknown, not false"),
    "size": Feature(f"more than {MOST_PATTERNS} patterns on one relation, {MOST_ALTERNATIVES} alternatives of one rule", "scalar", "durable_rules raises beyond 64 matches"),
    "decisions": Feature("addressees, waivers, precedence, obligations", "scalar", "findings become decisions in one place"),
}
"""By name, what the table of the monitor's engines in the documentation lists."""
