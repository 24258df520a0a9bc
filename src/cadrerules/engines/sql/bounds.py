"""Between which whole numbers an expression surely lies: enough to tell where SQL's own division and padding are right."""

from __future__ import annotations

from math import inf

from ..columnar.expressions import Call, Case, Const, Expr, Over

Bounds = tuple[float, float]

ANY: Bounds = (-inf, inf)
FIXED: dict[str, Bounds] = {"year": (0, 10000), "month": (1, 12), "dom": (1, 31), "month_days": (28, 31)}


def bounds(expr: Expr) -> Bounds:
    """The least and the greatest that a whole number can be."""
    match expr:
        case Const(value=int(value)):
            return value, value
        case Case():
            return _hull([bounds(value) for _, value in expr.whens] + [bounds(expr.otherwise)])
        case Over(function="row_number" | "rank" | "dense_rank"):
            return 1, inf
        case Call(name=name) if name in FIXED:
            return FIXED[name]
        case Call():
            return _of_call(expr)
        case _:
            return ANY


def _of_call(call: Call) -> Bounds:
    found = [bounds(arg) for arg in call.args]
    match call.name:
        case "add":
            return found[0][0] + found[1][0], found[0][1] + found[1][1]
        case "sub":
            return found[0][0] - found[1][1], found[0][1] - found[1][0]
        case "mod" if found[1][0] > 0:
            return 0, found[1][1] - 1
        case "abs":
            return 0, max(abs(end) for end in found[0])
        case "mul" if all(low >= 0 for low, _ in found):
            return found[0][0] * found[1][0], found[0][1] * found[1][1] if inf not in (*found[0], *found[1]) else inf
        case "floordiv" if found[0][0] >= 0 and found[1][0] > 0:
            return 0, found[0][1] if found[0][1] == inf else found[0][1] // found[1][0]
        case _:
            return ANY


def _hull(found: list[Bounds]) -> Bounds:
    return min(low for low, _ in found), max(high for _, high in found)


def at_least_nought(expr: Expr) -> bool:
    """Whether it is never negative."""
    return bounds(expr)[0] >= 0


def digits(expr: Expr) -> float:
    """With how many digits it can be written, if it isn't negative."""
    low, high = bounds(expr)
    return inf if low < 0 or high == inf else len(str(int(high)))
