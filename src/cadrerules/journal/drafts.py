"""What is to be entered, checked by the plan's tables before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from pydantic_core import PydanticCustomError

from ..errors import DataError, Place, Problem, UsageError
from ..language.periods import Period
from ..language.source import nearest
from ..load.names import normal, table_names
from ..load.tables import grouped, read_tables
from ..model.cells import read_cell
from ..model.facts import Facts, Row, Table
from ..plan import Plan
from .canonical import canonical
from .entries import Kind

Key = Mapping[str, Any] | Sequence[Any] | str | int | date | Period
"""The key cells of a row: by column, in the order of the columns, or the only one."""


@dataclass(frozen=True)
class Draft:
    """An entry before it has a place in the chain; `content` is the payload in canonical form."""

    kind: Kind
    table: str
    content: str
    id: str = field(default_factory=lambda: uuid4().hex)
    key: str = ""
    valid: tuple[str, str] = ("", "")


def draft(
    kind: Kind,
    payload: Mapping[str, Any],
    *,
    id: str = "",  # noqa: A002
    table: str = "",
    valid: tuple[str, str] = ("", ""),
) -> Draft:
    """The draft of a payload; `UsageError` where it can't be written."""
    try:
        content, key = canonical(payload).decode(), canonical(payload.get("key")).decode()
    except (TypeError, ValueError) as error:
        raise UsageError(Problem("CR-JOURNAL-VALUE", values={"reason": str(error)})) from None
    return Draft(kind, table, content, id or uuid4().hex, key, valid)


@dataclass(frozen=True)
class Drafting:
    """Makes drafts of rows and keys, by a plan's tables where there is a plan."""

    plan: Plan | None
    group_by: str = ""

    def rows(
        self, kind: Kind, name: str, rows: Sequence[Row | Facts], ids: Sequence[str], key: Key | None = None
    ) -> list[Draft]:
        """The drafts of rows of a table; `DataError` with all that is wrong in them."""
        if self.plan is None:
            return [self._unchecked(kind, name, row, id, key) for row, id in zip(rows, ids, strict=True)]  # noqa: A001
        read = read_tables({name: rows}, list(self.plan.models.values()), group_by=self.group_by)
        ((own, checked),) = read.rows.items()
        table = self._table(own)
        return [
            draft(
                kind,
                {"key": [row[column] for column in table.key], "row": row},
                id=id,
                table=own,
                valid=validity(table, row),
            )
            for row, id in zip(checked, ids, strict=True)  # noqa: A001
        ]

    def table(self, name: str, id: str) -> Draft:  # noqa: A002
        """The draft that says that a table is there."""
        own = name if self.plan is None else self._table(name).name
        return draft("table", {}, id=id, table=own)

    def retraction(self, name: str, key: Key, id: str) -> Draft:  # noqa: A002
        """The draft that takes a row back."""
        if self.plan is None:
            return draft("retract", {"key": _cells(key)}, id=id, table=name)
        table = self._table(name)
        cells = self._checked(table, key)
        payload = {"key": list(cells.values())}
        return draft("retract", payload, id=id, table=table.name, valid=validity(table, cells))

    def _unchecked(self, kind: Kind, name: str, row: Row | Facts, id: str, key: Key | None) -> Draft:  # noqa: A002
        if key is None:
            raise UsageError(Problem("CR-JOURNAL-KEY", values={"table": name, "key": "?"}))
        return draft(kind, {"key": _cells(key), "row": dict(row)}, id=id, table=name)

    def _table(self, name: str) -> Table:
        assert self.plan is not None
        own = table_names(self.plan.tables.values()).get(normal(name))
        if own is None:
            values = {"name": name, "nearest": nearest(name, self.plan.tables)}
            raise DataError(Problem("CR-NO-SUCH-TABLE", Place(file=name), values))
        return grouped(self.plan.tables[own], self.group_by)

    def _checked(self, table: Table, key: Key) -> dict[str, Any]:
        """The cells of a key as the table's columns read them."""
        given = key if isinstance(key, Mapping) else dict(zip(table.key, _cells(key), strict=False))
        count = len(given) if isinstance(key, Mapping) else len(_cells(key))
        if count != len(table.key) or set(given) != set(table.key):
            raise UsageError(Problem("CR-JOURNAL-KEY", values={"table": table.name, "key": ", ".join(table.key)}))
        problems: list[Problem] = []
        cells: dict[str, Any] = {}
        for name in table.key:
            try:
                cells[name] = read_cell(given[name], table.columns[name])
            except PydanticCustomError as error:
                problems.append(Problem(error.type, Place(file=table.name, field=name), error.context or {}))
        if problems:
            raise DataError(problems)
        return cells


def _cells(key: Key) -> list[Any]:
    if isinstance(key, Mapping):
        return list(key.values())
    return list(key) if isinstance(key, Sequence) and not isinstance(key, str) else [key]


def validity(table: Table, row: Row) -> tuple[str, str]:
    """The first and last day on which a row holds: those its table names, or those of the only period in its key; else empty."""
    if table.counts:
        first, last = (row.get(name) if name else None for name in table.counts)
        return _iso(first), _iso(last)
    periods = [cell for name in table.key if isinstance(cell := row[name], Period)]
    return (_iso(periods[0].first_day()), _iso(periods[0].last_day())) if len(periods) == 1 else ("", "")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def numbered(id: str, count: int) -> list[str]:  # noqa: A002
    """An id for each of several rows that are entered together; none where the caller gives none."""
    return [f"{id}/{number}" if id else "" for number in range(1, count + 1)]
