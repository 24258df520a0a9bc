"""Versions of a plan, each from a day on: which of them decides is a matter of the decision's period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..model.facts import FactTables
from ..model.parameters import day_of
from ..model.result import Decision
from ..plan import Plan
from ..reading import load_policies, read_tables

Policies = Plan | str | Path | Mapping[date, Plan | str | Path]
"""A plan, or its name or folder; of several versions each by the day from which it is in force, `date.min` for the first."""


@dataclass(frozen=True)
class Versions:
    """A plan's versions in order of the day from which each is in force."""

    plans: tuple[tuple[date, Plan], ...]

    @classmethod
    def of(cls, policies: Policies) -> Versions:
        """The versions that are given; raises as `load_policies` does."""
        dated = policies if isinstance(policies, Mapping) else {date.min: policies}
        return cls(tuple((day, _plan(dated[day])) for day in sorted(dated)))

    @property
    def plain(self) -> list[dict[str, str | None]]:
        """Their names, hashes and days as plain data."""
        return [
            {"name": plan.name, "hash": plan.hash, "from": None if day == date.min else day.isoformat()} for day, plan in self.plans
        ]

    def on(self, period: str | None, as_of: date) -> Plan | None:
        """The version that is in force on a period's last day, or without a period on the day of evaluation; None before the first."""
        found = [plan for day, plan in self.plans if day <= day_of(period, as_of)]
        return found[-1] if found else None

    def decisions(self, rows: Mapping[str, Any], as_of: date, group_by: str) -> dict[str, Decision]:
        """The decisions on rows of tables, by id: each version's on the periods in which it is in force."""
        found: dict[str, Decision] = {}
        for _, plan in self.plans if rows else ():  # before the first fact there is nothing to read
            facts: FactTables = read_tables(rows, plan, group_by=group_by)
            decided = plan.evaluate(facts, as_of=as_of, engine="scalar").decisions
            found |= {d.id: d for d in decided if self.on(d.period, as_of) is plan}
        return found


def _plan(given: Plan | str | Path) -> Plan:
    return given if isinstance(given, Plan) else load_policies(given)
