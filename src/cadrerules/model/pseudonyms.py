"""Replaces the ids and names of persons in tables of facts by keyed codes, the same wherever they stand."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Final

from ..errors import DataError, Place, Problem, UsageError
from .facts import FactTables, Row, Table, written_key
from .mentions import Mentions
from .organisations import by_organisation, together
from .remedies import Disputes
from .result import Result

LEAST_KEY: Final = 16
MOST_KEY: Final = 65_536
DIGITS: Final = 14
"""56 bits: among two million persons a collision comes up once in some forty thousand keys, and is then refused."""

_Rewrite = Callable[[str], str]


def pseudonym(person: str, key: bytes, group: str = "") -> str:
    """The code that stands for a person's id under a key, such as `P-7f3a9c2e41b0d8`.

    The same for the same key and id, whatever the tables; another in each organisation, which `group`
    names where tables have a grouping column. `UsageError` for a key that is no key.
    """
    return _code(checked_key(key), group, "P", person)


def pseudonymise(facts: FactTables, key: bytes, keep: Iterable[str] = ()) -> FactTables:
    """The tables with the ids and names of persons replaced by codes; evaluate these, and no output tells who is meant.

    `key` is 16 to 65536 secret bytes. `keep` are texts to leave as they are, such as the
    authorities that the policy set lets waive. With a grouping column each organisation has codes of
    its own, so that nobody who knows one organisation's can tell who is meant in another. Raises
    `UsageError` for such a key, or tables that declare no personal column, and `DataError` where two
    persons would share a code, or where an id is a person's and also another's.
    """
    return codes_of(facts, key, keep).facts(facts)


def codes_of(facts: FactTables, key: bytes, keep: Iterable[str] = ()) -> Pseudonyms | GroupedPseudonyms:
    """The codes of the persons in these tables, of each organisation apart; raises as `pseudonymise` does."""
    return GroupedPseudonyms.of(facts, key, keep) if facts.group else Pseudonyms.of(facts, key, keep)


@dataclass(frozen=True, repr=False)
class Pseudonyms:
    """The codes of the persons in some tables: by id and by name, and what makes a code of a kind and a text.

    `keep` are texts to leave as they are, `others` the ids of what are no persons. `mentions` are the
    ids and names that a text may hold, each with its kind: also those of other organisations.
    """

    ids: Mapping[str, str]
    names: Mapping[str, str]
    make: Callable[[str, str], str]
    keep: frozenset[str]
    others: frozenset[str]
    mentions: Mentions

    @classmethod
    def of(
        cls, facts: FactTables, key: bytes, keep: Iterable[str] = (), group: str = "", mentions: Mentions | None = None
    ) -> Pseudonyms:
        """The codes of the persons in tables of one organisation; raises as `pseudonymise` does."""
        make = partial(_code, checked_key(key), group)
        kinds = mentionable(facts)
        ids = {text: make(kind, text) for text, kind in kinds.items() if kind == "P"}
        names = {name: make("N", name) for name in _cells(facts, _names)}
        others = frozenset(_cells(facts, _entities))
        made = cls(ids, names, make, frozenset(keep), others, mentions or Mentions(kinds))
        made._refuse_collisions()
        made._refuse_ambiguous(facts)
        return made

    def _refuse_collisions(self) -> None:
        """Refuse a code for two, and one that is somebody's own id: the second run with that key would mix them up."""
        codes = {*self.ids.values(), *self.names.values()}
        if len(codes) < len(self.ids) + len(self.names) or codes & {*self.ids, *self.names, *self.others}:
            raise DataError(Problem("CR-PSEUDONYMS-COLLIDE"))

    def _refuse_ambiguous(self, facts: FactTables) -> None:
        """Refuse cells that name a person and something else: renaming one of the two could change what they mean."""
        shared = self.ids.keys() & self.others
        if problems := list(_ambiguous(facts, shared) if shared else ()):
            raise DataError(problems)

    def facts(self, facts: FactTables) -> FactTables:
        """The tables with every person in them replaced."""
        rows = {name: tuple(self._rows(facts.tables[name], found)) for name, found in facts.rows.items()}
        after = replace(facts, rows=rows, warnings=tuple(map(self.text, facts.warnings)))
        disputes = Disputes.spec.name
        if disputes not in facts:
            return after
        return replace(after, rows={**rows, disputes: _Disputed(self, facts, after).rows()})

    def _rows(self, table: Table, rows: Iterable[Row]) -> Iterator[Row]:
        rewrites = [(name, self.rewrite(table, name)) for name in table.personal()]
        for row in rows:
            new = dict(row)
            for name, rewrite in rewrites:
                new[name] = rewrite(row[name]) if row[name] else row[name]
            for name in row.keys() - table.columns.keys():  # kept further columns: nobody knows what they hold
                new[name] = self.text(row[name]) if isinstance(row[name], str) else row[name]
            yield new

    def rewrite(self, table: Table, column: str) -> _Rewrite:
        """What is done to the cells of a column."""
        match table.columns[column].about.personal:
            case "id":
                return lambda person: self.ids.get(person) or self.make("P", person)
            case "name":
                return lambda name: self.names.get(name) or self.make("N", name)
            case "":
                return str
            case _:
                return self.text

    def text(self, text: str) -> str:
        """A text with the persons in it replaced; the id of something else stays as it is."""
        return text if text in self.keep else self.mentions.replaced_by(text, self._stand_in)

    def _stand_in(self, text: str) -> str:
        """What stands for an id or name that any organisation has."""
        if text in self.others and text not in self.ids:
            return text
        return self.ids.get(text) or self.names.get(text) or self.make(self.mentions.stand_in[text], text)

    def result(self, result: Result) -> Result:
        """The result on these facts, to be asked for persons by their own ids and names."""
        return replace(result, known_as=self.known_as)

    def known_as(self, subject: str) -> str:
        """What a subject goes by in the results: the code of a person, by id, name or already by code."""
        return subject if subject in self._codes else self.text(subject)

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset((*self.ids.values(), *self.names.values()))


@dataclass(frozen=True, repr=False)
class GroupedPseudonyms:
    """The codes of the persons of each organisation: ids and names are codes of their own in each.

    A text may also mention persons of another organisation; they are replaced too.
    """

    organisations: Mapping[str, Pseudonyms]

    @classmethod
    def of(cls, facts: FactTables, key: bytes, keep: Iterable[str] = ()) -> GroupedPseudonyms:
        """The codes of the persons in tables with a grouping column; raises as `pseudonymise` does."""
        checked_key(key)
        mentions, keep = Mentions(mentionable(facts)), frozenset(keep)
        parts = by_organisation(facts).items()
        return cls({name: Pseudonyms.of(part, key, keep, name, mentions) for name, part in parts})

    def facts(self, facts: FactTables) -> FactTables:
        """The tables with every person in them replaced."""
        parts = {name: self.organisations[name].facts(part) for name, part in by_organisation(facts).items()}
        first = next(iter(parts.values()), facts)
        return replace(together(facts, parts), warnings=first.warnings)

    def result(self, result: Result) -> Result:
        """The result on these facts, to be asked for persons by their own ids and names."""
        parts = {name: self.organisations[name].result(one) for name, one in result.organisations.items()}
        return replace(result, organisations=parts)


@dataclass(frozen=True)
class _Disputed:
    """Rewrites disputes, each of which names a row by its key, after the tables themselves."""

    pseudonyms: Pseudonyms
    before: FactTables
    after: FactTables

    def rows(self) -> tuple[Row, ...]:
        """The disputes, naming the rows they named before."""
        name = Disputes.spec.name
        keys = {table: self._keys(table) for table in {row["table"] for row in self.before[name]}}
        return tuple(
            {**new, "key": keys[old["table"]].get(old["key"]) or self._by_parts(old["table"], old["key"])}
            for old, new in zip(self.before[name], self.after[name], strict=True)
        )

    def _keys(self, table: str) -> Mapping[str, str]:
        """The key of each row before and after."""
        if table not in self.before:
            return {}
        key = self.before.tables[table].key
        pairs = zip(self.before[table], self.after[table], strict=True)
        return {_written(old, key): _written(new, key) for old, new in pairs}

    def _by_parts(self, table: str, key: str) -> str:
        """The key of a row that isn't there, part by part; the parts name persons where their columns do."""
        declared, parts = self.before.tables.get(table), key.split("/")
        if declared is None or len(parts) != len(declared.key):
            return self.pseudonyms.text(key)
        rewrites = [self.pseudonyms.rewrite(declared, name) for name in declared.key]
        return written_key(rewrite(part) if part else "" for rewrite, part in zip(rewrites, parts, strict=True))


def _written(row: Row, key: tuple[str, ...]) -> str:
    return written_key(row[name] for name in key)


def mentionable(facts: FactTables) -> dict[str, str]:
    """The ids and names of persons in some tables, each with its kind; `UsageError` where no column is declared so."""
    if not any(table.personal("id", "name") for table in facts.tables.values()):
        raise UsageError(Problem("CR-NOTHING-PERSONAL", values={"tables": ", ".join(facts.tables)}))
    return {**dict.fromkeys(_cells(facts, _names), "N"), **dict.fromkeys(_cells(facts, _ids), "P")}


def _ids(table: Table) -> tuple[str, ...]:
    return table.personal("id")


def _names(table: Table) -> tuple[str, ...]:
    return table.personal("name")


def _cells(facts: FactTables, columns: Callable[[Table], Iterable[str]]) -> set[str]:
    """What stands in some columns of every table, empty cells aside."""
    found: set[Any] = set()
    for name, rows in facts.rows.items():
        for column in columns(facts.tables[name]):
            found.update(row[column] for row in rows)
    return found - {None, ""}


def _entities(table: Table) -> list[str]:
    """The columns that hold ids of other things: the key of a table, if it is one column, or a reference to one."""
    return [
        name
        for name, column in table.columns.items()
        if not column.about.personal and (table.key == (name,) or column.about.references)
    ]


def _ambiguous(facts: FactTables, shared: set[str]) -> Iterator[Problem]:
    for table, rows in facts.rows.items():
        for column in facts.tables[table].personal("maybe_id"):
            if count := sum(row[column] in shared for row in rows):
                yield Problem("CR-ID-OF-TWO", Place(path=f"{table}.{column}"), {"count": count})


def _code(key: bytes, group: str, kind: str, text: str) -> str:
    of = f"@{len(group)}:{group}" if group else ""
    return f"{kind}-{hmac.digest(key, f'{kind}{of}:{text}'.encode(), 'sha256').hex()[:DIGITS]}"


def checked_key(key: bytes, place: Place = Place()) -> bytes:
    """The key; `UsageError` where it is too short to be one, or too long."""
    if LEAST_KEY <= len(key) <= MOST_KEY:
        return key
    values = {"count": len(key), "least": LEAST_KEY, "most": MOST_KEY}
    raise UsageError(Problem("CR-KEY-LENGTH", place, values))
