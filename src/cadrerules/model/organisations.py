"""Facts of many organisations: told apart by the grouping column, and put together again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..errors import Problem, UsageError
from ..language.source import nearest
from .facts import FactTables, Row

MOST_LISTED = 10
"""The most organisations that an error lists."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation of many: the grouping column, and what stands in it."""

    column: str
    name: str


def by_organisation(facts: FactTables) -> dict[str, FactTables]:
    """The facts of each organisation alone and without the grouping column, in order of their names.

    A table that is there is there for every organisation, without rows for one that has none in it.
    """
    rows: dict[str, dict[str, list[Row]]] = {}
    for table, found in facts.rows.items():
        for row in found:
            alone = dict(row)
            name = alone.pop(facts.group)
            if name not in rows:
                rows[name] = {table: [] for table in facts.rows}
            rows[name][table].append(alone)
    return {name: _alone(facts, rows[name]) for name in sorted(rows)}


def _alone(facts: FactTables, rows: Mapping[str, list[Row]]) -> FactTables:
    return replace(facts, rows={table: tuple(found) for table, found in rows.items()}, group="")


def together(facts: FactTables, parts: Mapping[str, FactTables]) -> FactTables:
    """The facts with the rows of each organisation in place of theirs, the grouping column first."""
    rows = {
        table: tuple({facts.group: name, **row} for name, part in parts.items() for row in part[table])
        for table in facts.rows
    }
    return replace(facts, rows=rows)


def organisations(facts: FactTables) -> list[str]:
    """The organisations that any table has, in order; none without a grouping column."""
    found = facts.rows.values() if facts.group else ()
    return sorted({row[facts.group] for rows in found for row in rows})


def only(facts: FactTables, name: str) -> FactTables:
    """The rows of one organisation; `UsageError` where no table has it, or nothing keeps organisations apart."""
    if not facts.group:
        raise UsageError(Problem("CR-NOT-GROUPED", values={"name": name}))
    known = organisations(facts)
    if name not in known:
        raise unknown(name, known)
    rows = {table: tuple(row for row in found if row[facts.group] == name) for table, found in facts.rows.items()}
    return replace(facts, rows=rows)


def unknown(name: str, known: Iterable[str]) -> UsageError:
    """The error for an organisation that isn't there."""
    return UsageError(Problem("CR-UNKNOWN-GROUP", values={"name": name, "nearest": nearest(name, known)}))


def several(known: Iterable[str]) -> UsageError:
    """The error where one organisation must be chosen; it lists the first of them."""
    names = list(known)
    listed = ", ".join(names[:MOST_LISTED]) or "-"
    more = len(names) - MOST_LISTED
    shown = {"en": f"{listed} and {more} more", "zh": f"{listed} 等共 {len(names)} 个"} if more > 0 else listed
    return UsageError(Problem("CR-WHICH-GROUP", values={"known": shown, "count": len(names)}))
