"""Which questions rest on the cells of a column."""

from __future__ import annotations

from collections.abc import Iterable

from ...language.types import Date, Period
from ...model.dependencies import dependencies
from ...model.policy_set import PolicySet


def questions_reading(of: PolicySet, columns: Iterable[tuple[str, str]]) -> list[str]:
    """The questions that some rule answers for which one of the columns, as (table, column), is read, however indirectly.

    Dates and periods by all: they tell when rows count, and the calendar may begin with them.
    """
    wanted = set(columns)
    if any(isinstance(of.tables[table].types[column], Date | Period) for table, column in wanted):
        return list(of.questions_doc)
    rules = ((policy, rule) for policy in of.policies.values() for rule in policy.rules)
    found = {rule.question for policy, rule in rules if wanted & {*dependencies(policy, rule).columns}}
    return [question for question in of.questions_doc if question in found]
