"""What became known, was corrected or taken back between two times."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..journal.entries import Entry
from ..journal.state import fold
from .replayed import Why

At = tuple[str, str]
"""A table, and the key of a row as JSON."""
DISPUTES = "disputes"


@dataclass(frozen=True)
class Changes:
    """The rows that aren't the same after some entries as after all; `known` is when each was last entered."""

    before: Mapping[At, Mapping[str, Any]]
    after: Mapping[At, Mapping[str, Any]]
    known: Mapping[At, str]

    @classmethod
    def between(cls, earlier: Iterable[Entry], entries: Iterable[Entry]) -> Changes:
        """The changes from the state after the earlier entries to that after all."""
        every = list(entries)
        before, after = _rows(earlier), _rows(every)
        known = {(e.table, _text(e.key)): e.known_at for e in every if e.kind in ("post", "correct", "retract") and e.key is not None}
        changed = {at for at in (*before, *after) if before.get(at) != after.get(at)}
        return cls(_only(before, changed), _only(after, changed), known)

    def behind(self, receipts: Iterable[Mapping[str, Any]]) -> Iterator[Why]:
        """Those that the decisions of some receipts rest on."""
        read: dict[At, set[str]] = {}
        for part in (part for receipt in receipts for part in receipt["inputs"]):
            key = [None if isinstance(cell, dict) else cell for cell in part["key"]]
            read.setdefault((part["table"], _text(key)), set()).update(part["cells"])
        written = {(table, "/".join("" if cell is None else str(cell) for cell in json.loads(key))) for table, key in read}
        for at in sorted({*self.before, *self.after}):
            if at in read:
                yield from self._row(at, read[at])
            elif at[0] == DISPUTES and any((row["table"], row["key"]) in written for row in self._versions(at)):
                yield from self._row(at, {"raised_on", "resolved_on"})

    def _versions(self, at: At) -> list[Mapping[str, Any]]:
        return [rows[at] for rows in (self.before, self.after) if at in rows]

    def _row(self, at: At, columns: set[str]) -> Iterator[Why]:
        """A row that came or went as a whole, or cells of one that was corrected."""
        before, after = self.before.get(at), self.after.get(at)
        name = f"{at[0]}[{'/'.join('' if cell is None else str(cell) for cell in json.loads(at[1]))}]"
        if before is None or after is None:
            shown = [None if row is None else _shown(row, columns) for row in (before, after)]
            yield Why(cause="fact", what=name, before=shown[0], after=shown[1], known_at=self.known.get(at))
            return
        for column in sorted(columns):
            if before.get(column) != after.get(column):
                cells = [None if row.get(column) is None else _cell(row[column]) for row in (before, after)]
                yield Why(cause="fact", what=f"{name}.{column}", before=cells[0], after=cells[1], known_at=self.known.get(at))


def _only(rows: Mapping[At, Mapping[str, Any]], changed: set[At]) -> dict[At, Mapping[str, Any]]:
    return {at: row for at, row in rows.items() if at in changed}


def _rows(entries: Iterable[Entry]) -> dict[At, Mapping[str, Any]]:
    state = fold(entries)
    return {(name, _text(e.key)): e.row or {} for name, rows in state.tables.items() for e in rows.values()}


def _text(key: Any) -> str:
    return json.dumps(list(key), ensure_ascii=False)


def _cell(cell: Any) -> str:
    return cell if isinstance(cell, str) else json.dumps(cell)


def _shown(row: Mapping[str, Any], columns: set[str]) -> str:
    return ", ".join(f"{name}={_cell(row[name])}" for name in sorted(columns) if row.get(name) is not None)
