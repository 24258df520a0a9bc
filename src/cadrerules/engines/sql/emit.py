"""From a relation to the SELECTs of one statement: layers are merged while they stay readable, the rest is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import TypeAlias

from ..columnar.expressions import Call, Col, Expr, has_window, reads
from ..columnar.needs import Needs, computed, in_order, is_idle, is_of_one, needs_of
from ..columnar.relations import Extend, Group, Join, Keep, Pick, Relation, Rows, Series, Source, Union
from .blocks import Block, Item, Joined, is_plain, renamed
from .bounds import ANY, Bounds
from .names import Taken

Body: TypeAlias = Block | tuple[Block, ...]
"""One SELECT, or several whose rows are put together."""


@dataclass(frozen=True)
class Named:
    """A SELECT by name, and what is said of it."""

    name: str
    body: Body
    comment: str = ""


@dataclass(frozen=True)
class Statement:
    """The named SELECTs, each reading those before it, and the last."""

    named: Sequence[Named]
    last: Body

    @property
    def tables(self) -> Mapping[str, set[str]]:
        """The tables that are read, and which of their columns."""
        made = {named.name for named in self.named}
        found: dict[str, set[str]] = {}
        for body in (*(named.body for named in self.named), self.last):
            for item in items_of(body):
                if isinstance(item.of, str) and item.of not in made:
                    found.setdefault(item.of, set()).update(item.columns)
        return found


def items_of(body: Body) -> list[Item]:
    """All that a SELECT reads, as often as it does."""
    return [item for block in ((body,) if isinstance(body, Block) else body) for item in block.items]


def in_parts(whole: Statement, most: int = 0) -> Iterator[tuple[str, Statement]]:
    """The statement as several: each named SELECT that is read more than once, after those it reads; the last has no name.

    What would add no more than `most` tables, joins, groupings and windows to the rest stays in it.
    """
    apart = _apart(whole, most)
    named = {one.name: one for one in whole.named}
    for one in whole.named:
        if one.name in apart:
            yield one.name, Statement(_read_by(one.body, named, apart), one.body)
    yield "", Statement(_read_by(whole.last, named, apart), whole.last)


def _apart(whole: Statement, most: int) -> set[str]:
    """The names of those that are read more than once and would make the rest larger by more than so much."""
    times = Counter(item.of for body in (*(n.body for n in whole.named), whole.last) for item in items_of(body))
    sizes: dict[str, int] = {}
    apart: set[str] = set()
    for one in whole.named:
        below = [item.of for item in items_of(one.body) if isinstance(item.of, str) and item.of not in apart]
        sizes[one.name] = _size(one.body) + sum(sizes.get(name, 0) for name in below)
        if (times[one.name] - 1) * sizes[one.name] > most:
            apart.add(one.name)
    return apart


def _size(body: Body) -> int:
    """How many tables, joins, groupings and windows a SELECT has itself."""
    blocks = (body,) if isinstance(body, Block) else body
    return sum(len(block.items) + bool(block.keys) + bool(block.windowed) for block in blocks)


def _read_by(body: Body, named: Mapping[str, Named], apart: set[str]) -> list[Named]:
    """The named SELECTs that one rests on, but those that stand apart, each after those it reads."""
    found: dict[str, Named] = {}
    for item in items_of(body):
        if isinstance(item.of, str) and item.of in named and item.of not in apart:
            found |= {one.name: one for one in _read_by(named[item.of].body, named, apart)}
            found[item.of] = named[item.of]
    return [*found.values()]


def planned(relation: Relation, comments: Mapping[str, str] | None = None) -> Statement:
    """The statement that gives a relation's rows; `comments` are said where a relation has such a note."""
    planner = _Planner(needs_of(relation), comments or {})
    planner.names.names |= tables_of(relation)
    last = planner.body(relation)
    return Statement(planner.named, last)


@dataclass
class _Planner:
    needs: Needs
    comments: Mapping[str, str]
    names: Taken = field(default_factory=Taken)
    named: list[Named] = field(default_factory=list)
    made: dict[int, Block] = field(default_factory=dict)

    def body(self, relation: Relation) -> Body:
        """The last SELECT: all columns in their order."""
        if isinstance(relation, Union):
            return self._union(relation)
        block = self.block(relation)
        return block.giving({name: block.columns[name] for name in relation.columns})

    def block(self, relation: Relation) -> Block:
        """The relation as a SELECT that more may be put into."""
        if id(relation) in self.made:
            return self.made[id(relation)]
        block = self._block(relation).only(self.needs.of(relation))
        comment = self.comments.get(getattr(relation, "note", ""), "")
        if comment or (self.needs.shared(relation) and not block.plain):
            block = self.name(block, relation, comment)
        self.made[id(relation)] = block
        return block

    def _block(self, relation: Relation) -> Block:
        match relation:
            case Source(name=name):
                return self._table(name, name, relation)
            case Series(name=name):
                return self._table(self.names.fresh(f"{name.rstrip('_0123456789')}s"), relation, relation)
            case Rows():
                return self._table(self.names.fresh("written"), relation, relation)
            case Extend():
                return self._extended(relation)
            case Pick():
                return self._picked(relation)
            case Keep():
                return self._kept(relation)
            case Join():
                return self._joined(relation)
            case Group():
                return self._grouped(relation)
            case Union():
                return self.name(self._union(relation), relation)

    def _table(self, alias: str, of: str | Rows | Series, relation: Relation) -> Block:
        columns = {name: kind for name, kind in relation.columns.items() if name in self.needs.of(relation)}
        if isinstance(of, Rows | Series):
            columns = dict(relation.columns)
        item = Item(alias, of, columns, _bounds(relation))
        return Block(item, {name: Col(f"{alias}.{name}", kind) for name, kind in columns.items()})

    def name(self, body: Body, relation: Relation, comment: str = "") -> Block:
        """The SELECT by a name, for others to read."""
        name = self.names.fresh(stem(relation))
        self.named.append(Named(name, body, comment))
        told = {n: (low, inf) for n, low in relation.least.items()} if isinstance(relation, Pick) else {}
        one = body if isinstance(body, Block) else body[0]
        columns = {column: expr.kind for column, expr in one.columns.items()}
        return Block(Item(name, name, columns, {**_body_bounds(body), **told}), {column: Col(f"{name}.{column}", kind) for column, kind in columns.items()})

    # --- one relation ---------------------------------------------------------------------------

    def _extended(self, relation: Extend) -> Block:
        wanted = self.needs.of(relation)
        pending = computed(relation.added, wanted)
        block = self.block(relation.of)
        fresh = False
        while pending:
            times = _times(pending.values(), wanted)
            ready = {n: e for n, e in pending.items() if not pending.keys() & {*reads(e)} and block.fits(e, times)}
            if ready:
                block = block.giving({**block.columns, **{name: block.put(expr) for name, expr in ready.items()}})
                pending = {name: expr for name, expr in pending.items() if name not in ready}
                fresh = False
            else:
                assert not fresh, [*pending]
                block = self.name(block.only(wanted | {n for e in pending.values() for n in reads(e)}), relation)
                fresh = True
        return block

    def _picked(self, relation: Pick) -> Block:
        wanted = self.needs.of(relation)
        chosen = {name: expr for name, expr in relation.chosen.items() if name in wanted}
        block = self._fitting(self.block(relation.of), chosen.values(), relation.of)
        return block.giving({name: block.put(expr) for name, expr in chosen.items()})

    def _fitting(self, block: Block, exprs: Iterable[Expr], of: Relation) -> Block:
        """The block, named where some expressions don't fit into it."""
        exprs = tuple(exprs)
        times = _times(exprs, ())
        return block if all(block.fits(expr, times) for expr in exprs) else self.name(block, of)

    def _kept(self, relation: Keep) -> Block:
        block = self.block(relation.of)
        times = _times([relation.condition], self.needs.of(relation))
        if block.grouped or block.windowed or not block.fits(relation.condition, times):
            block = self.name(block, relation.of)
        if has_window(relation.condition):
            name = "kept"
            block = block.giving({**block.columns, name: block.put(relation.condition)})
            block = self.name(block, relation.of)
            return replace(block, where=(block.columns[name],))
        put = block.put(relation.condition)
        return block if put in block.where else replace(block, where=(*block.where, put))

    def _grouped(self, relation: Group) -> Block:
        wanted = self.needs.of(relation)
        aggregates = {name: a for name, a in relation.aggregates.items() if name in wanted}
        block = self.block(relation.of)
        times = _times((arg for a in aggregates.values() for arg in a.args), relation.by)
        fits = all(block.fits(arg, times) for a in aggregates.values() for arg in a.args)
        keys = [block.columns[name] for name in relation.by]
        if block.grouped or block.windowed or not fits or not _can_be_keys(keys):
            block = self.name(block, relation.of)
            keys = [block.columns[name] for name in relation.by]
        made = {f"#{n}": replace(a, args=tuple(block.put(arg) for arg in a.args)) for n, a in aggregates.items()}
        columns = {name: block.columns[name] for name in relation.by}
        columns |= {name: Col(f"#{name}", a.kind) for name, a in aggregates.items()}
        return replace(block, columns=columns, keys=tuple(key for key in keys if isinstance(key, Col)), aggregates=made)

    def _union(self, relation: Union) -> tuple[Block, ...]:
        order = [name for name in relation.columns if name in self.needs.of(relation)]
        blocks = [self.block(one) for one in relation.of]
        return tuple(block.giving({name: block.columns[name] for name in order}) for block in blocks)

    # --- joins ----------------------------------------------------------------------------------

    def _joined(self, relation: Join) -> Block:
        wanted = self.needs.of(relation)
        if is_idle(relation, wanted):
            return self.block(relation.first)
        if is_of_one(relation, wanted):
            return self.block(relation.second)
        first = self._first(relation)
        second = self._second(relation, {item.alias for item in first.items})
        on = [(first.columns[mine], second.columns[theirs]) for mine, theirs in relation.on]
        conditions = [_same(a, b) for a, b in on]
        left = relation.how == "left"
        joined = Joined(second.first, left, (*conditions, *(second.where if left else ())))
        theirs = {name for _, name in relation.on}
        columns = {**first.columns, **{n: e for n, e in second.columns.items() if n not in theirs}}
        where = first.where if left else (*first.where, *second.where)
        return replace(first, columns=columns, joins=(*first.joins, joined), where=where)

    def _first(self, relation: Join) -> Block:
        block = self.block(relation.first)
        if block.grouped or block.windowed or not self._keys_fit(block, [mine for mine, _ in relation.on], relation):
            block = self.name(block, relation.first)
        return block

    def _second(self, relation: Join, taken: set[str]) -> Block:
        block = self.block(relation.second)
        single = not block.joins and not block.grouped and not block.windowed
        columns = all(isinstance(expr, Col) for expr in block.columns.values())
        keys = self._keys_fit(block, [theirs for _, theirs in relation.on], relation)
        if not single or not keys or (relation.how == "left" and not columns):
            block = self.name(block, relation.second)
        if (old := block.first.alias) in taken:
            block = renamed(block, old, self.names.fresh(old))
        return block

    def _keys_fit(self, block: Block, names: list[str], relation: Join) -> bool:
        """Whether no expression would be computed both to match by and to give."""
        wanted = self.needs.of(relation)
        return all(is_plain(block.columns[name]) or name not in wanted for name in names)


def _bounds(relation: Relation) -> Mapping[str, Bounds]:
    match relation:
        case Source(least=least):
            return {name: (low, inf) for name, low in least.items()}
        case Series(name=name, first=first, last=last):
            return {name: (first, last)}
        case _:
            return {}


def _body_bounds(body: Body) -> Mapping[str, Bounds]:
    """The bounds of its columns of whole numbers, where there are any."""
    found: dict[str, list[Bounds]] = {}
    for block in (body,) if isinstance(body, Block) else body:
        estimate = block.estimate
        for name, expr in block.columns.items():
            if expr.kind == "int":
                found.setdefault(name, []).append(estimate.bounds(expr))
    wide = {name: (min(low for low, _ in each), max(high for _, high in each)) for name, each in found.items()}
    return {name: each for name, each in wide.items() if each != ANY}


def tables_of(relation: Relation) -> set[str]:
    """The names of the tables that a relation reads."""
    return {one.name for one in in_order(relation) if isinstance(one, Source)}


def _times(exprs: Iterable[Expr], kept: Iterable[str]) -> Counter[str]:
    """How often each column is read, once more where it is kept."""
    return Counter([name for expr in exprs for name in reads(expr)] + [*kept])


def _can_be_keys(keys: list[Expr]) -> bool:
    """Whether a SELECT can group by them; a constant alone would make a group of no rows."""
    return all(map(is_plain, keys)) and (not keys or any(isinstance(key, Col) for key in keys))


def _same(a: Expr, b: Expr) -> Expr:
    return Call("eq", (a, b), "truth")


def stem(relation: Relation) -> str:
    """What a relation is called: its own note, or that of what it comes from."""
    note = getattr(relation, "note", "")
    if note:
        return note
    match relation:
        case Source(name=name):
            return f"{name}_rows"
        case Series(name=name):
            return name.rstrip("_0123456789")
        case Rows():
            return "written"
        case Group(of=of):
            return f"{stem(of).removesuffix('_grouped')}_grouped"
        case Join(first=Series(first=a, last=b), second=second) if a == b:
            return stem(second)
        case Extend(of=of) | Pick(of=of) | Keep(of=of) | Join(first=of):
            return stem(of)
        case Union(of=several):
            return stem(several[0])
