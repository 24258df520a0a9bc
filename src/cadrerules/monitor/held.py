"""The facts a monitor holds: validated rows by key, and how often each id that rows refer to is there and is named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from ..engines.scalar.calendar import years_of
from ..errors import Place, Problem
from ..load.references import shown_id
from ..model.facts import FactTables, Row, Table, written_key

Key: TypeAlias = tuple[Any, ...]

DISPUTES: Final = "disputes"


class HeldFacts:
    """Tables of rows by key. What would leave a reference or a dispute hanging is refused."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self.rows: dict[str, dict[Key, Row]] = {}
        self.years: dict[str, Counter[int]] = defaultdict(Counter)
        self._named: dict[tuple[str, str], Counter[Any]] = defaultdict(Counter)
        self._frozen: dict[str, tuple[Row, ...]] = {}
        self._referring = [
            (table.name, name, *column.about.references.split("."))
            for table in tables.values()
            for name, column in table.columns.items()
            if column.about.references
        ]
        self._counted = {(t, c) for t, c, *_ in self._referring} | {(t, c) for *_, t, c in self._referring}

    def key_of(self, table: str, row: Row) -> Key:
        """The key of a row."""
        return tuple(row[name] for name in self.tables[table].key)

    def put(self, table: str, row: Row) -> None:
        """A new row, or what the row of its key is now."""
        self.drop_counts(table, self.rows.setdefault(table, {}).get(self.key_of(table, row)))
        self.rows[table][self.key_of(table, row)] = row
        self._count(table, row, 1)

    def drop(self, table: str, key: Key) -> None:
        """Take a row out."""
        self.drop_counts(table, self.rows[table].pop(key))

    def drop_counts(self, table: str, row: Row | None) -> None:
        """Take what a row names out of the counts."""
        if row is not None:
            self._count(table, row, -1)

    def add_table(self, table: str) -> None:
        """The table is there, if only without rows."""
        self.rows.setdefault(table, {})
        self._frozen.pop(table, None)

    def remove_table(self, table: str) -> None:
        """The table isn't there any more."""
        self.rows.pop(table, None)
        self._frozen.pop(table, None)

    def facts(self) -> FactTables:
        """All of them as tables to evaluate; what is asked for again is not made again."""
        for name, rows in self.rows.items():
            if name not in self._frozen:
                self._frozen[name] = tuple(rows.values())
        return FactTables(self.tables, dict(self._frozen))

    def problems(self, table: str, before: Row | None, after: Row | None) -> Iterator[Problem]:
        """What would be wrong once a row is put, changed or taken out: ids that nothing has."""
        if after is not None:
            yield from self._unknown(table, after, before)
        if before is not None:
            yield from self._left_hanging(table, before, after)
        if table not in self.rows:
            yield from self._first_of_table(table, after)
        if before is not None and after is None:
            yield from self._disputed(table, before)

    def _unknown(self, table: str, row: Row, before: Row | None) -> Iterator[Problem]:
        """The cells of a row that name what isn't there; a row may name itself."""
        for name, target, column in self._references(table):
            cell = row[name]
            if cell is None or not (target in self.rows or target == table):
                continue
            gone = before is not None and target == table and before[column] == cell
            there = self._named[target, column][cell] - gone
            if not there and not (target == table and row[column] == cell):
                yield _hanging(table, name, cell, target, column)

    def _left_hanging(self, table: str, before: Row, after: Row | None) -> Iterator[Problem]:
        """The other rows' cells that name an id of which this row is the last."""
        for here, name, target, column in self._referring:
            cell = before[column] if target == table else None
            if cell is None or self._named[target, column][cell] > 1 or (after is not None and after[column] == cell):
                continue
            own = (here == table and before[name] == cell) - (here == table and after is not None and after[name] == cell)
            if self._named[here, name][cell] - own > 0:
                values = {"table": here, "column": name, "value": shown_id(cell)}
                yield Problem("CR-MONITOR-STILL-NAMED", Place(file=table, field=column), values)

    def _first_of_table(self, table: str, row: Row | None) -> Iterator[Problem]:
        """With its first row a table is there, and what others name must be in it."""
        for dispute in self.rows.get(DISPUTES, {}).values():
            if dispute["table"] == table and (row is None or dispute["key"] != written_key(self.key_of(table, row))):
                values = {"table": table, "key": "/".join(self.tables[table].key)}
                yield Problem("CR-DISPUTED-ROW", Place(file=DISPUTES, field="key"), values)
        for here, name, target, column in self._referring:
            if target == table and here in self.rows:
                for cell in self._named[here, name]:
                    if cell is not None and (row is None or row[column] != cell):
                        yield _hanging(here, name, cell, target, column)

    def _disputed(self, table: str, row: Row) -> Iterator[Problem]:
        key = written_key(self.key_of(table, row))
        for dispute in self.rows.get(DISPUTES, {}).values():
            if dispute["table"] == table and dispute["key"] == key:
                yield Problem("CR-MONITOR-DISPUTED", Place(file=table), {"column": dispute["column"]})

    def _references(self, table: str) -> Iterable[tuple[str, str, str]]:
        return ((name, target, column) for here, name, target, column in self._referring if here == table)

    def _count(self, table: str, row: Row, by: int) -> None:
        self._frozen.pop(table, None)
        for year in years_of(row):
            _add(self.years[table], year, by)
        for counted, name in self._counted:
            if counted == table:
                _add(self._named[table, name], row[name], by)


def _add(counter: Counter[Any], value: Any, by: int) -> None:
    counter[value] += by
    if not counter[value]:
        del counter[value]


def _hanging(table: str, name: str, cell: object, target: str, column: str) -> Problem:
    values = {"value": shown_id(cell), "table": target, "column": column}
    return Problem("CR-NO-SUCH-REFERENCE", Place(file=table, field=name), values)

