"""Window functions of rows in order, on Polars frames that are sorted once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from .columnar.expressions import Const, Expr, Over, parts

PART, START = "(part)", "(start)"
"""The columns that number the sequences, and mark the first row of each."""
ALONG = frozenset({"lag", "max", "max_before", "row_number"})
APART = 2**36
"""How far sequences lie apart when one running maximum serves them all; values are ordinals and day numbers."""
MOST_SEQUENCES = 2**26


@dataclass(frozen=True)
class Order:
    """What rows of a sequence share, and the column that orders them."""

    partition: tuple[str, ...]
    along: str


def order_of(exprs: Sequence[Expr]) -> Order | None:
    """The one order in which all window functions of some expressions run; None where there is none."""
    windows = [part for expr in exprs for part in _windows(expr)]
    orders = {_order(window) for window in windows}
    return next(iter(orders)) if len(orders) == 1 else None


def _windows(expr: Expr) -> list[Over]:
    below = [window for part in parts(expr) for window in _windows(part)]
    return [expr, *below] if isinstance(expr, Over) else below


def _order(window: Over) -> Order | None:
    if window.function not in ALONG or len(window.order) != 1 or window.order[0][1] or not window.partition:
        return None
    return Order(window.partition, window.order[0][0])


def sorted_along(frame: pl.DataFrame, order: Order) -> pl.DataFrame | None:
    """The rows sequence by sequence, each in order; None where whole numbers can't hold the sequences."""
    codes = [_codes(frame.get_column(name)) for name in (*order.partition, order.along)]
    widths = [int(code.max() or 0) + 1 for code in codes]  # type: ignore[arg-type]
    if _product(widths) >= 2**63:
        return None
    whole = codes[0]
    for code, width in zip(codes[1:], widths[1:], strict=True):
        whole = whole * width + code
    at = whole.arg_sort()
    part = (whole // widths[-1]).gather(at)
    start = (part != part.shift(1)).fill_null(value=True)
    number = start.cast(pl.Int64).cum_sum()
    if frame.height and int(number[-1]) >= MOST_SEQUENCES:
        return None
    return frame[at].with_columns(start.alias(START), number.alias(PART))


def _codes(cells: pl.Series) -> pl.Series:
    """Small whole numbers, equal where the cells are."""
    if cells.dtype == pl.String:
        cells = cells.cast(pl.Categorical).to_physical()
    whole = cells.cast(pl.Int64)
    return (whole - whole.min()).fill_null(0)


def _product(widths: Sequence[int]) -> int:
    found = 1
    for width in widths:
        found *= width
    return found


def along(over: Over, args: Sequence[pl.Expr]) -> pl.Expr:
    """A window function on sorted rows."""
    part = pl.col(PART)
    match over.function:
        case "lag":
            earlier = args[0] if isinstance(over.args[0], Const) else args[0].shift(over.back)  # a constant has no rows
            return pl.when(part == part.shift(over.back)).then(earlier)
        case "row_number":
            at = pl.int_range(pl.len(), dtype=pl.Int64)
            return at - pl.when(pl.col(START)).then(at).otherwise(0).cum_max() + 1
        case _:
            most = (args[0].clip(-APART // 2, APART // 2 - 1) + part * APART).cum_max() - part * APART
            return most if over.function == "max" else pl.when(part == part.shift(1)).then(most.shift(1))
