"""Rows that change one at a time: a relation's rows by their ids, in order, with indexes by some of their columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar

from ..scalar.cohorts import grouped
from ..scalar.frames import Frame, Key, Values

Rid: TypeAlias = tuple[Key, int]
"""A row's id: its key, and a number that tells rows apart whose keys aren't known."""

Delta: TypeAlias = Mapping[Rid, tuple[Values | None, Values | None]]
"""The rows that changed, each before and after; `None` where there was none or is none any more."""


class Index:
    """The ids of rows by their values in some columns."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns
        self.groups: dict[Key, dict[Rid, None]] = {}
        self.at: dict[Rid, Key] = {}

    def put(self, rid: Rid, row: Values) -> set[Key]:
        """Note where a row stands now; the keys of the groups that it left and entered, or is in still."""
        key = tuple([row[name] for name in self.columns])
        before = self.at.get(rid)
        if before == key:
            return {key}
        left = self.drop(rid)
        self.at[rid] = key
        self.groups.setdefault(key, {})[rid] = None
        return {key, *left}

    def drop(self, rid: Rid) -> set[Key]:
        """Forget a row; the key of the group that it left, if it was in one."""
        if rid not in self.at:
            return set()
        key = self.at.pop(rid)
        group = self.groups[key]
        del group[rid]
        if not group:
            del self.groups[key]
        return {key}

    def of(self, key: Key) -> Iterable[Rid]:
        """The ids of the rows with these values."""
        return self.groups.get(key, ())


class LiveRows:
    """The rows of one relation. `members`, given for a view, tells what its rows were made from."""

    def __init__(
        self, name: str, key: tuple[str, ...], disputed: frozenset[tuple[Key, str]] = frozenset()
    ) -> None:
        self.name, self.key, self.disputed = name, key, disputed
        self.rows: dict[Rid, Values] = {}
        self.order: dict[Rid, Any] = {}
        self.members: tuple[Callable[[], list[Values]], tuple[str, ...]] | None = None
        self._indexes: dict[tuple[str, ...], Index] = {}
        self._frame: Frame | None = None

    def put(self, rid: Rid, row: Values) -> None:
        """A new row, or what a row is now; its order must be told already."""
        self.rows[rid] = row
        self._frame = None
        for index in self._indexes.values():
            index.put(rid, row)

    def drop(self, rid: Rid) -> None:
        """Take a row out."""
        self.rows.pop(rid, None)
        self._frame = None
        for index in self._indexes.values():
            index.drop(rid)

    def by(self, columns: tuple[str, ...]) -> Index:
        """The index by some columns, kept from the first time that it is asked for."""
        if columns not in self._indexes:
            index = self._indexes[columns] = Index(columns)
            for rid, row in self.rows.items():
                index.put(rid, row)
        return self._indexes[columns]

    def only(self, rids: Iterable[Rid]) -> Frame:
        """A frame of some of the rows."""
        return Frame(self.name, self.key, [self.rows[rid] for rid in self.sorted(rids)], self.disputed)

    def sorted(self, rids: Iterable[Rid]) -> list[Rid]:
        """Ids in the order of their rows."""
        return sorted(rids, key=self.order.__getitem__)

    @property
    def frame(self) -> Frame:
        """All rows as the scalar engine has them."""
        if self._frame is None:
            self._frame = self.only(self.rows)
            if self.members:
                made_from, by = self.members
                self._frame.members = grouped(made_from(), by)
        return self._frame


V = TypeVar("V")


class Lazily(Mapping[str, V]):
    """Values by name, each made when it is asked for."""

    def __init__(self, names: Collection[str], make: Callable[[str], V]) -> None:
        self._names, self._make = names, make

    def __getitem__(self, name: str) -> V:
        if name not in self._names:
            raise KeyError(name)
        return self._make(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def frames(relations: Mapping[str, LiveRows]) -> Mapping[str, Frame]:
    """The frames of live relations as they are when asked for."""
    return Lazily(relations, lambda name: relations[name].frame)
