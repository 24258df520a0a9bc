"""Conditions on the cells of one row as expressions of Polars, on columns as the columnar engines hold them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

import polars as pl

from ..engines.columnar.frames import Frame
from ..engines.columnar.relations import Names
from ..engines.columnar.tables import cell_value, source
from ..engines.polars import expression
from ..language.nodes import Node
from ..model.facts import Table


def surely(spec: Table, condition: Node) -> pl.Expr:
    """Whether a row's cells surely meet a condition, which looks at nothing else; a cell that is empty may be anything."""
    values = {name: cell_value(column, holes=True) for name, column in spec.columns.items()}
    frame = Frame(source(spec), values, spec.key, (), Names())
    return expression(frame.truth(condition).expr).fill_null(value=False)


def contradictory(spec: Table) -> pl.Expr:
    """Whether a row's cells contradict one another."""
    return any_of(surely(spec, condition.nodes[-1]) for _, condition in spec.conditions)


def any_of(conditions: Iterable[pl.Expr]) -> pl.Expr:
    """Whether one of the conditions holds."""
    found = list(conditions)
    return reduce(or_, found) if found else pl.lit(value=False)
