"""Tables whose columns have the types that people expect, as cells: periods in text, numbers in their own unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ...language import types
from ...language.periods import PeriodKind
from ...model.facts import REFUSED, ColumnSpec, Table
from .days import ordinal_of
from .expressions import Col, Const, Expr, Kind, call, case, equal, minus, plus, product, text, whole
from .relations import Pick, Source
from .tables import KIND, Cells, least_of
from .values import KINDS

TYPED: Mapping[type, str] = {**KIND, types.Period: "text", types.Number: "float"}
"""What kind of plain column a typed table has for each type: decimals count as doubles, whichever they are."""


def typed_cells(
    table: Table, group: str = "", holes: Collection[str] | None = None, beside: Mapping[str, Kind] = {}
) -> Cells:
    """A typed table as cells; `holes` are the columns with an empty cell: unless told, all that may have one.

    `beside` are further columns of the table, which are carried along as they are.
    """
    kinds: dict[str, Kind] = {name: TYPED[type(spec.type)] for name, spec in table.columns.items()}  # type: ignore[misc]
    own: dict[str, Kind] = {**({group: "text"} if group else {}), **beside}
    raw = Source(table.name, {**own, **kinds})
    encoded: dict[str, Expr] = {name: Col(name, kind) for name, kind in own.items()}
    encoded |= {name: cell(Col(name, kinds[name]), spec.type) for name, spec in table.columns.items()}
    found = may_be_empty(table) if holes is None else frozenset(holes)
    return Cells(table, Pick(raw, encoded, f"{table.name}_cells", least_of(table)), found, group)


def may_be_empty(table: Table) -> frozenset[str]:
    """The columns of which a cell may be empty."""
    return frozenset(name for name, spec in table.columns.items() if _may_be_empty(spec))


def _may_be_empty(spec: ColumnSpec) -> bool:
    return spec.empty is not REFUSED


def cell(column: Col, of: types.Type) -> Expr:
    """A typed cell as the engines hold it."""
    match of:
        case types.Number(scale=0):
            return call("number", "int", column)
        case types.Number(scale=scale):
            return call("scaled", "int", column, whole(10**scale))
        case types.Period(kind=kind):
            return period(column, kind)
        case _:
            return column


def period(name: Expr, kind: PeriodKind) -> Expr:
    """The number that stands for a period, given its name."""
    match kind:
        case "year":
            return call("number", "int", name)
        case "quarter":
            return plus(plus(product(_digits(name, 1, 4), whole(4)), _digits(name, 6, 1)), whole(-1))
        case "month":
            return plus(plus(product(_digits(name, 1, 4), whole(12)), _digits(name, 6, 2)), whole(-1))
        case "week":
            fourth = call("make_day", "day", _digits(name, 1, 4), whole(1), whole(4))  # always in the first week
            return minus(plus(ordinal_of(fourth, "week"), _digits(name, 7, 2)), whole(1))
        case _:
            return _any(name)


def _digits(name: Expr, start: int, length: int) -> Expr:
    return call("number", "int", _part(name, start, length))


def _part(name: Expr, start: int, length: int) -> Expr:
    return call("part", "text", name, whole(start), whole(length))


def _any(name: Expr) -> Expr:
    """A period of any kind, told by the signs after its year."""
    signs: dict[PeriodKind, Expr] = {
        "year": equal(_part(name, 5, 1), text("")),
        "quarter": equal(_part(name, 5, 1), text("Q")),
        "week": equal(_part(name, 6, 1), text("W")),
        "month": equal(_part(name, 5, 1), text("-")),
    }
    whens = ((sign, plus(product(period(name, kind), whole(len(KINDS))), whole(KINDS.index(kind)))) for kind, sign in signs.items())
    return case(*whens, otherwise=Const(None, "int"))
