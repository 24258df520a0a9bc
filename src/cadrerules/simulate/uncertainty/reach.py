"""Which questions rest on the cells of a column."""

from __future__ import annotations

from collections.abc import Iterable

from ...language.types import Date, Period
from ...model.dependencies import dependencies
from ...model.policy import Rule
from ...model.policy_set import PolicySet


def questions_reading(of: PolicySet, columns: Iterable[tuple[str, str]]) -> list[str]:
    """The questions that some rule answers for which one of the columns, as (table, column), is read, however indirectly.

    A column that tells when a row counts is read wherever any of the table is; dates and periods by all, for the calendar
    may begin with them.
    """
    wanted = set(columns)
    if any(isinstance(of.tables[table].types[column], Date | Period) for table, column in wanted):
        return list(of.questions_doc)
    rows = {table for table, column in wanted if column in (of.tables[table].counts or ())}
    found = {rule.question for name in of.policies for rule in of.policies[name].rules if _reads(of, name, rule, wanted, rows)}
    return [question for question in of.questions_doc if question in found]


def _reads(of: PolicySet, policy: str, rule: Rule, wanted: set[tuple[str, str]], rows: set[str]) -> bool:
    read = dependencies(of.policies[policy], rule).columns
    return bool(wanted & {*read}) or any(table in rows for table, _ in read)
