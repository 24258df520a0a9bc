"""Functions of the rows that belong together: which rows those are, also where that isn't certain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ...language.cohorts import COHORTS, CohortFunction, previous
from ...language.nodes import Cohort, Column, Literal
from ...language.operators import OPERATORS
from ...language.types import unknown
from ...language.values import is_known
from ...model.program import Stage
from .frames import PRESENT, Key, Values

_equal = OPERATORS["=="].meaning


def grouped(rows: Sequence[Values], by: Sequence[str]) -> dict[Key, list[Values]]:
    """The rows by their values in some columns."""
    groups: dict[Key, list[Values]] = defaultdict(list)
    for row in rows:
        groups[tuple([row[name] for name in by])].append(row)
    return groups


def cohort(name: str, node: Cohort, stage: Stage, rows: list[Values]) -> None:
    """Put what a function gives into column `name` of every row."""
    function = COHORTS[node.function]
    arguments = [arg.name for arg in node.args if isinstance(arg, Column)]
    options = {key: option.value for key, option in node.options if isinstance(option, Literal)}
    if function.kind == "aggregate":
        return _in_each(name, function, node, arguments, rows, stage)
    doubtful = [row for row in rows if not is_certain(row, node.per)]
    for row in doubtful:
        row[name] = unknown(stage.types[name])
    for key, group in grouped([row for row in rows if is_certain(row, node.per)], node.per).items():
        if any(may_match(row, node.per, key) for row in doubtful):
            for row in group:
                row[name] = unknown(stage.types[name])
            continue
        if function.kind == "sequence":
            group.sort(key=lambda row: row[stage.along].ordinal)
        values = _values(group, arguments)
        for row, value in zip(group, _results(node, stage, group, values, arguments[0], options), strict=True):
            row[name] = value
    return None


def _in_each(
    name: str, function: CohortFunction, node: Cohort, arguments: list[str], rows: list[Values], stage: Stage
) -> None:
    """An aggregate of each group's rows, of those too that perhaps count or perhaps belong to it."""
    placed = [row for row in rows if all(is_known(row[column]) for column in node.per)]
    strays = [row for row in rows if not all(is_known(row[column]) for column in node.per)]
    for row in strays:
        row[name] = unknown(stage.types[name])
    for key, group in grouped(placed, node.per).items():
        surely = [row for row in group if row.get(PRESENT, True)]
        perhaps = [row for row in group if row.get(PRESENT, True) is None]
        perhaps += [row for row in strays if row.get(PRESENT, True) is not False and may_match(row, node.per, key)]
        value = function.meaning(_values(surely, arguments), _values(perhaps, arguments))
        for row in group:
            row[name] = unknown(stage.types[name]) if value is None else value


def _values(rows: list[Values], arguments: list[str]) -> list[Any]:
    """The values of a function's argument; of several, as tuples."""
    if len(arguments) == 1:
        return [row[arguments[0]] for row in rows]
    return [tuple(row[name] for name in arguments) for row in rows]


def is_certain(row: Values, per: Sequence[str]) -> bool:
    """Whether it is known to which cohort the row belongs, and that it counts."""
    return row.get(PRESENT, True) is True and all(is_known(row[name]) for name in per)


def may_match(row: Values, names: Sequence[str], key: Sequence[Any]) -> bool:
    """Whether the row's values in some columns may turn out to be those of a key."""
    return all(_equal(row[name], value) is not False for name, value in zip(names, key, strict=True))


def up_to(rows: list[Values], row: Values, along: str) -> list[Values]:
    """The rows of a sequence that come no later than one of them, in order; those of no known period last, for they may."""
    dated = [o for o in rows if is_known(o[along]) and (not is_known(row[along]) or o[along] <= row[along])]
    return sorted(dated, key=lambda o: o[along].ordinal) + [o for o in rows if not is_known(o[along])]


def periods_back(rows: list[Values], row: Values, along: str, back: int) -> list[Values]:
    """The rows so many periods before one of them, and those that may be."""
    return [o for o in rows if not (is_known(o[along]) and is_known(row[along])) or o[along].ordinal == row[along].ordinal - back]


def _results(
    node: Cohort, stage: Stage, group: list[Values], values: list[Any], argument: str, options: dict[str, Any]
) -> list[Any]:
    function = COHORTS[node.function]
    match function.kind:
        case "ranking":
            return list(function.meaning(values, **options))
        case _:
            periods = [row[stage.along] for row in group]
            if function.meaning is previous:
                return previous(periods, values, unknown(stage.types[argument]), **options)
            return list(function.meaning(periods, values, **options))
