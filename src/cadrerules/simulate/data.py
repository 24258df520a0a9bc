"""What a simulation was run on: a digest of the facts, and how many rows and subjects they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from ..model.facts import ColumnarTables, FactTables
from .cells import frames_of, group_of

if TYPE_CHECKING:
    from ..plan import Plan

_AT_ONCE: Final = 1_000_000
"""So many rows are written for the digest at a time."""


@dataclass(frozen=True, slots=True)
class Data:
    """SHA-256 of the facts, their rows by table, and how many subjects they name, by kind (person, unit, ..)."""

    hash: str
    rows: Mapping[str, int]
    subjects: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return asdict(self)


def data_of(plan: Plan, tables: FactTables | ColumnarTables) -> Data:
    """What there is to tell of validated tables.

    The digest is over the validated cells, row by row in the order in which they came: the same from CSV and from Parquet.
    """
    frames, group = frames_of(tables), group_of(tables)
    digest, rows = sha256(), dict[str, int]()
    for name in sorted(frames):
        cells = frames[name].collect(engine="streaming")
        rows[name] = len(cells)
        digest.update(f"{name}\n".encode())
        for start in range(0, max(1, len(cells)), _AT_ONCE):
            digest.update(cells[start : start + _AT_ONCE].write_csv(null_value="\x00").encode())
    return Data(digest.hexdigest(), rows, dict(_subjects(plan, frames, group)))


def _subjects(plan: Plan, frames: Mapping[str, pl.LazyFrame], group: str) -> Iterator[tuple[str, int]]:
    """How many different ids stand in the columns named for each kind of subject; of organisations, how many there are."""
    kinds = dict.fromkeys(rule.kind for policy in plan.policies.values() for rule in policy.rules)
    columns = [group] if group else []
    for kind in kinds:
        if kind == plan.policy_set.doc.organisation:
            found = [frame.select(columns or pl.lit(0)) for frame in frames.values()]
        else:
            having = [frame for frame in frames.values() if kind in frame.collect_schema()]
            found = [frame.select(*columns, kind).drop_nulls() for frame in having]
        if found:
            yield kind, pl.concat(found).unique().select(pl.len()).collect(engine="streaming").item()
