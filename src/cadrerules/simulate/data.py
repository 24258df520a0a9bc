"""What a simulation was run on: a digest of the facts, and how many rows and subjects they have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from .held import Tables, frames, group_of
from .subjects import homes, id_columns

if TYPE_CHECKING:
    from ..plan import Plan

_SLICE: Final = 500_000
"""So many rows are written out at a time."""
_END, _EMPTY = "\x1f", "\x00"
"""What ends a cell, and what stands for an empty one, which no cell holds."""


@dataclass(frozen=True, slots=True)
class Data:
    """SHA-256 of the facts, their rows by table, and how many subjects they name, by kind (person, unit, ..)."""

    hash: str
    rows: Mapping[str, int]
    subjects: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {"hash": self.hash, "rows": dict(self.rows), "subjects": dict(self.subjects)}


def data_of(plan: Plan, facts: Tables) -> Data:
    """What these facts are: the same for the same rows, whether read as rows or held in columns, in whatever order."""
    held, group = frames(facts), group_of(facts)
    rows, whole = {}, hashlib.sha256()
    for name, frame in sorted(held.items()):
        columns = ([group] if group else []) + [*_keys_first(plan, name)]
        rows[name] = int(frame.select(pl.len()).collect(engine="streaming").item())
        whole.update(f"{name}{_END}{_END.join(columns)}{_END}{rows[name]}\n".encode())
        whole.update(_digest(frame.select(columns), rows[name]))
    kinds = {kind: _count(plan, kind, held, group) for kind in sorted(id_columns(plan))}
    return Data(whole.hexdigest(), rows, {kind: count for kind, count in kinds.items() if count is not None})


def _keys_first(plan: Plan, table: str) -> list[str]:
    spec = plan.tables[table]
    return [*spec.key, *(name for name in spec.columns if name not in spec.key)]


def _digest(frame: pl.LazyFrame, rows: int) -> bytes:
    """SHA-256 over the rows in the order of their keys; where they are in order already, never all of them are in memory."""
    cells = [pl.col(name).cast(pl.String).fill_null(_EMPTY) + _END for name in frame.collect_schema().names()]
    lines = frame.select(pl.concat_str(*cells, pl.lit("\n")).alias("line"))
    found, last = hashlib.sha256(), ""
    for line in _slices(lines, rows):
        if not line.is_sorted() or line[0] < last:
            break
        last = line[-1]
        _update(found, line)
    else:
        return found.digest()
    whole = hashlib.sha256()
    _update(whole, lines.collect(engine="streaming")["line"].sort())
    return whole.digest()


def _slices(lines: pl.LazyFrame, rows: int) -> Iterator[pl.Series]:
    for start in range(0, rows, _SLICE):
        yield lines.slice(start, _SLICE).collect()["line"]


def _update(found: Any, lines: pl.Series) -> None:
    """Add texts one after the other."""
    for start in range(0, len(lines), _SLICE):
        found.update(lines.slice(start, _SLICE).str.join("").item().encode())


def _count(plan: Plan, kind: str, held: Mapping[str, pl.LazyFrame], group: str) -> int | None:
    """How many different ids of a kind there are; None where no table names any."""
    ids = [
        held[table].select(*([group] if group else []), pl.col(column).alias("id")).drop_nulls("id").unique()
        for table, column in homes(plan, kind, held)
    ]
    if not ids:
        return None
    return int(pl.concat(ids).unique().select(pl.len()).collect(engine="streaming").item())
