"""One SELECT under construction: what it reads, what it gives, and whether more fits into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..columnar.expressions import Aggregate, Call, Case, Col, Const, Expr, Kind, Over, case, has_window, parts, reads
from ..columnar.relations import Rows, Series
from .bounds import ANY, Bounds, Estimate

LARGE = 40
"""So many nodes of an expression are named before another reads them."""


@dataclass(frozen=True)
class Item:
    """Something in FROM: a table or a named SELECT, rows written out, or a series."""

    alias: str
    of: str | Rows | Series
    columns: Mapping[str, Kind]
    bounds: Mapping[str, Bounds] = field(default_factory=dict)


@dataclass(frozen=True)
class Joined:
    """A further item, and the conditions of its join; without any, every combination."""

    item: Item
    left: bool
    on: tuple[Expr, ...]


@dataclass(frozen=True)
class Block:
    """A SELECT. Its expressions read `alias.column`; those of a grouped one also `#name`, an aggregate."""

    first: Item
    columns: Mapping[str, Expr]
    joins: tuple[Joined, ...] = ()
    where: tuple[Expr, ...] = ()
    keys: tuple[Expr, ...] | None = None
    aggregates: Mapping[str, Aggregate] = field(default_factory=dict)

    @property
    def items(self) -> tuple[Item, ...]:
        """All that it reads."""
        return (self.first, *(joined.item for joined in self.joins))

    @property
    def grouped(self) -> bool:
        """Whether its rows are groups."""
        return self.keys is not None

    @property
    def windowed(self) -> bool:
        """Whether a column looks at other rows."""
        return any(map(has_window, self.columns.values()))

    @property
    def plain(self) -> bool:
        """Whether it is but columns of one table."""
        return not self.joins and not self.where and not self.grouped and all(map(is_plain, self.columns.values()))

    @property
    def estimate(self) -> Estimate:
        """The bounds of what it reads."""
        known = {f"{item.alias}.{name}": found for item in self.items for name, found in item.bounds.items()}
        groups = Estimate(lambda name: known.get(name, ANY))
        return Estimate(lambda name: groups.bounds(self.aggregates[name]) if name in self.aggregates else known.get(name, ANY))

    def fits(self, expr: Expr, times: Mapping[str, int]) -> bool:
        """Whether the expression can be computed here; `times` says how often each column is read in all."""
        mine = Counter(reads(expr))
        for name in mine:
            own = self.columns[name]
            if not is_plain(own) and (times[name] > 1 or size(own) > LARGE):
                return False
        return not has_window(expr) or self._fits_window(expr)

    def _fits_window(self, expr: Expr) -> bool:
        if self.grouped or any(has_window(self.columns[name]) for name in reads(expr)):
            return False
        return all(isinstance(self.columns[name], Col) for over in windows(expr) for name in _bare(over))

    def put(self, expr: Expr) -> Expr:
        """The expression in terms of what the block reads."""
        return substituted(expr, self.columns)

    def giving(self, columns: Mapping[str, Expr]) -> Block:
        """The block with other columns."""
        return replace(self, columns=columns)

    def only(self, names: Iterable[str]) -> Block:
        """The block with some of its columns alone."""
        wanted = {*names}
        return self.giving({name: expr for name, expr in self.columns.items() if name in wanted})


def is_plain(expr: Expr) -> bool:
    """Whether reading it twice costs nothing."""
    return isinstance(expr, Const) or (isinstance(expr, Col) and not expr.name.startswith("#"))


def size(expr: Expr) -> int:
    """How many nodes it has."""
    return 1 + sum(map(size, parts(expr)))


def windows(expr: Expr) -> Iterable[Over]:
    """The window functions in it."""
    if isinstance(expr, Over):
        yield expr
    for part in parts(expr):
        yield from windows(part)


def _bare(over: Over) -> Iterable[str]:
    return (*over.partition, *(name for name, _ in over.order))


def substituted(expr: Expr, columns: Mapping[str, Expr]) -> Expr:
    """The expression with other expressions in the place of columns."""
    match expr:
        case Col(name=name):
            return columns[name]
        case Const():
            return expr
        case Call(name=name, args=args, kind=kind):
            return Call(name, tuple(substituted(arg, columns) for arg in args), kind)
        case Case(whens=whens, otherwise=otherwise):
            pairs = tuple((substituted(c, columns), substituted(v, columns)) for c, v in whens)
            return case(*pairs, otherwise=substituted(otherwise, columns))
        case Over():
            args = tuple(substituted(arg, columns) for arg in expr.args)
            partition = tuple(_name(columns[name]) for name in expr.partition)
            order = tuple((_name(columns[name]), descending) for name, descending in expr.order)
            return replace(expr, args=args, partition=partition, order=order)


def _name(expr: Expr) -> str:
    assert isinstance(expr, Col)
    return expr.name


def renamed(block: Block, old: str, new: str) -> Block:
    """A block of one item, which gets another alias."""
    moved = {f"{old}.{name}": Col(f"{new}.{name}", kind) for name, kind in block.first.columns.items()}
    columns = {name: substituted(expr, moved) for name, expr in block.columns.items()}
    where = tuple(substituted(expr, moved) for expr in block.where)
    return Block(replace(block.first, alias=new), columns, where=where)
