"""Strategies for what is decided beside the facts: waivers that fit a plan's rules, and disputes about cells that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ...language.periods import PERIODS, Period
from ...model.cells import Cell
from ...model.facts import FactTables, Table, written_key
from .rows import table_row

if TYPE_CHECKING:
    from ...plan import Plan

_MONTH = timedelta(days=30)
Ids = Mapping[str, Sequence[str]]
"""The ids of each kind of subject."""


def waivers(
    plan: Plan, ids: Ids, periods: Sequence[Period], policies: Iterable[str], as_of: date
) -> SearchStrategy[list[dict[str, Cell]]]:
    """Rows of `waivers`: each for a rule of the policies that can be waived, one of its subjects and a period it has.

    Most are in force on the day.
    """
    rules = [rule for name in policies for rule in plan.policies[name].rules if rule.waivable and ids.get(rule.kind)]
    if not rules or "waivers" not in plan.tables:
        return st.just([])
    authorities = plan.policy_set.doc.waivable_by or ["A1"]

    def row(rule: Any) -> SearchStrategy[dict[str, Cell]]:
        kind = plan.questions[rule.question].doc.period
        fitting = [period for period in periods if period.kind == kind] if kind in PERIODS else [None]
        given = {
            "rule": st.just(rule.id),
            "subject": st.sampled_from(ids[rule.kind]),
            "period": st.sampled_from(fitting or [None]),
            "authority": st.sampled_from(authorities),
            "decided_on": st.sampled_from([as_of, as_of - _MONTH, as_of - _MONTH, as_of + _MONTH]),
            "expires_on": st.sampled_from([None, None, as_of, as_of - timedelta(days=1)]),
        }
        return table_row(plan.tables["waivers"], given=given)

    def key(row: Mapping[str, Cell]) -> tuple[Cell, ...]:
        return tuple(row[name] for name in plan.tables["waivers"].key)

    return st.lists(st.sampled_from(rules).flatmap(row), max_size=2, unique_by=key)


def disputes(plan: Plan, facts: FactTables, as_of: date) -> SearchStrategy[list[dict[str, Cell]]]:
    """Rows of `disputes`: about a cell outside the key of a row that is there; some are resolved by the day."""
    about = [
        (table, written_key(row[name] for name in table.key), column)
        for table in (plan.tables[name] for name in facts.rows if name not in ("waivers", "disputes"))
        for row in facts[table.name]
        for column in table.columns
        if column not in table.key
    ]
    if not about or "disputes" not in plan.tables:
        return st.just([])
    return st.lists(st.sampled_from(about).map(lambda cell: _dispute(*cell, as_of)), max_size=1)


def _dispute(table: Table, key: str, column: str, as_of: date) -> dict[str, Cell]:
    return {"table": table.name, "key": key, "column": column, "raised_on": as_of, "resolved_on": None}
