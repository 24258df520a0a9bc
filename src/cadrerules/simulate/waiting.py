"""Which decisions wait for a parameter that is not set: as the scalar engine traces it, or by setting it.

Columns hold no traces. There a decision waits for a parameter where it is undetermined and comes out otherwise once the
parameter has the least or the greatest value that it may have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isinf
from typing import TYPE_CHECKING, Final

import polars as pl

from ..differences.decisions import Asked, asked
from ..engines.columnar.rows import validated_cell
from ..language.types import DATE, Number
from ..model.facts import ColumnarTables, FactTables
from ..organisations import evaluate
from ..populations.evaluation import in_columns
from .differing import DIFFERS, on_questions
from .outcomes import KEYS, of_columns, of_decisions

if TYPE_CHECKING:
    from ..model.policy import Parameter
    from ..plan import Plan

FAR: Final = 10**6
"""So many steps away lies the end of a number's domain that has none."""
_DAYS: Final = (date(1000, 1, 1), date(9000, 1, 1))
_KEYS: Final = pl.Schema(dict.fromkeys(KEYS, pl.String))


@dataclass(frozen=True)
class Base:
    """The plan's own outcomes; `traced` are the decisions that wait for each parameter, None where columns were evaluated."""

    outcomes: pl.DataFrame
    traced: Mapping[str, list[Asked]] | None


def base_of(plan: Plan, tables: FactTables | ColumnarTables, as_of: date, engine: str) -> Base:
    """The outcomes of the plan as it is."""
    names = list(plan.policies)
    held = in_columns(plan, tables, as_of, names, engine)
    if held is not None:
        return Base(of_columns(held, plan), None)
    rows = tables if isinstance(tables, FactTables) else tables.facts()
    decisions = evaluate(plan, rows, as_of, names).decisions
    traced: dict[str, list[Asked]] = defaultdict(list)
    for decision in decisions:
        for name in decision.parameters:
            traced[name].append(asked(decision))
    return Base(of_decisions(decisions), traced)


def waiting(
    plan: Plan, name: str, base: Base, questions: Sequence[str], evaluated: Callable[[Plan], pl.DataFrame]
) -> pl.DataFrame:
    """The decisions that wait for a parameter, by their keys.

    `questions` are those that rest on it; `evaluated` gives an amended plan's outcomes on them.
    """
    if base.traced is not None:
        return _as_frame(dict.fromkeys(base.traced.get(name, ())))
    open_ones = on_questions(base.outcomes, questions).filter(pl.col("outcome").str.contains("|", literal=True))
    if open_ones.is_empty() or name == plan.policy_set.doc.calendar.since:  # without a first year the data's own is taken
        return _as_frame({})
    turned = [_turned(open_ones, evaluated(amended)) for amended in _at_its_ends(plan, name)]
    return pl.concat(turned).unique().with_columns(pl.lit(value=True).alias(DIFFERS)) if turned else _as_frame({})


def _as_frame(found: Mapping[Asked, None]) -> pl.DataFrame:
    rows = [(key.group, *key[:5]) for key in found]
    return pl.DataFrame(rows, _KEYS, orient="row").with_columns(pl.lit(value=True).alias(DIFFERS))


def _turned(open_ones: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Of the undetermined decisions on what was evaluated those with another outcome, or none."""
    there = open_ones.join(found.select(*KEYS, "outcome"), on=KEYS, how="left", nulls_equal=True, suffix="_then")
    return there.filter(pl.col("outcome") != pl.col("outcome_then").fill_null("")).select(KEYS)


def _at_its_ends(plan: Plan, name: str) -> Iterator[Plan]:
    """The plan with the least, and with the greatest value that the parameter may have."""
    for value in _ends(plan.parameters[name]):
        yield plan.amend(params={name: value})


def _ends(of: Parameter) -> list[object]:
    match of.type:
        case Number(low=low, high=high):
            ends = (-FAR if isinf(low) else int(low), FAR if isinf(high) else int(high))
            return [validated_cell(of.type, end) for end in ends]
        case _ if of.type == DATE:
            return list(_DAYS)
        case _:
            return [str(day.year) for day in _DAYS]
