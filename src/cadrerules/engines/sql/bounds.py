"""Between which whole numbers an expression surely lies: enough to tell where SQL's own division and padding are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from ..columnar.expressions import Aggregate, Call, Case, Col, Const, Expr, Over

Bounds = tuple[float, float]

ANY: Bounds = (-inf, inf)
FIXED: dict[str, Bounds] = {"year": (0, 10000), "month": (1, 12), "dom": (1, 31), "month_days": (28, 31)}


@dataclass(frozen=True)
class Estimate:
    """The bounds of expressions; `of_column` gives those of a column."""

    of_column: Callable[[str], Bounds]

    def bounds(self, expr: Expr | Aggregate) -> Bounds:
        """The least and the greatest that a whole number can be."""
        match expr:
            case Col(name=name):
                return self.of_column(name)
            case Const(value=int(value)):
                return value, value
            case Case():
                return _hull([self.bounds(value) for _, value in expr.whens] + [self.bounds(expr.otherwise)])
            case Over(function="row_number" | "rank" | "dense_rank"):
                return 1, inf
            case Aggregate(function="count" | "distinct"):
                return 0, inf
            case Over(function="lag" | "max", args=(arg,)) | Aggregate(function="min" | "max" | "first", args=(arg,)):
                return self.bounds(arg)
            case Call(name=name, args=args):
                return FIXED[name] if name in FIXED else _of_call(name, [self.bounds(arg) for arg in args])
            case _:
                return ANY

    def at_least_nought(self, expr: Expr) -> bool:
        """Whether it is never negative."""
        return self.bounds(expr)[0] >= 0

    def digits(self, expr: Expr) -> float:
        """With how many digits it can be written, if it isn't negative."""
        low, high = self.bounds(expr)
        return inf if low < 0 or high == inf else len(str(int(high)))


def _of_call(name: str, found: list[Bounds]) -> Bounds:
    match name:
        case "add":
            return found[0][0] + found[1][0], found[0][1] + found[1][1]
        case "sub":
            return found[0][0] - found[1][1], found[0][1] - found[1][0]
        case "mod" if found[1][0] > 0:
            return 0, found[1][1] - 1
        case "abs":
            return 0, max(abs(end) for end in found[0])
        case "mul" if all(low >= 0 for low, _ in found):
            return found[0][0] * found[1][0], inf if inf in (found[0][1], found[1][1]) else found[0][1] * found[1][1]
        case "floordiv" if found[0][0] >= 0 and found[1][0] > 0:
            return 0, inf if found[0][1] == inf else found[0][1] // found[1][0]
        case "coalesce":
            return _hull(found)
        case _:
            return ANY


def _hull(found: list[Bounds]) -> Bounds:
    return min(low for low, _ in found), max(high for _, high in found)
