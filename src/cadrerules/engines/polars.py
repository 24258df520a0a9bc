"""Runs relations on Polars: each becomes a lazy frame, each expression a Polars expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import polars as pl

from .columnar.expressions import Aggregate, Call, Case, Col, Const, Expr, Kind, Over, reads
from .columnar.relations import Extend, Group, Join, Keep, Pick, Relation, Rows, Series, Source, Union
from .columnar.tables import Cells
from .frames import frame_of

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
    """Turns relations into lazy frames; one that is used twice is made once."""

    sources: Mapping[str, pl.LazyFrame]
    made: dict[int, tuple[Relation, pl.LazyFrame]] = field(default_factory=dict)

    def lazy(self, relation: Relation) -> pl.LazyFrame:
        """The relation as a lazy frame."""
        if id(relation) not in self.made:
            self.made[id(relation)] = (relation, self._lazy(relation))
        return self.made[id(relation)][1]

    def _lazy(self, relation: Relation) -> pl.LazyFrame:
        match relation:
            case Source(name=name, columns=columns):
                return self.sources[name].select(list(columns))
            case Rows(columns=columns, rows=rows):
                return pl.LazyFrame(rows, {name: DTYPES[kind] for name, kind in columns.items()}, orient="row")
            case Series(name=name, first=first, last=last):
                return pl.LazyFrame({name: pl.int_range(first, last + 1, eager=True, dtype=pl.Int64)})
            case Extend(of=of, added=added):
                return _extended(self.lazy(of), added)
            case Pick(of=of, chosen=chosen):
                return _picked(self.lazy(of), {name: expression(expr) for name, expr in chosen.items()}, chosen)
            case Keep(of=of, condition=condition):
                return self.lazy(of).filter(expression(condition))
            case Join():
                return self._joined(relation)
            case Group(of=of, by=by, aggregates=aggregates):
                found = [_aggregate(a).alias(name) for name, a in aggregates.items()]
                return self.lazy(of).group_by(list(by)).agg(found) if by else self.lazy(of).select(found)
            case Union(of=several):
                return pl.concat([self.lazy(one).select(list(relation.columns)) for one in several])

    def _joined(self, join: Join) -> pl.LazyFrame:
        first, second = self.lazy(join.first), self.lazy(join.second)
        if not join.on:
            return first.join(second, how="cross")
        mine, theirs = (list(names) for names in zip(*join.on, strict=True))
        pairs = first.join(second, left_on=mine, right_on=theirs, how=join.how, coalesce=True)
        return pairs.select(list(join.columns))


def _picked(frame: pl.LazyFrame, made: Mapping[str, pl.Expr], chosen: Mapping[str, Expr]) -> pl.LazyFrame:
    """The frame with these columns alone; as many rows also where all are constants, of which Polars would make one."""
    if any(True for expr in chosen.values() for _ in reads(expr)):
        return frame.select(**made)
    return frame.with_columns(**made).select(list(made))


def _extended(frame: pl.LazyFrame, added: Mapping[str, Expr]) -> pl.LazyFrame:
    """The frame with further columns, one layer for each that reads those before it."""
    layer: dict[str, Expr] = {}
    for name, expr in added.items():
        if layer.keys() & {*reads(expr)}:
            frame, layer = frame.with_columns(**{n: expression(e) for n, e in layer.items()}), {}
        layer[name] = expr
    return frame.with_columns(**{n: expression(e) for n, e in layer.items()}) if layer else frame


# --- expressions --------------------------------------------------------------------------------


def expression(expr: Expr) -> pl.Expr:
    """The expression in Polars."""
    match expr:
        case Col(name=name):
            return pl.col(name)
        case Const(value=tuple(texts)):
            return pl.lit(pl.Series([list(texts)], dtype=DTYPES["list"])).first()
        case Const(value=value, kind=kind):
            return pl.lit(value, DTYPES[kind])
        case Call(name=name, args=args):
            return CALLS[name](*map(expression, args))
        case Case(whens=whens, otherwise=otherwise):
            return _case([(expression(c), expression(v)) for c, v in whens], expression(otherwise))
        case Over():
            return _over(expr)


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
        lazy = Runner(self.sources).lazy(relation)
        return lazy if kind == "lazy" else frame_of(lazy.collect(), kind)

    def rows(self, relation: Relation) -> Iterator[Mapping[str, Any]]:
        """The rows, one mapping each."""
        frame: pl.DataFrame = Runner(self.sources).lazy(relation).collect()
        return frame.iter_rows(named=True)


def held(columns: Mapping[str, Mapping[str, list[Any]]], cells: Mapping[str, Cells]) -> PolarsBackend:
    """The engine holding columns of cells."""
    frames: dict[str, pl.LazyFrame] = {}
    for name, one in cells.items():
        schema = {column: DTYPES[kind] for column, kind in one.source.columns.items()}
        frames[name] = pl.LazyFrame(dict(columns[name]), schema)
    return PolarsBackend(frames)
