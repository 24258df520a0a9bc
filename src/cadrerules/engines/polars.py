"""Runs relations on Polars: each becomes a lazy frame, each expression a Polars expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import polars as pl

from ..model.frames import frame_of
from .columnar.expressions import Aggregate, Call, Case, Col, Const, Expr, Kind, Over, reads
from .columnar.needs import Needs, computed, in_order, is_idle, is_of_one, needs_of
from .columnar.relations import Extend, Group, Join, Keep, Pick, Relation, Rows, Series, Source, Union
from .columnar.tables import Cells
from .sequences import Order, along, order_of, sorted_along

Window = Callable[[Over, Sequence[pl.Expr]], pl.Expr]

DTYPES: Mapping[Kind, Any] = {
    "int": pl.Int64,
    "float": pl.Float64,
    "text": pl.String,
    "day": pl.Date,
    "truth": pl.Boolean,
    "list": pl.List(pl.String),
}


@dataclass
class Runner:
    """Turns a relation into a lazy frame: what nobody needs is left out, what several read is made once."""

    sources: Mapping[str, pl.LazyFrame]
    needs: Needs
    made: dict[int, pl.LazyFrame] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)

    @classmethod
    def lazy(cls, root: Relation, sources: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
        """The relation as a lazy frame."""
        runner = cls(sources, needs_of(root))
        for relation in in_order(root):
            if id(relation) in runner.needs.columns:
                runner.made[id(relation)] = runner._made(relation)
        return runner.made[id(root)]

    def _made(self, relation: Relation) -> pl.LazyFrame:
        frame = self._frame(relation)
        if self.needs.shared(relation) and not isinstance(relation, Source | Rows | Series):
            frame = frame.select(self._wanted(relation)).collect(engine="streaming").lazy()
        return frame

    def _wanted(self, relation: Relation) -> list[str]:
        wanted = self.needs.of(relation)
        return [name for name in relation.columns if name in wanted]

    def _frame(self, relation: Relation) -> pl.LazyFrame:
        match relation:
            case Source(name=name):
                return self.sources[name].select(self._wanted(relation))
            case Rows(columns=columns, rows=rows):
                return pl.LazyFrame(rows, {name: DTYPES[kind] for name, kind in columns.items()}, orient="row")
            case Series(name=name, first=first, last=last):
                return pl.LazyFrame({name: pl.int_range(first, last + 1, eager=True, dtype=pl.Int64)})
            case Extend(of=of, added=added):
                return self._extended(relation, of, computed(added, self.needs.of(relation)))
            case Pick(of=of, chosen=chosen):
                return _picked(self.made[id(of)], {name: chosen[name] for name in self._wanted(relation)})
            case Keep(of=of, condition=condition):
                return self.made[id(of)].filter(expression(condition))
            case Join():
                return self._joined(relation)
            case Group(of=of, by=by, aggregates=aggregates):
                found = [_aggregate(a).alias(name) for name, a in aggregates.items() if name in self.needs.of(relation)]
                return self._grouped(self.made[id(of)], list(by), found)
            case Union(of=several):
                return pl.concat([self.made[id(one)].select(self._wanted(relation)) for one in several])

    def _extended(self, relation: Extend, of: Relation, added: Mapping[str, Expr]) -> pl.LazyFrame:
        """The frame with further columns, one layer for each that reads those before it."""
        frame, order = self.made[id(of)], self.orders.get(id(of))
        for layer in _layers(added):
            asked = order_of([*layer.values()])
            if asked is not None and asked != order:
                rows = sorted_along(frame.select(self._wanted(of) if order is None else pl.all()).collect(engine="streaming"), asked)
                frame, order = (frame, None) if rows is None else (rows.lazy(), asked)
            way = _along if asked is not None and asked == order else expression
            frame = frame.with_columns(**{name: way(expr) for name, expr in layer.items()})
        if order is not None:
            self.orders[id(relation)] = order
        return frame

    def _grouped(self, frame: pl.LazyFrame, by: list[str], found: list[pl.Expr]) -> pl.LazyFrame:
        return frame.group_by(by).agg(found) if by else frame.select(found or [pl.len()])

    def _joined(self, join: Join) -> pl.LazyFrame:
        wanted = self.needs.of(join)
        if is_idle(join, wanted):
            return self.made[id(join.first)]
        if is_of_one(join, wanted):
            return self.made[id(join.second)]
        first, second = self.made[id(join.first)], self.made[id(join.second)]
        if not join.on:
            return first.join(second, how="cross")
        mine, theirs = (list(names) for names in zip(*join.on, strict=True))
        pairs = first.join(second, left_on=mine, right_on=theirs, how=join.how, coalesce=True)
        return pairs.select(self._wanted(join))


def _picked(frame: pl.LazyFrame, chosen: Mapping[str, Expr]) -> pl.LazyFrame:
    """The frame with these columns alone; as many rows also where all are constants, of which Polars would make one."""
    made = {name: expression(expr) for name, expr in chosen.items()}
    if any(True for expr in chosen.values() for _ in reads(expr)):
        return frame.select(**made)
    return frame.with_columns(**made).select(list(made))


def _layers(added: Mapping[str, Expr]) -> list[dict[str, Expr]]:
    """The columns in layers, each reading only those before it."""
    layers: list[dict[str, Expr]] = [{}]
    for name, expr in added.items():
        if layers[-1].keys() & {*reads(expr)}:
            layers.append({})
        layers[-1][name] = expr
    return layers if layers[0] else []


# --- expressions --------------------------------------------------------------------------------


def _along(expr: Expr) -> pl.Expr:
    """The expression on rows that are sorted in the order of its window functions."""
    return expression(expr, along)


def expression(expr: Expr, window: Window | None = None) -> pl.Expr:
    """The expression in Polars; `window` makes its window functions where rows are sorted."""

    def made(part: Expr) -> pl.Expr:
        return expression(part, window)

    match expr:
        case Col(name=name):
            return pl.col(name)
        case Const(value=tuple(texts)):
            return pl.lit(pl.Series([list(texts)], dtype=DTYPES["list"])).first()
        case Const(value=value, kind=kind):
            return pl.lit(value, DTYPES[kind])
        case Call(name=name, args=args):
            return CALLS[name](*map(made, args))
        case Case(whens=whens, otherwise=otherwise):
            return _case([(made(c), made(v)) for c, v in whens], made(otherwise))
        case Over():
            return _over(expr) if window is None else window(expr, [made(arg) for arg in expr.args])


def _case(whens: Sequence[tuple[pl.Expr, pl.Expr]], otherwise: pl.Expr) -> pl.Expr:
    (condition, value), *others = whens
    chain: Any = pl.when(condition).then(value)
    for condition, value in others:
        chain = chain.when(condition).then(value)
    result: pl.Expr = chain.otherwise(otherwise)
    return result


def _over(over: Over) -> pl.Expr:
    partition: list[Any] = list(over.partition) or [pl.lit(0)]
    args = [_of_rows(arg) for arg in over.args]
    if over.function in ("rank", "dense_rank") and len(over.order) == 1:
        ((name, descending),) = over.order
        method: Any = "min" if over.function == "rank" else "dense"
        return pl.col(name).rank(method, descending=descending).cast(pl.Int64).over(partition)
    if not over.order:
        return _WHOLE[over.function](*args).over(partition)
    order = [-pl.col(name) if descending else pl.col(name) for name, descending in over.order]
    return _RUNNING[over.function](over.back, *args).over(partition, order_by=order)


_WHOLE: Mapping[str, Callable[..., pl.Expr]] = {"max": lambda x: x.max(), "sum": lambda x: x.sum()}
_RUNNING: Mapping[str, Callable[..., pl.Expr]] = {
    "row_number": lambda _: pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
    "sum": lambda _, x: x.cum_sum(),
    "max": lambda _, x: x.cum_max(),
    "max_before": lambda _, x: x.cum_max().shift(1),
    "lag": lambda back, x: x.shift(back),
}


def _of_rows(expr: Expr) -> pl.Expr:
    """The expression once for each row; of a constant Polars would have one value, however many rows there are."""
    if any(True for _ in reads(expr)):
        return expression(expr)
    return pl.when(pl.int_range(pl.len()) >= 0).then(expression(expr))


def _aggregate(aggregate: Aggregate) -> pl.Expr:
    return _AGGREGATES[aggregate.function](*map(_of_rows, aggregate.args)).cast(DTYPES[aggregate.kind])


_AGGREGATES: Mapping[str, Callable[..., pl.Expr]] = {
    "count": pl.len,
    "sum": lambda x: x.sum(),
    "min": lambda x: x.min(),
    "max": lambda x: x.max(),
    "any": lambda x: x.any(),
    "distinct": lambda x: x.drop_nulls().n_unique(),
    "first": lambda x: x.first(),
}


def _number(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Int32).cast(pl.Int64)


def _day(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.Int32).cast(pl.Date)


def _add_months(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    at = day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64) - 1 + months
    year, month = (at // 12).clip(1, 9999), at % 12 + 1
    last = pl.date(year, month, 1).dt.month_end().dt.day()
    return pl.date(year, month, pl.min_horizontal(day.dt.day(), last))


def _chosen(*flagged: pl.Expr) -> pl.Expr:
    """The list of the texts whose condition, before each, is true."""
    texts = [pl.when(condition).then(text) for condition, text in zip(flagged[::2], flagged[1::2], strict=True)]
    return pl.concat_list(texts).list.drop_nulls() if texts else expression(Const((), "list"))


def _possible(*flagged: pl.Expr) -> pl.Expr:
    """The same, an empty text as null."""
    element = pl.element()
    return _chosen(*flagged).list.eval(pl.when(element != "").then(element))


CALLS: Mapping[str, Callable[..., pl.Expr]] = {
    "and": lambda *xs: reduce(lambda a, b: a & b, xs),
    "or": lambda *xs: reduce(lambda a, b: a | b, xs),
    "not": lambda x: ~x,
    "eq": lambda a, b: a == b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "floor": lambda x: x.floor(),
    "floordiv": lambda a, b: a // b,
    "mod": lambda a, b: a % b,
    "abs": lambda x: x.abs(),
    "least": pl.min_horizontal,
    "greatest": pl.max_horizontal,
    "is_null": lambda x: x.is_null(),
    "coalesce": pl.coalesce,
    "double": lambda x: x.cast(pl.Float64),
    "whole": lambda x: x.cast(pl.Int64, strict=False),  # Polars also casts what a condition then leaves out
    "year": lambda d: d.dt.year().cast(pl.Int64),
    "month": lambda d: d.dt.month().cast(pl.Int64),
    "dom": lambda d: d.dt.day().cast(pl.Int64),
    "month_days": lambda d: d.dt.month_end().dt.day().cast(pl.Int64),
    "make_day": pl.date,
    "add_days": lambda d, n: _day(_number(d) + n),
    "add_months": _add_months,
    "days": lambda a, b: _number(b) - _number(a),
    "text": lambda x: x.cast(pl.String),
    "part": lambda x, start, length: x.str.slice(start - 1, length),
    "number": lambda x: x.cast(pl.Int64),
    "scaled": lambda x, factor: (x * factor).round().cast(pl.Int64),
    "concat": pl.concat_str,
    "chosen": _chosen,
    "possible": _possible,
    "pad": lambda x, n: x.cast(pl.String).str.zfill(n),
}




# --- the engine ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class PolarsBackend:
    """Polars, with the tables it holds as lazy frames."""

    sources: Mapping[str, pl.LazyFrame]
    name: str = "polars"

    def frame(self, relation: Relation, kind: str) -> Any:
        """The rows as a frame: `lazy` a lazy one, else of polars, pandas, pyarrow, duckdb or spark."""
        lazy = Runner.lazy(relation, self.sources)
        return lazy if kind == "lazy" else frame_of(lazy.collect(engine="streaming"), kind)

    def rows(self, relation: Relation) -> Iterator[Mapping[str, Any]]:
        """The rows, one mapping each."""
        frame: pl.DataFrame = Runner.lazy(relation, self.sources).collect()
        return frame.iter_rows(named=True)


def held(columns: Mapping[str, Mapping[str, list[Any]]], cells: Mapping[str, Cells]) -> dict[str, pl.LazyFrame]:
    """Columns of cells as lazy frames."""
    frames: dict[str, pl.LazyFrame] = {}
    for name, one in cells.items():
        schema = {column: DTYPES[kind] for column, kind in one.source.columns.items()}
        frames[name] = pl.LazyFrame(dict(columns[name]), schema)
    return frames
