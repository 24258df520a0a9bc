"""A relation with the language's columns: which plain columns hold the value of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ...language.nodes import Apply, Column, Literal, Node
from .capabilities import Unsupported
from .expressions import Col, Const, Expr
from .operators import MEANINGS
from .relations import Extend, Join, Names, Pick, Relation, column
from .values import Day, Number, Span, Truth, Value, Word, columns, constant, over


@dataclass(frozen=True)
class Frame:
    """Rows of the language in columns.

    `present` tells whether a row counts, where that may be open: null then; rows that surely don't are
    left out. `group` are the plain columns that keep organisations apart.
    """

    relation: Relation
    values: Mapping[str, Value]
    key: tuple[str, ...]
    group: tuple[str, ...]
    names: Names
    present: Expr | None = None

    def holding(self, values: Mapping[str, Value], note: str = "") -> Frame:
        """The frame with columns of these values; constants need none."""
        added: dict[str, Expr] = {}
        kept: dict[str, Value] = {}
        for name, value in values.items():
            kept[name] = self._held(name, value, added)
        relation = Extend(self.relation, added, note) if added else self.relation
        return replace(self, relation=relation, values={**self.values, **kept})

    def _held(self, name: str, value: Value, added: dict[str, Expr]) -> Value:
        stem = name if name.isidentifier() else self.names.fresh("part")
        held: list[Expr] = []
        for plain, expr in columns(stem, value).items():
            if isinstance(expr, Const | Col):
                held.append(expr)
            else:
                free = plain if plain not in self.relation.columns and plain not in added else self.names.fresh(plain)
                added[free] = expr
                held.append(Col(free, expr.kind))
        return over(value, held)

    def plain(self, values: Mapping[str, Expr]) -> tuple[Frame, list[str]]:
        """The frame with plain columns, under fresh names."""
        names = {self.names.fresh(stem): expr for stem, expr in values.items()}
        if not names:
            return self, []
        return replace(self, relation=Extend(self.relation, names)), list(names)

    def value(self, node: Node) -> Value:
        """The value of an expression on every row."""
        match node:
            case Literal():
                return constant(node.value, node.type)
            case Column():
                return self.values[node.key]
            case Apply():
                result: Value = MEANINGS[node.operator](*(self.value(arg) for arg in node.args))
                return result
            case _:
                raise TypeError(f"not one row's: {node}")

    def truth(self, node: Node) -> Truth:
        """The truth of a condition on every row."""
        found = self.value(node)
        assert isinstance(found, Truth)
        return found

    def keys(self, names: Iterable[str]) -> tuple[str, ...]:
        """The plain columns of the organisation and of some columns, all of them known."""
        plain = list(self.group)
        for name in names:
            plain += plain_key(self.values[name], name)
        return tuple(dict.fromkeys(plain))

    def plain_keys(self, names: Iterable[str]) -> tuple[Frame, list[str]]:
        """The frame with one plain column for each of some columns, and their names."""
        exprs = {name: key_expr(self.values[name], name) for name in names}
        frame, made = self.plain({name: expr for name, expr in exprs.items() if not isinstance(expr, Col)})
        fresh = iter(made)
        return frame, [expr.name if isinstance(expr, Col) else next(fresh) for expr in exprs.values()]

    @property
    def row(self) -> tuple[str, ...]:
        """The plain columns that tell its rows apart."""
        return self.keys(self.key)


def plain_key(value: Value, name: str) -> list[str]:
    """The plain columns of a value that rows are told apart by; none for a constant."""
    if not value.sure:
        raise Unsupported("open_key", name)
    return [expr.name for expr in columns("", value).values() if isinstance(expr, Col)]


def key_expr(value: Value, name: str) -> Expr:
    """The one expression of a known value."""
    if not value.sure:
        raise Unsupported("open_key", name)
    match value:
        case Truth(expr=expr) | Span(expr=expr):
            return expr
        case Word(options=options):
            return options[0]
        case Number(low=low) | Day(low=low):
            if getattr(value, "of", None) is not None:
                raise Unsupported("fractions", name)
            return low


def joined(first: Frame, relation: Relation, on: Iterable[tuple[str, str]], chosen: Mapping[str, str]) -> Relation:
    """The frame's relation with columns `chosen` (new name: theirs) of another, matched on plain columns, rows without a match kept."""
    pairs = tuple(on)
    keys = {first.names.fresh("on"): theirs for _, theirs in pairs}
    picked = Pick(relation, {**{n: column(relation, t) for n, t in keys.items()}, **{n: column(relation, t) for n, t in chosen.items()}})
    return Join(first.relation, picked, tuple(zip((mine for mine, _ in pairs), keys, strict=True)), "left")
