"""What of each relation a result needs: its columns, and how often it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .expressions import Col, Expr, reads
from .relations import Extend, Group, Join, Keep, Pick, Relation, Rows, Series, Source, Union


@dataclass
class Needs:
    """Relations by identity: the columns wanted of each, and by how many others it is read."""

    columns: dict[int, set[str]] = field(default_factory=dict)
    uses: dict[int, int] = field(default_factory=dict)

    def of(self, relation: Relation) -> set[str]:
        """The columns wanted of a relation."""
        return self.columns[id(relation)]

    def shared(self, relation: Relation) -> bool:
        """Whether several others read it."""
        return self.uses[id(relation)] > 1


def needs_of(root: Relation) -> Needs:
    """What each relation under the root has to give."""
    found = Needs()
    for relation in reversed(in_order(root)):
        if relation is root:
            found.columns[id(root)] = {*root.columns}
        elif id(relation) not in found.columns:
            continue  # nothing of it is needed
        elif not found.of(relation):
            found.of(relation).add(next(iter(relation.columns)))  # its rows are, and rows need a column
        for other, wanted in _wanted(relation, found.of(relation)):
            found.columns.setdefault(id(other), set()).update(wanted)
            found.uses[id(other)] = found.uses.get(id(other), 0) + 1
    found.uses[id(root)] = 1
    return found


def in_order(root: Relation) -> list[Relation]:
    """Every relation once, after those it reads."""
    order: dict[int, Relation] = {}
    waiting: list[tuple[Relation, bool]] = [(root, False)]
    while waiting:
        relation, done = waiting.pop()
        if done:
            order.setdefault(id(relation), relation)
        elif id(relation) not in order:
            waiting.append((relation, True))
            waiting.extend((below, False) for below in _below(relation))
    return [*order.values()]


def _below(relation: Relation) -> tuple[Relation, ...]:
    match relation:
        case Extend(of=of) | Pick(of=of) | Keep(of=of) | Group(of=of):
            return (of,)
        case Join(first=first, second=second):
            return first, second
        case Union(of=several):
            return several
        case Source() | Rows() | Series():
            return ()


def _wanted(relation: Relation, wanted: set[str]) -> Iterator[tuple[Relation, set[str]]]:
    match relation:
        case Extend(of=of, added=added):
            yield of, _before(added, wanted)
        case Pick(of=of, chosen=chosen):
            yield of, _read(chosen[name] for name in wanted)
        case Keep(of=of, condition=condition):
            yield of, wanted | {*reads(condition)}
        case Group(of=of, by=by, aggregates=aggregates):
            yield of, {*by} | _read(arg for name in wanted - {*by} for arg in aggregates[name].args)
        case Join():
            yield from _of_join(relation, wanted)
        case Union(of=several):
            yield from ((one, wanted) for one in several)


def _read(exprs: Iterable[Expr]) -> set[str]:
    return {name for expr in exprs for name in reads(expr)}


def computed(added: Mapping[str, Expr], wanted: set[str]) -> dict[str, Expr]:
    """Those of some columns, each reading the ones before it, that are wanted, if only by another."""
    kept: dict[str, Expr] = {}
    wanted = {*wanted}
    for name, expr in reversed([*added.items()]):
        if name in wanted:
            kept[name] = expr
            wanted |= {*reads(expr)}
    return dict(reversed([*kept.items()]))


def _before(added: Mapping[str, Expr], wanted: set[str]) -> set[str]:
    return (wanted | _read(computed(added, wanted).values())) - added.keys()


# --- joins --------------------------------------------------------------------------------------


def _of_join(join: Join, wanted: set[str]) -> Iterator[tuple[Relation, set[str]]]:
    theirs = {*join.second.columns} - {name for _, name in join.on}
    if is_idle(join, wanted):
        yield join.first, wanted
    elif is_of_one(join, wanted):
        yield join.second, wanted
    else:
        yield join.first, (wanted - theirs) | {mine for mine, _ in join.on}
        yield join.second, (wanted & theirs) | {name for _, name in join.on}


def is_idle(join: Join, wanted: set[str]) -> bool:
    """Whether nothing of the second is wanted and each row has at most one partner there, who isn't needed either."""
    keys = [name for _, name in join.on]
    return join.how == "left" and not wanted - join.first.columns.keys() and _one_each(join.second, {*keys})


def is_of_one(join: Join, wanted: set[str]) -> bool:
    """Whether the first is a single row of which nothing is wanted."""
    first = join.first
    return isinstance(first, Series) and first.first == first.last and not join.on and first.name not in wanted


def _one_each(relation: Relation, names: set[str]) -> bool:
    """Whether these columns tell its rows apart."""
    match relation:
        case Group(by=by):
            return {*by} <= names
        case Pick(of=of, chosen=chosen):
            return _one_each(of, {e.name for n, e in chosen.items() if n in names and isinstance(e, Col)})
        case Extend(of=of) | Keep(of=of):
            return _one_each(of, names & of.columns.keys())
        case _:
            return False
