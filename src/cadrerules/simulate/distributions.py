"""Distributions of columns, read from a document and checked against the columns' types, steps and bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic_core import PydanticCustomError

from ..errors import Place, PolicyError, Problem
from ..language import types
from ..language.periods import PERIODS
from ..language.source import nearest
from ..load.policies import validated
from ..load.yaml import Located, Path_, read_yaml
from ..model.cells import in_steps, read_cell
from ..model.facts import ColumnSpec, Table
from .dice import dice
from .distribution import Distribution, listed
from .distribution_documents import NUMERIC, DistributionDoc, DistributionsDoc

__all__ = ["Distribution", "Distributions", "as_located", "bound", "named_column", "read_distributions"]

_TRIED: Final = 10_000
_LEAST_WITHIN: Final = 0.01
"""A truncated distribution of which less than this share lies within the bounds is refused: it must be a mistake."""
_FITS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(NUMERIC, (types.Number,)),
    "bernoulli": (types.Truth,),
    "days": (types.Date,),
    "periods": (types.Period,),
}
"""The types of column that a distribution is for; the others are for all."""

Distributions = Mapping[str, Distribution]
"""Distributions by `table.column`."""

def read_distributions(source: Path | str | Mapping[str, Any], tables: Mapping[str, Table]) -> Distributions:
    """The distributions of a document, a file's path or its content, each bound to its column of the tables.

    Raises `PolicyError` with every entry that can't be, and its place.
    """
    located = as_located(source)
    problems: list[Problem] = []
    doc = validated(DistributionsDoc, located, problems)
    found: dict[str, Distribution] = {}
    for name, one in doc.distributions.items() if doc else ():
        path = ("distributions", name)
        if column := named_column(name, tables, located, path, problems):
            known = tables[name.partition(".")[0]].types
            found[name] = bound(one, column, known, located, path, problems)
    if problems:
        raise PolicyError(problems)
    return found


def as_located(source: Path | str | Mapping[str, Any]) -> Located:
    """A document by its path, or one given as what stands in it."""
    if isinstance(source, Mapping):
        return read_yaml(json.dumps(source, default=str, indent=1))  # JSON is YAML, too
    return read_yaml(Path(source))


def named_column(name: str, tables: Mapping[str, Table], located: Located, path: Path_, problems: list[Problem]) -> ColumnSpec | None:
    """The column that a `table.column` names; None, and a problem, where there is no such."""
    table, _, column = name.partition(".")
    if table in tables and column in tables[table].columns:
        return tables[table].columns[column]
    known = [f"{table}.{column}" for table in tables for column in tables[table].columns]
    problems.append(Problem("CR-UNKNOWN-NAME", located.key_place(path), {"kind": "column", "name": name, "nearest": nearest(name, known)}))
    return None


def bound(
    doc: DistributionDoc, column: ColumnSpec, known: Mapping[str, types.Type], located: Located, path: Path_, problems: list[Problem]
) -> Distribution:
    """The distribution as the column's; what doesn't fit is noted. `known` are the columns of the row that it may name."""
    one = Distribution(doc, column, located.place(path))
    problems.extend(_problems(one, known, located, path))
    return one


def _problems(one: Distribution, known: Mapping[str, types.Type], located: Located, path: Path_) -> Iterator[Problem]:
    doc, column, at = one.doc, one.column, located.key_place((*path, one.doc.kind))
    values = {"name": column.name, "distribution": doc.kind, "type": types.describe(column.type)}
    yield from _name_problems(doc, known, located, path)
    if doc.holes and column.required:
        yield Problem("CR-DISTRIBUTION-HOLES", located.place((*path, "holes")), values)
    if doc.step is not None and isinstance(column.type, types.Number) and doc.step.scaleb(column.type.scale) % 1:
        least = in_steps(1, column.type.scale)
        yield Problem("CR-OFF-STEP", located.place((*path, "step")), {"value": doc.step, "step": least})
    elif not isinstance(column.type, _FITS.get(doc.kind, (object,))) or not _same_kind(doc, column):
        yield Problem("CR-DISTRIBUTION-TYPE", at, values)
    elif doc.kind in NUMERIC and not one.names and not _reaches(one):
        yield Problem("CR-DISTRIBUTION-OUTSIDE", located.place((*path, doc.kind)), values)
    else:
        for raw, _ in listed(doc):
            yield from _cell_problems(raw, column, located.key_place((*path, doc.kind, str(raw))))
        for day in doc.days or ():
            yield from _cell_problems(day, column, located.place((*path, "days"))) if not isinstance(day, str) else ()


def _name_problems(doc: DistributionDoc, known: Mapping[str, types.Type], located: Located, path: Path_) -> Iterator[Problem]:
    """A problem for each column that is named and isn't there, or holds no number or day."""
    for names, fitting in ((doc.number_names, types.Number), (doc.day_names, (types.Date, types.Period))):
        for name in names:
            place = located.place((*path, doc.kind))
            if name not in known:
                yield Problem("CR-UNKNOWN-NAME", place, {"kind": "column", "name": name, "nearest": nearest(name, known)})
            elif not isinstance(known[name], fitting):
                values = {"name": name, "distribution": doc.kind, "type": types.describe(known[name])}
                yield Problem("CR-DISTRIBUTION-NAME", place, values)


def _same_kind(doc: DistributionDoc, column: ColumnSpec) -> bool:
    """Whether the periods are of the column's kind, where they are periods."""
    of = column.type
    if doc.periods is None or not isinstance(of, types.Period) or of.kind == "any":
        return True
    return isinstance(doc.periods[0], PERIODS[of.kind])


def _reaches(one: Distribution) -> bool:
    """Whether there is a value within the bounds, and not only in a far tail."""
    low, high = one.bounds()
    if low > high or one.doc.outside == "clip":
        return bool(low <= high)
    tried = one.in_units(one.numbers(_TRIED, dice(0, "bounds")))
    return bool(((tried >= low) & (tried <= high)).mean() >= _LEAST_WITHIN)


def _cell_problems(raw: object, column: ColumnSpec, place: Place) -> Iterator[Problem]:
    try:
        read_cell(raw, column)
    except PydanticCustomError as error:
        yield Problem(error.type, place, error.context or {})
