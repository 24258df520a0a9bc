"""A population for a plan that describes none: derived from its tables' types, bounds, keys and references."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from ...language.types import Choice, Date, Number, Period, Text, Truth
from ...model.cells import in_steps
from ...model.facts import UNKNOWN, ColumnSpec, Table, targets_first

IDS: Final = 10
"""So many things of a kind each organisation has."""
FEW: Final = 3
"""So many of what belongs to something else, such as courses of a person."""
HOLES: Final = 0.05
"""The share of cells left empty where that is a fact nobody has; where empty has another meaning it is half."""
_SPANS: Mapping[str, str] = {
    "any": "2023..2024",
    "year": "2023..2024",
    "quarter": "2023Q1..2024Q4",
    "month": "2024-01..2024-12",
    "week": "2024-W01..2024-W52",
}
_DAYS: Final = ["2023-01-01", "2024-12-31"]


def derived_population(tables: Mapping[str, Table]) -> dict[str, Any]:
    """The document of a population in which every cell may hold whatever its column allows.

    Tables that need not be there, such as waivers, are left out: they name rules and rows that must be there.
    """
    order = [name for name in targets_first(tables) if tables[name].absent == "unknown"]
    drawn: dict[str, Any] = {}
    for at, name in enumerate(order):
        drawn |= _drawn(tables[name], order[:at])
    return {"format": 1, "sizes": {"ids": IDS, "few": FEW}, "tables": drawn}


def _drawn(table: Table, before: list[str]) -> dict[str, Any]:
    """A table of the document; things that last from period to period are a table aside."""
    targets = {name: target for name in table.columns if (target := _target(table.columns[name], before))}
    each = next((targets[name][0] for name in table.key if name in targets), "")
    parents = {name: column for name, (other, column) in targets.items() if other == each and name in table.key}
    own = [name for name in table.key if name not in targets]
    spans = {name: span for name in own if (span := _span(table.columns[name]))}
    ids = next((name for name in own if isinstance(table.columns[name].type, Text)), "")
    lists = {} if ids else {name: values for name in own if (values := _list(table.columns[name]))}
    things: dict[str, Any] = {"each": each} if each else {}
    things |= {"rows": ("few" if each else "ids") if ids or not each else 1, "columns": {n: {"of": c} for n, c in parents.items() if n != c}}
    if ids:
        things["columns"][ids] = {"id": f"{ids[0].upper()}##"}
    stated = {*targets, *spans, *lists, ids}
    found: dict[str, Any] = things
    if ids and spans:
        kept = {name: {"of": name} for name in parents if name not in things["columns"]}
        things = {"aside": True, **things, "columns": {**things["columns"], **kept}}
        found = {"each": f"{table.name}_things", "columns": {}}
    found |= {"across": {**lists, **spans}, "pick": _picks(targets, parents)}
    found["columns"] |= {name: _column(column) for name, column in table.columns.items() if name not in stated}
    return {**({f"{table.name}_things": things} if found is not things else {}), table.name: found}


def _picks(targets: Mapping[str, tuple[str, str]], parents: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is taken from random rows of other tables."""
    picks: dict[str, dict[str, str]] = {}
    for name, (other, column) in targets.items():
        if name not in parents:
            picks.setdefault(other, {})[name] = column
    return [{"table": other, "take": take} for other, take in picks.items()]


def _target(column: ColumnSpec, before: list[str]) -> tuple[str, str] | None:
    """The table and column that a column refers to, where they are drawn before."""
    other, _, target = column.about.references.partition(".")
    return (other, target) if other in before else None


def _span(column: ColumnSpec) -> str:
    """The periods that a key column goes through."""
    return _SPANS[column.type.kind] if isinstance(column.type, Period) else ""


def _list(column: ColumnSpec) -> list[str]:
    """The values of a key column that has few."""
    match column.type:
        case Choice(options=options):
            return list(options)
        case Truth():
            return ["true", "false"]
    return []


def _column(column: ColumnSpec) -> dict[str, Any]:
    holes = 0 if column.required or column.about.key else HOLES if column.empty is UNKNOWN else 0.5
    return {**_distribution(column), "holes": holes}


def _distribution(column: ColumnSpec) -> dict[str, Any]:
    match column.type:
        case Number(scale=scale, low=low, high=high):
            one = 10**scale
            least = int(low) if isfinite(low) else min(int(high) if isfinite(high) else 0, 0) - 100 * one
            most = int(high) if isfinite(high) else max(least, 0) + 100 * one
            return {"uniform": [in_steps(least, scale), in_steps(most, scale)]}
        case Truth():
            return {"bernoulli": 0.5}
        case Choice(options=options):
            return {"empirical": dict.fromkeys(options, 1)}
        case Date():
            return {"days": _DAYS}
        case Period(kind=kind):
            return {"periods": _SPANS[kind].split("..")}
    return {"text": column.title.zh}
