"""What is decided under several variants, each split into rows that are the same in all and what varies on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...engines.columnar.decisions import KEYS, Outlook
from ...engines.columnar.expressions import Col, Const, Expr, has_window, reads
from ...engines.columnar.needs import Needs
from ...engines.columnar.relations import Extend, Group, Join, Keep, Pick, Relation, Union, column
from .identity import Identities, Numbers
from .split import NotByRowsError, Split, Splitter


@dataclass(frozen=True)
class Entry:
    """The part of a rule's findings that is split: its rows, and which of their columns are `KEYS`.

    `group` is what puts the rows of a subject and period together; None where there is one row at most. `beside`
    are joins above it whose partners (waivers) are about a subject and period: those who have one stand for themselves.
    """

    rows: Relation
    keys: Mapping[str, str]
    group: Group | None = None
    beside: tuple[Join, ...] = ()


def entry_of(branch: Relation) -> Entry:
    """Where the rows of a rule's findings begin to be put together by subject and period."""
    beside: list[Join] = []
    relation = branch
    while not isinstance(relation, Group):
        match relation:
            case Extend(of=of, added=exprs) | Pick(of=of, chosen=exprs):
                if any(map(has_window, exprs.values())):
                    return whole(branch)
                relation = of
            case Keep(of=of):
                relation = of
            case Join(first=first, how="left"):
                beside.append(relation)
                relation = first
            case _:
                return whole(branch)
    if relation.by[-2:] != KEYS[1:]:
        return whole(branch)
    keys = {name: name for name in KEYS[1:]} | ({"group": relation.by[0]} if len(relation.by) > 2 else {})
    return Entry(relation.of, keys, relation, tuple(beside))


def whole(branch: Relation) -> Entry:
    """The rule's findings themselves, of which each subject and period has one at most."""
    return Entry(branch, {name: name for name in KEYS})


# --- all variants -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variant:
    """What is decided under one variant, with where each rule's rows enter and how they are split."""

    outlook: Outlook
    root: Relation
    needs: Needs
    entries: tuple[Entry, ...]
    splits: tuple[Split, ...]

    def on(self, cores: Sequence[Relation]) -> Relation:
        """What is decided, on other rows of each entry's core."""
        put = {id(e.rows): s.rebuilt(core) for e, s, core in zip(self.entries, self.splits, cores, strict=True)}
        return replaced(self.root, put)

    def reads(self, at: int) -> frozenset[str]:
        """The columns of an entry's core that its outcome rests on, beside whose it is."""
        split, keys = self.splits[at], {*self.entries[at].keys.values()}
        others = [expr for name, expr in split.columns.items() if name not in keys]
        found = {name for expr in (*others, *split.varying.values(), *split.keeps) for name in reads(expr)}
        return frozenset(found - split.varying.keys())

    def response(self, at: int, rows: Relation, number: str) -> Relation:
        """Of rows that an entry puts together: those that count, by number, and what is asked of each."""
        group, split = self.entries[at].group, self.splits[at]
        assert group is not None
        wanted = self.needs.of(group) - {*group.by}
        if any(group.aggregates[name].function != "any" for name in wanted):
            raise NotByRowsError
        asked = {name: group.aggregates[name].args[0] for name in sorted(wanted)}
        read = {name for expr in asked.values() for name in reads(expr)}
        told = replace(split, columns={number: Col(number, "int"), **{name: split.columns[name] for name in read}})
        return Pick(told.rebuilt(rows), {number: Col(number, "int"), **asked})

    def keys(self, at: int) -> dict[str, Expr]:
        """Whose an entry's rows are, in terms of its core."""
        split, entry = self.splits[at], self.entries[at]
        found: dict[str, Expr] = {name: split.columns[entry.keys[name]] if name in entry.keys else Const(None, "text") for name in KEYS}
        if any(isinstance(expr, Col) and expr.name in split.varying for expr in found.values()):
            raise NotByRowsError
        return found


@dataclass
class Variants:
    """Variants of one decision, split by what all of them have in common."""

    outlooks: Sequence[Outlook]
    numbers: Numbers = field(default_factory=Numbers)

    def __post_init__(self) -> None:
        self.identities = [Identities(flags(outlook), self.numbers) for outlook in self.outlooks]
        self.same = frozenset(set[int].intersection(*(identities.all for identities in self.identities)))

    def first_alike(self) -> list[int]:
        """For each variant the first that comes to the same by its rules alone."""
        first: dict[tuple[Any, ...], int] = {}
        roots = (identities.of(identities.root) for identities in self.identities)
        return [first.setdefault((root.rows, *sorted(root.columns.items())), at) for at, root in enumerate(roots)]

    def split(self) -> list[Variant]:
        """The variants; `NotByRowsError` where what varies needs more than its own row."""
        return [self._split(outlook, identities) for outlook, identities in zip(self.outlooks, self.identities, strict=True)]

    def _split(self, outlook: Outlook, identities: Identities) -> Variant:
        splitter = Splitter(identities, self.same)
        entries = tuple(self._entry(branch, identities) for branch in _branches(outlook.relation))

        def split(entry: Entry) -> Split:
            return splitter.split(entry.rows).only(identities.needs.of(entry.rows))

        return Variant(outlook, identities.root, identities.needs, entries, tuple(map(split, entries)))

    def _entry(self, branch: Relation, identities: Identities) -> Entry:
        """Findings that are the same in all variants are taken as they are."""
        here = identities.of(branch)
        return whole(branch) if self.same.issuperset((here.rows, *here.columns.values())) else entry_of(branch)


def flags(outlook: Outlook) -> Relation:
    """Whose decision it is, and which verdicts are possible."""
    columns = {name: column(outlook.relation, name) for name in KEYS}
    return Pick(outlook.relation, {**columns, **{str(verdict): expr for verdict, expr in outlook.possible.items()}})


def _branches(relation: Relation) -> tuple[Relation, ...]:
    """The findings of each rule, below those that are decided together."""
    match relation:
        case Extend(of=Group(of=Union(of=branches))):
            return branches
        case _:
            raise NotByRowsError


def replaced(root: Relation, put: Mapping[int, Relation]) -> Relation:
    """The relation with others in place of some below it."""
    made: dict[int, Relation] = dict(put)

    def of(relation: Relation) -> Relation:
        if id(relation) not in made:
            made[id(relation)] = _with(relation)
        return made[id(relation)]

    def _with(relation: Relation) -> Relation:
        match relation:
            case Extend(of=below) | Pick(of=below) | Keep(of=below) | Group(of=below):
                return replace(relation, of=of(below))
            case Join(first=first, second=second):
                return replace(relation, first=of(first), second=of(second))
            case Union(of=several):
                return Union(tuple(map(of, several)))
            case _:
                return relation

    return of(root)
