"""What is uncertain, read from a document and bound to the columns it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

from ...errors import PolicyError, Problem
from ...language.types import Number, Type
from ...load.policies import validated
from ...load.yaml import Located, Path_
from ...model.facts import UNKNOWN, ColumnSpec, Table
from ...populations.scan import FEW
from ..distribution import Distribution
from ..distribution_documents import NUMERIC, DistributionDoc
from ..distributions import Distributions, as_located, bound, named_column
from ..uncertain_documents import UncertainDoc

Way = Literal["distributions", "replace", "noise"]
WAYS: Final[tuple[Way, ...]] = ("distributions", "replace", "noise")


@dataclass(frozen=True)
class Uncertain:
    """Distributions bound to their columns: of missing cells, of all cells, and of what is added to known ones."""

    distributions: Distributions = field(default_factory=dict)
    replace: Distributions = field(default_factory=dict)
    noise: Distributions = field(default_factory=dict)

    def items(self) -> Iterator[tuple[Way, str, Distribution]]:
        """Each with the way it is used and its column, `table.column`."""
        for way in WAYS:
            for name, one in getattr(self, way).items():
                yield way, name, one


def read_uncertain(source: Path | str | Mapping[str, Any], tables: Mapping[str, Table]) -> Uncertain:
    """What a document, a file's path or its content, says of the columns of these tables.

    Raises `PolicyError` with every entry that can't be, and its place.
    """
    located = as_located(source)
    problems: list[Problem] = []
    doc = validated(UncertainDoc, located, problems)
    found: dict[Way, dict[str, Distribution]] = {way: {} for way in WAYS}
    for way in WAYS if doc else ():
        for name, one in getattr(doc, way).items():
            path: Path_ = (way, name)
            column = named_column(name, tables, located, path, problems)
            refused = list(_not_drawn(name, column, way, located, path)) if column else []
            problems.extend(refused)
            if column and not refused:
                make = _noise if way == "noise" else bound
                found[way][name] = make(one, column, tables[name.partition(".")[0]].types, located, path, problems)
    if problems:
        raise PolicyError(problems)
    return Uncertain(**found)


def noise_of(sizes: Mapping[str, Decimal], tables: Mapping[str, Table]) -> Uncertain:
    """Normal noise around the known numbers of columns, with these standard deviations in the columns' own units.

    Raises `PolicyError` for a column that isn't there, is part of a key or holds no numbers.
    """
    normal = {name: {"normal": {"mean": 0, "sd": str(size)}} for name, size in sizes.items()}
    return read_uncertain({"format": 1, "noise": normal}, tables)


def sizes_of(uncertain: Uncertain) -> dict[str, str]:
    """The noise of each column in words."""
    return {name: _told(one.doc) for name, one in uncertain.noise.items()}


def _told(doc: DistributionDoc) -> str:
    return f"sd {doc.normal.sd}" if doc.normal and not doc.normal.mean else doc.kind


def _not_drawn(name: str, column: ColumnSpec, way: Way, located: Located, path: Path_) -> Iterator[Problem]:
    """Why a column can't be drawn."""
    values, place = {"name": name, "table": name.partition(".")[0]}, located.key_place(path)
    if column.about.key:
        yield Problem("CR-DRAWN-KEY", place, values)
    elif values["table"] in FEW:
        yield Problem("CR-DRAWN-REMEDY", place, values)
    elif way == "distributions" and column.empty is not UNKNOWN:
        yield Problem("CR-DRAWN-EMPTY", place, values)


def _noise(
    doc: DistributionDoc, column: ColumnSpec, _: Mapping[str, Type], located: Located, path: Path_, problems: list[Problem]
) -> Distribution:
    """A distribution of what is added to a column's numbers."""
    one = Distribution(doc, column, located.place(path))
    plain = doc.low is None and doc.high is None and doc.outside == "redraw" and not doc.holes
    if not isinstance(column.type, Number) or doc.kind not in NUMERIC or one.names or not plain:
        problems.append(Problem("CR-NOISE-TYPE", located.key_place(path), {"name": column.name}))
    return one
